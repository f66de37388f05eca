import type pg from 'pg';
import { isAdministrator } from '../../domain/accounts.ts';
import { ROLES, type OrgLevel, type Role, type User } from '../../domain/case.ts';
import { effectiveRoles } from '../../domain/permissions/roles.ts';

/**
 * The natural person behind `staff s`: as entered, else the insured person of the account, else the account itself. Two accounts
 * of one person carry the same.
 */
export const IDENTITY_SQL = 'coalesce(s.identity, s.person_id, s.staff_id)';

/**
 * The columns of `staff s` and its `office o` that make a user; roles that no longer exist give no right. `person_id` may stand
 * on another account of the same person.
 */
export const ACCOUNT_COLUMNS = `s.staff_id, s.name, s.roles, s.office_id, s.provider_id, s.active, s.kind, s.intake_processes, o.level, ${IDENTITY_SQL} AS identity,
  coalesce(s.person_id, (SELECT min(x.person_id) FROM staff x WHERE x.identity = s.identity)) AS person_id,
  ARRAY(SELECT r.person_id FROM staff_relative r
        WHERE r.identity = ${IDENTITY_SQL} AND r.ended_at IS NULL AND r.person_id IS NOT NULL
        UNION SELECT p.person_id FROM staff_relative r JOIN insured_person p USING (id_card_index)
        WHERE r.identity = ${IDENTITY_SQL} AND r.ended_at IS NULL
        UNION SELECT x.person_id FROM staff x WHERE x.identity = s.identity AND x.person_id IS NOT NULL) AS relatives`;

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
  identity: string;
  relatives: string[];
}

const known = (roles: readonly string[]): Role[] => roles.filter((role): role is Role => Object.hasOwn(ROLES, role));

/**
 * Roles as they count (`effectiveRoles`), so that nobody who administers is taken for somebody who works. An administrator is
 * given no office: whoever runs the system has no desk, and so neither cases nor papers nor notices.
 */
export function userOf(row: AccountRow): User {
  const roles = effectiveRoles(known(row.roles));
  const desk = !isAdministrator({ roles });
  return {
    id: row.staff_id,
    name: row.name,
    identity: row.identity,
    roles,
    ...(desk && row.office_id !== null ? { officeId: row.office_id } : {}),
    ...(desk && row.level !== null ? { level: row.level } : {}),
    ...(row.provider_id !== null ? { providerId: row.provider_id } : {}),
    ...(row.person_id !== null ? { personId: row.person_id } : {}),
    ...(row.relatives.length > 0 ? { relatives: row.relatives } : {}),
    ...(row.kind === 'SERVICE' ? { service: true as const, intakeProcesses: row.intake_processes } : {}),
  };
}

/** The account as it is now, in the given transaction; undefined when unknown or disabled. */
export async function presentAccount(tx: pg.ClientBase, staffId: string): Promise<User | undefined> {
  const { rows } = await tx.query<{ account: AccountRow | null }>({
    name: 'present-account',
    text: `SELECT ${accountSql('$1')} AS account`,
    values: [staffId],
  });
  const account = rows[0]?.account;
  return account?.active ? userOf(account) : undefined;
}

/** A person in whose place somebody acts, and the roles handed over to them. */
export type PrincipalRow = AccountRow & { granted: string[] };

/**
 * The account $n as one JSON value, and the person $m in whose place it acts today: null where there is no such account, or no
 * deputyship in force of an account that is active itself.
 */
export const accountSql = (staffId: string): string =>
  `(SELECT to_jsonb(a) FROM (SELECT ${ACCOUNT_COLUMNS} FROM staff s LEFT JOIN office o USING (office_id) WHERE s.staff_id = ${staffId}) a)`;

export const principalSql = (deputyId: string, principalId: string): string =>
  `(SELECT to_jsonb(a) FROM (
     SELECT ${ACCOUNT_COLUMNS}, ARRAY(SELECT DISTINCT unnest(d.roles) FROM deputy d
              WHERE d.deputy_id = ${deputyId} AND d.principal_id = s.staff_id AND d.office_id = s.office_id AND d.ended_at IS NULL
                AND (now() AT TIME ZONE 'Asia/Shanghai')::date BETWEEN d.from_day AND d.to_day) AS granted
     FROM staff s LEFT JOIN office o USING (office_id) WHERE s.staff_id = ${principalId} AND s.active) a)`;

/**
 * The deputy in the place of the principal: with the roles handed over that the principal still has, in the same office only;
 * what is kept from either is kept from both. Undefined where no deputyship is in force.
 */
export function actingUser(deputy: AccountRow, principal: PrincipalRow | null): User | undefined {
  if (!principal || principal.office_id === null || principal.office_id !== deputy.office_id) return undefined;
  const [own, other] = [userOf(deputy), userOf(principal)];
  const roles = other.roles.filter((role) => principal.granted.includes(role));
  const same = own.identity === other.identity;
  if (roles.length === 0 || same || own.roles.length === 0 || own.service) return undefined;
  const relatives = new Set([
    ...(own.relatives ?? []),
    ...(other.relatives ?? []),
    ...(other.personId ? [other.personId] : []),
  ]);
  return {
    ...own,
    roles,
    ...(relatives.size > 0 ? { relatives: [...relatives] } : {}),
    actingFor: { id: other.id, name: other.name, identity: principal.identity },
  };
}
