import type pg from 'pg';
import { prepared } from '../../activities/reading/prepared.ts';
import { DESK_ORDER, waitingFrom, type DeskScope } from '../../activities/reading/waiting.ts';
import type { Calendar } from '../../domain/calendar.ts';
import type { User } from '../../domain/case.ts';
import { HEADER_COLUMNS, HEADER_JOINS, headerOf, type CaseHeader, type HeaderRow } from './case-header.ts';

export type { DeskScope };

/** The desk: what waits for this person, or for their office, by due day. */
export interface DeskPage {
  /** how much waits altogether; `COUNTED_TO` means that many or more */
  total: number;
  items: CaseHeader[];
  /** where the page ended: due day (null = none) and case id */
  last?: [string | null, string];
}

/** A desk is counted so far and no further: beyond that nobody reads the number, and counting takes longer than the page. */
export const COUNTED_TO = 300;

export async function readDesk(
  db: pg.Pool,
  user: User,
  scope: DeskScope,
  page: { size: number; after?: readonly (string | null)[] },
  now: number,
  calendar: Calendar,
): Promise<DeskPage> {
  const [rows, total] = page.after
    ? await Promise.all([readPage(db, user, scope, page.size + 1, page.after), count(db, user, scope)])
    : await readFirst(db, user, scope, page.size + 1);
  const items = rows.slice(0, page.size);
  const end = rows.length > page.size ? items.at(-1) : undefined;
  return {
    total,
    items: items.map((row) => headerOf(row, user, now, calendar)),
    ...(end ? { last: [end.stage_due_on, end.case_id] } : {}),
  };
}

/** One pass over the desk finds the first page and counts what is behind it. */
async function readFirst(db: pg.Pool, user: User, scope: DeskScope, most: number): Promise<[HeaderRow[], number]> {
  const values: unknown[] = [];
  const text = `WITH waiting AS MATERIALIZED (${waitingIn(user, scope, values)} LIMIT ${COUNTED_TO}),
       page AS MATERIALIZED (SELECT c.case_id FROM waiting c ORDER BY ${DESK_ORDER} LIMIT ${most})
     SELECT (SELECT count(*)::int FROM waiting) AS total, ${HEADERS}`;
  const { rows } = await db.query<HeaderRow & { total: number }>(prepared('desk', text, values));
  return [rows, rows[0]?.total ?? 0];
}

async function readPage(
  db: pg.Pool,
  user: User,
  scope: DeskScope,
  most: number,
  [dueOn, id]: readonly (string | null)[],
): Promise<HeaderRow[]> {
  const values: unknown[] = [];
  const caseId = `$${values.push(id)}::bigint`;
  const after =
    dueOn === null
      ? `(c.stage_due_on IS NULL AND c.case_id > ${caseId})`
      : `((c.stage_due_on, c.case_id) > ($${values.push(dueOn)}::date, ${caseId}) OR c.stage_due_on IS NULL)`;
  const page = `${waitingIn(user, scope, values, after)} LIMIT ${most}`;
  const text = `WITH page AS MATERIALIZED (${page}) SELECT ${HEADERS}`;
  return (await db.query<HeaderRow>(prepared('desk-page', text, values))).rows;
}

async function count(db: pg.Pool, user: User, scope: DeskScope): Promise<number> {
  const values: unknown[] = [];
  const text = `SELECT count(*)::int AS total FROM (${waitingIn(user, scope, values)} LIMIT ${COUNTED_TO}) waiting`;
  const { rows } = await db.query<{ total: number }>(prepared('desk-count', text, values));
  return rows[0]?.total ?? 0;
}

const waitingIn = (user: User, scope: DeskScope, values: unknown[], after?: string): string =>
  `SELECT c.case_id, c.stage_due_on FROM ${waitingFrom(user, scope, values, after)} ORDER BY ${DESK_ORDER}`;

const HEADERS = `${HEADER_COLUMNS} FROM page JOIN case_file c USING (case_id) ${HEADER_JOINS} ORDER BY ${DESK_ORDER}`;
