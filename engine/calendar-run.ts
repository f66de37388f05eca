import type { Client } from '@temporalio/client';
import type pg from 'pg';
import { forgetCalendar } from '../activities/calendar.ts';
import { inTransaction } from '../activities/store/in-transaction.ts';
import { findRun, findUnfinishedRuns, insertRun, type CalendarRun } from '../activities/recount/run-store.ts';
import type { CalendarEdition } from '../domain/calendar.ts';
import { Refusal } from '../domain/refusal.ts';
import { storeEdition } from '../prisma/editions.ts';

export { findRun, type CalendarRun } from '../activities/recount/run-store.ts';

export interface CalendarRunDeps {
  db: pg.Pool;
  temporal: Client;
  config: { temporalTaskQueue: string };
}

export interface AppliedEdition {
  /** false: it was stored already, with the same content */
  isNew: boolean;
  /** undefined for an edition that came with the program: no open case was counted without it */
  run: CalendarRun | undefined;
}

/**
 * Puts an edition of the calendar in force: stores it and has the open cases it touches counted again, each by its own
 * procedure, which re-arms its timer and writes the move to its history (C12). What happens then is a run that outlives this
 * process; `findRun` tells how far it is. Refuses an edition that contradicts itself or what is stored, and a second run
 * beside one that is not finished; then nothing has changed.
 */
export async function applyEdition(
  deps: CalendarRunDeps,
  edition: CalendarEdition,
  by: string,
): Promise<AppliedEdition> {
  const { db } = deps;
  const isNew = await inTransaction(db, async (tx) => {
    if ((await storeEdition(tx, edition)) !== 'NEW') return false;
    const [active] = await findUnfinishedRuns(tx);
    if (active) throw new Refusal('CALENDAR_RUN_ACTIVE', [activeFault(active)]);
    await insertRun(tx, edition.id, by, new Date());
    return true;
  });
  forgetCalendar(db);
  const run = await findRun(db, edition.id);
  if (run && !run.finishedAt) await startRun(deps, run);
  return { isNew, run };
}

const activeFault = ({ editionId, done, total }: CalendarRun) => ({
  path: 'id',
  zh: `${editionId} 正在启用（${done}/${total}）`,
  en: `${editionId} is being applied (${done} of ${total} cases)`,
});

/** Goes on with what was stored but never started, or whose procedure the engine has lost; harmless when it is running. */
export async function resumeRuns(deps: CalendarRunDeps): Promise<void> {
  for (const run of await findUnfinishedRuns(deps.db)) await startRun(deps, run);
}

/** The moment the run began tells it from a run of the same edition in another store on the same engine. */
async function startRun({ temporal, config }: CalendarRunDeps, run: CalendarRun): Promise<void> {
  await temporal.workflow.start('CALENDAR_RUN', {
    workflowId: runWorkflowId(run),
    taskQueue: config.temporalTaskQueue,
    args: [run.editionId],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
  });
}

export const runWorkflowId = ({ editionId, startedAt }: CalendarRun): string =>
  `calendar-run-${editionId}-${startedAt.getTime()}`;
