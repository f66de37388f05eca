import { setWorkflowOptions } from '@temporalio/workflow';
import * as cases from './index.ts';
import * as others from './others.ts';

/**
 * Which release a procedure goes on with when releases run side by side (docs/decisions/0019): pinned ones end on the release
 * they began with, the others move to the current one with their next task. Pinned is what ends within weeks, so that an old
 * release is soon empty; whatever may lie for months or has no end moves on, and a change to it is `patched()`.
 */
const PINNED = 'PINNED';
const AUTO_UPGRADE = 'AUTO_UPGRADE';

export const VERSIONING = {
  // 20 working days in all; what the applicant has to correct is due back within the limits of the article.
  CHRONIC_DISEASE_APPROVAL: PINNED,
  TRAUMA_VERIFICATION: PINNED,
  LOST_RECEIPT_VERIFICATION: PINNED,
  // A filing lives until its last day of treatment, a transfer may fail again and again, an audit waits for authorities.
  OUT_OF_AREA_REFERRAL: AUTO_UPGRADE,
  REIMBURSEMENT_REVIEW: AUTO_UPGRADE,
  AUDIT: AUTO_UPGRADE,
  // Seconds to minutes.
  DAILY_DIGEST: PINNED,
  SEND_OUTBOX: PINNED,
  DUTY_OPENING: PINNED,
  // Without an end, or ended by people only.
  CALENDAR_RUN: AUTO_UPGRADE,
  LOG_HEADS: AUTO_UPGRADE,
  DUTY: AUTO_UPGRADE,
} as const satisfies Record<keyof typeof cases | keyof typeof others, typeof PINNED | typeof AUTO_UPGRADE>;

/**
 * Says so to the engine. Only a worker with WORKER_VERSIONING may: from any other the engine refuses every task that names a
 * behaviour. Whether this one is, the worker has written before the bundle (`activities/create-worker.ts`); a history does not
 * know, since a case may go from the one kind of worker to the other.
 */
export function declareVersioning(): void {
  if ((globalThis as { workerVersioning?: true }).workerVersioning !== true) return;
  const procedures: Record<string, (...args: never[]) => unknown> = { ...cases, ...others };
  for (const [name, versioningBehavior] of Object.entries(VERSIONING))
    setWorkflowOptions({ versioningBehavior }, procedures[name] as (...args: unknown[]) => Promise<unknown>);
}
