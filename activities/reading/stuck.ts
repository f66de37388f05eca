import type { User } from '../../domain/case.ts';
import type { Action } from '../../domain/permissions/actions.ts';
import { plainDateAt } from '../../domain/plain-date.ts';
import { seesSql } from './areas.ts';
import { caseDaySql, instantDaySql } from './case-day.ts';

export interface StuckFilter {
  processType?: string | undefined;
  stage?: string | undefined;
  officeId?: string | undefined;
}

/** Where a page of stuck cases begins (placeholders), and how many are wanted. */
export interface StuckPage {
  most: number;
  after?: { since: string; caseId: string };
}

/**
 * The stuck cases of the user's area, each with the day it is stuck from and what it is counted by: by the day alone (style.md:
 * right at 00:00:00 whatever the engine does), and besides, those the system keeps from going on. With a page only that page: cases
 * that live today are found in the order of the index on `stuck_from`, not among all of them; the few rehearsed ones have a day of
 * their own.
 */
export function stuckSql(
  user: User,
  filter: StuckFilter,
  now: number,
  values: unknown[],
  action: Action = 'STUCK',
  page?: StuckPage,
): string {
  const branch = (since: string, from: string, conditions: string[]): string => {
    conditions.push('c.ended_at IS NULL', seesSql(user, 'c', values, action));
    if (filter.processType !== undefined) conditions.push(`c.process_type = $${values.push(filter.processType)}`);
    if (filter.stage !== undefined) conditions.push(`c.current_stage = $${values.push(filter.stage)}`);
    if (filter.officeId !== undefined) conditions.push(`c.handling_office_id = $${values.push(filter.officeId)}`);
    if (page?.after) conditions.push(`(${since}, c.case_id) > (${page.after.since}, ${page.after.caseId})`);
    const order = page ? ` ORDER BY ${since}, c.case_id LIMIT ${page.most}` : '';
    return `(SELECT c.case_id, ${since} AS since, c.handling_office_id, c.process_type, c.current_stage FROM ${from} WHERE ${conditions.join(' AND ')}${order})`;
  };
  const byDay = (day: string, rehearsed: boolean): string =>
    branch('c.stuck_from', 'case_file c', [
      'c.stuck_from IS NOT NULL',
      `c.stuck_from <= ${day}`,
      `c.clock_ahead_ms ${rehearsed ? '<>' : '='} 0`,
    ]);
  const today = `$${values.push(plainDateAt(now))}::date`;
  const own = caseDaySql('c', values.push(now));
  const kept = `SELECT i.case_id, min(i.first_seen_at) AS at FROM incident i WHERE i.resolved_at IS NULL AND i.case_id IS NOT NULL GROUP BY 1`;
  const bySystem = branch(instantDaySql('c', 'k.at'), `(${kept}) k JOIN case_file c USING (case_id)`, [
    `(c.stuck_from IS NULL OR c.stuck_from > ${own})`,
  ]);
  return `stuck AS (${byDay(today, false)} UNION ALL ${byDay(own, true)} UNION ALL ${bySystem})`;
}
