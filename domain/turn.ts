import type {
  AgendaItem,
  AttachedDocument,
  CaseState,
  CaseStatus,
  Decision,
  DecisionRequest,
  JsonObject,
  LogMark,
  RefusedTurn,
  SuspensionKind,
  User,
} from './case.ts';
import type { LimitId } from './time-limits.ts';
import type { PlainDate } from './plain-date.ts';

/**
 * A turn is one thing that happens to a case – a decision, a deadline effect, a verification result – and all that
 * follows from it. The procedure says *what* happens; the store writes it in one transaction and computes the days.
 */

/** Which limit a stage starts with, when it is not simply the stage's first limit from today. */
export interface StageLimit {
  id: LimitId;
  /** start of the count; default: the day of the turn */
  startOn?: PlainDate;
  /** for limits set per case (DL-33): the day itself */
  dueOn?: PlainDate;
}

/** Work in the store that belongs to the same transaction. Each kind has one function in `activities/effects/`. */
export type Effect =
  /** computes the benefit from form and facts, stores the breakdown, answers facts.fundPays and facts.insuredPays */
  | { kind: 'CALCULATE_BENEFIT' }
  | { kind: 'REGISTER_CHRONIC_DISEASE'; diseaseCode: string; validFrom: PlainDate }
  | { kind: 'FILE_OUT_OF_AREA'; destination: string; validFrom: PlainDate; validTo: PlainDate }
  | { kind: 'CANCEL_OUT_OF_AREA' }
  | { kind: 'ISSUE_INTRODUCTION_LETTER'; admittedOn: PlainDate; liability: string; liabilityGrade?: string }
  /** puts the case on the summary payment list of the day */
  | { kind: 'LIST_FOR_PAYMENT' }
  | { kind: 'HAND_OVER_FOR_PAYMENT' }
  | { kind: 'ORDER_PAYMENT' }
  | { kind: 'RECORD_BANK_RESULT'; result: 'PAID' | 'FAILED'; on: PlainDate }
  | { kind: 'TAKE_OFF_PAYMENT_LIST' }
  | { kind: 'REGISTER_RECOVERY'; ground: string }
  /** a case of its own that this one waits for; `opened` of the result is its number, facts.verificationCase too */
  | { kind: 'OPEN_CASE'; process: string; form: JsonObject }
  /** gives back what the case claimed at filing (happens by itself when a case is rejected or withdrawn) */
  | { kind: 'RELEASE_CLAIMS' };
export type EffectOf<K extends Effect['kind']> = Extract<Effect, { kind: K }>;

/** A paper to issue: `kind` is one of the definition's outputs, the content is what stands on it. */
export interface Output {
  kind: string;
  content: JsonObject;
}

/** What follows from a decision. Left out = unchanged. */
export interface Consequence {
  /** the step that is current afterwards; a step of another stage closes this stage and opens that one */
  goTo?: string;
  status?: CaseStatus;
  /** opens the stage anew although it is the same (a failed payment that goes into the next run) */
  reopen?: boolean;
  limit?: StageLimit;
  facts?: JsonObject;
  /** the day the work was done, when it is entered later (a notice served last week): lateness is measured by it */
  doneOn?: PlainDate;
  /** stops all clocks, from the day after `on` (default: the day of the turn); a reason of its own may be open already */
  suspend?: { kind: SuspensionKind; reason: string; basis: string; on?: PlainDate };
  /** what the case waited for (correction, verification) is there; days up to and including this one are not counted (C7) */
  resumeOn?: PlainDate;
  /** ends a suspension the agency had recorded; the clocks go on when no other is open */
  resume?: { kind: SuspensionKind; on: PlainDate };
  /** lengthens a limit */
  extend?: { clock: 'STAGE' | 'TOTAL'; workingDays: number; reason: string; basis: string };
  effects?: Effect[];
  outputs?: Output[];
  /** working days after which the case shows as stuck because a failed payment is not repaired (0.2-11) */
  repairWithinWorkingDays?: number;
}

export type TurnEventKind = 'FILED' | 'DECIDED' | 'VERIFICATION_RESULT' | 'RECOUNTED' | AgendaItem['kind'];

/** What the procedure hands to the `turn` activity. */
export interface Turn {
  caseId: string;
  acceptanceNo: string;
  process: string;
  /** the version the case will have: the key that makes a repeated turn harmless */
  turn: number;
  /** epoch ms, clock of the case (I9) */
  at: number;
  kind: TurnEventKind;
  user?: User;
  decision?: Decision;
  reason?: string;
  missing?: string[];
  form?: JsonObject;
  documents?: AttachedDocument[];
  request?: DecisionRequest;
  /** the deadline effect that fires in this turn */
  effect?: AgendaItem;
  /** effects that are due, too, and fire in the turns after this one: an outage may have passed several rungs */
  alsoDue?: AgendaItem[];
  consequence: Consequence;
}

export interface TurnRecorded {
  refused?: undefined;
  superseded?: undefined;
  state: CaseState;
  /** facts the effects established */
  facts: JsonObject;
  /** types of all documents now attached */
  documents: string[];
  /** where the log of the case stood after the turn: the engine keeps it (missing in turns of earlier programs) */
  log?: LogMark;
  /** the number of a case that was opened by OPEN_CASE and has to be started */
  opened?: string;
}
/** The store found a reason to refuse that only it can see (a claim taken meanwhile); nothing was written. */
export interface TurnRefused {
  refused: RefusedTurn;
  superseded?: undefined;
}
/**
 * This turn is already in the store, and it was something else: a worker died after the commit and before the engine
 * had recorded it. What is stored happened first and is acted upon first (I1): a decision is taken up from here, the
 * result of a verification comes by itself, and of what the clock did the procedure only has to learn.
 */
export interface TurnSuperseded {
  refused?: undefined;
  superseded:
    { by: 'DECISION'; request: DecisionRequest } | { by: 'VERIFICATION' } | { by: 'CLOCK'; recorded: TurnRecorded };
}
export type TurnResult = TurnRecorded | TurnRefused | TurnSuperseded;

/** The activities a procedure may call. */
export interface CaseActivities {
  turn(turn: Turn): Promise<TurnResult>;
  /** starts the procedure of a case this one has opened; once more is harmless */
  startOpened(acceptanceNo: string): Promise<void>;
}

/** What an update answers: the case after the decision. */
export interface DecisionAnswer {
  acceptanceNo: string;
  version: number;
  status: CaseStatus;
  currentStage: string;
  currentStep: string;
  stageDueOn: PlainDate | null;
  totalDueOn: PlainDate | null;
  provisional: boolean;
}

/** Result of a case that another one waits for. */
export interface VerificationOutcome {
  acceptanceNo: string;
  confirmed: boolean;
  facts: JsonObject;
}

export function answerOf(state: CaseState): DecisionAnswer {
  return {
    acceptanceNo: state.acceptanceNo,
    version: state.version,
    status: state.status,
    currentStage: state.stage,
    currentStep: state.step,
    stageDueOn: state.stageClock?.dueOn ?? null,
    totalDueOn: state.totalClock?.dueOn ?? null,
    provisional: Boolean(state.stageClock?.provisional || state.totalClock?.provisional),
  };
}
