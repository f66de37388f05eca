import type pg from 'pg';
import type { Calendar } from '../../domain/calendar.ts';
import type { LogMark } from '../../domain/case.ts';
import { dutyAgenda, type DutyLimitId, type Period } from '../../domain/duties.ts';
import type { DutyHolder, DutyStanding, DutyState, OpenedDuty } from '../../domain/duty.ts';
import { plainDateAt, type PlainDate } from '../../domain/plain-date.ts';

/** A duty as the store has it, with the keys of what its clock has done. */
export interface DutyRow {
  duty_id: string;
  limit_id: DutyLimitId;
  holder_kind: DutyHolder['kind'];
  holder_id: string;
  county_id: string | null;
  city_id: string;
  period: Period;
  opens_on: PlainDate;
  start_on: PlainDate;
  due_on: PlainDate;
  reminder_on: PlainDate;
  target_on: PlainDate;
  provisional: boolean;
  calendar_edition: string;
  opened_at: Date;
  clock_ahead_ms: string;
  started: boolean;
  version: number;
  done_on: PlainDate | null;
  fired: string[];
  last_seq: number;
  /** null where the last event is one of an earlier program, which chained none */
  last_hash: string | null;
}

const COLUMNS = `d.duty_id::text, d.limit_id, d.holder_kind, d.holder_id, d.county_id, d.city_id, d.period, d.opens_on::text,
  d.start_on::text, d.due_on::text, d.reminder_on::text, d.target_on::text, d.provisional, d.calendar_edition, d.opened_at,
  d.clock_ahead_ms::text, d.started_at IS NOT NULL AS started, d.version, d.done_on::text,
  l.seq AS last_seq, l.hash AS last_hash,
  ARRAY(SELECT e.effect_key FROM duty_event e WHERE e.duty_id = d.duty_id) AS fired`;

const FROM = `FROM duty d
  JOIN LATERAL (SELECT e.seq, e.hash FROM duty_event e WHERE e.duty_id = d.duty_id ORDER BY e.seq DESC LIMIT 1) l ON true`;

export async function findDuty(db: pg.Pool | pg.ClientBase, dutyId: string): Promise<DutyRow | undefined> {
  const text = `SELECT ${COLUMNS} ${FROM} WHERE d.duty_id = $1`;
  return (await db.query<DutyRow>({ name: 'find-duty', text, values: [dutyId] })).rows[0];
}

/** The lock first, then the row with its events: one statement would see the events of before the lock was given. */
export async function lockDuty(tx: pg.ClientBase, dutyId: string): Promise<DutyRow> {
  await tx.query({ name: 'lock-duty', text: 'SELECT 1 FROM duty WHERE duty_id = $1 FOR UPDATE', values: [dutyId] });
  const row = await findDuty(tx, dutyId);
  if (!row) throw new Error(`no duty ${dutyId}`);
  return row;
}

/** Duties whose procedure has not been started: whoever opened them was interrupted, or is about to start it. */
export async function notStarted(db: pg.Pool, most: number): Promise<DutyRow[]> {
  const text = `SELECT ${COLUMNS} ${FROM} WHERE d.started_at IS NULL ORDER BY d.duty_id LIMIT $1`;
  return (await db.query<DutyRow>({ name: 'duties-not-started', text, values: [most] })).rows;
}

export const holderOf = (row: DutyRow): DutyHolder => ({
  kind: row.holder_kind,
  id: row.holder_id,
  cityId: row.city_id,
  ...(row.county_id === null ? {} : { countyId: row.county_id }),
});

export const standingOf = (row: DutyRow): DutyStanding => ({
  limitId: row.limit_id,
  holder: holderOf(row),
  opensOn: row.opens_on,
  ...(row.done_on ? { doneOn: row.done_on } : {}),
});

/** The one place where the agenda of a duty is worked out; a duty that is done has none. */
export function stateOf(row: DutyRow, calendar: Calendar, spreadSeconds: number): DutyState {
  const agenda = row.done_on
    ? []
    : dutyAgenda(
        {
          limitId: row.limit_id,
          period: row.period,
          holder: holderOf(row),
          dates: {
            startOn: row.start_on,
            dueOn: row.due_on,
            reminderOn: row.reminder_on,
            targetOn: row.target_on,
            provisional: row.provisional,
            calendarEdition: row.calendar_edition,
          },
          openedOn: plainDateAt(row.opened_at.getTime()),
          fired: new Set(row.fired),
          spreadSeconds,
        },
        calendar,
      );
  return { version: row.version, agenda, ...(row.done_on ? { doneOn: row.done_on } : {}) };
}

/** Where the log of the duty stands, for the second witness. */
export const markOf = (row: DutyRow): { log?: LogMark } =>
  row.last_hash === null ? {} : { log: { seq: row.last_seq, hash: row.last_hash } };

export const openedDuty = (row: DutyRow, calendar: Calendar, spreadSeconds: number): OpenedDuty => ({
  ...standingOf(row),
  dutyId: row.duty_id,
  state: stateOf(row, calendar, spreadSeconds),
  clockAheadMs: Number(row.clock_ahead_ms),
  ...markOf(row),
});
