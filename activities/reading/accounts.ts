import { isAdministrator } from '../../domain/accounts.ts';
import { ROLES, type OrgLevel, type Role, type User } from '../../domain/case.ts';

/** The columns of `staff s` and its `office o` that make a user; roles that no longer exist give no right. */
export const ACCOUNT_COLUMNS =
  's.staff_id, s.name, s.roles, s.office_id, s.provider_id, s.person_id, s.active, s.kind, s.intake_processes, o.level';

export interface AccountRow {
  staff_id: string;
  name: string;
  roles: string[];
  office_id: string | null;
  provider_id: string | null;
  person_id: string | null;
  active: boolean;
  kind: 'PERSON' | 'SERVICE';
  intake_processes: string[];
  level: OrgLevel | null;
}

/** An administrator is given no office: whoever runs the system has no desk, and so neither cases nor papers nor notices. */
export function userOf(row: AccountRow): User {
  const roles = row.roles.filter((role): role is Role => Object.hasOwn(ROLES, role));
  const desk = !isAdministrator({ roles });
  return {
    id: row.staff_id,
    name: row.name,
    roles,
    ...(desk && row.office_id !== null ? { officeId: row.office_id } : {}),
    ...(desk && row.level !== null ? { level: row.level } : {}),
    ...(row.provider_id !== null ? { providerId: row.provider_id } : {}),
    ...(row.person_id !== null ? { personId: row.person_id } : {}),
    ...(row.kind === 'SERVICE' ? { service: true, intakeProcesses: row.intake_processes } : {}),
  };
}
