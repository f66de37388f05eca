import type { z } from 'zod';
import type { CaseSnapshot, Decision, DecisionInput, JsonObject, Role, Text, User } from './case.ts';
import type { DocumentType } from './document-types.ts';
import type { LimitId } from './time-limits.ts';
import type { PlainDate } from './plain-date.ts';
import type { Refusal } from './refusal.ts';

/**
 * The shape of a definition: the *rules* of a process as data – what is asked, who may decide what, which limits
 * run, which documents are needed, which papers come out. What happens in which order is the procedure's
 * (`workflows/`), never the definition's.
 */

/** Whose desk a step lies on, relative to the case. */
export type OfficeRelation = 'RECEIVING' | 'COUNTY' | 'CITY' | 'HOSPITAL' | 'PERSON';

/** All a guard may look at: pure, so that validator, API and console give the same answer. */
export interface GuardContext {
  case: CaseSnapshot;
  user: User;
  input: DecisionInput;
  /** the form as it would be after this decision, and the facts with what was looked up for it */
  form: JsonObject;
  facts: JsonObject;
  today: PlainDate;
}
/** Says what is wrong, or nothing. */
export type Guard = (context: GuardContext) => Refusal | undefined;

/** One line of a check list (`documents.md`); `anyOf` = one of the group is enough. */
export interface DocumentRule {
  anyOf: DocumentType[];
  /** O = original, C = copy, S = shown and scanned */
  paper: 'O' | 'C' | 'S';
  source: string;
}

/** Fields whose value names something the office keeps; the API looks it up and adds what it found to `facts`. */
export type ReferenceKind = 'INSURED_PERSON' | 'PROVIDER' | 'CHRONIC_DISEASE' | 'STAFF_LIST' | 'BILL_LINES' | 'PROXY';

/** A decision on offer at a step. Who and where default to the step's own. */
export interface Offer {
  title?: Text;
  by?: readonly Role[];
  /** one of several desks is enough */
  at?: OfficeRelation | readonly OfficeRelation[];
  /** what is asked with the decision; a strict zod object */
  form?: z.ZodObject;
  /** may the decision also carry fields of the filing form, as amended? The whole is then checked again. */
  amends?: boolean;
  references?: Readonly<Record<string, ReferenceKind>>;
  documents?: (context: { form: JsonObject; facts: JsonObject }) => DocumentRule[];
  guards?: readonly Guard[];
  /** offered only if; the reason is shown beside the disabled choice */
  when?: Guard;
  /** steps a return may go to; the first is the default */
  returnTo?: readonly string[];
  /** a return or rejection always needs one; others only if they say so */
  reasonRequired?: boolean;
}

export interface StepDefinition {
  /** the stage of the glossary this step belongs to; a stage without parts has one step of its own name */
  stage: string;
  title: Text;
  by: readonly Role[];
  at: OfficeRelation;
  /** four eyes (0.2-3): of one chain of a case nobody holds two duties */
  duty?: { chain: 'REVIEW' | 'FINANCE'; duty: string };
  decisions: Partial<Record<Decision, Offer>>;
}

export interface StageDefinition {
  title: Text;
  /** where the stage and its limit come from */
  article: string;
  /** limits that can run in this stage; the first is armed when the stage opens unless the procedure names another */
  limits?: readonly LimitId[];
  /** working days of silence after which a stage without a limit shows as stuck (0.2-11) */
  stuckAfterWorkingDays?: number;
}

/** Only one open or valid thing of this kind and key may overlap `during` (a person's registration, a bill …). */
export interface Claim {
  kind: 'CHRONIC_REGISTRATION' | 'OUT_OF_AREA_FILING' | 'BILL';
  key: string;
  from?: PlainDate;
  to?: PlainDate;
}

export interface FilingDefinition {
  by: readonly Role[];
  form: z.ZodObject;
  references?: Readonly<Record<string, ReferenceKind>>;
  documents: (context: { form: JsonObject; facts: JsonObject }) => DocumentRule[];
  guards?: readonly Guard[];
  claims?: (context: { form: JsonObject; facts: JsonObject; personId?: string; receivedOn: PlainDate }) => Claim[];
  /** steps a filing may begin at; which one follows from who files (`firstStepFor`) */
  firstStep: string;
  firstStepFor?: (user: User) => string;
  /** where it begins when another case opened it (a verification the reimbursement waits for) */
  firstStepWhenOpened?: string;
  /** is there somebody who applied and can withdraw or correct? An audit has none. */
  applicant: boolean;
}

/** A paper the process issues (documents.md §7): the store keeps what stood on it, the page prints it. */
export interface OutputDefinition {
  title: Text;
  source: string;
}

export interface ProcessDefinition {
  code: string;
  id: string;
  title: Text;
  source: string;
  filing: FilingDefinition;
  totalLimit?: { limit: LimitId; endsWithStage: string };
  stages: Readonly<Record<string, StageDefinition>>;
  steps: Readonly<Record<string, StepDefinition>>;
  outputs: Readonly<Record<string, OutputDefinition>>;
}

/** Keeps the literals of a definition, so that a misspelt stage or step in a procedure does not compile. */
export function defineProcess<const D extends ProcessDefinition>(definition: D): D {
  for (const [code, step] of Object.entries(definition.steps)) {
    if (!(step.stage in definition.stages))
      throw new Error(`${definition.code}: step ${code} names no stage of its own`);
  }
  if (!(definition.filing.firstStep in definition.steps)) throw new Error(`${definition.code}: first step unknown`);
  return definition;
}
export type StepOf<D extends ProcessDefinition> = keyof D['steps'] & string;
export type StageOf<D extends ProcessDefinition> = keyof D['stages'] & string;
