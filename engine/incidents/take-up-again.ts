import type { Client } from '@temporalio/client';
import type { History } from '@temporalio/common/lib/proto-utils.js';
import proto from '@temporalio/proto';
import type { temporal as engine } from '@temporalio/proto';

type ExcludeType = engine.api.enums.v1.ResetReapplyExcludeType;
const ExcludeType = proto.temporal.api.enums.v1.ResetReapplyExcludeType;

type Event = NonNullable<History['events']>[number];
/** Of an event, as the engine numbers them. */
type EventId = NonNullable<Event['eventId']>;

/**
 * The task to go back to: the one that fails, or the last one of a procedure that was terminated; undefined when none has ended in any
 * way yet. `newestFirst`: the end of the history.
 */
export const lastTask = (newestFirst: readonly Event[]): EventId | undefined =>
  newestFirst.find(
    (event) =>
      event.workflowTaskFailedEventAttributes ??
      event.workflowTaskTimedOutEventAttributes ??
      event.workflowTaskCompletedEventAttributes,
  )?.eventId ?? undefined;

/** How a task fails when the answer is lost: the engine does not know what the worker answers to (WorkflowTaskFailedCause). */
const BAD_MESSAGE = 30;
/** Something arrived while the worker was at it, such as a signal; the engine has the task done again. */
const MORE_ARRIVED = 1;

/** What comes after a lost answer and says nothing of it: attempts, and what others sent meanwhile. */
const MEANWHILE = [
  'workflowTaskScheduledEventAttributes',
  'workflowTaskStartedEventAttributes',
  'workflowTaskTimedOutEventAttributes',
  'workflowTaskFailedEventAttributes',
  'workflowExecutionSignaledEventAttributes',
] as const satisfies (keyof Event)[];

/**
 * The last task that was completed, where its step is the last thing in the history and the decision it belongs to is not answered. A
 * task whose step takes long is completed before the answer, and the next one brings it. If that one is lost with its worker, the SDK
 * (1.24) goes through the completed one again, holds the answer for one of long ago and leaves it out of what it sends, and the engine
 * refuses every task from then on ("referenced absent message ID"). Done anew, the task is no repetition, and the answer is sent.
 */
export function taskBeforeAnswer(newestFirst: readonly Event[]): EventId | undefined {
  const since = newestFirst.findIndex((event) => MEANWHILE.every((attributes) => !event[attributes]));
  const last = newestFirst[since];
  const answered = new Set(
    newestFirst.flatMap((event) => event.workflowExecutionUpdateCompletedEventAttributes?.meta?.updateId ?? []),
  );
  const waits = newestFirst.some((event) => {
    const id = event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.meta?.updateId;
    return typeof id === 'string' && !answered.has(id);
  });
  if (!waits || !last?.markerRecordedEventAttributes) return undefined;
  // The history names the first failure in a row, if that attempt was not lost as well; another one has another remedy.
  const failures = newestFirst.slice(0, since).flatMap((event) => event.workflowTaskFailedEventAttributes ?? []);
  if (failures.some(({ cause }) => cause !== BAD_MESSAGE && cause !== MORE_ARRIVED)) return undefined;
  return newestFirst.find((event) => event.workflowTaskCompletedEventAttributes)?.eventId ?? undefined;
}

export async function endOfHistory({ workflowService, options }: Client, workflowId: string): Promise<Event[]> {
  const { history } = await workflowService.getWorkflowExecutionHistoryReverse({
    namespace: options.namespace,
    execution: { workflowId },
  });
  return history?.events ?? [];
}

/**
 * Has the procedure go on from before the end of this task. What was recorded before it stays, what arrived since (signals, decisions)
 * is applied again; a turn that is stored already is found stored. `requestId`: asked twice, done once.
 */
export async function goBackTo(
  temporal: Client,
  workflowId: string,
  task: EventId,
  requestId: string,
  notAgain: readonly ExcludeType[] = [],
): Promise<void> {
  await temporal.workflowService.resetWorkflowExecution({
    namespace: temporal.options.namespace,
    workflowExecution: { workflowId },
    reason: 'retry of an incident',
    workflowTaskFinishEventId: task,
    requestId,
    resetReapplyExcludeTypes: [...notAgain],
  });
}

/** The same for `taskBeforeAnswer`; of later turns, which may be in the store alone, the procedure is told to ask. */
export async function answerAgain(
  temporal: Client,
  workflowId: string,
  task: EventId,
  requestId: string,
): Promise<void> {
  await goBackTo(temporal, workflowId, task, requestId);
  await temporal.workflow.getHandle(workflowId).signal('recount');
}

/** The engine's reason where it has ended a procedure itself: of its record, by number of events or size, nothing more is taken. */
export const isFull = ([last]: readonly Event[]): boolean =>
  /exceeds limit/.test(last?.workflowExecutionTerminatedEventAttributes?.reason ?? '');

/** The first task is over after four events, unless workers died with it. */
const BEGINNING = 200;

/**
 * A record that is full would be full again at once. The procedure goes back to its first task, and from there walks through what the
 * store holds. Signals are applied again, since nobody would tell it of a verification a second time; decisions are in the store, and who
 * has no answer asks again.
 */
export async function beginAgain(temporal: Client, workflowId: string, requestId: string): Promise<boolean> {
  const { history } = await temporal.workflowService.getWorkflowExecutionHistory({
    namespace: temporal.options.namespace,
    execution: { workflowId },
    maximumPageSize: BEGINNING,
  });
  const first = history?.events?.find((event) => event.workflowTaskCompletedEventAttributes)?.eventId;
  if (!first) return false;
  await goBackTo(temporal, workflowId, first, requestId, [ExcludeType.RESET_REAPPLY_EXCLUDE_TYPE_UPDATE]);
  await temporal.workflow.getHandle(workflowId).signal('recount');
  return true;
}
