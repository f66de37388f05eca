import pg from 'pg';
import { OUT_OF_AREA_FORM } from '../support/out-of-area.ts';
import { createDatabase } from '../support/postgres.ts';
import { openAgency, type Agency } from './agency.ts';

/** Lists may be read from a replica that is behind: here it is so far behind that it has heard of no case at all. */
let agency: Agency;
let behind: Awaited<ReturnType<typeof createDatabase>>;
let readDb: pg.Pool;
beforeAll(async () => {
  behind = await createDatabase();
  readDb = new pg.Pool({ connectionString: behind.url, max: 4 });
  readDb.on('error', () => undefined);
  agency = await openAgency({ clockAt: '2025-09-22T10:00:00+08:00', readDb });
});
afterAll(async () => {
  await agency.close();
  await behind.drop();
});

it('what is decided, and what a person just did, is read from the store; lists, searches and counts from the replica', async () => {
  const no = await agency.file('town1.clerk', 'OUT_OF_AREA_REFERRAL', OUT_OF_AREA_FORM, [
    'ID_CARD',
    'REFERRAL_CERTIFICATE',
  ]);
  const decide = (username: string, step: string) =>
    agency.post(username, `/api/v1/cases/${no}/decisions`, { step, decision: 'APPROVE' });
  await decide('town1.clerk', 'REGISTERED').expect(200);
  await decide('county1.approver', 'REVIEW').expect(200);
  expect((await agency.get('county1.clerk', `/api/v1/cases/${no}`).expect(200)).body).toMatchObject({ version: 2 });
  expect(JSON.stringify((await agency.get('county1.clerk', '/api/v1/desk').expect(200)).body)).toContain(no);
  const list = async (): Promise<unknown[]> => {
    const { body } = await agency.get('county1.clerk', '/api/v1/cases').expect(200);
    return (body as { items: unknown[] }).items;
  };
  expect(await list()).toEqual([]);
  await agency.get('county1.manager', '/api/v1/stuck').expect(200);

  // Away altogether: its lists are an outage, nothing else is.
  await readDb.end();
  expect((await agency.get('county1.clerk', '/api/v1/cases')).status).toBe(503);
  await decide('county1.clerk', 'FILED').expect(200);
});
