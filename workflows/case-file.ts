import {
  allHandlersFinished,
  condition,
  getExternalWorkflowHandle,
  patched,
  proxyLocalActivities,
  setHandler,
} from '@temporalio/workflow';
import {
  clocksOf,
  ENDED,
  type CaseSnapshot,
  type CaseState,
  type DecisionRequest,
  type FiledCase,
} from '../domain/case.ts';
import { clockConsequence, isClockDecision, type ClockDecision } from '../domain/clock-decisions.ts';
import { checkDecision } from '../domain/decisions.ts';
import { addDays, plainDateAt, startOfDay, type PlainDate } from '../domain/plain-date.ts';
import type { ProcessDefinition, StepOf } from '../domain/process.ts';
import { Refusal } from '../domain/refusal.ts';
import {
  answerOf,
  type CaseActivities,
  type Consequence,
  type DecisionAnswer,
  type Turn,
  type TurnRecorded,
  type TurnSuperseded,
  type VerificationOutcome,
} from '../domain/turn.ts';
import { decideUpdate, recountSignal, verifiedSignal, versionQuery } from './case-messages.ts';
import {
  asFailure,
  decidedBy,
  fromDecision,
  fromVerification,
  rememberActors,
  type Decided,
  type Verified,
} from './cause.ts';

export type { Decided, Verified } from './cause.ts';

/**
 * A running case as its procedure sees it. One thread of control: the update handler only puts a decision into the
 * slot and waits for the answer; the procedure takes it out when the case is at rest, so no two things happen at once.
 */

// One transaction on the same machine: seconds are plenty, and an outage of the database is waited out with the
// clock running. No maximum of attempts: a person's decision is never given up (I1).
const { turn: recordTurn, startOpened } = proxyLocalActivities<CaseActivities>({
  startToCloseTimeout: '10 seconds',
  retry: { initialInterval: '200 milliseconds', maximumInterval: '30 seconds' },
  // Waited for inside the worker, every one and a half seconds would put three events into the history, and a night of failures
  // would fill it; a timer of the engine is six events for each attempt.
  localRetryThreshold: '10 seconds',
});

interface Slot {
  request: DecisionRequest;
  answer?: DecisionAnswer;
  refusal?: Refusal;
}

export interface CaseFile<Step extends string = string> {
  readonly definition: ProcessDefinition;
  readonly snapshot: CaseSnapshot;
  readonly step: Step;
  /** today on the clock of the case, Asia/Shanghai */
  today(): PlainDate;
  /** waits, firing deadline effects meanwhile, for a person's decision or for the case this one waits for */
  next(): Promise<Decided | Verified>;
  /** writes what a decision (or a verification result) brings about, in one transaction; false: refused, case unchanged */
  record(cause: Decided | Verified, consequence: Consequence): Promise<boolean>;
  /** after a case has ended: waits for CANCEL until the given day is over (out-of-area filings) */
  until(day: PlainDate): Promise<Decided | undefined>;
  /** tells the case that opened this one, if one did, how it ended; answers the outcome */
  report(outcome: VerificationOutcome): Promise<VerificationOutcome>;
  readonly ended: boolean;
}

/** Opens the case: state first, handlers second, since an update may be waiting before the procedure's first line. */
export function openCaseFile<const D extends ProcessDefinition>(definition: D, filed: FiledCase): CaseFile<StepOf<D>> {
  const snapshot: CaseSnapshot = filed.snapshot;
  let state: CaseState = filed.state;
  let slot: Slot | undefined;
  let recountAsked = false;
  // By number: an outcome may arrive before the turn that opened its case has come back to the procedure.
  const outcomes = new Map<string, VerificationOutcome>();
  const awaited = (): VerificationOutcome | undefined => outcomes.get(String(snapshot.facts['verificationCase']));
  // What the store knows and this procedure does not (a worker died in between): it is acted upon before all else.
  let unheard: TurnSuperseded['superseded'] | undefined;

  const now = (): number => Date.now() + filed.clockAheadMs;
  const today = (): PlainDate => plainDateAt(now());

  setHandler(
    decideUpdate,
    async (request) => {
      const mine: Slot = { request };
      slot = mine;
      await condition(() => mine.answer !== undefined || mine.refusal !== undefined);
      if (mine.refusal) throw asFailure(mine.refusal, snapshot);
      return mine.answer as DecisionAnswer;
    },
    {
      validator: (request: DecisionRequest) => {
        try {
          if (slot) throw new Refusal('BEING_DECIDED');
          checkDecision(definition, snapshot, request.user, request.input, today(), request.facts);
        } catch (problem) {
          throw asFailure(problem, snapshot);
        }
      },
    },
  );
  setHandler(recountSignal, () => {
    recountAsked = true;
  });
  setHandler(verifiedSignal, (outcome) => {
    outcomes.set(outcome.acceptanceNo, outcome);
  });
  setHandler(versionQuery, () => snapshot.version);

  /** The one way anything is written: the turn's answer is the new state, so row, timer and history agree (I4). */
  async function write(
    event: Omit<Turn, 'caseId' | 'acceptanceNo' | 'process' | 'turn' | 'at'>,
  ): Promise<TurnRecorded | Refusal | 'SUPERSEDED'> {
    const result = await recordTurn({
      ...event,
      caseId: snapshot.caseId,
      acceptanceNo: snapshot.acceptanceNo,
      process: snapshot.process,
      turn: snapshot.version + 1,
      at: now(),
    });
    if (result.refused) return new Refusal(result.refused.code, result.refused.faults);
    if (result.superseded) {
      if (result.superseded.by === 'CLOCK') learn(result.superseded.recorded);
      else unheard = result.superseded;
      return 'SUPERSEDED';
    }
    learn(result);
    Object.assign(snapshot.form, event.form);
    return result;
  }

  function learn({ state: after, documents, facts }: TurnRecorded): void {
    state = after;
    Object.assign(snapshot, {
      version: state.version,
      status: state.status,
      stage: state.stage,
      step: state.step,
      documents,
      clocks: clocksOf(state),
    });
    Object.assign(snapshot.facts, facts);
  }

  async function fireDue(): Promise<void> {
    while (!unheard && (recountAsked || (state.agenda[0] && state.agenda[0].at <= now()))) {
      const overdue = state.agenda.filter((item) => item.at <= now());
      const [due, ...alsoDue] = recountAsked ? [] : overdue;
      const written = await write(
        due
          ? { kind: due.kind, effect: due, alsoDue, consequence: {} }
          : { kind: 'RECOUNTED', alsoDue: overdue, consequence: {} },
      );
      if (written instanceof Refusal) throw new Error(`a deadline effect cannot be refused: ${written.message}`);
      if (written !== 'SUPERSEDED' && !due) recountAsked = false;
    }
  }

  function takeDecision(): Decided | undefined {
    if (unheard?.by === 'DECISION') return decidedBy(unheard.request);
    if (!slot || unheard) return undefined;
    const { request } = slot;
    try {
      // Between the validator and now a deadline effect or a verification may have changed the case.
      checkDecision(definition, snapshot, request.user, request.input, today(), request.facts);
    } catch (problem) {
      if (!(problem instanceof Refusal)) throw problem;
      answerSlot(undefined, problem);
      return undefined;
    }
    return decidedBy(request);
  }

  function answerSlot(answer: DecisionAnswer | undefined, refusal?: Refusal): void {
    if (slot) Object.assign(slot, { answer, refusal });
    slot = undefined;
  }

  async function sleepUntilSomethingHappens(wakeAt = Infinity): Promise<void> {
    // Only the result of a verification can be unheard here; it is on its way.
    if (unheard) return await condition(() => awaited() !== undefined);
    const awake = () => slot !== undefined || recountAsked || awaited() !== undefined;
    const until = Math.min(wakeAt, state.agenda[0]?.at ?? Infinity);
    if (Number.isFinite(until)) await condition(awake, Math.max(1, until - now()));
    else await condition(awake);
  }

  async function next(): Promise<Decided | Verified> {
    for (;;) {
      await fireDue();
      const outcome = awaited();
      if (outcome && unheard?.by !== 'DECISION') {
        outcomes.delete(outcome.acceptanceNo);
        return { kind: 'VERIFIED', outcome };
      }
      const decided = takeDecision();
      if (decided && isClockDecision(decided.decision)) await record(decided, ofTheClock(decided.decision, decided));
      else if (decided) return decided;
      else await sleepUntilSomethingHappens();
    }
  }

  /** Stopping, starting and lengthening are the clock's: no procedure has to know of them. */
  const ofTheClock = (decision: ClockDecision, { form, reason = '' }: Decided): Consequence =>
    clockConsequence(decision, form, reason, today());

  async function record(cause: Decided | Verified, consequence: Consequence): Promise<boolean> {
    const { step } = snapshot;
    const written = await write(
      cause.kind === 'DECISION' ? fromDecision(cause, consequence) : fromVerification(cause, consequence),
    );
    if (written === 'SUPERSEDED') {
      // The cause waits: a decision stays in its slot and is checked again, a verification is put back.
      if (cause.kind === 'VERIFIED') outcomes.set(cause.outcome.acceptanceNo, cause.outcome);
      return false;
    }
    if (written instanceof Refusal) {
      if (cause.kind === 'VERIFIED') throw new Error(`a verification result cannot be refused: ${written.message}`);
      answerSlot(undefined, written);
      return false;
    }
    if (cause.kind === 'DECISION') {
      rememberActors(definition, snapshot, step, cause);
      if (slot?.request.key === cause.request.key) answerSlot(answerOf(state));
    }
    unheard = undefined;
    // A case of its own, not a child: it has its own clock, and goes on when this one is withdrawn.
    if (written.opened) await startOpened(written.opened);
    if (ENDED.includes(snapshot.status)) await everybodyIsTold();
    return true;
  }

  /**
   * The engine drops the answer of a handler that is still on its way when the procedure returns. A decision that was let in before the
   * end was known (of a worker that died; while the outcome of a verification was being written) waits for one: nobody looks into
   * the slot after the end, but those who may still take what an ended case is open to.
   */
  async function everybodyIsTold(): Promise<void> {
    const late = slot !== undefined && patched('late-decision-told');
    if (late) takeDecision();
    if (!late || !slot) await condition(allHandlersFinished);
  }

  async function report(outcome: VerificationOutcome): Promise<VerificationOutcome> {
    const opener = snapshot.facts['openedBy'];
    // The one failure there is: whoever opened this case has ended meanwhile (withdrawn), and wants to know nothing more.
    if (typeof opener === 'string')
      await getExternalWorkflowHandle(opener)
        .signal(verifiedSignal, outcome)
        .catch(() => undefined);
    return outcome;
  }

  async function until(day: PlainDate): Promise<Decided | undefined> {
    for (;;) {
      await fireDue();
      const decided = takeDecision();
      if (decided) return decided;
      if (today() > day) return undefined;
      await sleepUntilSomethingHappens(startOfDay(addDays(day, 1)));
    }
  }

  return {
    definition,
    snapshot,
    get step() {
      return snapshot.step as StepOf<D>;
    },
    get ended() {
      return ENDED.includes(snapshot.status);
    },
    today,
    next,
    record,
    until,
    report,
  };
}
