import { jest } from '@jest/globals';
import { applyEdition, resumeRuns } from '../../engine/calendar-run.ts';
import { fileOutOfArea, patientClient } from '../end-to-end/client.ts';
import { fileInpatient } from '../core/clock-cases.ts';
import { startWorkerChild, type WorkerChild } from '../support/children/spawn.ts';
import { cn2025 } from '../support/days.ts';
import { openOffice, type Office } from '../support/office.ts';
import { amendment, days, finished, recountsOf } from './runs.ts';

/** The worker that counts the cases again is killed half-way, twice, while people decide; nothing is lost or done twice. */
jest.setTimeout(240_000);

const CASES = 60;
const workers: WorkerChild[] = [];
let office: Office;
beforeAll(async () => {
  office = await openOffice({ clockAt: '2025-09-22T10:00:00+08:00', worker: false });
});
afterAll(async () => {
  for (const worker of workers) await worker.kill();
  await office.close();
});

async function takeTasks(): Promise<WorkerChild> {
  const worker = await startWorkerChild(office);
  workers.push(worker);
  await worker.run();
  return worker;
}

async function recounted(): Promise<number> {
  const { rows } = await office.deps.db.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM case_event WHERE kind = 'RECOUNTED'`,
  );
  return rows[0]?.n ?? 0;
}
async function untilRecounted(count: number): Promise<void> {
  while ((await recounted()) < count) await new Promise((resolve) => setTimeout(resolve, 20));
}

it('goes on where it was: each case is asked once, moves once, and is counted by the new calendar at the end', async () => {
  const moving: string[] = [];
  for (let n = 0; n < CASES; n++) moving.push(await fileInpatient(office));
  // Without a limit, and overdue for weeks: no changed day is in their counts.
  const client = patientClient(office);
  const untouched = [await fileOutOfArea(client), await fileInpatient(office, '2025-07-01')];
  const edition = amendment({ id: 'TEST-2025-KILL', daysOff: [...cn2025.daysOff, ...days('2025-09-26')] });

  const first = await takeTasks();
  await applyEdition(office.deps, edition, 'test');
  await untilRecounted(5);
  await first.kill();
  expect(await recounted()).toBeLessThan(CASES);

  const second = await takeTasks();
  const [decidedEarly = '', ...rest] = moving;
  const decidedLate = rest.at(-1) ?? '';
  const decide = (no: string) => client.decide(no, 'town1.clerk', 'INTAKE');
  // In the middle of the run: of the one the first worker had done, and of one that is still to come.
  const decisions = [decide(decidedEarly), decide(decidedLate)];
  await untilRecounted(25);
  await second.kill();
  expect(await recounted()).toBeLessThan(CASES);

  await takeTasks();
  // What every worker does each minute; the run is there already, so nothing comes of it.
  await resumeRuns(office.deps);
  await Promise.all(decisions);
  const run = await finished(office, edition.id);
  expect(run).toMatchObject({ gone: 0, total: CASES + 2 });

  const kept = `${edition.id}+CN-2026-1`;
  for (const no of moving) {
    const moves = (await office.events(no)).flatMap(({ kind, data }) => (data['moved'] ? [[kind, data['moved']]] : []));
    const { calendarEdition, totalDueOn } = await office.case(no);
    expect([no, calendarEdition, totalDueOn]).toEqual([no, kept, '2025-10-20']);
    if (no === decidedEarly || no === decidedLate) continue;
    expect([no, await recountsOf(office, no)]).toEqual([no, [expect.anything()]]);
    expect([no, moves]).toEqual([no, [['RECOUNTED', [expect.anything(), expect.anything()]]]]);
  }
  for (const no of [decidedEarly, decidedLate]) {
    expect(await office.case(no)).toMatchObject({ currentStage: 'COUNTY_REVIEW', stageDueOn: '2025-09-29' });
    expect((await recountsOf(office, no)).length).toBeLessThanOrEqual(1);
  }
  for (const no of untouched) expect(await recountsOf(office, no)).toEqual([]);
  const { rows } = await office.deps.db.query<{ n: number }>(
    'SELECT max(n)::int AS n FROM (SELECT count(*) AS n FROM calendar_run_case GROUP BY case_id) c',
  );
  // Asked again only a case that was decided in between, and it had nothing to say.
  expect(rows[0]?.n).toBeLessThanOrEqual(2);
});
