import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import type { Stores } from '../activities/store/case-row.ts';
import type { FiledCase } from '../domain/case.ts';
import { readFiled } from './read-filed.ts';

export interface StartDeps extends Stores {
  temporal: Client;
  config: { temporalTaskQueue: string };
}

/**
 * A decision on a case whose worker has just died waits for one workflow task to time out: with the default of ten
 * seconds that is what people notice, with two it is not.
 */
const WORKFLOW_TASK_TIMEOUT = '2 seconds';

/** An engine that is silent would hold the caller for minutes; whoever gives up repeats with the same key. */
const START_PATIENCE_MS = 5_000;

/**
 * Starts the procedure of a case that is in the store; a second start finds the first and changes nothing. An engine that
 * does not answer within five seconds is an outage, and the case is started later. Every case is started as it was filed; one
 * that was decided since (only an engine that lost it makes that possible) is led through its turns to where the store is.
 */
export async function startCase(deps: StartDeps, which: FiledCase | string): Promise<void> {
  const { filed, behind } = typeof which === 'string' ? await readFiled(deps, which) : { filed: which, behind: false };
  const { acceptanceNo, process, caseId } = filed.snapshot;
  await deps.temporal.withDeadline(Date.now() + START_PATIENCE_MS, async () => {
    try {
      await deps.temporal.workflow.start(process, {
        // The acceptance number says office, day and running number: nothing personal in ids or search attributes.
        workflowId: acceptanceNo,
        taskQueue: deps.config.temporalTaskQueue,
        args: [filed],
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
        memo: { caseId },
      });
      // An engine that was lost, or restored to an earlier time: what was decided since is in the store, turn by turn.
      if (behind) await deps.temporal.workflow.getHandle(acceptanceNo).signal('recount');
    } catch (problem) {
      if (problem instanceof WorkflowExecutionAlreadyStartedError) await sameCase(deps, acceptanceNo, caseId);
      // Of several who start one case at once a busy engine lets the others wait; the first has done it for all.
      else if (!(await isStarted(deps, caseId))) throw problem;
    }
  });
  await deps.db.query({
    name: 'case-started',
    text: 'UPDATE case_file SET started_at = now() WHERE case_id = $1 AND started_at IS NULL',
    values: [caseId],
  });
}

async function isStarted({ db }: StartDeps, caseId: string): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'is-started',
    text: 'SELECT 1 FROM case_file WHERE case_id = $1 AND started_at IS NOT NULL',
    values: [caseId],
  });
  return rowCount === 1;
}

/**
 * A number the engine knows must mean the same case. It does not when a store was restored and gives out numbers again
 * that the engine has seen: then deciding "it" would decide somebody else's case, so nothing is done at all.
 */
async function sameCase({ temporal }: StartDeps, acceptanceNo: string, caseId: string): Promise<void> {
  const { memo } = await temporal.workflow.getHandle(acceptanceNo).describe();
  if (memo?.['caseId'] !== caseId)
    throw new Error(
      `${acceptanceNo}: the engine holds another case under this number; store and engine do not belong together`,
    );
}
