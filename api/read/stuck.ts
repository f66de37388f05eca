import type pg from 'pg';
import { z } from 'zod';
import type { Action } from '../../domain/permissions/actions.ts';
import { prepared } from '../../activities/reading/prepared.ts';
import { stuckSql, type StuckFilter } from '../../activities/reading/stuck.ts';
import type { Calendar } from '../../domain/calendar.ts';
import type { User } from '../../domain/case.ts';
import { PROCESSES } from '../../domain/processes/index.ts';
import { text } from '../schemas.ts';
import { caseHeaderSchema, caseToday, HEADER_COLUMNS, HEADER_JOINS, headerOf, type HeaderRow } from './case-header.ts';
import { nextEffect, nextEffectSchema } from './case-view.ts';
import { stuckReasons, stuckReasonSchema } from './stuck-reasons.ts';

/** A stuck case with every reason that holds, the oldest first, and what its clock does next. */
export const stuckCaseSchema = z
  .strictObject({
    ...caseHeaderSchema.shape,
    stuckSince: z.string(),
    reasons: z.array(stuckReasonSchema),
    next: nextEffectSchema.nullable(),
  })
  .meta({ id: 'StuckCase' });

const count = { total: z.int() };
export const stuckCountsSchema = z.strictObject({
  ...count,
  byOffice: z.array(z.strictObject({ officeId: z.string().nullable(), officeName: z.string().nullable(), ...count })),
  byProcess: z.array(z.strictObject({ processType: z.string(), title: text, ...count })),
  byStage: z.array(z.strictObject({ processType: z.string(), stage: z.string(), title: text, ...count })),
});

export async function listStuck(
  db: pg.Pool,
  user: User,
  filter: StuckFilter,
  page: { size: number; after?: readonly (string | null)[] },
  now: number,
  calendar: Calendar,
): Promise<{ items: z.output<typeof stuckCaseSchema>[]; last?: [string, string] }> {
  const values: unknown[] = [];
  const most = page.size + 1;
  const stuck = stuckSql(user, filter, now, values, 'STUCK', {
    most,
    ...(page.after
      ? { after: { since: `$${values.push(page.after[0])}::date`, caseId: `$${values.push(page.after[1])}::bigint` } }
      : {}),
  });
  const text = `WITH ${stuck}, page AS MATERIALIZED (SELECT case_id, since FROM stuck ORDER BY since, case_id LIMIT ${most})
     SELECT ${HEADER_COLUMNS}, page.since::text FROM page JOIN case_file c USING (case_id) ${HEADER_JOINS} ORDER BY page.since, c.case_id`;
  const { rows } = await db.query<HeaderRow & { since: string }>(prepared('stuck', text, values));
  const shown = rows.slice(0, page.size);
  const end = rows.length > page.size ? shown.at(-1) : undefined;
  const items = shown.map((row) => ({
    ...headerOf(row, user, now, calendar),
    stuckSince: row.since,
    reasons: stuckReasons(row, calendar, caseToday(row, now)),
    next: nextEffect(row),
  }));
  return { items, ...(end ? { last: [end.since, end.case_id] } : {}) };
}

interface CountRow {
  office_id: string | null;
  office_name: string | null;
  process_type: string | null;
  stage: string | null;
  per_office: number;
  per_process: number;
  n: number;
}

export async function countStuck(
  db: pg.Pool,
  user: User,
  filter: StuckFilter,
  now: number,
  action: Action = 'STUCK',
): Promise<z.output<typeof stuckCountsSchema>> {
  const values: unknown[] = [];
  const stuck = stuckSql(user, filter, now, values, action);
  const text = `WITH ${stuck}
     SELECT n.*, h.name AS office_name FROM (
       SELECT c.handling_office_id AS office_id, c.process_type, c.current_stage AS stage,
              grouping(c.handling_office_id) AS per_office, grouping(c.process_type) AS per_process, count(*)::int AS n
       FROM stuck c GROUP BY GROUPING SETS ((c.handling_office_id), (c.process_type), (c.process_type, c.current_stage))
     ) n LEFT JOIN office h ON h.office_id = n.office_id
     ORDER BY n.n DESC, n.office_id, n.process_type, n.stage`;
  const { rows } = await db.query<CountRow>(prepared('stuck-counts', text, values));
  // `grouping()` is 1 for a column that is not part of the set the row belongs to.
  const offices = rows.filter((row) => row.per_office === 0);
  const inProcess = rows.filter((row) => row.per_process === 0);
  const titleOf = (process: string) => PROCESSES[process]?.title ?? { zh: process, en: process };
  const stageTitle = (process: string, stage: string) =>
    PROCESSES[process]?.stages[stage]?.title ?? { zh: stage, en: stage };
  return {
    total: offices.reduce((sum, row) => sum + row.n, 0),
    byOffice: offices.map((row) => ({ officeId: row.office_id, officeName: row.office_name, total: row.n })),
    byProcess: inProcess.flatMap(({ process_type: process, stage, n }) =>
      process !== null && stage === null ? [{ processType: process, title: titleOf(process), total: n }] : [],
    ),
    byStage: inProcess.flatMap(({ process_type: process, stage, n }) =>
      process !== null && stage !== null
        ? [{ processType: process, stage, title: stageTitle(process, stage), total: n }]
        : [],
    ),
  };
}
