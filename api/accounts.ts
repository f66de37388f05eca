import type pg from 'pg';
import { ACCOUNT_COLUMNS, userOf, type AccountRow } from '../activities/reading/accounts.ts';
import type { User } from '../domain/case.ts';

const FIND_ACCOUNT = {
  name: 'find-account',
  text: `SELECT ${ACCOUNT_COLUMNS}
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
  return userOf(row);
}
