import type { Role, User } from './case.ts';

/** A staff id: what an issuer may call somebody (`sub`), and nothing that needs quoting in an address, a header or a log. */
export const STAFF_ID = /^[\w@.:-]{1,200}$/;

/** What is set on the account of a program. It decides nothing and holds no session. */
export interface ProgramAccount {
  service?: true;
  /** codes of the processes it may file, on behalf of the person each filing names */
  intakeProcesses?: string[];
}

/** The three administrators (三员). One account holds one of them and nothing besides; none has anything to do with cases. */
export const ADMINISTRATORS = ['SYSTEM_ADMIN', 'SECURITY_ADMIN', 'AUDIT_ADMIN'] as const satisfies readonly Role[];
/** Roles of programs; only accounts of programs hold them, and no others. */
export const SERVICE_ROLES = ['SERVICE_MONITOR', 'SERVICE_INTAKE'] as const satisfies readonly Role[];

const isOneOf = (list: readonly Role[], role: Role): boolean => list.includes(role);
export const isAdministrator = ({ roles }: Pick<User, 'roles'>): boolean =>
  roles.some((role) => isOneOf(ADMINISTRATORS, role));

/**
 * Whether one account may hold these roles together; the store holds the same (`staff_administrator_check`,
 * `staff_service_roles_check`). `service`: it is a program's account.
 */
export function rolesGoTogether(roles: readonly Role[], service: boolean): boolean {
  if (roles.some((role) => isOneOf(SERVICE_ROLES, role) !== service)) return false;
  return roles.length < 2 || !isAdministrator({ roles: [...roles] });
}
