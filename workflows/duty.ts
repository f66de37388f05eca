import {
  allHandlersFinished,
  condition,
  defineSignal,
  defineUpdate,
  proxyLocalActivities,
  setHandler,
} from '@temporalio/workflow';
import {
  checkDone,
  type DutyActivities,
  type DutyState,
  type DutyStep,
  type MarkDone,
  type OpenedDuty,
} from '../domain/duty.ts';
import { plainDateAt, type PlainDate } from '../domain/plain-date.ts';
import { Refusal } from '../domain/refusal.ts';
import { asFailure } from './cause.ts';

/** Records the duty as done; answers the day. */
export const markDoneUpdate = defineUpdate<PlainDate, [MarkDone]>('markDone');
/** The calendar changed: reminder and target may lie elsewhere (C12). */
export const recountSignal = defineSignal('recount');

// As in the case file: one transaction nearby, retried for as long as the database is away.
const { dutyStep } = proxyLocalActivities<DutyActivities>({
  startToCloseTimeout: '10 seconds',
  retry: { initialInterval: '200 milliseconds', maximumInterval: '30 seconds' },
  // Waited for inside the worker, every one and a half seconds would put three events into the history, and a night of failures
  // would fill it; a timer of the engine is six events for each attempt.
  localRetryThreshold: '10 seconds',
});

interface Slot {
  request: MarkDone;
  answer?: PlainDate;
  refusal?: Refusal;
}

type Happening =
  { kind: 'RUNG'; item: DutyState['agenda'][number] } | { kind: 'RECOUNT' } | { kind: 'DONE'; slot: Slot };

/**
 * A recurring duty from its opening until somebody has done it: reminded, due, overdue, escalated, each once. It does not
 * end by itself, and nothing is decided by its clock (0.2-2).
 */
export async function duty(opened: OpenedDuty): Promise<void> {
  let state = opened.state;
  let slot: Slot | undefined;
  let recountAsked = false;
  const now = (): number => Date.now() + opened.clockAheadMs;

  setHandler(
    markDoneUpdate,
    async (request) => {
      const mine: Slot = { request };
      slot = mine;
      await condition(() => mine.answer !== undefined || mine.refusal !== undefined);
      if (mine.refusal) throw asFailure(mine.refusal, state);
      return mine.answer as PlainDate;
    },
    {
      validator: (request: MarkDone) => {
        try {
          if (slot) throw new Refusal('BEING_DECIDED');
          checkDone({ ...opened, ...(state.doneOn ? { doneOn: state.doneOn } : {}) }, request, plainDateAt(now()));
        } catch (problem) {
          throw asFailure(problem, state);
        }
      },
    },
  );
  setHandler(recountSignal, () => {
    recountAsked = true;
  });

  /** The next thing to act upon, waiting for it if there is none; a person goes before the clock. */
  async function next(): Promise<Happening> {
    for (;;) {
      if (slot) return { kind: 'DONE', slot };
      if (recountAsked) return { kind: 'RECOUNT' };
      const item = state.agenda[0];
      if (item && item.at <= now()) return { kind: 'RUNG', item };
      const awake = (): boolean => slot !== undefined || recountAsked;
      if (item) await condition(awake, Math.max(1, item.at - now()));
      else await condition(awake);
    }
  }

  while (!state.doneOn) {
    const happening = await next();
    const about = { dutyId: opened.dutyId, at: now() };
    if (happening.kind === 'RECOUNT') recountAsked = false;
    const step: DutyStep =
      happening.kind === 'DONE'
        ? { ...about, kind: 'DONE', request: happening.slot.request }
        : { ...about, ...happening };
    const result = await dutyStep(step);
    state = result.state;
    if (happening.kind === 'DONE') {
      const { slot: mine } = happening;
      if (result.refused) mine.refusal = new Refusal(result.refused.code, result.refused.faults);
      else mine.answer = mine.request.doneOn;
      slot = undefined;
    }
  }
  // The store knew that it was done before this procedure did: whoever waits in the slot is told so.
  if (slot) slot.refusal = new Refusal('DUTY_DONE');
  await condition(allHandlersFinished);
}
