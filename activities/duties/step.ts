import pg from 'pg';
import type { Calendar } from '../../domain/calendar.ts';
import type { JsonObject, Role } from '../../domain/case.ts';
import { daysLate } from '../../domain/deadline.ts';
import { dutyDates, dutyRule } from '../../domain/duties.ts';
import {
  checkDone,
  type DutyAgendaItem,
  type DutyEventKind,
  type DutyStep,
  type DutyStepResult,
} from '../../domain/duty.ts';
import { plainDateAt } from '../../domain/plain-date.ts';
import { Refusal } from '../../domain/refusal.ts';
import { timeLimit } from '../../domain/time-limits.ts';
import { loadCalendar, RECOUNT_FRESH_MS } from '../calendar.ts';
import { fault } from '../fault-points.ts';
import { presentAccount } from '../reading/accounts.ts';
import { inTransaction } from '../store/in-transaction.ts';
import type { TurnDeps } from '../turn.ts';
import { chainDutyEvent, type DutyEventRow } from './duty-chain.ts';
import { findDuty, lockDuty, markOf, standingOf, stateOf, type DutyRow } from './duty-row.ts';

/** Duties are of offices; nothing in them is sealed. */
type DutyDeps = Omit<TurnDeps, 'vault'>;

/** What one step leaves in the log, and what it changes in the row. */
interface Written {
  event?: {
    kind: DutyEventKind;
    key: string;
    dueAt?: number;
    daysLate?: number;
    to?: Addressee;
    data?: JsonObject;
    by?: { id: string; name: string; key: string; hash: string };
  };
  row: Partial<DutyRow> & { days_late?: number; note?: string };
}
interface Addressee {
  officeId?: string;
  providerId?: string;
  role?: Role;
}

/**
 * Takes one step of a duty in one transaction with the duty locked: its event and its row, or nothing. Repeating it changes
 * nothing and answers the same, since every step has a key the store takes once; whatever the procedure asks, it is answered
 * with what the store knows, so one that has missed something learns of it here.
 */
export async function recordDutyStep(deps: DutyDeps, step: DutyStep): Promise<DutyStepResult> {
  const calendar = await loadCalendar(deps.db, step.kind === 'RECOUNT' ? RECOUNT_FRESH_MS : undefined);
  fault('turn.begin');
  try {
    const row = await inTransaction(deps.db, (tx) => take(tx, deps, step, calendar));
    fault('turn.committed');
    return { state: stateOf(row, calendar, deps.spreadSeconds), ...markOf(row) };
  } catch (problem) {
    const refusal = isUsedKey(problem) ? new Refusal('IDEMPOTENCY_KEY_REUSED') : problem;
    if (!(refusal instanceof Refusal)) throw problem;
    const row = (await findDuty(deps.db, step.dutyId)) as DutyRow;
    const { code, faults } = refusal;
    return { state: stateOf(row, calendar, deps.spreadSeconds), refused: { code, faults }, ...markOf(row) };
  }
}

/** The same person has recorded another duty under this key. */
const isUsedKey = (problem: unknown): boolean =>
  problem instanceof pg.DatabaseError && problem.constraint === 'duty_event_request_key';

async function take(tx: pg.ClientBase, deps: DutyDeps, step: DutyStep, calendar: Calendar): Promise<DutyRow> {
  const row = await lockDuty(tx, step.dutyId);
  const written = await whatFollows(tx, deps, step, row, calendar);
  if (!written) return row;
  const { event } = written;
  const next: DutyRow = {
    ...row,
    ...written.row,
    version: row.version + (event ? 1 : 0),
    fired: event ? [...row.fired, event.key] : row.fired,
  };
  if (event) await writeEvent(tx, step, next, event);
  await writeRow(tx, step, next, written);
  fault('turn.written');
  return next;
}

/** Undefined: nothing is left to do, somebody else has done it or the calendar has moved it. */
async function whatFollows(
  tx: pg.ClientBase,
  { spreadSeconds }: DutyDeps,
  step: DutyStep,
  row: DutyRow,
  calendar: Calendar,
): Promise<Written | undefined> {
  switch (step.kind) {
    case 'RUNG': {
      const item = stateOf(row, calendar, spreadSeconds).agenda.find(({ key }) => key === step.item.key);
      if (!item || item.at > step.at) return undefined;
      const late = daysLate(timeLimit(row.limit_id), row.due_on, plainDateAt(item.at), calendar);
      return {
        event: {
          kind: item.kind,
          key: item.key,
          dueAt: item.at,
          to: whoIsTold(item, row),
          ...(late ? { daysLate: late } : {}),
        },
        row: {},
      };
    }
    case 'RECOUNT':
      return row.done_on ? undefined : recounted(row, calendar);
    case 'DONE': {
      const { request } = step;
      if (row.done_on && (await isDoneBy(tx, row, request.user.id, request.key))) return undefined;
      // As the account is now: the request says what it was, and may have come past the API.
      const user = await presentAccount(tx, request.user.id);
      if (!user) throw new Refusal('NOT_PERMITTED');
      checkDone(standingOf(row), { ...request, user }, plainDateAt(step.at));
      const late = daysLate(timeLimit(row.limit_id), row.due_on, request.doneOn, calendar);
      const note: { note?: string } = request.note ? { note: request.note } : {};
      const by = { id: request.user.id, name: user.name, key: request.key, hash: request.requestHash };
      return {
        event: { kind: 'DONE', key: 'DONE', daysLate: late, by, data: { doneOn: request.doneOn, ...note } },
        row: { done_on: request.doneOn, days_late: late, ...note },
      };
    }
  }
}

/** C12: the day is kept, reminder and target follow the calendar; a move is written down, an unchanged count is not. */
function recounted(row: DutyRow, calendar: Calendar): Written {
  const { reminderOn, targetOn, provisional, calendarEdition } = dutyDates(
    dutyRule(row.limit_id),
    row.period,
    calendar,
  );
  const dates = { reminder_on: reminderOn, target_on: targetOn, provisional, calendar_edition: calendarEdition };
  const key = `RECOUNTED:${calendarEdition}`;
  const same = reminderOn === row.reminder_on && targetOn === row.target_on && provisional === row.provisional;
  if (same || row.fired.includes(key)) return { row: dates };
  const data = {
    reminderOn: { from: row.reminder_on, to: reminderOn },
    targetOn: { from: row.target_on, to: targetOn },
    provisional: { from: row.provisional, to: provisional },
    edition: calendarEdition,
  };
  return { event: { kind: 'RECOUNTED', key, data }, row: dates };
}

/**
 * The holder's first role is told; of an office's delay its manager; then who stands above. A hospital has no manager here,
 * so it is told itself, and the county two working days later `[not in the sources]`.
 */
function whoIsTold({ to }: DutyAgendaItem, row: DutyRow): Addressee {
  const role = dutyRule(row.limit_id).roles[0];
  if (to === 'COUNTY' && row.county_id) return { officeId: row.county_id, role: 'MANAGER' };
  if (to === 'CITY') return { officeId: row.city_id, role: 'MANAGER' };
  if (row.holder_kind === 'HOSPITAL') return { providerId: row.holder_id, role };
  return { officeId: row.holder_id, role: to === 'OFFICE_HEAD' ? 'MANAGER' : role };
}

async function isDoneBy(tx: pg.ClientBase, row: DutyRow, userId: string, key: string): Promise<boolean> {
  const { rowCount } = await tx.query({
    name: 'duty-done-by',
    text: `SELECT 1 FROM duty_event WHERE duty_id = $1 AND kind = 'DONE' AND actor_id = $2 AND request_key = $3`,
    values: [row.duty_id, userId, key],
  });
  return rowCount === 1;
}

/** Appends the event to the chain of the duty; the row knows afterwards where that ends. */
async function writeEvent(
  tx: pg.ClientBase,
  step: DutyStep,
  row: DutyRow,
  { kind, key, dueAt, daysLate: late, to, by, data }: NonNullable<Written['event']>,
): Promise<void> {
  const event: DutyEventRow = {
    seq: row.last_seq + 1,
    kind,
    effect_key: key,
    due_at: dueAt === undefined ? null : new Date(dueAt).toISOString(),
    at: new Date(step.at).toISOString(),
    due_on: row.due_on,
    days_late: late ?? null,
    to_office_id: to?.officeId ?? null,
    to_provider_id: to?.providerId ?? null,
    to_role: to?.role ?? null,
    actor_id: by?.id ?? null,
    actor_name: by?.name ?? null,
    request_key: by?.key ?? null,
    request_hash: by?.hash ?? null,
    data: data ?? {},
  };
  const duty = { limitId: row.limit_id, holderId: row.holder_id, period: row.period };
  const chained = { ...event, ...chainDutyEvent(duty, row.last_hash, event) };
  const columns = Object.keys(chained).join(', ');
  await tx.query({
    name: 'duty-event',
    text: `INSERT INTO duty_event (duty_id, ${columns})
           SELECT $1, ${columns} FROM jsonb_populate_record(NULL::duty_event, $2)`,
    values: [row.duty_id, JSON.stringify(chained)],
  });
  Object.assign(row, { last_seq: event.seq, last_hash: chained.hash });
}

async function writeRow(tx: pg.ClientBase, step: DutyStep, next: DutyRow, { event, row }: Written): Promise<void> {
  await tx.query({
    name: 'duty-row',
    text: `UPDATE duty SET version = $2, reminder_on = $3, target_on = $4, provisional = $5, calendar_edition = $6, done_on = $7,
             done_by = $8, done_at = $9, days_late = $10, note = $11 WHERE duty_id = $1`,
    values: [
      next.duty_id,
      next.version,
      next.reminder_on,
      next.target_on,
      next.provisional,
      next.calendar_edition,
      next.done_on,
      event?.by?.id ?? null,
      event?.by ? new Date(step.at) : null,
      row.days_late ?? null,
      row.note ?? null,
    ],
  });
}
