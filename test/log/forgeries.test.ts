import { copyFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { appendAccesses } from '../../log/access-chain.ts';
import { sentence } from '../../log/verify/finding.ts';
import { verifyLog } from '../../log/verify/index.ts';
import { witnessFile } from '../../log/witness-file.ts';
import { dice } from '../../rehearsal/plan/dice.ts';
import { fileOutOfArea } from '../support/out-of-area.ts';
import { ACCESS_FORGERIES, CASE_FORGERIES, HEAD_FORGERIES, type Forgery } from './forgeries.ts';
import { asForger, openLogOffice, type LogOffice } from './log-office.ts';

/** Two hundred forgeries by somebody with all rights over the store, each alone: all are found, each where it was done (I6). */
const FORGERIES = 200;
const SEED = 20261128;
const TABLES = [
  'case_event',
  'case_turn',
  'case_file',
  'stage',
  'case_actor',
  'case_document',
  'case_claim',
  'notice',
  'document',
  'access_log',
  'log_head',
];

let log: LogOffice;
const cases: { caseId: string; acceptanceNo: string; events: number }[] = [];
beforeAll(async () => {
  log = await openLogOffice();
  for (let n = 0; n < 3; n++) {
    const acceptanceNo = await fileOutOfArea(log.office);
    await log.office.decide(acceptanceNo, 'town1.clerk', { decision: 'APPROVE' });
    if (n === 0) await log.seal();
    const { rows } = await log.office.deps.db.query<{ id: string; n: number }>(
      `SELECT case_id::text AS id, (SELECT count(*)::int FROM case_event e WHERE e.case_id = c.case_id) AS n FROM case_file c WHERE acceptance_no = $1`,
      [acceptanceNo],
    );
    cases.push({ caseId: rows[0]?.id ?? '', acceptanceNo, events: rows[0]?.n ?? 0 });
  }
  const at = new Date().toISOString();
  const entry = { at, user_id: 's', method: 'GET', route: '/', status: 200, code: null };
  for (const { acceptanceNo } of [...cases, ...cases])
    await appendAccesses(log.office.deps.db, [{ ...entry, acceptance_no: acceptanceNo, request_id: randomUUID() }]);
  await log.seal();
  await log.office.deps.db.query('SELECT 1');
  await asForger(log.office.ownerUrl, async (db) => {
    for (const table of TABLES) await db.query(`CREATE TABLE kept_${table} AS TABLE ${table}`);
  });
  copyFileSync(witnessFile(log.folder), `${witnessFile(log.folder)}.kept`);
}, 60_000);
afterAll(() => log.close());

async function putBack(): Promise<void> {
  await asForger(log.office.ownerUrl, async (db) => {
    for (const table of TABLES)
      await db.query(`DELETE FROM ${table}; INSERT INTO ${table} OVERRIDING SYSTEM VALUE SELECT * FROM kept_${table}`);
  });
  copyFileSync(`${witnessFile(log.folder)}.kept`, witnessFile(log.folder));
}

it(`finds ${FORGERIES} of ${FORGERIES}, names the case, and finds nothing once they are undone`, async () => {
  const chance = dice(SEED, 0);
  const pick = (n: number): number => chance.between(0, n - 1);
  const all = [...CASE_FORGERIES, ...ACCESS_FORGERIES, ...HEAD_FORGERIES];
  const missed: string[] = [];
  // Nobody works meanwhile, so the first look is as good as the fourth.
  const calm = { ...log.verify, looks: 1 };
  let alarms = 0;
  for (let n = 0; n < FORGERIES; n++) {
    const forgery = (n < all.length ? all[n] : all[pick(all.length)]) as Forgery;
    const target = cases[pick(cases.length)] as (typeof cases)[number];
    await asForger(log.office.ownerUrl, (db) => forgery.do(db, { ...target, pick, folder: log.folder }));
    const lines = (await verifyLog(calm)).findings.map(sentence);
    const about = CASE_FORGERIES.includes(forgery) ? lines.filter((line) => line.includes(target.acceptanceNo)) : lines;
    // Without its rows a case is known by number to the engine's list only, which is seconds behind: the sealed rows are missed at once.
    // And a row that was given another number is missing under the one it was sealed by.
    const where = /^the whole case|log_no/.test(forgery.kind) ? lines : about;
    if (!where.some((line) => forgery.found.test(line))) missed.push(`${forgery.kind}: ${lines.join(' | ')}`);
    await putBack();
    if (n % 20 === 0) alarms += (await verifyLog(calm)).findings.length;
  }
  expect(missed).toEqual([]);
  expect(alarms).toBe(0);
}, 900_000);
