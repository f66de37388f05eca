import type { Client } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import { decodeOptionalFailureToOptionalError } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { classify, type Classified } from '../../activities/incidents/classify.ts';
import type { Finding } from '../../activities/incidents/record.ts';
import { isNotFound } from '../not-found.ts';
import { AT_MOST } from './in-store.ts';

/** Of the failing procedures, so many are asked why in one look; the others are on the list as well, their cause a look later. */
const ASKED_WHY = 100;

export interface Asking {
  temporal: Client;
  config: { temporalTaskQueue: string };
}

/**
 * The procedures whose task has failed or run out of time several times in a row: the engine marks them itself (five times by
 * default), so one question finds them among any number of open cases.
 */
export async function findFailingProcedures(
  asking: Asking,
  known: ReadonlyMap<string, Classified>,
): Promise<Finding[]> {
  const listed = await list(asking, `TemporalReportedProblems IS NOT NULL AND ExecutionStatus = 'Running'`);
  const findings: Finding[] = [];
  let asked = 0;
  for (const { workflowId, problems } of listed) {
    const before = known.get(workflowId);
    if (before) findings.push(failing(workflowId, before, undefined));
    else if (asked++ < ASKED_WHY) findings.push(await describe(asking, workflowId, problems));
    else findings.push(failing(workflowId, { error: 'PROGRAM_ERROR' }, undefined));
  }
  return findings;
}

/** Procedures that ended otherwise than by themselves within the last day. */
export const listBroken = async (asking: Asking): Promise<string[]> => {
  const listed = await list(
    asking,
    `ExecutionStatus IN ('Terminated', 'Failed', 'TimedOut', 'Canceled') AND CloseTime > '${new Date(Date.now() - 86_400_000).toISOString()}'`,
  );
  return listed.map(({ workflowId }) => workflowId);
};

/** Of those asked about, the ones that are not running; what the engine says of each. */
export async function notRunning(
  { temporal }: Asking,
  workflowIds: readonly string[],
): Promise<Map<string, Classified>> {
  const found = new Map<string, Classified>();
  for (const workflowId of workflowIds) {
    try {
      const { workflowExecutionInfo } = await temporal.workflowService.describeWorkflowExecution({
        namespace: temporal.options.namespace,
        execution: { workflowId },
      });
      if (workflowExecutionInfo?.status !== 1) found.set(workflowId, { error: 'NOT_RUNNING' });
    } catch (problem) {
      if (!isNotFound(problem)) throw problem;
      found.set(workflowId, { error: 'UNKNOWN_TO_ENGINE' });
    }
  }
  return found;
}

/** Whether the engine has this step still before it; a step that waits for its next attempt is. */
export async function stepIsPending({ temporal }: Asking, workflowId: string, activity: string): Promise<boolean> {
  try {
    const { pendingActivities } = await temporal.workflowService.describeWorkflowExecution({
      namespace: temporal.options.namespace,
      execution: { workflowId },
    });
    return (pendingActivities ?? []).some(({ activityType }) => activityType?.name === activity);
  } catch (problem) {
    if (!isNotFound(problem)) throw problem;
    return false;
  }
}

interface Listed {
  workflowId: string;
  /** `category=…`, `cause=…`, as the engine writes them */
  problems: string;
}

async function list({ temporal, config }: Asking, query: string): Promise<Listed[]> {
  const { executions } = await temporal.workflowService.listWorkflowExecutions({
    namespace: temporal.options.namespace,
    query: `${query} AND TaskQueue = '${config.temporalTaskQueue}'`,
    pageSize: AT_MOST,
  });
  const listed = (executions ?? []).map(({ execution, searchAttributes }): Listed => ({
    workflowId: execution?.workflowId ?? '',
    problems: Buffer.from(searchAttributes?.indexedFields?.['TemporalReportedProblems']?.data ?? []).toString(),
  }));
  return [...new Map(listed.map((one) => [one.workflowId, one])).values()];
}

const failing = (workflowId: string, { error, detail }: Classified, attempts: number | undefined): Finding => ({
  kind: error === 'KEY_UNKNOWN' || error === 'FIELD_UNREADABLE' ? 'PAYLOAD_UNREADABLE' : 'PROCEDURE_FAILING',
  subject: workflowId,
  error,
  detail,
  attempts,
});

async function describe({ temporal }: Asking, workflowId: string, problems: string): Promise<Finding> {
  const namespace = temporal.options.namespace;
  const execution = { workflowId };
  const { pendingWorkflowTask } = await temporal.workflowService.describeWorkflowExecution({ namespace, execution });
  return failing(workflowId, await causeOf(temporal, workflowId, problems), pendingWorkflowTask?.attempt ?? undefined);
}

/**
 * Only the first failure of a task is written into the history, and none when the attempt before it ran out of time (its worker was
 * stopped): then what is sealed in it is opened here, as the worker has to.
 */
async function causeOf(temporal: Client, workflowId: string, problems: string): Promise<Classified> {
  if (problems.includes('NonDeterministicError')) return { error: 'PROGRAM_CHANGED' };
  if (problems.includes('WorkflowTaskTimedOut')) return { error: 'TIMED_OUT' };
  const { events } = await temporal.workflow.getHandle(workflowId).fetchHistory();
  try {
    for (const payload of payloadsIn(events))
      for (const codec of temporal.options.loadedDataConverter.payloadCodecs) await codec.decode([payload]);
  } catch (problem) {
    return classify(problem);
  }
  const failed = events?.findLast(
    (event) => event.workflowTaskFailedEventAttributes,
  )?.workflowTaskFailedEventAttributes;
  return classify(await decodeOptionalFailureToOptionalError(temporal.options.loadedDataConverter, failed?.failure));
}

function* payloadsIn(value: unknown): Generator<Payload> {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
  if ('metadata' in value && 'data' in value && value.data instanceof Uint8Array) yield value as Payload;
  else for (const inner of Object.values(value)) yield* payloadsIn(inner);
}
