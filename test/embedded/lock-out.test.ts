import pg from 'pg';
import { attemptLogin, LOCK_MS } from '../../api/identity/login-attempts.ts';
import { createDatabase, type TestDatabase } from '../support/postgres.ts';

/** Wrong passwords at the embedded login: five, then nobody for fifteen minutes; kept in the store. */

let database: TestDatabase;
let db: pg.Pool;
let clock = Date.parse('2026-03-02T09:00:00+08:00');
beforeAll(async () => {
  database = await createDatabase();
  db = new pg.Pool({ connectionString: database.url, max: 4 });
});
afterAll(async () => {
  await db.end();
  await database.drop();
});

const attempt = (username: string, right: boolean) => attemptLogin(db, username, right, clock);
const events = async (staffId: string) =>
  (await db.query<{ kind: string }>('SELECT kind FROM account_event WHERE staff_id = $1', [staffId])).rows;

it('locks an account after five wrong passwords, for fifteen minutes, and writes it down', async () => {
  for (let n = 0; n < 5; n++) expect(await attempt('town1.clerk', false)).toBeUndefined();
  expect(await attempt('town1.clerk', true)).toBeUndefined();
  expect(await events('s-town1.clerk')).toEqual([{ kind: 'LOCKED' }]);
  clock += LOCK_MS - 1;
  expect(await attempt('town1.clerk', true)).toBeUndefined();
  clock += 1;
  expect(await attempt('town1.clerk', true)).toMatchObject({ sub: 's-town1.clerk' });
});

it('is not lifted by a restart: another process finds it in the store', async () => {
  for (let n = 0; n < 5; n++) await attempt('town2.clerk', false);
  const restarted = new pg.Pool({ connectionString: database.url, max: 1 });
  expect(await attemptLogin(restarted, 'town2.clerk', true, clock)).toBeUndefined();
  await restarted.end();
});

it('begins anew after a right password, and after a day', async () => {
  for (let round = 0; round < 3; round++) {
    for (let n = 0; n < 4; n++) await attempt('town3.clerk', false);
    expect(await attempt('town3.clerk', true)).toBeDefined();
  }
  for (let n = 0; n < 4; n++) await attempt('town3.clerk', false);
  clock += 25 * 3_600_000;
  await attempt('town3.clerk', false);
  expect(await attempt('town3.clerk', true)).toBeDefined();
});

it('counts guesses that come at the same moment one after the other', async () => {
  const guesses = await Promise.all(Array.from({ length: 20 }, (_, n) => attempt('town4.clerk', n === 19)));
  expect(guesses.filter((account) => account !== undefined).length).toBeLessThanOrEqual(1);
  for (let n = 0; n < 5; n++) await attempt('county1.clerk', false);
  const late = await Promise.all(Array.from({ length: 20 }, () => attempt('county1.clerk', true)));
  expect(late.every((account) => account === undefined)).toBe(true);
  expect(await events('s-county1.clerk')).toEqual([{ kind: 'LOCKED' }]);
});

it('does the same, statement for statement, for a name nobody has, a wrong password and a locked account', async () => {
  const statementsOf = async (username: string): Promise<string[]> => {
    const seen: string[] = [];
    const connect = async (): Promise<pg.PoolClient> => {
      const client = await db.connect();
      const query = (text: string, values?: unknown[]) => {
        seen.push(text);
        return client.query(text, values);
      };
      return Object.assign(Object.create(client) as pg.PoolClient, { query });
    };
    const watched = { connect } as unknown as pg.Pool;
    await attemptLogin(watched, username, false, clock);
    return seen;
  };
  for (let n = 0; n < 5; n++) await attempt('county2.clerk', false);
  const [unknown, wrong, locked] = [
    await statementsOf('nobody-at-all'),
    await statementsOf('county2.first'),
    await statementsOf('county2.clerk'),
  ];
  expect(unknown).toHaveLength(7);
  expect(wrong).toEqual(unknown);
  expect(locked).toEqual(unknown);
});

it('keeps no name that was typed, and forgets names nobody tries any more', async () => {
  await attempt('a password typed into the wrong field', false);
  const { rows } = await db.query<{ row: string }>('SELECT to_jsonb(a)::text AS row FROM login_attempt a');
  expect(
    rows.some(({ row }) => row.includes('password') || row.includes(Buffer.from('a password').toString('hex'))),
  ).toBe(false);
  clock += 25 * 3_600_000;
  await attempt('city.leader', true);
  const left = await db.query('SELECT 1 FROM login_attempt');
  expect(left.rowCount).toBe(1);
});
