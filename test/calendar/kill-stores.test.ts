import { jest } from '@jest/globals';
import { applyEdition, type CalendarRun } from '../../engine/calendar-run.ts';
import { patientClient } from '../end-to-end/client.ts';
import { startOwnStores, type OwnStores } from '../end-to-end/own-stores.ts';
import { keepWorkers, type Workers } from '../end-to-end/workers.ts';
import { nothingIsWrong } from '../end-to-end/reserve.ts';
import { formOf, papersFor } from '../processes/reimbursement-cases.ts';
import { cn2025 } from '../support/days.ts';
import { openOffice, type Office } from '../support/office.ts';
import { amendment, days, finished, recountsOf } from './runs.ts';

/** An amendment of the calendar is applied while engine, database and workers are killed half-way. */
jest.setTimeout(300_000);
const CASES = 40;

let stores: OwnStores;
let office: Office;
let workers: Workers;
beforeAll(async () => {
  stores = await startOwnStores();
  office = await openOffice({ clockAt: '2025-09-22T10:00:00+08:00', worker: false });
  workers = await keepWorkers(office, 2, stores.folder);
});
afterAll(async () => {
  await workers.stop();
  await office.close();
  await stores.stop();
});

/** While the database is down nobody can be asked how far the run has come. */
const recounted = async (): Promise<number> =>
  office.deps.db
    .query<{ n: number }>(`SELECT count(*)::int AS n FROM case_event WHERE kind = 'RECOUNTED'`)
    .then(({ rows }) => rows[0]?.n ?? 0)
    .catch(() => 0);

async function finishedThroughOutages(editionId: string): Promise<CalendarRun> {
  for (let outages = 0; ; outages++) {
    try {
      return await finished(office, editionId);
    } catch (problem) {
      if (outages > 50) throw problem;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

it('moves every case it touches once, to the day the new calendar gives', async () => {
  const client = patientClient(office);
  const moving: string[] = [];
  for (let n = 0; n < CASES; n++) {
    const form = formOf('GENERAL_INPATIENT');
    moving.push(await client.file('REIMBURSEMENT_REVIEW', 'town1.clerk', { form, documents: papersFor(form) }));
  }
  const edition = amendment({ id: 'TEST-2025-STORES', daysOff: [...cn2025.daysOff, ...days('2025-09-26')] });
  await applyEdition(office.deps, edition, 'test');
  for (const count of [4, 20]) {
    while ((await recounted()) < count) await new Promise((resolve) => setTimeout(resolve, 20));
    workers.kill(1);
    stores.kill('postgres');
    stores.kill('temporal');
  }
  const run = await finishedThroughOutages(edition.id);
  expect(run).toMatchObject({ total: CASES });
  for (const no of moving) {
    // 26 September is off now: 23, 24, 25, 28 (make-up), 29.
    expect(await office.case(no)).toMatchObject({ stageDueOn: '2025-09-29', totalDueOn: '2025-10-20' });
    expect([no, (await recountsOf(office, no)).length]).toEqual([no, 1]);
  }
  await nothingIsWrong(office, client);
});
