import type { Client } from '@temporalio/client';
import { tsToMs } from '@temporalio/common/lib/time.js';
import type { CaseState, FiledCase } from '../../domain/case.ts';
import { decode, fetchHistory, type History } from '../../log/verify/engine.ts';

/** A procedure as the engine has it on its disk: no worker is asked, so it is known even when none can run it. */
export interface Procedure {
  running: boolean;
  /** the case it was started for; numbers can be given out twice by a store that was restored */
  caseId: string;
  /** what the last turn it has heard of answered */
  state: CaseState;
  /** when the timer it has armed rings, epoch ms on the clock of the case; undefined: none */
  ringsAt?: number;
}

type Answer = { state?: CaseState; superseded?: { recorded?: { state: CaseState } } } | undefined;
type Event = NonNullable<History['events']>[number];

/**
 * Undefined when the engine does not know the number (any more). Throws `UnreadablePayload` when what it holds cannot be opened with
 * the keys at hand, and when it cannot be asked.
 */
export async function readProcedure(temporal: Client, acceptanceNo: string): Promise<Procedure | undefined> {
  const history = await fetchHistory(temporal, acceptanceNo);
  const events = history?.events ?? [];
  const input = events[0]?.workflowExecutionStartedEventAttributes?.input?.payloads;
  if (!input) return undefined;
  const [filed] = (await decode(temporal, input)) as [FiledCase];
  const rings = ringingAt(events);
  return {
    running: !events.some(isEnd),
    caseId: filed.snapshot.caseId,
    state: (await lastState(temporal, events)) ?? filed.state,
    ...(rings === undefined ? {} : { ringsAt: rings + filed.clockAheadMs }),
  };
}

const isEnd = (event: Event): boolean =>
  [
    event.workflowExecutionCompletedEventAttributes,
    event.workflowExecutionFailedEventAttributes,
    event.workflowExecutionTerminatedEventAttributes,
    event.workflowExecutionTimedOutEventAttributes,
    event.workflowExecutionCanceledEventAttributes,
  ].some(Boolean);

/** Turns are local activities, so their answers are markers; refusals and unheard decisions carry no state. */
async function lastState(temporal: Client, events: readonly Event[]): Promise<CaseState | undefined> {
  for (const event of events.toReversed()) {
    const result = event.markerRecordedEventAttributes?.details?.['result']?.payloads;
    if (!result) continue;
    const [answer] = (await decode(temporal, result)) as [Answer];
    const state = answer?.state ?? answer?.superseded?.recorded?.state;
    if (state) return state;
  }
  return undefined;
}

/** The timer that was started and has neither rung nor been taken back, on the engine's clock. */
function ringingAt(events: readonly Event[]): number | undefined {
  const armed = new Map<string, number>();
  for (const event of events) {
    const started = event.timerStartedEventAttributes;
    const over = event.timerFiredEventAttributes ?? event.timerCanceledEventAttributes;
    if (started) {
      const at = tsToMs(event.eventTime) + tsToMs(started.startToFireTimeout);
      armed.set(started.timerId ?? '', at);
    } else if (over) armed.delete(over.timerId ?? '');
  }
  return armed.size === 0 ? undefined : Math.min(...armed.values());
}
