import { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type pg from 'pg';
import type { CalendarRunActivities, RunStep } from '../../domain/calendar-run.ts';
import type { LimitTable } from '../../domain/time-limits.ts';
import { startCase } from '../../engine/start-case.ts';
import { loadCalendar } from '../calendar.ts';
import type { Stores } from '../store/case-row.ts';
import { endPass, findRun, moveCursor, noteAsked, noteGone, type CalendarRun } from './run-store.ts';
import { readComparison, scanBatch, type Recount } from './scan.ts';

/**
 * Cases asked at once. People's decisions go through the same workers: behind sixteen recounts one waits a fraction of a
 * second, and more at once would not be faster on two processors.
 */
const AT_ONCE = 16;
/** A case whose procedure does not get to it in this time keeps the request; the engine has it. */
const PATIENCE_MS = 5_000;
const LOOK_EVERY_MS = 50;

export interface CalendarRunDeps extends Stores {
  /** other lengths of limits, in rehearsals */
  limits?: LimitTable;
}

export const createCalendarRunActivities = ({ db, vault, limits }: CalendarRunDeps): CalendarRunActivities => ({
  async recountBatch(editionId): Promise<RunStep> {
    const run = await findRun(db, editionId);
    if (!run) throw new Error(`there is no run of calendar edition ${editionId}`);
    if (run.finishedAt) return 'END';
    const comparison = await readComparison(db, await loadCalendar(db, 0), limits);
    const { recounts, looked, last } = await scanBatch(db, comparison, run.cursor, Date.now());
    if (looked === 0) return (await endPass(db, run, new Date())) ? 'PASS' : 'END';
    let place: Place = { caseId: run.cursor, nth: 0 };
    for (let i = 0; i < recounts.length; i += AT_ONCE) {
      const group = recounts.slice(i, i + AT_ONCE);
      await askTogether({ db, vault }, run, group);
      place = await moveOn(db, run, place, group.at(-1) ?? place);
    }
    await moveOn(db, run, place, { caseId: last, nth: looked });
    return 'BATCH';
  },
});

/** A case of the batch and how many have been looked at with it. */
type Place = Pick<Recount, 'caseId' | 'nth'>;

async function moveOn(db: pg.Pool, run: CalendarRun, from: Place, to: Place): Promise<Place> {
  await moveCursor(db, run, from.caseId, to.caseId, to.nth - from.nth);
  return to;
}

/** Asks some cases to count again and waits until they have: the load stays bounded, whatever there is to do. */
async function askTogether(stores: Stores, run: CalendarRun, recounts: readonly Recount[]): Promise<void> {
  const context = Context.current();
  await noteAsked(
    stores.db,
    run,
    recounts.map(({ caseId, version, moves }) => ({ caseId, version, moves: moves.length > 0 })),
  );
  const asked = await Promise.all(recounts.map((recount) => ask(stores, context.client, run, recount)));
  const waiting = recounts.filter((_, i) => asked[i]);
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    context.heartbeat(recounts.at(-1)?.caseId);
    if (performance.now() > until || (await allCounted(stores.db, waiting))) return;
    await context.sleep(LOOK_EVERY_MS);
  }
}

/**
 * False: the engine knows no procedure of the case. The request's id is the edition and the version it is about: asked
 * again by another worker after the death of the first, the engine takes it for the same request and does nothing.
 */
async function ask(stores: Stores, temporal: Client, run: CalendarRun, recount: Recount): Promise<boolean> {
  const { acceptanceNo, caseId, version } = recount;
  const { taskQueue } = Context.current().info;
  // Filed before an engine that was silent: the case begins with the days of the older calendar, and hears of the new one.
  if (!recount.started)
    await startCase({ ...stores, temporal, config: { temporalTaskQueue: taskQueue } }, acceptanceNo);
  try {
    await temporal.workflowService.signalWorkflowExecution({
      namespace: temporal.options.namespace,
      workflowExecution: { workflowId: acceptanceNo },
      signalName: 'recount',
      requestId: `calendar ${run.editionId} ${version}`,
    });
    return true;
  } catch (problem) {
    if (!isGone(problem)) throw problem;
    await noteGone(stores.db, run.editionId, caseId, version);
    return false;
  }
}

/** gRPC NOT_FOUND: there is no such procedure, or it has come to its end. */
const isGone = (problem: unknown): boolean => problem instanceof Error && (problem as { code?: unknown }).code === 5;

/** Whether something was written of each of them since: the recount, or a decision, which counts by the new calendar, too. */
async function allCounted(db: pg.Pool, recounts: readonly Recount[]): Promise<boolean> {
  const { rows } = await db.query<{ waiting: boolean }>({
    name: 'waiting-to-be-recounted',
    text: `SELECT EXISTS (SELECT FROM case_file c JOIN unnest($1::bigint[], $2::int[]) AS a(case_id, version) USING (case_id)
                          WHERE c.version = a.version AND c.ended_at IS NULL) AS waiting`,
    values: [recounts.map(({ caseId }) => caseId), recounts.map(({ version }) => version)],
  });
  return !rows[0]?.waiting;
}
