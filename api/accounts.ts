import type pg from 'pg';
import { ROLES, type OrgLevel, type Role, type User } from '../domain/case.ts';

interface AccountRow {
  staff_id: string;
  name: string;
  roles: string[];
  office_id: string | null;
  provider_id: string | null;
  person_id: string | null;
  active: boolean;
  level: OrgLevel | null;
}

const FIND_ACCOUNT = {
  name: 'find-account',
  text: `SELECT s.staff_id, s.name, s.roles, s.office_id, s.provider_id, s.person_id, s.active, o.level
         FROM staff s LEFT JOIN office o USING (office_id) WHERE s.username = $1 OR s.staff_id = $1`,
};

/**
 * The person behind a login, with roles and office from the staff table, or undefined when unknown or disabled. Asked on every
 * request and not cached: a right that is withdrawn is gone with the next click, and the look-up is one indexed row.
 */
export async function findAccount(db: pg.Pool, login: string): Promise<User | undefined> {
  const { rows } = await db.query<AccountRow>({ ...FIND_ACCOUNT, values: [login] });
  const row = rows[0];
  // One person's user name may not be another's staff number: then nobody is let in rather than the wrong one.
  if (!row || rows.length > 1 || !row.active) return undefined;
  return {
    id: row.staff_id,
    name: row.name,
    roles: row.roles.filter((role): role is Role => Object.hasOwn(ROLES, role)),
    ...(row.office_id !== null ? { officeId: row.office_id } : {}),
    ...(row.level !== null ? { level: row.level } : {}),
    ...(row.provider_id !== null ? { providerId: row.provider_id } : {}),
    ...(row.person_id !== null ? { personId: row.person_id } : {}),
  };
}
