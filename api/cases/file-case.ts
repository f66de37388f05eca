import pg from 'pg';
import { loadCalendar } from '../../activities/calendar.ts';
import { fault } from '../../activities/fault-points.ts';
import { insertCase, type NewCase } from '../../activities/filing.ts';
import { inTransaction } from '../../activities/store/in-transaction.ts';
import type { AttachedDocument, CaseOffices, CaseSnapshot, JsonObject, User } from '../../domain/case.ts';
import { refuseFirst } from '../../domain/decisions.ts';
import { missingDocuments } from '../../domain/documents.ts';
import { isPlainDate, plainDateAt, type PlainDate } from '../../domain/plain-date.ts';
import type { GuardContext, ProcessDefinition } from '../../domain/process.ts';
import { getProcess } from '../../domain/processes/index.ts';
import { permitted } from '../../domain/permissions/permitted.ts';
import { Refusal } from '../../domain/refusal.ts';
import { checkAvoidance } from '../../domain/separation.ts';
import { withLengths } from '../../domain/time-limits.ts';
import { answerOf, type DecisionAnswer } from '../../domain/turn.ts';
import { startCase } from '../../engine/start-case.ts';
import type { CaseDeps } from './deps.ts';
import { parseForm } from './forms.ts';
import { lookUp, type Lookup } from './lookups.ts';
import { findEarlier } from './requests.ts';

export interface FilingRequest {
  user: User;
  processType: string;
  form: unknown;
  documents: AttachedDocument[];
  /** day the office received the material; default today (0.2-8) */
  receivedOn?: string;
  key: string;
  requestHash: string;
}

/**
 * Accepts a case: checks everything a person could have got wrong, writes turn 0 in one transaction, starts the
 * procedure. When the start fails the row is there and the answer is an outage; the same key – or the reconciler –
 * starts it later, so an accepted case is never lost and never filed twice.
 */
export async function fileCase(
  deps: CaseDeps,
  request: FilingRequest,
): Promise<{ answer: DecisionAnswer; repeated: boolean }> {
  const definition = getProcess(request.processType);
  const { user } = request;
  if (!mayFile(user, definition)) throw new Refusal('NOT_PERMITTED');
  const earlier = await findEarlier(deps.db, user, request.key, request.requestHash);
  if (earlier) return repeat(deps, earlier.started, earlier.answer);

  const filing = await prepareFiling(deps, definition, request);
  const written = await inTransaction(deps.db, (tx) => insertCase(tx, deps.vault, filing)).catch((problem: unknown) => {
    // Two requests with one key at the same moment: the second finds the first one's case.
    if (problem instanceof pg.DatabaseError && problem.constraint === 'case_turn_request_key') return undefined;
    throw problem;
  });
  if (!written) {
    const first = await findEarlier(deps.db, user, request.key, request.requestHash);
    if (!first) throw new Refusal('NOT_AVAILABLE');
    return repeat(deps, first.started, first.answer);
  }
  fault('case.written');
  await startCase(deps, written);
  fault('case.started');
  return { answer: answerOf(written.state), repeated: false };
}

async function repeat(deps: CaseDeps, started: boolean, answer: DecisionAnswer) {
  if (!started) await startCase(deps, answer.acceptanceNo);
  return { answer, repeated: true };
}

/** Everything a person could have got wrong is checked here; nothing is written yet. */
export async function prepareFiling(
  deps: CaseDeps,
  definition: ProcessDefinition,
  request: FilingRequest,
): Promise<NewCase> {
  const { user, documents } = request;
  const clockAheadMs = deps.clockAheadMs ?? 0;
  const at = deps.now() + clockAheadMs;
  const today = plainDateAt(at);
  const form = parseForm(definition.filing.form, request.form);
  const receivedOn = receivedDay(request.receivedOn, today);
  const found = await lookUp(deps, definition.filing.references, form, today, onlyFor(user));
  // A program stands for nobody, so a case it files must say whose it is.
  if (user.service && !found.personId) throw new Refusal('NOT_PERMITTED');
  const offices = await officesFor(deps.db, user, found);
  const step = definition.filing.firstStepFor?.(user) ?? definition.filing.firstStep;
  const personId = found.personId ?? (user.roles.includes('INSURED_PERSON') ? user.personId : undefined);
  if (user.officeId !== undefined || user.providerId !== undefined) checkAvoidance(user, found.personId, found.facts);
  const snapshot: CaseSnapshot = {
    caseId: '',
    acceptanceNo: '',
    process: definition.code,
    version: 0,
    status: 'IN_PROGRESS',
    stage: definition.steps[step]?.stage ?? '',
    step,
    offices,
    receivedOn,
    form,
    facts: found.facts,
    documents: documents.map((d) => d.type),
    actors: [],
    ...(personId ? { personId } : {}),
  };
  const context: GuardContext = {
    case: snapshot,
    user,
    input: { step, decision: 'APPROVE' },
    form,
    facts: found.facts,
    today,
  };
  refuseFirst(definition.filing.guards, context);
  const missing = missingDocuments(definition.filing.documents({ form, facts: found.facts }), snapshot.documents);
  if (missing.length > 0) throw new Refusal('DOCUMENTS_MISSING', missing);
  return {
    definition,
    user,
    at,
    clockAheadMs,
    form,
    facts: found.facts,
    documents,
    receivedOn,
    offices,
    step,
    ...(personId ? { personId } : {}),
    ...(found.providerId ? { providerId: found.providerId } : {}),
    request: { key: request.key, hash: request.requestHash },
    calendar: await loadCalendar(deps.db),
    spreadSeconds: deps.config.effectSpreadSeconds,
    ...(deps.config.limitLengths ? { limits: withLengths(deps.config.limitLengths) } : {}),
  };
}

function receivedDay(text: string | undefined, today: PlainDate): PlainDate {
  if (text === undefined) return today;
  const path = 'receivedOn';
  if (!isPlainDate(text))
    throw new Refusal('BAD_REQUEST', [
      { path, zh: '日期须为真实存在的 YYYY-MM-DD', en: 'must be a real day, YYYY-MM-DD' },
    ]);
  if (text > today)
    throw new Refusal('DATE_IN_FUTURE', [{ path, zh: `不能晚于今天 ${today}`, en: `not after today, ${today}` }]);
  // S0 is in force from 2019-01-01; nothing can have been received under it before.
  if (text < '2019-01-01')
    throw new Refusal('DATE_OUT_OF_RANGE', [{ path, zh: '不能早于 2019-01-01', en: 'not before 2019-01-01' }]);
  return text;
}

/** Whoever applies does so for themselves: of everybody else they are told what they would be told of nobody. */
const onlyFor = (user: User): string | undefined =>
  user.roles.includes('INSURED_PERSON') && !user.officeId && !user.providerId ? (user.personId ?? '') : undefined;

/** A program files what it was set up for, and nothing else. */
const mayFile = (user: User, { code }: ProcessDefinition): boolean =>
  permitted(user, 'FILE_CASE', { process: code }) && (!user.service || (user.intakeProcesses ?? []).includes(code));

/** The offices along which a case travels, from the window that took it (or, on-line, the person's county). */
async function officesFor(db: pg.Pool, user: User, found: Lookup): Promise<CaseOffices> {
  const person = found.facts['person'] as JsonObject | undefined;
  const hospital = found.facts['hospital'] as JsonObject | undefined;
  const receivingId = user.officeId ?? (person?.['enrolmentAgencyId'] as string | undefined);
  if (!receivingId) throw new Refusal('NOT_PERMITTED');
  const { rows } = await db.query<{ office_id: string; level: string }>({
    name: 'offices-above',
    text: `WITH RECURSIVE up AS (SELECT office_id, level, parent_id FROM office WHERE office_id = $1
             UNION ALL SELECT o.office_id, o.level, o.parent_id FROM office o JOIN up ON o.office_id = up.parent_id)
           SELECT office_id, level FROM up`,
    values: [receivingId],
  });
  const at = (level: string): string | undefined => rows.find((row) => row.level === level)?.office_id;
  const cityId = at('CITY');
  // A case that begins in the city (an audit) lies in the county of the hospital it is about.
  const countyId = at('COUNTY') ?? (hospital?.['countyOfficeId'] as string | undefined) ?? cityId;
  if (!cityId || !countyId) throw new Error(`office ${receivingId} has no city above it`);
  const townshipId = at('TOWNSHIP');
  return { receivingId, countyId, cityId, ...(townshipId ? { townshipId } : {}) };
}
