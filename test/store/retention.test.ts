import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { addDays, plainDate } from '../../domain/plain-date.ts';
import { LEAST_LOG_DAYS, LOGS, RETENTION, type RetentionRule } from '../../domain/retention.ts';
import { deleteDue, dueRecords } from '../../prisma/retention.ts';
import { createDatabase, type TestDatabase } from '../support/postgres.ts';

const TODAY = plainDate('2031-03-15');
let database: TestDatabase;
let owner: pg.Pool;
beforeAll(async () => {
  database = await createDatabase();
  owner = new pg.Pool({ connectionString: database.ownerUrl, max: 2 });
});
afterAll(async () => {
  await owner?.end();
  await database?.drop();
});

it('keeps no log of the network shorter than the law asks', () => {
  for (const kind of LOGS) {
    const { keep }: RetentionRule = RETENTION[kind];
    expect('days' in keep ? keep.days : keep.years * 365).toBeGreaterThanOrEqual(LEAST_LOG_DAYS);
  }
});

it('deletes what is a day too old, and neither what is not nor what belongs to a case or to the log', async () => {
  const { UNUSED_DOCUMENT, SESSION, ACCESS_LOG } = RETENTION;
  const upload = (day: string) =>
    owner.query(
      `INSERT INTO document (document_id, sha256, media_type, byte_size, file_name, uploaded_by, uploaded_at)
       VALUES ($1, repeat('a', 64), 'application/pdf', 1, 'x.pdf', 'test', $2::date)`,
      [randomUUID(), day],
    );
  const session = (day: string) =>
    owner.query(
      `INSERT INTO session (token_hash, staff_id, created_at, seen_at, absolute_end_at, ended_at, ended_how)
       VALUES (sha256(convert_to($1::text, 'UTF8')), 's-town1.clerk', $1::text::date, $1::text::date, $1::text::date, $1::text::date, 'LOGOUT')`,
      [day],
    );
  const days = (rule: { keep: { days: number } }): [string, string] => [
    addDays(TODAY, -rule.keep.days),
    addDays(TODAY, -rule.keep.days - 1),
  ];
  for (const day of days(UNUSED_DOCUMENT)) await upload(day);
  for (const day of days(SESSION)) await session(day);
  for (const day of days(ACCESS_LOG))
    await owner.query(
      `INSERT INTO access_log (at, method, route, status, request_id) VALUES ($1::date, 'GET', '/x', 200, 'r')`,
      [day],
    );

  const due = await dueRecords(owner, TODAY);
  expect(Object.fromEntries(due.map(({ kind, count }) => [kind, count]))).toMatchObject({
    ...{ UNUSED_DOCUMENT: 1, SESSION: 1, ACCESS_LOG: 1, CASE_FILE: 0, DIGEST: 0 },
  });
  expect(await deleteDue(owner, TODAY)).toEqual({ DIGEST: 0, UNUSED_DOCUMENT: 1, SESSION: 1 });
  const left = async (table: string) => (await owner.query(`SELECT 1 FROM ${table}`)).rowCount;
  expect([await left('document'), await left('session'), await left('access_log')]).toEqual([1, 1, 2]);
});

it('is the owner’s: the program may delete nothing', async () => {
  const program = new pg.Pool({ connectionString: database.url, max: 1 });
  await expect(deleteDue(program, TODAY)).rejects.toThrow('permission denied');
  await program.end();
});
