import { WorkflowExecutionAlreadyStartedError, type Client, type Connection } from '@temporalio/client';
import type pg from 'pg';
import { forgetCalendar, loadCalendar } from '../activities/calendar.ts';
import { findDuty, notStarted, openedDuty, type DutyRow } from '../activities/duties/duty-row.ts';
import { writeDuties } from '../activities/duties/open.ts';
import { dutyRule, periodOpenedBy, type DutyLimitId } from '../domain/duties.ts';
import type { Opening } from '../domain/duty.ts';
import { plainDateAt } from '../domain/plain-date.ts';
import { fastForward } from './fast-forward.ts';

/** Opening the recurring duties and starting their procedures; whoever is interrupted begins again, nothing happens twice. */
export interface DutyDeps {
  db: pg.Pool;
  temporal: Client;
  config: { temporalTaskQueue: string; effectSpreadSeconds: number };
  /** rehearsals only: how far the clock of newly opened duties is ahead of the real one */
  clockAheadMs?: number;
}

/** As for cases: what people notice of a worker that died. */
const WORKFLOW_TASK_TIMEOUT = '2 seconds';
const BATCH = 200;
const AT_ONCE = 8;

export const dutyWorkflowId = (duty: Pick<DutyRow, 'limit_id' | 'holder_id' | 'period'>): string =>
  `duty-${duty.limit_id}-${duty.holder_id}-${duty.period}`;

/** Opens the period whose opening was at the named instant, for every holder, with those missed before; answers how many were new. */
export async function openDuties(deps: DutyDeps, { limitId, nominalAt, at }: Opening): Promise<number> {
  const through = periodOpenedBy(dutyRule(limitId), plainDateAt(nominalAt));
  return open(deps, { limitId, through, always: true, at });
}

/**
 * Opens what should be open today and is not: periods that passed while a schedule was paused, offices that are new. Finds
 * nothing to do when the schedules did their work.
 */
export async function openMissed(deps: DutyDeps, limitId: DutyLimitId, at: number): Promise<number> {
  const through = periodOpenedBy(dutyRule(limitId), plainDateAt(at));
  return open(deps, { limitId, through, always: false, at });
}

async function open(
  deps: DutyDeps,
  asked: { limitId: DutyLimitId; through: string; always: boolean; at: number },
): Promise<number> {
  const calendar = await loadCalendar(deps.db);
  const opened = await writeDuties(deps.db, { ...asked, clockAheadMs: deps.clockAheadMs ?? 0 }, calendar);
  await startDuties(deps);
  return opened;
}

/** Starts the procedure of every duty that has none; those that begin meanwhile find the first and change nothing. */
export async function startDuties(deps: DutyDeps): Promise<void> {
  for (;;) {
    const rows = await notStarted(deps.db, BATCH);
    for (let i = 0; i < rows.length; i += AT_ONCE) {
      await Promise.all(rows.slice(i, i + AT_ONCE).map((row) => startDuty(deps, row)));
    }
    if (rows.length < BATCH) return;
  }
}

export async function startDuty(deps: DutyDeps, row: DutyRow): Promise<void> {
  const calendar = await loadCalendar(deps.db);
  try {
    await deps.temporal.workflow.start('DUTY', {
      workflowId: dutyWorkflowId(row),
      taskQueue: deps.config.temporalTaskQueue,
      args: [openedDuty(row, calendar, deps.config.effectSpreadSeconds)],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
      memo: { dutyId: row.duty_id },
    });
  } catch (problem) {
    if (!(problem instanceof WorkflowExecutionAlreadyStartedError)) throw problem;
    // A number the engine knows must mean the same duty; after a store was restored it may not (see `startCase`).
    const { memo } = await deps.temporal.workflow.getHandle(dutyWorkflowId(row)).describe();
    if (memo?.['dutyId'] !== row.duty_id)
      throw new Error(`${dutyWorkflowId(row)}: the engine holds another duty under this name`);
  }
  await deps.db.query({
    name: 'duty-started',
    text: 'UPDATE duty SET started_at = now() WHERE duty_id = $1 AND started_at IS NULL',
    values: [row.duty_id],
  });
}

/**
 * Has every open duty counted again that was not counted with the editions now in force; for whoever has loaded one. A run
 * that is interrupted goes on where it stopped. Answers how many were asked.
 */
export async function recountDuties({ db, temporal }: Pick<DutyDeps, 'db' | 'temporal'>): Promise<number> {
  forgetCalendar(db);
  const { editionId } = await loadCalendar(db);
  let asked = 0;
  for (let after = '0'; ;) {
    const { rows } = await db.query<Pick<DutyRow, 'duty_id' | 'limit_id' | 'holder_id' | 'period'>>(
      `SELECT duty_id::text, limit_id, holder_id, period FROM duty
       WHERE duty_id > $1::bigint AND done_on IS NULL AND started_at IS NOT NULL AND calendar_edition <> $2
       ORDER BY duty_id LIMIT $3`,
      [after, editionId, BATCH],
    );
    if (rows.length === 0) return asked;
    for (let i = 0; i < rows.length; i += AT_ONCE) {
      await Promise.all(
        rows.slice(i, i + AT_ONCE).map((row) => temporal.workflow.getHandle(dutyWorkflowId(row)).signal('recount')),
      );
    }
    asked += rows.length;
    after = rows.at(-1)?.duty_id ?? after;
  }
}

/** Rehearsals only: lets the time of one duty pass until its own clock shows `until` (epoch ms); see `fastForwardCase`. */
export async function fastForwardDuty(deps: DutyDeps, dutyId: string, until: number, now: number): Promise<void> {
  const row = await findDuty(deps.db, dutyId);
  if (!row) throw new Error(`no duty ${dutyId}`);
  if (!row.started) await startDuty(deps, row);
  const durationMs = until - (now + Number(row.clock_ahead_ms));
  const { namespace } = deps.temporal.options;
  await fastForward(deps.temporal.connection as Connection, namespace, dutyWorkflowId(row), durationMs);
  await deps.db.query({
    name: 'duty-clock-ahead',
    text: 'UPDATE duty SET clock_ahead_ms = clock_ahead_ms + $2 WHERE duty_id = $1',
    values: [dutyId, durationMs],
  });
}
