import type pg from 'pg';
import {
  clocksOf,
  type AttachedDocument,
  type CaseOffices,
  type CaseSnapshot,
  type FiledCase,
  type JsonObject,
  type User,
} from '../domain/case.ts';
import type { Calendar } from '../domain/calendar.ts';
import { agendaOf, readClock, stuckFrom, type AgendaInput } from '../domain/clock.ts';
import { workingDaysAfter } from '../domain/deadline.ts';
import { plainDateAt, type PlainDate } from '../domain/plain-date.ts';
import type { ProcessDefinition } from '../domain/process.ts';
import { actorsOf, ENTRY } from '../domain/separation.ts';
import type { LimitTable } from '../domain/time-limits.ts';
import type { TurnRecorded } from '../domain/turn.ts';
import { caseSubject, type Vault } from '../vault/vault.ts';
import { attach } from './store/attach-documents.ts';
import { takeClaims } from './store/claims.ts';
import { deskLevel, deskOf } from './store/desk.ts';
import { appendEvents, chainEvents, markOf } from './store/events.ts';
import { CHAIN_START } from './store/hash-chain.ts';
import { sourceOfLimit } from './store/labels.ts';
import { readTurnRows, turnHash } from './store/turn-hash.ts';

/** A case about to be written for the first time: everything was checked, nothing is stored yet. */
export interface NewCase {
  definition: ProcessDefinition;
  user?: User;
  /** epoch ms on the clock of the case */
  at: number;
  /** case clock minus engine clock in ms */
  clockAheadMs: number;
  form: JsonObject;
  facts: JsonObject;
  documents: AttachedDocument[];
  receivedOn: PlainDate;
  offices: CaseOffices;
  personId?: string;
  providerId?: string;
  step: string;
  request?: { key: string; hash: string };
  parentCaseId?: string;
  calendar: Calendar;
  spreadSeconds: number;
  /** other lengths of limits, in rehearsals */
  limits?: LimitTable;
}

/**
 * Turn 0 of a case: number, header, first stage with its due day, log, documents, claims – one transaction, the
 * caller's. Refuses what somebody else already holds. The procedure starts from what is returned, so row, history and
 * timer carry the same due day (I4).
 */
export async function insertCase(tx: pg.ClientBase, vault: Vault, filing: NewCase): Promise<FiledCase> {
  const { definition, user, at, form, facts, receivedOn, offices, step, calendar } = filing;
  const today = plainDateAt(at);
  const stage = definition.steps[step]?.stage;
  if (!stage) throw new Error(`${definition.code} has no step ${step}`);
  const limitId = definition.stages[stage]?.limits?.[0];
  const stageClock = limitId
    ? readClock({ id: limitId, startOn: startOfFirst(definition, stage, filing) }, [], calendar, today, filing.limits)
    : undefined;
  const totalClock = definition.totalLimit
    ? readClock({ id: definition.totalLimit.limit, startOn: receivedOn }, [], calendar, today, filing.limits)
    : undefined;
  const silence = definition.stages[stage]?.stuckAfterWorkingDays;
  const stuckOn = !limitId && silence !== undefined ? workingDaysAfter(today, silence, calendar) : undefined;
  const acceptanceNo = await nextAcceptanceNo(tx, offices.receivingId, today);
  // What follows is the case as it lies in the store; procedure and claims are given it as it was filed.
  const subject = caseSubject(acceptanceNo);
  const sealed = { form: await vault.sealJson(subject, form), facts: await vault.sealJson(subject, facts) };
  const seat = { agency_id: offices.receivingId, county_id: offices.countyId, city_id: offices.cityId };
  const desk = deskOf(definition, seat, { step, status: 'IN_PROGRESS' });
  const level = deskLevel(seat, desk.officeId);
  const agendaInput: AgendaInput = {
    acceptanceNo,
    ended: false,
    stageSeq: 1,
    ...(stageClock ? { stage: stageClock } : {}),
    ...(totalClock ? { total: totalClock } : {}),
    ...(level ? { deskLevel: level } : {}),
    lastActivityVersion: 0,
    ...(stuckOn ? { stuckOn } : {}),
    fired: new Set(),
    today,
    calendar,
    suspensions: [],
    spreadSeconds: filing.spreadSeconds,
  };
  const agenda = agendaOf(agendaInput);
  const filedAt = new Date(at);
  const { rows } = await tx.query<{ case_id: string }>({
    name: 'insert-case',
    text: `INSERT INTO case_file (acceptance_no, process_type, status, current_stage, current_step, version, person_id, provider_id, agency_id, township_id,
             county_id, city_id, parent_case_id, handling_office_id, handling_roles, received_on, filed_at, filed_by, stage_seq, stage_limit_id, stage_due_on,
             stage_provisional, total_limit_id, total_due_on, total_provisional, calendar_edition, stuck_on, stuck_from, last_activity_on,
             next_effect_kind, next_effect_at, clock_ahead_ms, form, facts)
           VALUES ($1, $2, 'IN_PROGRESS', $3, $4, 0, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 1, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31)
           RETURNING case_id::text`,
    values: [
      acceptanceNo,
      definition.code,
      stage,
      step,
      filing.personId,
      filing.providerId,
      offices.receivingId,
      offices.townshipId,
      offices.countyId,
      offices.cityId,
      filing.parentCaseId,
      desk.officeId,
      desk.roles,
      receivedOn,
      filedAt,
      user?.id ?? 'system',
      limitId,
      stageClock?.dueOn,
      stageClock?.provisional ?? false,
      definition.totalLimit?.limit,
      totalClock?.dueOn,
      totalClock?.provisional ?? false,
      calendar.editionId,
      stuckOn,
      stuckFrom(agendaInput),
      today,
      agenda[0]?.kind,
      agenda[0] ? new Date(agenda[0].at) : null,
      filing.clockAheadMs,
      JSON.stringify(sealed.form),
      JSON.stringify(sealed.facts),
    ],
  });
  const caseId = (rows[0] as { case_id: string }).case_id;
  const actors = user && !user.roles.includes('INSURED_PERSON') ? actorsOf(ENTRY, user) : [];
  const current = {
    status: 'IN_PROGRESS' as const,
    stage,
    step,
    stageSeq: 1,
    ...(stageClock ? { stageClock } : {}),
    ...(totalClock ? { totalClock } : {}),
    agenda,
  };
  const snapshot: CaseSnapshot = {
    caseId,
    acceptanceNo,
    process: definition.code,
    version: 0,
    status: 'IN_PROGRESS',
    stage,
    step,
    offices,
    ...(filing.personId ? { personId: filing.personId } : {}),
    ...(filing.providerId ? { providerId: filing.providerId } : {}),
    receivedOn,
    form,
    facts,
    documents: [...new Set(filing.documents.map((d) => d.type))],
    actors,
    clocks: clocksOf(current),
  };
  await attach(tx, caseId, 0, filing.documents);
  const filed: FiledCase = {
    snapshot,
    state: { caseId, acceptanceNo, version: 0, ...current },
    clockAheadMs: filing.clockAheadMs,
  };
  const result: TurnRecorded = { state: filed.state, facts: {}, documents: snapshot.documents };
  const vouchedFor = turnHash({
    turn: 0,
    at: filedAt,
    userId: user?.id ?? null,
    requestKey: filing.request?.key ?? null,
    requestHash: filing.request?.hash ?? null,
    request: null,
    result,
    notices: [],
    rows: await readTurnRows(tx, caseId, 0),
  });
  const first = chainEvents({ acceptanceNo, turn: 0, lastSeq: 0, lastHash: CHAIN_START, turnHash: vouchedFor }, [
    {
      kind: 'FILED',
      stage,
      step,
      actorId: user?.id,
      actorName: user?.name,
      officeId: user?.officeId ?? offices.receivingId,
      data: {
        receivedOn,
        form: sealed.form,
        // What was looked up and who entered it: without them nobody could work the case out again from its log.
        facts: sealed.facts,
        ...(actors.length > 0 ? { entry: actors.map((each) => ({ ...each })) } : {}),
        status: 'IN_PROGRESS',
        documents: filing.documents.map((d) => ({ type: d.type, documentId: d.documentId })),
        ...(user?.actingFor ? { actingFor: { id: user.actingFor.id, name: user.actingFor.name } } : {}),
        ...(stageClock ? { stageClock: { ...stageClock } } : {}),
        ...(totalClock ? { totalClock: { ...totalClock } } : {}),
      },
      at,
      dueOn: stageClock?.dueOn,
    },
  ]);
  filed.log = result.log = markOf(first);
  await tx.query({
    name: 'insert-turn',
    text: 'INSERT INTO case_turn (case_id, turn, at, user_id, request_key, request_hash, result) VALUES ($1, $2, $3, $4, $5, $6, $7)',
    values: [caseId, 0, filedAt, user?.id, filing.request?.key, filing.request?.hash, JSON.stringify(result)],
  });
  await appendEvents(tx, caseId, 0, first);
  await tx.query({
    name: 'open-first-stage',
    text: `INSERT INTO stage (case_id, seq, stage, office_id, limit_id, article, start_on, due_on, provisional, calendar_edition, opened_at)
           VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    values: [
      caseId,
      stage,
      desk.officeId,
      limitId,
      sourceOfLimit(definition, stage, limitId),
      stageClock?.startOn ?? today,
      stageClock?.dueOn,
      stageClock?.provisional ?? false,
      calendar.editionId,
      filedAt,
    ],
  });
  for (const { chain, userId, duty, identity } of actors) {
    await tx.query({
      name: 'record-entry',
      text: 'INSERT INTO case_actor (case_id, chain, staff_id, duty, identity) VALUES ($1, $2, $3, $4, $5)',
      values: [caseId, chain, userId, duty, identity],
    });
  }
  await takeClaims(
    tx,
    vault,
    caseId,
    definition.filing.claims?.({
      form,
      facts,
      receivedOn,
      ...(filing.personId ? { personId: filing.personId } : {}),
    }) ?? [],
  );
  return filed;
}

/** The first stage of an application counts from the day the material came in (0.2-8), an opened case from its opening. */
const startOfFirst = (definition: ProcessDefinition, stage: string, filing: NewCase): PlainDate =>
  definition.steps[definition.filing.firstStep]?.stage === stage ? filing.receivedOn : plainDateAt(filing.at);

/** Office, day, running number: unique over the whole city, gaps allowed, never reused (P25). */
async function nextAcceptanceNo(tx: pg.ClientBase, officeId: string, today: PlainDate): Promise<string> {
  const { rows } = await tx.query<{ n: string }>({
    name: 'next-acceptance-no',
    text: `SELECT nextval('acceptance_number')::text AS n`,
  });
  return `${officeId}-${today.replaceAll('-', '')}-${(rows[0] as { n: string }).n.padStart(6, '0')}`;
}
