import type pg from 'pg';
import type { Calendar } from '../../domain/calendar.ts';
import type { User } from '../../domain/case.ts';
import { daysLate } from '../../domain/deadline.ts';
import {
  SHOWN,
  type DueDuty,
  type DutyDigest,
  type DutyLine,
  type DutyNoticeLine,
  type Pile,
} from '../../domain/digest.ts';
import { dutyRule, type DutyLimitId } from '../../domain/duties.ts';
import type { DutyEventKind } from '../../domain/duty.ts';
import { addDays, type PlainDate } from '../../domain/plain-date.ts';
import { timeLimit } from '../../domain/time-limits.ts';
import { caseDaySql } from '../reading/case-day.ts';
import { dutyEventsToSql, myDutiesSql } from '../reading/duties.ts';
import type { NoticeWindow } from './window.ts';

/** The recurring duties of one person's digest: what is theirs to do, and what they have been told of others'. */
export async function readDutyDigest(
  db: pg.Pool,
  user: User,
  now: number,
  calendar: Calendar,
  window: NoticeWindow,
): Promise<DutyDigest> {
  const mine = await myOpenDuties(db, user, now);
  const due = mine.flatMap((row): { when: When; line: DueDuty }[] => {
    const { today, due_on: dueOn } = row;
    const next = calendar.nextWorkingDay(addDays(today, 1));
    // The day of a duty is kept (C9, C10): an unknown calendar makes no breach uncertain.
    const when = dueOn < today ? 'OVERDUE' : dueOn === today ? 'TODAY' : dueOn <= next ? 'NEXT' : undefined;
    const provisional = row.provisional && today < row.reminder_on;
    return when ? [{ when, line: { ...lineOf(row, calendar), provisional } }] : [];
  });
  const pile = (asked: When): Pile<DueDuty> => {
    const lines = due.flatMap(({ when, line }) => (when === asked ? [line] : []));
    return { total: lines.length, items: lines.slice(0, SHOWN) };
  };
  const listed = due.map(({ line }) => line.dutyId);
  return {
    overdue: pile('OVERDUE'),
    dueToday: pile('TODAY'),
    dueNext: pile('NEXT'),
    told: await newlyTold(db, user, now, calendar, { window, listed }),
  };
}

type When = 'OVERDUE' | 'TODAY' | 'NEXT';

interface LineRow {
  duty_id: string;
  limit_id: DutyLimitId;
  period: string;
  due_on: PlainDate;
  done_on: PlainDate | null;
  days_late: number | null;
  today: PlainDate;
}

const lineColumns = (day: string): string =>
  `d.duty_id::text, d.limit_id, d.period, d.due_on::text, d.done_on::text, d.days_late, ${day}::text AS today`;

const lineOf = (row: LineRow, calendar: Calendar): DutyLine => ({
  dutyId: row.duty_id,
  limitId: row.limit_id,
  title: dutyRule(row.limit_id).title,
  period: row.period,
  dueOn: row.due_on,
  daysLate: row.days_late ?? daysLate(timeLimit(row.limit_id), row.due_on, row.today, calendar),
});

type OpenRow = LineRow & { provisional: boolean; reminder_on: PlainDate };

/** Not done, the earliest first; a place has a handful of them open at a time. */
async function myOpenDuties(db: pg.Pool, user: User, now: number): Promise<OpenRow[]> {
  const values: unknown[] = [];
  const columns = lineColumns(caseDaySql('d', values.push(now)));
  const { rows } = await db.query<OpenRow>(
    `SELECT ${columns}, d.provisional, d.reminder_on::text FROM duty d
     WHERE d.done_on IS NULL AND ${myDutiesSql(user, 'd', values)} ORDER BY d.due_on, d.duty_id`,
    values,
  );
  return rows;
}

/**
 * Oldest first, as they happened. What is listed as due is not told a second time, nor of what is mine to do that it was near
 * or late once it is done; a manager is told of the delay even so.
 */
async function newlyTold(
  db: pg.Pool,
  user: User,
  now: number,
  calendar: Calendar,
  { window: { since, until }, listed }: { window: NoticeWindow; listed: string[] },
): Promise<Pile<DutyNoticeLine>> {
  const values: unknown[] = [];
  const columns = lineColumns(caseDaySql('d', values.push(now)));
  const { rows } = await db.query<LineRow & { kind: DutyEventKind; holder: string; total: number }>(
    `SELECT ${columns}, e.kind, coalesce(o.name, p.name) AS holder, count(*) OVER ()::int AS total
     FROM duty_event e JOIN duty d USING (duty_id)
       LEFT JOIN office o ON o.office_id = d.office_id LEFT JOIN provider p ON p.provider_id = d.provider_id
     WHERE ${dutyEventsToSql(user, 'e', values)} AND e.kind IN ('REMINDER', 'DUE', 'LIMIT_PASSED', 'ESCALATION')
       AND e.recorded_at > $${values.push(since)} AND e.recorded_at <= $${values.push(until)}
       AND d.duty_id <> ALL($${values.push(listed)}::bigint[])
       AND (d.done_on IS NOT NULL AND ${myDutiesSql(user, 'd', values)}) IS NOT TRUE
     ORDER BY e.recorded_at, e.duty_id, e.seq LIMIT ${SHOWN}`,
    values,
  );
  const items = rows.map((row) => ({
    ...lineOf(row, calendar),
    kind: row.kind,
    holder: row.holder,
    doneOn: row.done_on,
  }));
  return { total: rows[0]?.total ?? 0, items };
}
