import pg from 'pg';
import { citySize } from '../../bench/growth/city.ts';
import { fill } from '../../bench/growth/fill.ts';
import { questions, type Question } from '../../bench/growth/questions.ts';
import { openRecordedApi, type RecordedApi } from '../../bench/growth/recorded-api.ts';
import { openVault } from '../../vault/open-vault.ts';
import { TEST_VAULT } from '../support/keys.ts';
import { createDatabase, type TestDatabase } from '../support/postgres.ts';

/**
 * Lists of a store that has grown. Thirty thousand cases are enough to see whether a list finds its rows or reads everybody's:
 * what reads a tenth of them here reads a million of ten million (`npm run bench:growth`).
 */
const STORED = 30_000;
const OPEN = 1_000;

let database: TestDatabase;
let owner: pg.Pool;
let api: RecordedApi;
let asked: Question[];
beforeAll(async () => {
  database = await createDatabase();
  owner = new pg.Pool({ connectionString: database.ownerUrl, max: 2 });
  const vault = openVault(owner, TEST_VAULT);
  await fill(database.ownerUrl, vault, { stored: STORED, open: OPEN, logged: 2_000, say: () => undefined });
  api = await openRecordedApi(database.url);
  asked = await questions(owner, citySize(STORED));
}, 300_000);
afterAll(async () => {
  await api?.close();
  await owner?.end();
  await database?.drop();
});

const scansOf = async (question: Question): Promise<string[]> =>
  (await api.plansOf(question)).flatMap(({ sequential, text }) => sequential.map((name) => `${name}: ${text}`));

it('is as full as it says', async () => {
  const { rows } = await owner.query<{ stored: number; open: number }>(
    'SELECT count(*)::int AS stored, count(*) FILTER (WHERE ended_at IS NULL)::int AS open FROM case_file',
  );
  expect(rows[0]?.stored).toBe(STORED);
  expect(Math.abs((rows[0]?.open ?? 0) - OPEN)).toBeLessThan(OPEN / 5);
});

it('answers every question people wait for without reading a big table from end to end', async () => {
  const found: Record<string, string[]> = {};
  for (const question of asked) {
    const scans = await scansOf(question);
    if (scans.length > 0) found[question.what] = scans;
  }
  expect(found).toEqual({});
});

it('looks at no more cases than are open, and a few pages besides', async () => {
  const found: Record<string, number> = {};
  for (const question of asked) {
    const rows = (await api.plansOf(question)).reduce((sum, plan) => sum + plan.rows, 0);
    if (rows > 3 * OPEN + 1_000) found[question.what] = rows;
  }
  expect(found).toEqual({});
});

it('would notice', async () => {
  const page = asked.find(({ what }) => what === 'case page') as Question;
  await owner.query('DROP INDEX case_file_parent_idx');
  expect((await scansOf(page)).map((scan) => scan.split(':')[0])).toEqual(['case_file']);
});
