import type pg from 'pg';
import { z } from 'zod';
import type { Calendar } from '../../domain/calendar.ts';
import type { JsonObject, User } from '../../domain/case.ts';
import { PROCESSES } from '../../domain/processes/index.ts';
import { instantText } from '../instant.ts';
import { instant, jsonObject } from '../schemas.ts';
import { seesSql } from '../visibility.ts';
import { HEADER_COLUMNS, HEADER_JOINS, headerOf, type CaseHeader, type HeaderRow } from './case-header.ts';

/**
 * The desk: what waits for this person, and what waits for their office, by due day. "Mine" is what one of my roles can do at my
 * desk and four eyes do not forbid (0.2-3); the rest of the office's work shows what colleagues have to do.
 */
export type DeskScope = 'mine' | 'office';

export interface DeskPage {
  items: CaseHeader[];
  /** where the page ended: due day (null = none) and case id */
  last?: [string | null, string];
}

/** Duties of four eyes by step, known from the definitions alone: arrays for one `unnest`. */
function duties(): { process: string[]; step: string[]; chain: string[]; duty: string[] } {
  const rows = Object.values(PROCESSES).flatMap((process) =>
    Object.entries(process.steps).flatMap(([step, { duty }]) =>
      duty ? [{ process: process.code, step, ...duty }] : [],
    ),
  );
  return {
    process: rows.map((row) => row.process),
    step: rows.map((row) => row.step),
    chain: rows.map((row) => row.chain),
    duty: rows.map((row) => row.duty),
  };
}

/** Whose desk: a step lies at an office, or with a hospital or a person, and then with no office. */
function atMyDesk(user: User, values: unknown[]): string {
  const desks: string[] = [];
  if (user.officeId !== undefined) desks.push(`c.handling_office_id = $${values.push(user.officeId)}`);
  if (user.providerId !== undefined)
    desks.push(`(c.handling_office_id IS NULL AND c.provider_id = $${values.push(user.providerId)})`);
  if (user.personId !== undefined && user.roles.includes('INSURED_PERSON')) {
    const person = `c.person_id = $${values.push(user.personId)}`;
    desks.push(`(${person} AND (c.handling_office_id IS NULL OR c.status = 'AWAITING_CORRECTION'))`);
  }
  return desks.length === 0 ? 'false' : `(${desks.join(' OR ')})`;
}

function forMe(user: User, values: unknown[]): string {
  const roles = `c.handling_roles && $${values.push(user.roles)}::text[]`;
  const own =
    user.personId === undefined || user.roles.includes('INSURED_PERSON')
      ? 'true'
      : `c.person_id IS DISTINCT FROM $${values.push(user.personId)}`;
  const { process, step, chain, duty } = duties();
  const table = [process, step, chain, duty].map((column) => `$${values.push(column)}::text[]`).join(', ');
  const me = `$${values.push(user.id)}`;
  // Taking in a correction is counter work, no duty of the chain (domain/decisions.ts).
  return `${roles} AND ${own} AND (c.status = 'AWAITING_CORRECTION' OR NOT EXISTS (
    SELECT 1 FROM case_actor a JOIN unnest(${table}) AS d(process, step, chain, duty)
      ON d.process = c.process_type AND d.step = c.current_step AND d.chain = a.chain AND d.duty <> a.duty
    WHERE a.case_id = c.case_id AND a.staff_id = ${me}))`;
}

const waiting = (user: User, scope: DeskScope, values: unknown[]): string =>
  `c.ended_at IS NULL AND ${atMyDesk(user, values)}${scope === 'mine' ? ` AND ${forMe(user, values)}` : ''} AND ${seesSql(user, 'c', values)}`;

export async function readDesk(
  db: pg.Pool,
  user: User,
  scope: DeskScope,
  page: { size: number; after?: readonly (string | null)[] },
  now: number,
  calendar: Calendar,
): Promise<DeskPage> {
  const values: unknown[] = [];
  const conditions = [waiting(user, scope, values)];
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
    items: items.map((row) => headerOf(row, now, calendar)),
    ...(end ? { last: [end.stage_due_on, end.case_id] } : {}),
  };
}

export async function countDesk(db: pg.Pool, user: User, scope: DeskScope): Promise<number> {
  const values: unknown[] = [];
  const { rows } = await db.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM case_file c WHERE ${waiting(user, scope, values)}`,
    values,
  );
  return rows[0]?.n ?? 0;
}

export const noticeSchema = z
  .strictObject({
    acceptanceNo: z.string(),
    kind: z.string(),
    toRole: z.string().nullable(),
    content: jsonObject,
    at: instant,
  })
  .meta({ id: 'Notice' });

/** The latest notices to my office (those for a role only to its holders) and to myself. */
export async function readNotices(db: pg.Pool, user: User, size: number): Promise<z.output<typeof noticeSchema>[]> {
  const { rows } = await db.query<{
    acceptanceNo: string;
    kind: string;
    toRole: string | null;
    content: JsonObject;
    at: Date;
  }>({
    name: 'my-notices',
    text: `SELECT c.acceptance_no AS "acceptanceNo", n.kind, n.to_role AS "toRole", n.content, n.at
           FROM notice n JOIN case_file c USING (case_id)
           WHERE (n.to_office_id = $1 AND (n.to_role IS NULL OR n.to_role = ANY($2))) OR n.to_person_id = $3
           ORDER BY n.at DESC, n.case_id, n.turn, n.n LIMIT $4`,
    values: [
      user.officeId ?? null,
      user.roles,
      user.roles.includes('INSURED_PERSON') ? (user.personId ?? null) : null,
      size,
    ],
  });
  return rows.map((row) => ({ ...row, at: instantText(row.at.getTime()) }));
}
