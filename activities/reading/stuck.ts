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

/**
 * The stuck cases of the user's area as a set of ids, from the day alone (style.md: right at 00:00:00 whatever the engine does).
 * Two branches: cases that live today are found by the index on `stuck_from`; the few rehearsed ones have a day of their own.
 */
export function stuckSql(
  user: User,
  filter: StuckFilter,
  now: number,
  values: unknown[],
  action: Action = 'STUCK',
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
    return `SELECT c.case_id FROM case_file c WHERE ${conditions.join(' AND ')}`;
  };
  const today = `$${values.push(plainDateAt(now))}::date`;
  const own = caseDaySql('c', values.push(now));
  return `stuck AS MATERIALIZED (${branch(today, false)} UNION ALL ${branch(own, true)})`;
}
