import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { watchStore, type StoreWatch } from '../../activities/store-watch.ts';
import { sleep } from '../../embedded/wait.ts';
import { HEALTHY, openLink, throughLink, type Behaviour, type Link } from '../../faults/proxy.ts';
import { createDatabase } from '../support/postgres.ts';

/** A worker steps back from a store that is gone for it, and from no other. */
const TIMES = { everyMs: 20, patienceMs: 300, lostAfterMs: 2_000 };

let database: Awaited<ReturnType<typeof createDatabase>>;
let link: Link;
let watch: StoreWatch;
beforeAll(async () => {
  database = await createDatabase();
  const { hostname, port } = new URL(database.url);
  link = await openLink('worker → postgres', { host: hostname, port: Number(port) }, '127.0.0.1');
});
beforeEach(() => {
  link.behave(HEALTHY);
  watch = watchStore(throughLink(database.url, link), TIMES);
});
afterEach(() => watch.end());
afterAll(async () => {
  await link.close();
  await database.drop();
});

const state = (promise: Promise<void>, withinMs: number): Promise<'YES' | 'NO'> =>
  Promise.race([promise.then(() => 'YES' as const), pause(withinMs, 'NO' as const, { ref: false })]);

it.each<[string, Behaviour]>([
  ['refuses', { refuse: true }],
  ['lets nothing through', { cut: 'BOTH' }],
  ['lets no answer through', { cut: 'BACK' }],
])('is lost when the connection %s for too long, and not before', async (_, how) => {
  await watch.there;
  const from = performance.now();
  link.behave(how);
  link.reset();
  expect(await state(watch.lost, 10_000)).toBe('YES');
  // The first question that fails may have been on its way already.
  expect(performance.now() - from).toBeGreaterThanOrEqual(TIMES.lostAfterMs - TIMES.patienceMs);
});

it('is lost when it can only be read, as a primary of before', async () => {
  await watch.there;
  const owner = new pg.Pool({ connectionString: database.ownerUrl, max: 1 });
  const name = new URL(database.url).pathname.slice(1);
  await owner.query(`ALTER DATABASE "${name}" SET default_transaction_read_only = on`);
  link.reset();
  expect(await state(watch.lost, 10_000)).toBe('YES');
  expect(watch.problem).toBe('it can only be read');
  await owner.query('SET default_transaction_read_only = off');
  await owner.query(`ALTER DATABASE "${name}" RESET default_transaction_read_only`);
  await owner.end();
});

it('is not lost by an outage that is over sooner, however often there is one', async () => {
  await watch.there;
  for (let outage = 0; outage < 4; outage++) {
    link.behave({ refuse: true });
    link.reset();
    await sleep(TIMES.lostAfterMs / 2);
    link.behave(HEALTHY);
    await sleep(TIMES.lostAfterMs / 2);
  }
  expect(await state(watch.lost, 100)).toBe('NO');
});

it('is not lost when every connection is taken', async () => {
  await watch.there;
  const owner = new pg.Pool({ connectionString: database.ownerUrl, max: 1 });
  const name = new URL(database.url).pathname.slice(1);
  await owner.query(`ALTER DATABASE "${name}" CONNECTION LIMIT 0`);
  link.reset();
  expect(await state(watch.lost, TIMES.lostAfterMs * 2)).toBe('NO');
  await owner.query(`ALTER DATABASE "${name}" CONNECTION LIMIT -1`);
  await owner.end();
});

it('is not there before it answers, and then it is; what never was is not lost', async () => {
  link.behave({ refuse: true });
  await watch.end();
  watch = watchStore(throughLink(database.url, link), TIMES);
  expect(await state(Promise.race([watch.there, watch.lost]), TIMES.lostAfterMs * 1.5)).toBe('NO');
  expect(watch.problem).toMatch(/ECONNRESET|terminated/);
  link.behave(HEALTHY);
  expect(await state(watch.there, 5_000)).toBe('YES');
  expect(watch.problem).toBeUndefined();
});
