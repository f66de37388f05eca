import { z } from 'zod';
import { DECISIONS, type Decision } from '../domain/case.ts';
import { REFUSALS, type Refusal, type RefusalCode } from '../domain/refusal.ts';

/**
 * Problem documents (RFC 9457). The status says what the reader does next (style.md 19):
 * 400 mend the request · 401 log in · 403 leave it to somebody else · 404 look elsewhere · 409 read the case again, then decide
 * anew · 408 send faster · 413, 414 and 431 send less · 415 send another kind of file or uncompressed · 422 mend what was entered · 429 and 503 wait and repeat with the same key.
 */
export const STATUS = {
  BAD_REQUEST: 400,
  BODY_TOO_LARGE: 413,
  ADDRESS_TOO_LONG: 414,
  HEADERS_TOO_LARGE: 431,
  REQUEST_TOO_SLOW: 408,
  ENCODING_REFUSED: 415,
  IDEMPOTENCY_KEY_REQUIRED: 400,
  IDEMPOTENCY_KEY_REUSED: 422,
  CURSOR_INVALID: 400,
  ROUTE_NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  TOO_MANY_REQUESTS: 429,
  NOT_AUTHENTICATED: 401,
  TOKEN_EXPIRED: 401,
  AMBIGUOUS_LOGIN: 400,
  CSRF: 403,
  LOGIN_FAILED: 400,
  NOT_PERMITTED: 403,
  ROLES_EXCLUDE: 422,
  OWN_ACCOUNT: 403,
  CASE_NOT_FOUND: 404,
  DOCUMENT_NOT_FOUND: 404,
  NOT_FOUND: 404,
  UNKNOWN_PROCESS: 422,
  PERSON_NOT_INSURED: 422,
  PROVIDER_NOT_DESIGNATED: 422,
  HOSPITAL_GRADE_TOO_LOW: 422,
  UNKNOWN_CODE: 422,
  DOCUMENTS_MISSING: 422,
  DATE_IN_FUTURE: 422,
  DATE_OUT_OF_RANGE: 422,
  EVIDENCE_TOO_OLD: 422,
  REGISTRATION_EXISTS: 409,
  REGISTRATION_REQUIRED: 422,
  FILING_OVERLAPS: 409,
  TREATMENT_STARTED: 409,
  BILL_ALREADY_REIMBURSED: 409,
  LIABLE_PARTY_PAYS: 422,
  NEWBORN_NOT_COVERED: 422,
  STAGE_PASSED: 409,
  DECISION_NOT_POSSIBLE: 409,
  BEING_DECIDED: 409,
  VERSION_CHANGED: 409,
  SAME_PERSON: 403,
  OWN_CASE: 403,
  RELATIVES_CASE: 403,
  DEPUTY_NOT_POSSIBLE: 422,
  REASON_REQUIRED: 422,
  MISSING_ITEMS_REQUIRED: 422,
  CASE_ENDED: 409,
  LINES_REQUIRED: 422,
  TOTAL_MISMATCH: 422,
  NOTICE_TOO_SHORT: 422,
  TOO_FEW_AUDITORS: 422,
  SIGNATURE_REQUIRED: 422,
  CORRECTION_WINDOW_OPEN: 409,
  EXTENSION_NOT_ALLOWED: 422,
  EXTENSION_TOO_LATE: 409,
  EXTENSION_USED_UP: 409,
  EXTENSION_TOO_LONG: 422,
  NO_LIMIT_RUNS: 409,
  ALREADY_SUSPENDED: 409,
  NOT_SUSPENDED: 409,
  INCIDENT_RESOLVED: 409,
  INCIDENT_NOT_SKIPPABLE: 409,
  DUTY_DONE: 409,
  DOCUMENT_TYPE_REFUSED: 415,
  IMAGE_TOO_LARGE: 422,
  DOCUMENT_INFECTED: 422,
  CALENDAR_CONTRADICTION: 422,
  CALENDAR_YEAR_TAKEN: 409,
  CALENDAR_EDITION_DIFFERS: 409,
  CALENDAR_RUN_ACTIVE: 409,
  NOT_AVAILABLE: 503,
} as const satisfies Record<RefusalCode, number>;

/** Our own mistakes have one code and no detail: what happened stands in the log under the request's id. */
const INTERNAL = {
  zh: '系统内部错误，已记录，请联系管理员。',
  en: 'An internal error was recorded; tell the administrator the request id.',
};
export type ProblemCode = RefusalCode | 'INTERNAL';

const decisionCode = z.enum(Object.keys(DECISIONS) as Decision[]);
const sentence = z.strictObject({ zh: z.string(), en: z.string() });

export const problemSchema = z
  .strictObject({
    type: z.string().meta({ description: 'urn:jingban:problem:<code>' }),
    title: z.string().meta({ description: '中文说明 / the Chinese sentence' }),
    status: z.int(),
    detail: z.string().meta({ description: 'the English sentence' }),
    code: z.enum(['INTERNAL', ...(Object.keys(STATUS) as RefusalCode[])]),
    messages: sentence,
    faults: z
      .array(sentence.extend({ path: z.string().optional() }))
      .meta({ description: 'every single thing that is wrong, the first 200 of them' }),
    requestId: z.string(),
    possible: z.array(decisionCode).optional().meta({ description: 'what the caller can decide now' }),
    currentStage: z.string().optional(),
    currentStep: z.string().optional(),
    caseStatus: z.string().optional(),
    version: z.int().optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.output<typeof problemSchema>;

/** Where the case stands, told with a refused decision so that the reader knows what is possible. */
export type Standing = Pick<Problem, 'possible' | 'currentStage' | 'currentStep' | 'caseStatus' | 'version'>;

/** Far more than anybody mends at once; without an end, a body of 20,000 wrong fields would be answered with twice its size. */
const MOST_FAULTS = 200;

/** A refusal as the reader gets it. */
export const problemOf = (refusal: Refusal, requestId: string, standing: Standing = {}): Problem => ({
  ...problem(refusal.code, STATUS[refusal.code], REFUSALS[refusal.code], requestId),
  faults: refusal.faults.slice(0, MOST_FAULTS),
  ...standing,
});

export const internalProblem = (requestId: string): Problem => problem('INTERNAL', 500, INTERNAL, requestId);

const problem = (
  code: ProblemCode,
  status: number,
  messages: { zh: string; en: string },
  requestId: string,
): Problem => ({
  type: `urn:jingban:problem:${code}`,
  title: messages.zh,
  status,
  detail: messages.en,
  code,
  messages: { zh: messages.zh, en: messages.en },
  faults: [],
  requestId,
});
