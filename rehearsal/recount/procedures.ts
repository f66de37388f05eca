import type { Day } from './days.ts';
import type { Limit } from './limits.ts';

/**
 * The little a recount has to know of the procedures: which steps follow each other, in which stage and on whose desk they
 * are, and what limits a stage (`processes.md` P01–P04, P10, P12). Who may decide what is not its matter.
 */

export type ProcessCode =
  | 'CHRONIC_DISEASE_APPROVAL'
  | 'OUT_OF_AREA_REFERRAL'
  | 'REIMBURSEMENT_REVIEW'
  | 'AUDIT'
  | 'TRAUMA_VERIFICATION'
  | 'LOST_RECEIPT_VERIFICATION';
export type Level = 'TOWNSHIP' | 'COUNTY' | 'CITY';
/** WINDOW is the office that received the case, OUTSIDE a hospital. */
type Desk = Level | 'WINDOW' | 'OUTSIDE';

export interface Step {
  step: string;
  stage: string;
  desk: Desk;
}

/** What watches a stage: a limit, or the working days of silence after which it shows as stuck (0.2-11). */
export type Watch = { limit: Limit } | { silence: number } | { limits: 'BANK' };

export interface Procedure {
  steps: readonly Step[];
  watch: (stage: string) => Watch;
  /** the stage whose end ends the total limit, and that limit */
  total?: { limit: Limit; endsWith: string };
}

const SILENCE = 5;
/** P02: a patient waits. */
const SHORT_SILENCE = 2;

const inStage = (stage: string, desk: Desk, ...steps: string[]): Step[] => steps.map((step) => ({ step, stage, desk }));
const eachItsOwn = (desk: Desk, ...steps: string[]): Step[] => steps.flatMap((step) => inStage(step, desk, step));
const watchedBy =
  (limits: Readonly<Record<string, Limit>>, silence: number) =>
  (stage: string): Watch => {
    const limit = limits[stage];
    return limit ? { limit } : { silence };
  };
const inSilence = (silence: number) => watchedBy({}, silence);

export const PROCEDURES: Readonly<Record<ProcessCode, Procedure>> = {
  CHRONIC_DISEASE_APPROVAL: {
    steps: [
      ...eachItsOwn('OUTSIDE', 'PHYSICIAN_REVIEW', 'HOSPITAL_CONFIRMATION'),
      ...eachItsOwn(
        'COUNTY',
        'AGENCY_ACCEPTANCE',
        'FIRST_REVIEW',
        'SECOND_REVIEW',
        'APPROVAL',
        'REGISTRATION',
        'FORM_ISSUED',
      ),
    ],
    watch: inSilence(SILENCE),
  },
  OUT_OF_AREA_REFERRAL: {
    steps: [
      ...eachItsOwn('WINDOW', 'REGISTERED'),
      ...eachItsOwn('COUNTY', 'REVIEW', 'FILED'),
      ...eachItsOwn('WINDOW', 'FORM_ISSUED'),
    ],
    watch: inSilence(SHORT_SILENCE),
  },
  REIMBURSEMENT_REVIEW: {
    steps: [
      ...inStage('INTAKE', 'WINDOW', 'INTAKE'),
      ...inStage('COUNTY_REVIEW', 'COUNTY', 'FIRST_REVIEW', 'SECOND_REVIEW', 'APPROVAL'),
      ...inStage('CITY_SUMMARY', 'CITY', 'CITY_SUMMARY'),
      ...inStage('CITY_APPROVAL', 'CITY', 'MEDICAL_RECHECK', 'FINANCE_RECHECK', 'LEADER_APPROVAL'),
      ...inStage('PAYMENT', 'CITY', 'MADE_OUT', 'CHECKED', 'RECHECKED', 'PAID'),
      ...inStage('BANK_FEEDBACK', 'CITY', 'BANK_RESULT'),
      // P17: the account is corrected by the receiving office, then the payment goes into the next run.
      ...inStage('PAYMENT', 'WINDOW', 'ACCOUNT_CORRECTION'),
    ],
    watch: (stage) =>
      stage === 'BANK_FEEDBACK'
        ? { limits: 'BANK' }
        : watchedBy(
            {
              INTAKE: 'DL-08',
              COUNTY_REVIEW: 'DL-09',
              CITY_SUMMARY: 'DL-10',
              CITY_APPROVAL: 'DL-06',
              PAYMENT: 'DL-13',
            },
            SILENCE,
          )(stage),
    // Art. 15: all processing; ends when the list is printed, not with the payment.
    total: { limit: 'DL-11', endsWith: 'CITY_SUMMARY' },
  },
  AUDIT: {
    steps: eachItsOwn(
      'WINDOW',
      'PLANNED',
      'NOTICE_SERVED',
      'ON_SITE',
      'RECORD_SIGNED',
      'AUDIT_ENDED',
      'RESULT_NOTIFIED',
      'OPINION_SERVED',
      'RECTIFICATION',
      'RECTIFIED',
      'REPORTED_TO_ADMIN',
      'ADMIN_RESULT_RECEIVED',
    ),
    watch: watchedBy(
      { NOTICE_SERVED: 'DL-30', RESULT_NOTIFIED: 'DL-31', OPINION_SERVED: 'DL-32', RECTIFICATION: 'DL-33' },
      SILENCE,
    ),
  },
  TRAUMA_VERIFICATION: {
    steps: eachItsOwn('COUNTY', 'REPORTED', 'VERIFYING', 'LETTER_ISSUED', 'SETTLED_ON_SITE'),
    watch: inSilence(SILENCE),
  },
  LOST_RECEIPT_VERIFICATION: {
    steps: [
      ...eachItsOwn('WINDOW', 'APPLIED'),
      ...eachItsOwn('COUNTY', 'VERIFYING'),
      ...eachItsOwn('WINDOW', 'CONFIRMED'),
    ],
    watch: inSilence(SILENCE),
  },
};

export function stepOf(process: ProcessCode, step: string): Step {
  const found = PROCEDURES[process].steps.find((each) => each.step === step);
  if (!found) throw new Error(`the recount knows no step ${step} of ${process}`);
  return found;
}

/** What people entered with an act, as far as a day or a way depends on it. */
export interface Entered {
  correctionReceivedOn?: Day;
  plannedStartOn?: Day;
  noticeServedOn?: Day;
  endedOn?: Day;
  finding?: 'NO_VIOLATION' | 'VIOLATION';
  resultServedOn?: Day;
  opinionServedOn?: Day;
  correctionDueOn?: Day;
  correctedOn?: Day;
  paidOn?: Day;
  transferKind?: 'SAME_BANK' | 'OTHER_BANK';
  result?: 'PAID' | 'FAILED';
  fedBackOn?: Day;
}

/** The step after an approval; ENDED when there is none. */
export const ENDED = 'ENDED';
export function stepAfter(process: ProcessCode, step: string, entered: Entered, endsAfter?: string): string {
  if (step === endsAfter) return ENDED;
  switch (step) {
    case 'BANK_RESULT':
      return entered.result === 'FAILED' ? 'ACCOUNT_CORRECTION' : ENDED;
    case 'ACCOUNT_CORRECTION':
      return 'MADE_OUT';
    case 'AUDIT_ENDED':
      return entered.finding === 'VIOLATION' ? 'OPINION_SERVED' : 'RESULT_NOTIFIED';
    case 'RESULT_NOTIFIED':
    case 'RECTIFIED':
      return ENDED;
    default: {
      const { steps } = PROCEDURES[process];
      return steps[steps.findIndex((each) => each.step === step) + 1]?.step ?? ENDED;
    }
  }
}

/** The day the work of a step was done, where people enter it: a paper served in time and entered later was in time. */
export function doneOn(step: string, entered: Entered): Day | undefined {
  switch (step) {
    case 'NOTICE_SERVED':
      return entered.noticeServedOn;
    case 'RESULT_NOTIFIED':
      return entered.resultServedOn;
    case 'OPINION_SERVED':
      return entered.opinionServedOn;
    case 'RECTIFICATION':
      return entered.correctedOn;
    case 'PAID':
      return entered.paidOn;
    case 'BANK_RESULT':
      return entered.fedBackOn;
    default:
      return undefined;
  }
}

/** The starting event of a stage's limit where it is not simply the stage's beginning; what was entered before included. */
export function startOf(stage: string, known: Entered): Day | undefined {
  switch (stage) {
    case 'NOTICE_SERVED':
      return known.plannedStartOn;
    case 'RESULT_NOTIFIED':
    case 'OPINION_SERVED':
      return known.endedOn;
    case 'RECTIFICATION':
      return known.opinionServedOn;
    case 'BANK_FEEDBACK':
      return known.paidOn;
    default:
      return undefined;
  }
}
