import type pg from 'pg';
import {
  ACCOUNT_COLUMNS,
  actingUser,
  principalSql,
  userOf,
  type AccountRow,
  type PrincipalRow,
} from '../activities/reading/accounts.ts';
import type { User } from '../domain/case.ts';

/** Inside the question for the principal `s` is the principal. */
const SAME_ACCOUNT = '(SELECT min(x.staff_id) FROM staff x WHERE x.username = $1 OR x.staff_id = $1)';

const FIND_ACCOUNT = {
  name: 'find-account',
  text: `SELECT ${ACCOUNT_COLUMNS}, CASE WHEN $2::text IS NOT NULL THEN ${principalSql(SAME_ACCOUNT, '$2')} END AS principal
         FROM staff s LEFT JOIN office o USING (office_id) WHERE s.username = $1 OR s.staff_id = $1`,
};

/**
 * The person behind a login, with roles and office from the staff table, or undefined when unknown or disabled. Asked on every
 * request and not cached: a right that is withdrawn is gone with the next click, and the look-up is one indexed row. With
 * `actingFor` (a staff id) the user stands in for that person; undefined when they may not.
 */
export async function findAccount(db: pg.Pool, login: string, actingFor?: string): Promise<User | undefined> {
  const { rows } = await db.query<AccountRow & { principal: PrincipalRow | null }>({
    ...FIND_ACCOUNT,
    values: [login, actingFor ?? null],
  });
  const row = rows[0];
  // One person's user name may not be another's staff number: then nobody is let in rather than the wrong one.
  if (!row || rows.length > 1 || !row.active) return undefined;
  return actingFor === undefined ? userOf(row) : actingUser(row, row.principal);
}
