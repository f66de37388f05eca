import { randomUUID } from 'node:crypto';
import pg from 'pg';
import request from 'supertest';
import {
  createRateLimits,
  type CountAct,
  type LimitedAct,
  type TooManyRequests,
} from '../../api/identity/rate-limits.ts';
import { createDatabase } from '../support/postgres.ts';
import { openAgency, type Agency } from './agency.ts';

/** One account may do only so much in a minute; a busy clerk never meets it. */

const LIMITS = { filingsAMinute: 60, searchesAMinute: 3, revealsAMinute: 2 };

describe('two processes on one store', () => {
  let database: Awaited<ReturnType<typeof createDatabase>>;
  let pools: pg.Pool[];
  beforeAll(async () => {
    database = await createDatabase();
    pools = [1, 2].map(() => new pg.Pool({ connectionString: database.url, max: 4 }));
  });
  afterAll(async () => {
    await Promise.all(pools.map((pool) => pool.end()));
    await database.drop();
  });

  it('let a burst through, then as much as flows in, each account and act for itself, whichever of them is asked', async () => {
    let clock = 1_000_000;
    let turn = 0;
    const counts = pools.map((pool) => createRateLimits(pool, LIMITS, () => clock));
    const waits = (user: string, act: LimitedAct = 'FILING'): Promise<number> => {
      const count = counts[turn++ % counts.length] as CountAct;
      return count(user, act).then(
        () => 0,
        (refused: TooManyRequests) => refused.retryAfterSeconds,
      );
    };
    const burst = async (user: string, times: number): Promise<number[]> =>
      (await Promise.all(Array.from({ length: times }, () => waits(user)))).sort();
    expect(await burst('a', 62)).toEqual([...Array.from({ length: 60 }, () => 0), 1, 1]);
    expect(await waits('b')).toBe(0);
    expect(await waits('a', 'SEARCH')).toBe(0);
    clock += 1_000;
    expect(await burst('a', 2)).toEqual([0, 1]);
    clock += 600_000;
    expect((await burst('a', 61)).filter((seconds) => seconds > 0)).toEqual([1]);
  });
});

describe('over HTTP', () => {
  let agency: Agency;
  beforeAll(async () => {
    agency = await openAgency({ settings: { SEARCHES_A_MINUTE: '3', FILINGS_A_MINUTE: '2' } });
  });
  afterAll(() => agency?.close());

  it('refuses the search for people after so many, with the time to wait, and lists as before', async () => {
    const search = (username: string, body: object) => agency.post(username, '/api/v1/cases/search', body);
    for (const body of [{ q: '示例' }, { idCardNo: '441602199203159011' }, { q: 'x' }])
      await search('county1.first', body).expect(200);
    const refused = await search('county1.first', { q: 'y' }).expect(429);
    expect(refused.body).toMatchObject({ code: 'TOO_MANY_REQUESTS' });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    await agency.get('county1.first', '/api/v1/cases?status=IN_PROGRESS').expect(200);
    await search('county1.second', { q: 'y' }).expect(200);
  });

  it('refuses filings after so many, whether they are right or not', async () => {
    const file = () => agency.post('town1.clerk', '/api/v1/cases', { processType: 'NONE', form: {} }, randomUUID());
    expect((await file()).status).toBe(422);
    expect((await file()).status).toBe(422);
    expect((await file()).status).toBe(429);
  });

  it('counts wrong logins by the address of the caller, which it takes from X-Forwarded-For only behind a proxy of ours', async () => {
    const statuses = async (given: Agency, addressOf: (n: number) => string): Promise<Set<number>> => {
      const found = new Set<number>();
      for (let n = 0; n < 602; n++) {
        const answer = await request(given.server).get('/api/v1/me').set('X-Forwarded-For', addressOf(n));
        found.add(answer.status);
      }
      return found;
    };
    const spread = (n: number): string => `203.0.113.${n % 250}`;
    expect(await statuses(agency, spread)).toEqual(new Set([401, 429]));
    const behind = await openAgency({ settings: { TRUST_PROXY: '1' } });
    expect(await statuses(behind, spread)).toEqual(new Set([401]));
    await behind.close();
  });
});
