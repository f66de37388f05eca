import type pg from 'pg';
import { z } from 'zod';
import { areasSql } from '../../activities/reading/areas.ts';
import { caseDaySql } from '../../activities/reading/case-day.ts';
import type { Calendar } from '../../domain/calendar.ts';
import type { User } from '../../domain/case.ts';
import { plainDateAt } from '../../domain/plain-date.ts';
import { caseStatus, code, cursor, day, freeText, idCardNo, limit, queryFlag } from '../schemas.ts';
import type { CaseDeps } from '../cases/deps.ts';
import { HEADER_COLUMNS, HEADER_JOINS, headerOf, type CaseHeader, type HeaderRow } from './case-header.ts';
import { personIdOf } from './insured-person.ts';

/** What a list can be narrowed to. Everything narrows further; nothing widens what the caller may see. */
const filters = {
  processType: code.optional(),
  status: caseStatus.optional(),
  stage: code.optional(),
  officeId: code.optional().meta({ description: 'office that accepted or handles the case' }),
  acceptanceNo: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,40}$/)
    .optional()
    .meta({ description: 'the beginning of the number is enough' }),
  receivedFrom: day.optional(),
  receivedTo: day.optional(),
  cursor,
};
/** An address is kept by proxies, browsers and logs: whom somebody looks for does not stand in it (ASVS 14.2.1). */
export const caseQuery = z.strictObject({ ...filters, overdue: queryFlag.optional(), limit });
export const caseSearch = z.strictObject({
  ...filters,
  idCardNo: idCardNo.optional(),
  q: freeText(40)
    .optional()
    .meta({ description: 'name of the insured person or hospital, or the beginning of the acceptance number' }),
  overdue: z.boolean().optional(),
  limit: z.int().min(1).max(100).optional(),
});
export type CaseFilter = z.output<typeof caseSearch>;

/**
 * A condition on a day of the case, in two branches: nearly every case lives today, for which the day is one constant that an
 * index can be asked for; the few rehearsed ones each have a day of their own.
 */
export function onItsDaySql(alias: string, now: number, values: unknown[], condition: (day: string) => string): string {
  const today = `$${values.push(plainDateAt(now))}::date`;
  const own = caseDaySql(alias, values.push(now));
  return `((${alias}.clock_ahead_ms = 0 AND ${condition(today)}) OR (${alias}.clock_ahead_ms <> 0 AND ${condition(own)}))`;
}

/**
 * Newest first; `before` is the case id the last page ended with. One row more than asked tells whether there is another page.
 *
 * Each place the user may look in, and each thing `q` may mean, is looked through for itself, in the order of the index that
 * fits it, and never further than a page: together in one OR no index fits, and a store of millions is walked through.
 */
export async function listCases(
  stores: Pick<CaseDeps, 'db' | 'prisma' | 'vault'>,
  user: User,
  filter: CaseFilter,
  before: string | undefined,
  now: number,
  calendar: Calendar,
): Promise<{ items: CaseHeader[]; last?: string }> {
  const values: unknown[] = [];
  const conditions = filterSql(filter, values, now);
  if (filter.idCardNo !== undefined)
    conditions.push(`c.person_id = $${values.push((await personIdOf(stores, filter.idCardNo)) ?? null)}`);
  if (before !== undefined) conditions.push(`c.case_id < $${values.push(before)}::bigint`);
  const size = filter.limit ?? 50;
  const most = `$${values.push(size + 1)}`;
  const meant = filter.q === undefined ? ['true'] : await meaningsSql(stores.db, filter.q, values);
  const branches = areasSql(user, 'c', values, 'LIST_CASES').flatMap((area) =>
    meant.map(
      (meaning) =>
        `(SELECT c.case_id FROM case_file c WHERE ${[area, meaning, ...conditions].join(' AND ')} ORDER BY c.case_id DESC LIMIT ${most})`,
    ),
  );
  if (branches.length === 0) return { items: [] };
  const { rows } = await stores.db.query<HeaderRow>(
    `WITH page AS MATERIALIZED (SELECT case_id FROM (${branches.join(' UNION ')}) found ORDER BY case_id DESC LIMIT ${most})
     SELECT ${HEADER_COLUMNS} FROM page JOIN case_file c USING (case_id) ${HEADER_JOINS} ORDER BY c.case_id DESC`,
    values,
  );
  const page = rows.slice(0, size);
  const last = rows.length > size ? page.at(-1)?.case_id : undefined;
  return { items: page.map((row) => headerOf(row, user, now, calendar)), ...(last !== undefined ? { last } : {}) };
}

/**
 * What a text may mean: the beginning of a number, a person's name, a part of a hospital's. Whom and which is asked first: only
 * with their ids at hand does the database know whether it is about three cases or half of them.
 */
async function meaningsSql(db: pg.Pool, q: string, values: unknown[]): Promise<string[]> {
  const { rows } = await db.query<{ persons: string[]; providers: string[] }>(
    `SELECT ARRAY(SELECT i.person_id FROM insured_person i WHERE i.name = $1) AS persons,
            ARRAY(SELECT h.provider_id FROM provider h WHERE strpos(h.name, $1) > 0) AS providers`,
    [q],
  );
  const { persons = [], providers = [] } = rows[0] ?? {};
  return [
    `starts_with(c.acceptance_no, $${values.push(q)})`,
    ...(persons.length > 0 ? [`c.person_id = ANY($${values.push(persons)}::text[])`] : []),
    ...(providers.length > 0 ? [`c.provider_id = ANY($${values.push(providers)}::text[])`] : []),
  ];
}

function filterSql(filter: CaseFilter, values: unknown[], now: number): string[] {
  const conditions: string[] = [];
  const add = (value: unknown, sql: (placeholder: string) => string): void => {
    if (value !== undefined) conditions.push(sql(`$${values.push(value)}`));
  };
  add(filter.processType, (v) => `c.process_type = ${v}`);
  add(filter.status, (v) => `c.status = ${v}`);
  add(filter.stage, (v) => `c.current_stage = ${v}`);
  add(filter.officeId, (v) => `(c.agency_id = ${v} OR c.handling_office_id = ${v})`);
  add(filter.acceptanceNo, (v) => `starts_with(c.acceptance_no, ${v})`);
  add(filter.receivedFrom, (v) => `c.received_on >= ${v}::date`);
  add(filter.receivedTo, (v) => `c.received_on <= ${v}::date`);
  if (filter.overdue !== undefined) {
    const overdue = onItsDaySql('c', now, values, overdueOn);
    conditions.push(
      filter.overdue ? `(c.ended_at IS NULL AND ${overdue})` : `(c.ended_at IS NOT NULL OR NOT ${overdue})`,
    );
  }
  return conditions;
}

/** The same rule as the header's `overdue`; written so that it is never NULL. */
const overdueOn = (today: string): string =>
  `(coalesce(c.stage_due_on < ${today} AND NOT c.stage_provisional, false)
    OR coalesce(c.total_due_on < ${today} AND c.total_ended_on IS NULL AND NOT c.total_provisional, false))`;
