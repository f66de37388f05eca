import type { User } from '../../domain/case.ts';
import type { Action } from '../../domain/permissions/actions.ts';
import { plainDateAt } from '../../domain/plain-date.ts';
import { seesSql } from './areas.ts';
import { caseDaySql } from './case-day.ts';

export interface StuckFilter {
  processType?: string | undefined;
  stage?: string | undefined;
  officeId?: string | undefined;
}

/** Where a page of stuck cases begins, and how many are wanted; placeholders. */
export interface StuckPage {
  most: string;
  after?: { since: string; caseId: string };
}

/**
 * The stuck cases of the user's area, from the day alone (style.md: right at 00:00:00 whatever the engine does), with what they
 * are counted by; with a page only that page, found in the order of the index and not among all of them. Two branches: cases
 * that live today are found by the index on `stuck_from`; the few rehearsed ones have a day of their own.
 */
export function stuckSql(
  user: User,
  filter: StuckFilter,
  now: number,
  values: unknown[],
  action: Action = 'STUCK',
  page?: StuckPage,
): string {
  const branch = (day: string, rehearsed: boolean): string => {
    const conditions = [
      'c.ended_at IS NULL AND c.stuck_from IS NOT NULL',
      `c.stuck_from <= ${day}`,
      `c.clock_ahead_ms ${rehearsed ? '<>' : '='} 0`,
      seesSql(user, 'c', values, action),
    ];
    if (filter.processType !== undefined) conditions.push(`c.process_type = $${values.push(filter.processType)}`);
    if (filter.stage !== undefined) conditions.push(`c.current_stage = $${values.push(filter.stage)}`);
    if (filter.officeId !== undefined) conditions.push(`c.handling_office_id = $${values.push(filter.officeId)}`);
    if (page?.after) conditions.push(`(c.stuck_from, c.case_id) > (${page.after.since}, ${page.after.caseId})`);
    const order = page ? ` ORDER BY c.stuck_from, c.case_id LIMIT ${page.most}` : '';
    return `(SELECT c.case_id, c.stuck_from, c.handling_office_id, c.process_type, c.current_stage FROM case_file c WHERE ${conditions.join(' AND ')}${order})`;
  };
  const today = `$${values.push(plainDateAt(now))}::date`;
  const own = caseDaySql('c', values.push(now));
  return `stuck AS MATERIALIZED (${branch(today, false)} UNION ALL ${branch(own, true)})`;
}
