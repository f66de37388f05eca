import { ROLES, type Role } from '../case.ts';

/** Groups of roles, each role in exactly one: whoever adds a role is asked where it belongs. */
const KINDS = {
  INSURED_PERSON: 'PERSON',
  TOWNSHIP_CLERK: 'AGENCY',
  COUNTY_CLERK: 'AGENCY',
  COUNTY_FIRST_REVIEWER: 'AGENCY',
  COUNTY_SECOND_REVIEWER: 'AGENCY',
  COUNTY_APPROVER: 'AGENCY',
  COUNTY_ENROLMENT_CLERK: 'AGENCY',
  CITY_MEDICAL_CLERK: 'AGENCY',
  CITY_MEDICAL_REVIEWER: 'AGENCY',
  CITY_FINANCE_CLERK: 'AGENCY',
  CITY_FINANCE_CHECKER: 'AGENCY',
  CITY_FINANCE_REVIEWER: 'AGENCY',
  CITY_FINANCE_PAYER: 'AGENCY',
  CITY_LEADER: 'AGENCY',
  AUDITOR: 'AGENCY',
  AUDIT_LEAD: 'AGENCY',
  HOSPITAL_PHYSICIAN: 'HOSPITAL',
  HOSPITAL_MEDICAL_AFFAIRS: 'HOSPITAL',
  MANAGER: 'AGENCY',
  SYSTEM_ADMIN: 'ADMINISTRATOR',
  SECURITY_ADMIN: 'ADMINISTRATOR',
  AUDIT_ADMIN: 'ADMINISTRATOR',
  SERVICE_MONITOR: 'SERVICE',
  SERVICE_INTAKE: 'SERVICE',
} as const satisfies Record<Role, string>;
export type RoleKind = (typeof KINDS)[Role];

export const EVERY_ROLE = Object.keys(ROLES) as readonly Role[];
const of = (...kinds: RoleKind[]): readonly Role[] => EVERY_ROLE.filter((role) => kinds.includes(KINDS[role]));

export const AGENCY = of('AGENCY');
export const HOSPITAL = of('HOSPITAL');
export const PERSON = of('PERSON');
/** All who have to do with cases; administrators and machines never do. */
export const CASE_WORKERS = of('AGENCY', 'HOSPITAL', 'PERSON');
/** Those who work in an office or a hospital. */
export const STAFF = of('AGENCY', 'HOSPITAL');
/** The three administrators (三员) and the machines, which neither decide nor see what stands in a case. */
export const APART = of('ADMINISTRATOR', 'SERVICE');
export const SERVICES = of('SERVICE');

/**
 * The roles that count: whoever administers or is a machine has no other role beside it, whatever was entered
 * (三员分立: system, security and audit administrators are apart from those who work, and from each other).
 */
export function effectiveRoles(roles: readonly Role[]): Role[] {
  const apart = roles.filter((role) => APART.includes(role));
  if (apart.length === 0) return [...roles];
  return apart.length === 1 ? apart : [];
}
