import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import type pg from 'pg';
import { findDuty, standingOf } from '../../activities/duties/duty-row.ts';
import { fault } from '../../activities/fault-points.ts';
import { checkDone, type MarkDone } from '../../domain/duty.ts';
import { plainDateAt, type PlainDate } from '../../domain/plain-date.ts';
import { Refusal } from '../../domain/refusal.ts';
import { dutyWorkflowId, startDuty, type DutyDeps } from '../../engine/duties.ts';
import { isOutage } from '../outage.ts';
import { refusalOf, updateIdOf } from '../updates.ts';

export interface MarkDoneRequest extends Omit<MarkDone, 'doneOn'> {
  dutyId: string;
  /** default: today on the clock of the duty */
  doneOn?: PlainDate | undefined;
}

/** As for decisions: how long the caller waits before being told to repeat with the same key. */
const PATIENCE_MS = 15_000;
const PAUSE_MS = 150;

/**
 * Carries it into the duty as one update under an id made of user and key, so that repeating it – by the caller or here, while
 * the engine is away – has no second effect. What is refused by what the store knows costs the engine nothing.
 */
export async function markDone(deps: DutyDeps & { now(): number }, asked: MarkDoneRequest): Promise<void> {
  const { dutyId, user, key, requestHash, note } = asked;
  if (await wasDone(deps.db, asked)) return;
  const row = await findDuty(deps.db, dutyId);
  if (!row) throw new Refusal('NOT_FOUND');
  const today = plainDateAt(deps.now() + Number(row.clock_ahead_ms));
  const request: MarkDone = { user, doneOn: asked.doneOn ?? today, key, requestHash, ...(note ? { note } : {}) };
  checkDone(standingOf(row), request, today);
  if (!row.started) await startDuty(deps, row);
  const updateId = updateIdOf(user.id, key);
  const handle = deps.temporal.workflow.getHandle(dutyWorkflowId(row));
  for (const giveUpAt = performance.now() + PATIENCE_MS; ; await pause()) {
    try {
      fault('update.sent');
      const left = Math.max(1_000, giveUpAt - performance.now());
      await deps.temporal.withDeadline(Date.now() + left, () =>
        handle.executeUpdate<PlainDate, [MarkDone]>('markDone', { updateId, args: [request] }),
      );
      fault('update.answered');
      return;
    } catch (problem) {
      // It may be this very request that has ended the duty, and only its answer was lost.
      if (await wasDone(deps.db, asked)) return;
      if (problem instanceof WorkflowNotFoundError) throw new Refusal('DUTY_DONE');
      const refused = problem instanceof WorkflowUpdateFailedError ? refusalOf(problem) : undefined;
      if (refused || !isOutage(problem)) throw refused?.refusal ?? problem;
      if (performance.now() > giveUpAt) throw new Refusal('NOT_AVAILABLE');
    }
  }
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, PAUSE_MS));

/** Whether this user has done it under this key; with another content the key is a mistake. */
async function wasDone(db: pg.Pool, { dutyId, user, key, requestHash }: MarkDoneRequest): Promise<boolean> {
  const { rows } = await db.query<{ duty_id: string; request_hash: string }>({
    name: 'earlier-done',
    text: 'SELECT duty_id::text, request_hash FROM duty_event WHERE actor_id = $1 AND request_key = $2',
    values: [user.id, key],
  });
  const [earlier] = rows;
  if (!earlier) return false;
  if (earlier.duty_id !== dutyId || earlier.request_hash !== requestHash) throw new Refusal('IDEMPOTENCY_KEY_REUSED');
  return true;
}
