import type { Decision, JsonObject } from '../../domain/case.ts';
import type { DocumentType } from '../../domain/document-types.ts';
import type { Act } from '../recount/recount.ts';
import type { Entered, Level, ProcessCode } from '../recount/procedures.ts';
import type { Person } from './city.ts';
import type { Day } from '../recount/days.ts';

/** One decision somebody is going to take, and what it means to the recount. */
export interface Move {
  /** epoch ms on the clock of the case */
  at: number;
  who: string;
  /** a verification is a case of its own that the first one waits for */
  on: 'CASE' | 'VERIFICATION';
  step: string;
  decision: Decision;
  form?: JsonObject;
  documents?: readonly DocumentType[];
  reason?: string;
  missing?: string[];
  returnTo?: string;
  act: Omit<Act, 'at' | 'version'>;
  /** may be refused by the rules (an extension that comes too late): then nothing has happened */
  mayBeRefused?: boolean;
}

/** Everything people do to one case, decided before it begins. */
export interface Plan {
  number: number;
  process: ProcessCode;
  person: Person;
  /** level of the office that receives it */
  window: Level;
  firstStep: string;
  filing: {
    at: number;
    who: string;
    receivedOn?: Day;
    form: JsonObject;
    documents: readonly DocumentType[];
    entered?: Entered;
  };
  moves: Move[];
}
