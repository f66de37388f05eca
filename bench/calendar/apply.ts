import { randomUUID } from 'node:crypto';
import { loadCalendar } from '../../activities/calendar.ts';
import type { CaseDeps } from '../../api/cases/deps.ts';
import { fileCase } from '../../api/cases/file-case.ts';
import { createPrisma } from '../../api/prisma.ts';
import type { CalendarEdition } from '../../domain/calendar.ts';
import { addDays, plainDateAt } from '../../domain/plain-date.ts';
import { sleep } from '../../embedded/wait.ts';
import { applyEdition, findRun } from '../../engine/calendar-run.ts';
import { formOf, papersFor } from '../../test/processes/reimbursement-cases.ts';
import { byClerks } from '../load.ts';
import { accountOf, oursByService } from '../ours.ts';
import { percentile, table } from '../stats.ts';
import { ourWorker, type Bench } from '../surroundings.ts';

const CLERKS = 2;
const WORKERS = 2;
/** People think between two decisions; without that they would be the load that is measured. */
const THINKING_MS = 200;
const ALONE_MS = 15_000;

/** Applies an amendment to so many running cases while people decide others; says what either costs. */
export async function measureApply(bench: Bench, running: number): Promise<string> {
  const { db, vault, sealed: temporal, say } = bench;
  const taskQueue = `calendar-${bench.id}`;
  for (let number = 1; number <= WORKERS; number += 1) await bench.start(ourWorker(bench.around(taskQueue), number));
  const config = { temporalTaskQueue: taskQueue, effectSpreadSeconds: 600 };
  const deps: CaseDeps = { db, prisma: createPrisma(db), temporal, vault, config, now: () => Date.now() };
  await fileReimbursements(bench, deps, running);

  const alone = await decisionsUntil(bench, taskQueue, (from) => Promise.resolve(performance.now() - from > ALONE_MS));
  const edition = await amendmentOfTomorrow(bench);
  const began = performance.now();
  await applyEdition(deps, edition, 'bench');
  let [firstAsked, allAsked] = [0, 0];
  const during = await decisionsUntil(bench, taskQueue, async () => {
    const run = await findRun(db, edition.id);
    if (run && run.asked > 0 && firstAsked === 0) firstAsked = performance.now();
    if (run && run.pass > 1 && allAsked === 0) allAsked = performance.now();
    if (run) say(`pass ${run.pass}: ${run.done} of ${run.total} cases, ${run.asked} asked`);
    return run?.finishedAt != null;
  });
  const ended = performance.now();
  const moves = await db.query<{ cases: number; events: number }>(
    `SELECT count(DISTINCT case_id)::int AS cases, count(*)::int AS events FROM case_event WHERE kind = 'RECOUNTED' AND data ? 'moved'`,
  );
  const { cases = 0, events = 0 } = moves.rows[0] ?? {};
  const latency = (ms: readonly number[]): string[] => [
    String(ms.length),
    ...[percentile(ms, 0.5), percentile(ms, 0.95), Math.max(...ms)].map((value) => value.toFixed(0)),
  ];
  return [
    table([
      ['running cases counted again', String(cases)],
      ['moves in their histories', String(events)],
      ['cases a second', (cases / ((allAsked - firstAsked) / 1000)).toFixed(0)],
      ['whole run, pauses included', `${((ended - began) / 1000).toFixed(1)} s`],
    ]),
    '',
    table([
      ['decisions of people', 'n', 'p50 ms', 'p95 ms', 'max ms'],
      ['before', ...latency(alone)],
      ['during the run', ...latency(during)],
    ]),
  ].join('\n');
}

async function fileReimbursements(bench: Bench, deps: CaseDeps, count: number): Promise<void> {
  const user = await accountOf(bench, 'town1.clerk');
  const papers = papersFor(formOf('GENERAL_INPATIENT')).map((type) => ({ type, documentId: randomUUID() }));
  for (const { type, documentId } of papers) {
    await bench.db.query(
      `INSERT INTO document (document_id, sha256, media_type, byte_size, file_name, uploaded_by, uploaded_at)
       VALUES ($1, $2, 'application/pdf', 1000, $3, 's-town1.clerk', now())`,
      [documentId, documentId.replaceAll('-', '').padEnd(64, '0'), `${type}.pdf`],
    );
  }
  let filed = 0;
  await byClerks(8, count, async () => {
    const key = randomUUID();
    const form = formOf('GENERAL_INPATIENT');
    await fileCase(deps, { user, processType: 'REIMBURSEMENT_REVIEW', form, documents: papers, key, requestHash: key });
    if (++filed % 500 === 0) bench.say(`${filed} cases are filed`);
  });
}

/** The next working day becomes a day off, whatever today is: every case filed today moves. */
async function amendmentOfTomorrow({ db }: Bench): Promise<CalendarEdition> {
  const calendar = await loadCalendar(db, 0);
  const dayOff = calendar.nextWorkingDay(addDays(plainDateAt(Date.now()), 1));
  const year = Number(dayOff.slice(0, 4));
  const base = calendar.editions.find((edition) => edition.year === year);
  const fresh = {
    id: `BENCH-${year}`,
    year,
    source: '测试用',
    publishedOn: plainDateAt(Date.now()),
    makeUpWorkdays: [],
  };
  if (!base) return { ...fresh, daysOff: [dayOff] };
  const makeUpWorkdays = base.makeUpWorkdays.filter((day) => day !== dayOff);
  return { ...fresh, amends: base.id, daysOff: [...base.daysOff, dayOff], makeUpWorkdays };
}

/** Lets people decide out-of-area filings until `over`; the latency of each decision in ms. */
async function decisionsUntil(
  bench: Bench,
  taskQueue: string,
  over: (from: number) => Promise<boolean>,
): Promise<number[]> {
  const side = await oursByService(bench, taskQueue);
  const took: number[] = [];
  let done = false;
  const clerk = async (): Promise<void> => {
    while (!done) {
      const id = await side.file();
      for (let nth = 0; nth < side.decisionsPerCase; nth++) {
        const from = performance.now();
        await side.decide(id, nth);
        took.push(performance.now() - from);
        await sleep(THINKING_MS);
      }
    }
  };
  const clerks = Array.from({ length: CLERKS }, clerk);
  const from = performance.now();
  while (!(await over(from))) await sleep(1_000);
  done = true;
  await Promise.all(clerks);
  return took;
}
