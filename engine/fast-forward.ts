import { randomUUID } from 'node:crypto';
import type { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';

/** Values of temporal.api.enums.v1.FastForwardPollingResult that say the wait is over. */
const COMPLETED = 2;
const FAILED = 3;
const EXECUTION_ENDED = 'the execution ended before the fast-forward completed';

/** More than a case of several years needs; each timer that fires on the way is one skip. */
const MAX_SKIPS = 10_000;

/**
 * Moves the clock of one workflow forward by `durationMs` (milliseconds of its own time) and resolves when it has arrived there:
 * every timer on the way has fired, and between them the workflow did what it had to do. All other workflows keep their time.
 * Ends early, without an error, when the workflow completes on the way. Rejects when the workflow doesn't exist, has ended
 * before, or when the engine does not allow time skipping (`frontend.WorkflowTimeSkippingEnabled`). For tests and rehearsals.
 */
export const fastForward = async (
  connection: Connection,
  namespace: string,
  workflowId: string,
  durationMs: number,
): Promise<void> => {
  const service = connection.workflowService;
  const workflowExecution = { workflowId };
  const id = randomUUID();
  await service.updateWorkflowExecutionOptions({
    namespace,
    workflowExecution,
    workflowExecutionOptions: {
      timeSkippingConfig: {
        enabled: true,
        fastForwardConfig: { id, duration: msToTs(durationMs) },
        maxSessionSkipCount: MAX_SKIPS,
      },
    },
    updateMask: { paths: ['time_skipping_config'] },
  });
  // The engine answers a poll after at most 20 seconds, finished or not.
  for (;;) {
    const request = { namespace, workflowExecution, fastForwardId: id };
    const { fastForwardPollingResult: result, failedReason } = await service.pollWorkflowExecutionTimeSkipping(request);
    if (result === COMPLETED || (result === FAILED && failedReason === EXECUTION_ENDED)) return;
    if (result === FAILED) throw new Error(`fast-forward of ${workflowId} failed: ${failedReason}`);
  }
};
