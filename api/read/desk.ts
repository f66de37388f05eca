import type pg from 'pg';
import { waitingSql, type DeskScope } from '../../activities/reading/waiting.ts';
import type { Calendar } from '../../domain/calendar.ts';
import type { User } from '../../domain/case.ts';
import { HEADER_COLUMNS, HEADER_JOINS, headerOf, type CaseHeader, type HeaderRow } from './case-header.ts';

export type { DeskScope };

/** The desk: what waits for this person, or for their office, by due day. */
export interface DeskPage {
  items: CaseHeader[];
  /** where the page ended: due day (null = none) and case id */
  last?: [string | null, string];
}

export async function readDesk(
  db: pg.Pool,
  user: User,
  scope: DeskScope,
  page: { size: number; after?: readonly (string | null)[] },
  now: number,
  calendar: Calendar,
): Promise<DeskPage> {
  const values: unknown[] = [];
  const conditions = [waitingSql(user, scope, values)];
  if (page.after) {
    const [dueOn, id] = page.after;
    const caseId = `$${values.push(id)}::bigint`;
    conditions.push(
      dueOn === null
        ? `(c.stage_due_on IS NULL AND c.case_id > ${caseId})`
        : `((c.stage_due_on, c.case_id) > ($${values.push(dueOn)}::date, ${caseId}) OR c.stage_due_on IS NULL)`,
    );
  }
  const { rows } = await db.query<HeaderRow>(
    `SELECT ${HEADER_COLUMNS} FROM case_file c ${HEADER_JOINS} WHERE ${conditions.join(' AND ')}
     ORDER BY c.stage_due_on NULLS LAST, c.case_id LIMIT $${values.push(page.size + 1)}`,
    values,
  );
  const items = rows.slice(0, page.size);
  const end = rows.length > page.size ? items.at(-1) : undefined;
  return {
    items: items.map((row) => headerOf(row, user, now, calendar)),
    ...(end ? { last: [end.stage_due_on, end.case_id] } : {}),
  };
}

/** A desk is counted so far and no further: beyond that nobody reads the number, and counting takes longer than the page. */
export const COUNTED_TO = 1_000;

/** How much waits for me, and for my office; `COUNTED_TO` means that many or more. */
export async function countDesk(db: pg.Pool, user: User): Promise<Record<DeskScope, number>> {
  const values: unknown[] = [];
  const counted = (scope: DeskScope): string =>
    `(SELECT count(*)::int FROM (SELECT FROM case_file c WHERE ${waitingSql(user, scope, values)} LIMIT ${COUNTED_TO}) waiting)`;
  const { rows } = await db.query<Record<DeskScope, number>>(
    `SELECT ${counted('mine')} AS mine, ${counted('office')} AS office`,
    values,
  );
  return rows[0] ?? { mine: 0, office: 0 };
}
