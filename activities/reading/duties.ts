import type { User } from '../../domain/case.ts';
import { rulesOf } from '../../domain/permissions/permitted.ts';

/** Duties of my place that one of my roles does (`mayMarkDone`), as a condition on `duty` under the alias. */
export function myDutiesSql(user: User, alias: string, values: unknown[]): string {
  const mine = rulesOf('MARK_DUTY_DONE').filter(({ roles }) => roles.some((role) => user.roles.includes(role)));
  const limits = mine.flatMap((rule) => ('limitId' in rule && rule.limitId ? [rule.limitId] : []));
  const office = `${alias}.office_id = $${values.push(user.officeId ?? null)}`;
  const provider = `${alias}.provider_id = $${values.push(user.providerId ?? null)}`;
  return `((${office} OR ${provider}) AND ${alias}.limit_id = ANY($${values.push(limits)}))`;
}

/** Events of duties told to my place, those for a role only to its holders, as a condition on `duty_event` under the alias. */
export function dutyEventsToSql(user: User, alias: string, values: unknown[]): string {
  const office = `${alias}.to_office_id = $${values.push(user.officeId ?? null)}`;
  const provider = `${alias}.to_provider_id = $${values.push(user.providerId ?? null)}`;
  const role = `(${alias}.to_role IS NULL OR ${alias}.to_role = ANY($${values.push(user.roles)}))`;
  return `((${office} OR ${provider}) AND ${role})`;
}
