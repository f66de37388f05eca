import type pg from 'pg';
import { z } from 'zod';
import { standingOf, stateOf, type DutyRow } from '../../activities/duties/duty-row.ts';
import type { Calendar } from '../../domain/calendar.ts';
import type { JsonObject, User } from '../../domain/case.ts';
import { daysLate } from '../../domain/deadline.ts';
import { dutyRule } from '../../domain/duties.ts';
import { DUTY_EVENTS, mayMarkDone, type DutyEventKind } from '../../domain/duty.ts';
import { plainDateAt, type PlainDate } from '../../domain/plain-date.ts';
import { timeLimit } from '../../domain/time-limits.ts';
import { instantText } from '../instant.ts';
import { code, cursor, day, instant, jsonObject, limit, queryFlag, text } from '../schemas.ts';
import { seesDutySql } from '../visibility.ts';
import { onItsDaySql } from './case-list.ts';

/** Recurring duties as people read them: SQL only, and overdue by the day alone. */
const rung = z.enum(['REMINDER', 'DUE', 'LIMIT_PASSED', 'ESCALATION']);
export const dutySchema = z
  .strictObject({
    dutyId: z.string(),
    limitId: z.string(),
    title: text,
    article: z.string(),
    holder: z.strictObject({ kind: z.enum(['HOSPITAL', 'COUNTY', 'CITY']), id: z.string(), name: z.string() }),
    period: z.string().meta({ description: 'YYYY-MM, or YYYY of a yearly duty' }),
    opensOn: day,
    openedAt: instant,
    dueOn: day,
    reminderOn: day,
    targetOn: day,
    provisional: z
      .boolean()
      .meta({ description: 'reminder and target may still move: no notice for those days is loaded' }),
    calendarEdition: z.string(),
    state: z.enum(['OPEN', 'DONE']),
    overdue: z.boolean(),
    daysLate: z.int().nullable().meta({ description: 'calendar days; of an open duty as of today' }),
    doneOn: day.nullable(),
    doneBy: z.string().nullable(),
    note: z.string().nullable(),
    next: z.strictObject({ kind: rung, at: instant }).nullable(),
    mayMarkDone: z.boolean(),
    explanation: z.string().meta({ description: 'where the due day is explained day by day' }),
  })
  .meta({ id: 'Duty' });
export type DutyView = z.output<typeof dutySchema>;

export const dutyEventSchema = z
  .strictObject({
    seq: z.int(),
    kind: z.enum(Object.keys(DUTY_EVENTS) as DutyEventKind[]),
    title: text,
    at: instant,
    dueAt: instant.nullable().meta({ description: 'when it was due, beside when it was recorded' }),
    dueOn: day,
    daysLate: z.int().nullable(),
    toOfficeId: z.string().nullable(),
    toProviderId: z.string().nullable(),
    toRole: z.string().nullable(),
    actorName: z.string().nullable(),
    data: jsonObject,
  })
  .meta({ id: 'DutyEvent' });

export const dutyFilter = z.strictObject({
  state: z.enum(['open', 'overdue', 'done']).optional(),
  overdue: queryFlag.optional().meta({ description: 'true: as state=overdue' }),
  limitId: code.optional(),
  period: code.optional(),
  officeId: code.optional().meta({ description: 'of the office, or of the hospitals of a county' }),
  limit,
  cursor,
});
export type DutyFilter = Omit<z.output<typeof dutyFilter>, 'limit' | 'cursor'>;

interface ViewRow extends DutyRow {
  holder_name: string;
  done_by_name: string | null;
  days_late: number | null;
  note: string | null;
}

const VIEW = `SELECT d.duty_id::text, d.limit_id, d.holder_kind, d.holder_id, d.county_id, d.city_id, d.period, d.opens_on::text,
    d.start_on::text, d.due_on::text, d.reminder_on::text, d.target_on::text, d.provisional, d.calendar_edition, d.opened_at,
    d.clock_ahead_ms::text, d.started_at IS NOT NULL AS started, d.version, d.done_on::text, d.days_late, d.note,
    ARRAY(SELECT e.effect_key FROM duty_event e WHERE e.duty_id = d.duty_id) AS fired,
    coalesce(o.name, p.name) AS holder_name, s.name AS done_by_name
  FROM duty d LEFT JOIN office o ON o.office_id = d.office_id LEFT JOIN provider p ON p.provider_id = d.provider_id
       LEFT JOIN staff s ON s.staff_id = d.done_by`;

export interface DutyReader {
  db: pg.Pool;
  user: User;
  now: number;
  calendar: Calendar;
  spreadSeconds: number;
}

/** By due day, the earliest first; one row more than asked tells whether there is another page. */
export async function listDuties(
  reader: DutyReader,
  filter: DutyFilter,
  page: { size: number; after?: readonly (string | null)[] },
): Promise<{ items: DutyView[]; last?: [string, string] }> {
  const values: unknown[] = [];
  const conditions = [seesDutySql(reader.user, 'd', values)];
  const state = filter.overdue === true ? 'overdue' : filter.state;
  if (state === 'done') conditions.push('d.done_on IS NOT NULL');
  if (state === 'open' || state === 'overdue') conditions.push('d.done_on IS NULL');
  if (state === 'overdue') conditions.push(onItsDaySql('d', reader.now, values, (today) => `d.due_on < ${today}`));
  if (filter.overdue === false)
    conditions.push(
      `(d.done_on IS NOT NULL OR ${onItsDaySql('d', reader.now, values, (today) => `d.due_on >= ${today}`)})`,
    );
  if (filter.limitId !== undefined) conditions.push(`d.limit_id = $${values.push(filter.limitId)}`);
  if (filter.period !== undefined) conditions.push(`d.period = $${values.push(filter.period)}`);
  if (filter.officeId !== undefined) {
    const office = `$${values.push(filter.officeId)}`;
    conditions.push(`(d.office_id = ${office} OR (d.provider_id IS NOT NULL AND d.county_id = ${office}))`);
  }
  if (page.after) {
    conditions.push(
      `(d.due_on, d.duty_id) > ($${values.push(page.after[0])}::date, $${values.push(page.after[1])}::bigint)`,
    );
  }
  const { rows } = await reader.db.query<ViewRow>(
    `${VIEW} WHERE ${conditions.join(' AND ')} ORDER BY d.due_on, d.duty_id LIMIT $${values.push(page.size + 1)}`,
    values,
  );
  const shown = rows.slice(0, page.size);
  const end = rows.length > page.size ? shown.at(-1) : undefined;
  return { items: shown.map((row) => viewOf(reader, row)), ...(end ? { last: [end.due_on, end.duty_id] } : {}) };
}

/** Undefined also when the caller may not know of it. */
export async function readDuty(reader: DutyReader, dutyId: string): Promise<DutyView | undefined> {
  const values: unknown[] = [dutyId];
  const { rows } = await reader.db.query<ViewRow>(
    `${VIEW} WHERE d.duty_id = $1::bigint AND ${seesDutySql(reader.user, 'd', values)}`,
    values,
  );
  return rows[0] && viewOf(reader, rows[0]);
}

function viewOf({ user, now, calendar, spreadSeconds }: DutyReader, row: ViewRow): DutyView {
  const today = plainDateAt(now + Number(row.clock_ahead_ms));
  const overdue = row.done_on === null && row.due_on < today;
  const [next] = stateOf(row, calendar, spreadSeconds).agenda;
  return {
    dutyId: row.duty_id,
    limitId: row.limit_id,
    title: dutyRule(row.limit_id).title,
    article: timeLimit(row.limit_id).article,
    holder: { kind: row.holder_kind, id: row.holder_id, name: row.holder_name },
    period: row.period,
    opensOn: row.opens_on,
    openedAt: instantText(row.opened_at.getTime()),
    dueOn: row.due_on,
    reminderOn: row.reminder_on,
    targetOn: row.target_on,
    provisional: row.provisional,
    calendarEdition: row.calendar_edition,
    state: row.done_on === null ? 'OPEN' : 'DONE',
    overdue,
    daysLate: row.days_late ?? (overdue ? daysLate(timeLimit(row.limit_id), row.due_on, today, calendar) : null),
    doneOn: row.done_on,
    doneBy: row.done_by_name,
    note: row.note,
    next: next ? { kind: next.kind, at: instantText(next.at) } : null,
    mayMarkDone: row.done_on === null && mayMarkDone(standingOf(row), user),
    explanation: `/api/v1/deadlines/preview?limit=${row.limit_id}&from=${row.start_on}`,
  };
}

export async function readDutyEvents(db: pg.Pool, dutyId: string): Promise<z.output<typeof dutyEventSchema>[]> {
  const { rows } = await db.query<{
    seq: number;
    kind: DutyEventKind;
    at: Date;
    due_at: Date | null;
    due_on: PlainDate;
    days_late: number | null;
    to_office_id: string | null;
    to_provider_id: string | null;
    to_role: string | null;
    actor_name: string | null;
    data: JsonObject;
  }>({
    name: 'duty-events',
    text: `SELECT seq, kind, at, due_at, due_on::text, days_late, to_office_id, to_provider_id, to_role, actor_name, data
           FROM duty_event WHERE duty_id = $1 ORDER BY seq`,
    values: [dutyId],
  });
  return rows.map((row) => ({
    seq: row.seq,
    kind: row.kind,
    title: DUTY_EVENTS[row.kind],
    at: instantText(row.at.getTime()),
    dueAt: row.due_at && instantText(row.due_at.getTime()),
    dueOn: row.due_on,
    daysLate: row.days_late,
    toOfficeId: row.to_office_id,
    toProviderId: row.to_provider_id,
    toRole: row.to_role,
    actorName: row.actor_name,
    data: row.data,
  }));
}
