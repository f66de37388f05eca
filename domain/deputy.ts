import type { Role, User } from './case.ts';
import { rolesOf } from './permissions/permitted.ts';
import { addDays, daysBetween, type PlainDate } from './plain-date.ts';
import { Refusal, type Fault } from './refusal.ts';

/** A colleague who stands in for somebody (代办), from one day to another, both included. */
export interface Deputyship {
  principal: User;
  deputy: User;
  roles: Role[];
  fromDay: PlainDate;
  toDay: PlainDate;
}

/** `[not in the sources]`: nobody is away for longer without being replaced. */
const LONGEST_DAYS = 92;

/** The roles a deputy can be given: those that file or decide. Nobody's supervision, and nobody's administration. */
export const deputisable = ({ roles }: User): Role[] => {
  const deciding = [...rolesOf('DECIDE'), ...rolesOf('FILE_CASE')];
  return roles.filter((role) => role !== 'INSURED_PERSON' && deciding.includes(role));
};

/**
 * Refuses with DEPUTY_NOT_POSSIBLE what must not be: two accounts of one person, somebody of another office, roles the principal
 * does not have, a manager who gives roles to themselves.
 */
export function checkDeputyship(
  { principal, deputy, roles, fromDay, toDay }: Deputyship,
  by: User,
  today: PlainDate,
): void {
  const faults: Fault[] = [];
  const wrong = (path: string, zh: string, en: string): unknown => faults.push({ path, zh, en });
  if (principal.officeId === undefined || deputy.officeId !== principal.officeId)
    wrong('deputyId', '须为同一机构人员', 'must work in the same office');
  if (deputy.identity === principal.identity) wrong('deputyId', '不能委托本人', 'nobody stands in for themselves');
  if (by.identity === deputy.identity) wrong('deputyId', '不能委托给委托人自己', 'nobody appoints themselves');
  if (deputisable(deputy).length === 0 && !deputy.roles.includes('MANAGER'))
    wrong('deputyId', '该账号不办理业务', 'this account handles no cases');
  const possible = deputisable(principal);
  if (roles.length === 0) wrong('roles', '被代办人没有可委托的岗位', 'there is no role to hand over');
  roles.forEach((role, i) => {
    if (!possible.includes(role)) wrong(`roles.${i}`, '被代办人没有该岗位', 'not a role of the principal');
  });
  if (fromDay < today) wrong('fromDay', `不能早于今天 ${today}`, `not before today, ${today}`);
  if (toDay < fromDay || daysBetween(fromDay, toDay) >= LONGEST_DAYS)
    wrong('toDay', `须在 ${fromDay} 至 ${addDays(fromDay, LONGEST_DAYS - 1)} 之间`, `at most ${LONGEST_DAYS} days`);
  if (faults.length > 0) throw new Refusal('DEPUTY_NOT_POSSIBLE', faults);
}
