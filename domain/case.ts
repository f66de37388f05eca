import type { ProgramAccount } from './accounts.ts';
import type { RungAddressee } from './ladder.ts';
import type { PlainDate } from './plain-date.ts';
import type { Fault, RefusalCode } from './refusal.ts';
import type { Role } from './roles.ts';

/**
 * What every case is made of, whatever its process: the header, its statuses, its people, and the words for
 * what happens to it. Shared by procedure (workflow), store, API and documents; holds no behaviour.
 */

/** A sentence or title in both languages of the product. */
export interface Text {
  zh: string;
  en: string;
}

/** Data as it travels in JSON. Form data are checked by their definition's zod schema before they become this. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** `CaseStatus`; "overdue" is a flag derived from the due day, not a status (processes.md 0.2-10). */
export const CASE_STATUSES = {
  DRAFT: { zh: '草稿', en: 'draft' },
  IN_PROGRESS: { zh: '办理中', en: 'in progress' },
  AWAITING_CORRECTION: { zh: '待补正', en: 'awaiting correction' },
  AWAITING_VERIFICATION: { zh: '待核实', en: 'awaiting verification' },
  APPROVED: { zh: '已通过', en: 'approved' },
  REJECTED: { zh: '不予通过', en: 'rejected' },
  WITHDRAWN: { zh: '已撤回', en: 'withdrawn' },
  CLOSED: { zh: '办结', en: 'closed' },
} as const satisfies Record<string, Text>;
export type CaseStatus = keyof typeof CASE_STATUSES;

/** A case in one of these has ended: nothing is due any more. */
export const ENDED: readonly CaseStatus[] = ['REJECTED', 'WITHDRAWN', 'CLOSED'];

/**
 * What a person can decide. The first five are the sources' and 0.2-1's own; the others name acts of the
 * procedures for which 0.2 has a rule but no word.
 */
export const DECISIONS = {
  APPROVE: { zh: '通过／上报', en: 'approve / submit upward' },
  RETURN_TO_APPLICANT: { zh: '退回补正', en: 'return to the applicant' },
  RETURN_TO_PREVIOUS: { zh: '退回上一环节', en: 'return to the previous step' },
  REJECT: { zh: '不予通过', en: 'reject' },
  WITHDRAW: { zh: '撤回', en: 'withdraw' },
  SAVE: { zh: '保存录入', en: 'save the entry' },
  CORRECTION_RECEIVED: { zh: '收到补正材料', en: 'correction received' },
  CLOSE_AS_WITHDRAWN: { zh: '逾期未补正，按撤回办结', en: 'close as withdrawn (no correction)' },
  CANCEL: { zh: '注销', en: 'cancel' },
  REPORT: { zh: '报请处罚', en: 'report to the administrative department' },
  SUSPEND: { zh: '时限中止', en: 'stop the clock' },
  RESUME: { zh: '恢复计时', en: 'start the clock again' },
  EXTEND: { zh: '延长时限', en: 'extend the limit' },
} as const satisfies Record<string, Text>;
export type Decision = keyof typeof DECISIONS;

export const ORG_LEVELS = ['TOWNSHIP', 'COUNTY', 'CITY', 'PROVINCE'] as const;
export type OrgLevel = (typeof ORG_LEVELS)[number];

export { ROLES, type Role } from './roles.ts';

/** Who is asking. `officeId` for staff of an agency, `providerId` for hospital users, `personId` for insured persons. */
export interface User extends ProgramAccount {
  id: string;
  name: string;
  /** of the natural person behind the account, opaque, the same for all accounts of one person; missing in old histories */
  identity?: string;
  /** insured persons whose cases are kept from this user (回避): themselves under any account, and declared relatives */
  relatives?: string[];
  /** whom this user stands in for: `roles` are then those handed over */
  actingFor?: { id: string; name: string; identity?: string };
  /** a program, which decides nothing */
  service?: true;
  roles: Role[];
  officeId?: string;
  level?: OrgLevel;
  providerId?: string;
  personId?: string;
}

/** The offices a case belongs to; `receivingId` is the window that accepted it (`agencyId` of the header). */
export interface CaseOffices {
  receivingId: string;
  townshipId?: string;
  countyId: string;
  cityId: string;
}

/** Who did what in a chain of four eyes (0.2-3): one person holds at most one duty per chain of a case. */
export interface ActorRecord {
  chain: string;
  duty: string;
  userId: string;
  /** the natural person; missing in old histories, where the account stands for the person */
  identity?: string;
}

/**
 * All that a rule may look at when it says whether a decision is possible. The workflow holds it, the store can
 * rebuild it, so validator and API ask the same `checkDecision` the same question.
 */
export interface CaseSnapshot {
  caseId: string;
  acceptanceNo: string;
  process: string;
  version: number;
  status: CaseStatus;
  stage: string;
  step: string;
  offices: CaseOffices;
  personId?: string;
  providerId?: string;
  receivedOn: PlainDate;
  /** form data as filed and amended since */
  form: JsonObject;
  /** what the system established: hospital grade, verification result, fund share … */
  facts: JsonObject;
  /** types of the documents attached so far */
  documents: string[];
  actors: ActorRecord[];
  /** missing only while a case is being filed */
  clocks?: CaseClocks;
}

/** A decision as a person sends it. */
export interface DecisionInput {
  /** the step the person was looking at: a decision about a step that has passed is refused, not misapplied */
  step: string;
  decision: Decision;
  /** optional guard against having read an older version */
  ifVersion?: number;
  reason?: string;
  /** every missing or wrong item at once (0.2-1) */
  missing?: string[];
  /** for RETURN_TO_PREVIOUS, when more than one step is offered */
  returnTo?: string;
  form?: JsonObject;
  documents?: AttachedDocument[];
}

export interface AttachedDocument {
  type: string;
  documentId: string;
}

/** A decision on its way into the case: who, what, and under which key it must happen only once. */
export interface DecisionRequest {
  user: User;
  input: DecisionInput;
  /** facts the API looked up for codes named in the form (hospital grade and the like) */
  facts?: JsonObject;
  key: string;
  requestHash: string;
}

/** Reasons for which the clocks of a case stand still; the first two follow from what people decide about the case itself. */
export const SUSPENSION_KINDS = {
  CORRECTION: { zh: '退回补正', en: 'awaiting a correction' },
  VERIFICATION: { zh: '实地核实', en: 'awaiting a verification' },
  SERVICE_CLOSED: { zh: '服务窗口暂停', en: 'service window closed' },
  SYSTEM_SWITCHOVER: { zh: '信息系统切换', en: 'system switchover' },
  FORCE_MAJEURE: { zh: '不可抗力', en: 'force majeure' },
} as const satisfies Record<string, Text>;
export type SuspensionKind = keyof typeof SUSPENSION_KINDS;

export interface OpenSuspension {
  seq: number;
  kind: SuspensionKind;
  suspendedOn: PlainDate;
}

/** A limit that was lengthened (延长), in working days. */
export interface GrantedExtension {
  clock: 'STAGE' | 'TOTAL';
  /** the stage pass during which it was granted; of a STAGE extension the one it lengthens */
  stageSeq: number;
  limitId: string;
  workingDays: number;
}

/** What rules about the clock itself look at: may it be stopped, started, lengthened? */
export interface CaseClocks {
  stageSeq: number;
  /** `dueOn` is missing while the clock stands */
  stage?: { limitId: string; dueOn?: PlainDate };
  total?: { limitId: string; dueOn?: PlainDate };
  open: OpenSuspension[];
  extensions: GrantedExtension[];
}

/** What the clock of one limit says; while it is stopped `dueOn` is unknown and `daysLeft` is kept. */
export interface ClockReading {
  limitId: string;
  article: string;
  startOn: PlainDate;
  dueOn?: PlainDate;
  reminderOn?: PlainDate;
  provisional: boolean;
  calendarEdition: string;
  /** in the limit's unit; only while stopped */
  daysLeft?: number;
}

export const EFFECT_KINDS = [
  'REMINDER',
  'DUE',
  'LIMIT_PASSED',
  'ESCALATION',
  'STUCK',
  'CORRECTION_REMINDER',
  'CORRECTION_WINDOW_PASSED',
  'REPAIR_WINDOW_PASSED',
] as const;
export type EffectKind = (typeof EFFECT_KINDS)[number];

/** Something the clock of a case will do by itself; it informs and escalates, it never decides (0.2-2). */
export interface AgendaItem {
  kind: EffectKind;
  /** which clock: the stage's, the total, or none */
  clock: 'STAGE' | 'TOTAL' | 'NONE';
  /** of an ESCALATION: whom it reaches */
  to?: RungAddressee;
  /** unique within the case: the store accepts each key once */
  key: string;
  /** epoch ms on the clock of the case; already spread within the window after midnight */
  at: number;
}

/** What a turn answers: the case after it, and what its clock will do next. */
export interface CaseState {
  caseId: string;
  acceptanceNo: string;
  version: number;
  status: CaseStatus;
  stage: string;
  step: string;
  stageClock?: ClockReading;
  totalClock?: ClockReading;
  /** which pass through a stage it is, what stops the clocks, what lengthened them; missing in states of earlier programs */
  stageSeq?: number;
  open?: OpenSuspension[];
  extensions?: GrantedExtension[];
  agenda: AgendaItem[];
}

export const clocksOf = ({
  stageSeq,
  stageClock,
  totalClock,
  open,
  extensions,
}: Omit<CaseState, 'caseId' | 'acceptanceNo' | 'version'>): CaseClocks => ({
  stageSeq: stageSeq ?? 0,
  ...(stageClock ? { stage: stageClock } : {}),
  ...(totalClock ? { total: totalClock } : {}),
  open: open ?? [],
  extensions: extensions ?? [],
});

/** The end of a chain of the log: number and hash of its last row, as it is told to the engine, the second witness. */
export interface LogMark {
  seq: number;
  hash: string;
}

/** A case that was written to the store and may begin: the argument of every procedure. */
export interface FiledCase {
  snapshot: CaseSnapshot;
  state: CaseState;
  /** case clock minus engine clock in ms: 0 but for rehearsals that play on another date */
  clockAheadMs: number;
  /** where the log of the case stood; missing in cases of earlier programs */
  log?: LogMark;
}

export interface RefusedTurn {
  code: RefusalCode;
  faults: Fault[];
}
