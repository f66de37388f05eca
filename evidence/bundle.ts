import type { CalendarEdition } from '../domain/calendar.ts';
import type { CatalogueItem, DatedRate } from '../domain/benefits/types.ts';
import type { CaseOffices, Text } from '../domain/case.ts';
import type { TimeLimit } from '../domain/limit.ts';
import type { PlainDate } from '../domain/plain-date.ts';
import type { LoggedEvent, LoggedTurn } from '../log/case-rows.ts';
import type { LogHead } from '../log/head.ts';

/**
 * The evidence of one case in one file: everything the log holds of it, and everything its dates, amounts and decisions were made
 * from, so that somebody without access to the system can check it. Values are disclosed in `openings`; where one is withheld,
 * its commit stays in place and the chain still holds.
 */
export const BUNDLE_FORMAT = 'jingban-evidence/1';

export interface Bundle {
  format: typeof BUNDLE_FORMAT;
  /** instant, UTC */
  madeAt: string;
  /** without a reason no sealed value is disclosed; everything else is proven all the same */
  madeBy: { userId: string; name: string; reason: string | null };
  /** the program's version; other versions may hold other rules */
  program: string;
  case: BundleCase;
  /** oldest first; sealed leaves hold their commit alone */
  events: BundleEvent[];
  turns: LoggedTurn[];
  stages: BundleStage[];
  calendars: CalendarEdition[];
  limits: TimeLimit[];
  rates: DatedRate[];
  catalogue: CatalogueItem[];
  accesses: BundleAccess[];
  heads: BundleHead[];
  openings: Opening[];
}

export interface SignedBundle extends Bundle {
  signature: { keyId: string; publicKey: string; value: string };
}

export interface BundleCase {
  acceptanceNo: string;
  caseId: string;
  process: string;
  title: Text;
  receivedOn: PlainDate;
  filedAt: string;
  filedBy: string;
  personId: string | null;
  providerId: string | null;
  parentCaseId: string | null;
  offices: CaseOffices;
}

/** `log_no`: its place in the whole log, under the heads. */
export interface BundleEvent extends LoggedEvent {
  log_no: string;
}

export interface BundleStage {
  seq: number;
  stage: string;
  officeId: string | null;
  limitId: string | null;
  startOn: PlainDate;
  dueOn: PlainDate | null;
  openedAt: string;
  closedAt: string | null;
  closedBy: string | null;
  daysLate: number | null;
}

export interface BundleAccess {
  at: string;
  userId: string | null;
  method: string;
  route: string;
  status: number;
  code: string | null;
  reason: string | null;
}

/** A head of the whole log that seals rows of this case, with the way from each of them up to its root. */
export interface BundleHead {
  head: LogHead;
  rows: Array<{ logNo: string; index: number; path: string[] }>;
}

/** A value that lies sealed in the store: what the commit in its place commits to. */
export interface Opening {
  commit: string;
  field: string;
  suite: string;
  /** base64url */
  salt: string;
  text: string;
}
