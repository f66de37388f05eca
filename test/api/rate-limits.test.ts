import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { createRateLimits, type TooManyRequests } from '../../api/identity/rate-limits.ts';
import { openAgency, type Agency } from './agency.ts';

/** One account may do only so much in a minute; a busy clerk never meets it. */

const LIMITS = { filingsAMinute: 60, searchesAMinute: 3, revealsAMinute: 2 };

it('lets a burst through, then as much as flows in, each account and act for itself', () => {
  let clock = 0;
  const count = createRateLimits(LIMITS, () => clock);
  const waits = (user: string): number => {
    try {
      count(user, 'FILING');
      return 0;
    } catch (refused) {
      return (refused as TooManyRequests).retryAfterSeconds;
    }
  };
  const burst = Array.from({ length: 62 }, () => waits('a'));
  expect(burst).toEqual([...Array.from({ length: 60 }, () => 0), 1, 1]);
  expect(waits('b')).toBe(0);
  expect(() => count('a', 'SEARCH')).not.toThrow();
  clock += 1_000;
  expect([waits('a'), waits('a')]).toEqual([0, 1]);
  clock += 600_000;
  expect(Array.from({ length: 61 }, () => waits('a')).filter((seconds) => seconds > 0)).toEqual([1]);
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
