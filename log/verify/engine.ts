import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { LogMark } from '../../domain/case.ts';
import type { HeadMark } from '../../domain/log-head.ts';

/** What the engine has recorded of a log: where it stood after each turn, as far as programs told it. */
export interface EngineMark {
  /** version of the case or duty */
  version: number;
  log?: LogMark;
}

type Decoded = { log?: LogMark; state?: { version: number }; superseded?: { recorded?: Decoded } };
export type History = Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['fetchHistory']>>;
type Payloads = Parameters<typeof decodeArrayFromPayloads>[1];

/** Of one procedure, in the order of its history; undefined when the engine does not have it (any more). */
export async function readMarks(temporal: Client, workflowId: string): Promise<EngineMark[] | undefined> {
  const history = await fetchHistory(temporal, workflowId);
  if (!history) return undefined;
  const marks: EngineMark[] = [];
  for (const event of history.events ?? []) {
    const started = event.workflowExecutionStartedEventAttributes?.input?.payloads;
    const result = event.markerRecordedEventAttributes?.details?.['result']?.payloads;
    const payloads = started ?? result;
    if (!payloads) continue;
    const [value] = (await decode(temporal, payloads)) as [Decoded | undefined];
    const known = value?.superseded?.recorded ?? value;
    if (known?.state) marks.push({ version: known.state.version, ...(known.log ? { log: known.log } : {}) });
  }
  return marks;
}

/** Heads as the procedure that has them written knows them, back to the oldest run the engine still has. */
export async function readHeadMarks(
  temporal: Client,
  workflowId: string,
): Promise<{ marks: Map<number, HeadMark>; complete: boolean } | undefined> {
  const marks = new Map<number, HeadMark>();
  let runId: string | undefined;
  for (let first = true; ; first = false) {
    const history = await fetchHistory(temporal, workflowId, runId);
    if (!history) return first ? undefined : { marks, complete: false };
    let before: string | undefined;
    for (const event of history.events ?? []) {
      before ??= event.workflowExecutionStartedEventAttributes?.continuedExecutionRunId ?? undefined;
      const payloads = event.activityTaskCompletedEventAttributes?.result?.payloads;
      if (!payloads) continue;
      const [heads] = (await decode(temporal, payloads)) as [HeadMark[]];
      for (const head of heads) marks.set(head.number, head);
    }
    if (!before) return { marks, complete: true };
    runId = before;
  }
}

export const decode = (temporal: Client, payloads: Payloads): Promise<unknown[]> =>
  decodeArrayFromPayloads(temporal.options.loadedDataConverter, payloads);

/** Of one run, the newest by default; undefined when the engine does not have it (any more). */
export async function fetchHistory(temporal: Client, workflowId: string, runId?: string): Promise<History | undefined> {
  try {
    return await temporal.workflow.getHandle(workflowId, runId).fetchHistory();
  } catch (problem) {
    // The library asks for histories below its own errors: what comes up is the engine's.
    if (problem instanceof WorkflowNotFoundError || isNotFound(problem)) return undefined;
    throw problem;
  }
}

const NOT_FOUND = 5;
const isNotFound = (problem: unknown): boolean => (problem as { code?: unknown } | null)?.code === NOT_FOUND;
