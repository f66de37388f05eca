import { workflowInfo, type WorkflowInterceptorsFactory } from '@temporalio/workflow';

/**
 * Lets a procedure see what happened only with the task it belongs to. A question (a query: an operator's page asks one for every
 * procedure it shows) that no worker was there to answer brings the whole history with it, also what came after the last task: the
 * SDK hands a timer that has fired to the procedure, but not the time, which comes with the next task. The procedure would find
 * itself too early, set the timer once more and let the deadline pass; at a signal it would count from a day that is over.
 *
 * A task begins with its time and with the size of the history. Events that bring neither are without a task: the question fails, and the
 * worker forgets the procedure and reads it anew for the task. One of the two is not enough: a task that the engine adds while it
 * takes the answer to another has the size of that one, and a clock that was set back makes the time stand still.
 */
export const interceptors: WorkflowInterceptorsFactory = () => {
  let seen = { historyLength: 0, historySize: 0, time: '' };
  return {
    internals: [
      {
        activate(input, next) {
          const { historyLength, historySize, unsafe } = workflowInfo();
          const { seconds, nanos } = input.activation.timestamp ?? {};
          const time = `${String(seconds)}.${String(nanos)}`;
          const withoutTask =
            historyLength > seen.historyLength && historySize === seen.historySize && time === seen.time;
          // Repeating a history brings whole tasks only.
          if (withoutTask && !unsafe.isReplaying)
            throw new Error('A question came between what happened and the task it belongs to; it can be asked again.');
          seen = { historyLength, historySize, time };
          next(input);
        },
      },
    ],
  };
};
