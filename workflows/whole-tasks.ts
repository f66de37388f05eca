import { workflowInfo, type WorkflowInterceptorsFactory } from '@temporalio/workflow';

/**
 * Lets a procedure see what happened only with the task it belongs to. A question (a query: an operator's page asks one for every
 * procedure it shows) that no worker was there to answer brings the whole history with it, also what came after the last task: the
 * SDK hands a timer that has fired to the procedure, but not the time, which comes with the next task. The procedure would find
 * itself too early, set the timer once more and let the deadline pass; at a signal it would count from a day that is over.
 * The engine writes the size of the history into the beginning of every task: events without a new size are without a task. The
 * question fails then, and the worker forgets the procedure and reads it anew for the task.
 */
export const interceptors: WorkflowInterceptorsFactory = () => {
  let seen = { historyLength: 0, historySize: 0 };
  return {
    internals: [
      {
        activate(input, next) {
          const { historyLength, historySize, unsafe } = workflowInfo();
          // Repeating a history brings whole tasks only. An engine that tells no size tells zero.
          const withoutTask = historyLength > seen.historyLength && historySize === seen.historySize && historySize > 0;
          if (withoutTask && !unsafe.isReplaying)
            throw new Error('A question came between what happened and the task it belongs to; it can be asked again.');
          seen = { historyLength, historySize };
          next(input);
        },
      },
    ],
  };
};
