import type pg from 'pg';
import { inTransaction } from '../../activities/store/in-transaction.ts';
import { rolesGoTogether } from '../../domain/accounts.ts';
import type { JsonObject, Role, User } from '../../domain/case.ts';
import { Refusal } from '../../domain/refusal.ts';
import { loginHash } from './login-attempts.ts';

/** What can be done to an account; every one is a row of `account_event`. LOCKED is the system's own. */
export const ACCOUNT_ACTS = ['ENABLED', 'DISABLED', 'SESSIONS_ENDED', 'UNLOCKED', 'LOCKED', 'ROLES_CHANGED'] as const;
export type AccountAct = (typeof ACCOUNT_ACTS)[number];

/** An administrator's act: on whom, by whom, why (their words), when (epoch milliseconds). */
export interface Act {
  staffId: string;
  by: User;
  reason: string;
  at: number;
  requestId: string;
}

interface Target {
  staff_id: string;
  username: string;
  roles: Role[];
  office_id: string | null;
  active: boolean;
  kind: 'PERSON' | 'SERVICE';
}

/**
 * One act in one transaction with its row in the log. Refuses with NOT_FOUND an account that does not exist, with OWN_ACCOUNT one
 * of the administrator's own. Answers the state after it.
 */
async function act(
  db: pg.Pool,
  kind: AccountAct,
  { staffId, by, reason, at, requestId }: Act,
  change: (tx: pg.ClientBase, target: Target) => Promise<{ before: JsonObject; after: JsonObject }>,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    const { rows } = await tx.query<Target>(
      'SELECT staff_id, username, roles, office_id, active, kind FROM staff WHERE staff_id = $1 FOR UPDATE',
      [staffId],
    );
    const [target] = rows;
    if (!target) throw new Refusal('NOT_FOUND');
    if (target.staff_id === by.id) throw new Refusal('OWN_ACCOUNT');
    const { before, after } = await change(tx, target);
    await tx.query(
      `INSERT INTO account_event (at, kind, staff_id, by_id, reason, before, after, request_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [new Date(at), kind, staffId, by.id, reason, JSON.stringify(before), JSON.stringify(after), requestId],
    );
  });
}

/** Opens or closes an account. Closing ends its sessions; a bearer token is refused with its next request. */
export const setActive = (db: pg.Pool, given: Act, active: boolean): Promise<void> =>
  act(db, active ? 'ENABLED' : 'DISABLED', given, async (tx, target) => {
    await tx.query('UPDATE staff SET active = $2 WHERE staff_id = $1', [target.staff_id, active]);
    const ended = active ? 0 : await endAll(tx, target.staff_id, given.at, 'ACCOUNT_CLOSED');
    return { before: { active: target.active }, after: { active, ...(active ? {} : { sessionsEnded: ended }) } };
  });

/** Ends every session of an account; the person may log in again. */
export const endSessions = (db: pg.Pool, given: Act): Promise<void> =>
  act(db, 'SESSIONS_ENDED', given, async (tx, target) => {
    const ended = await endAll(tx, target.staff_id, given.at, 'ADMINISTRATOR');
    return { before: { sessions: ended }, after: { sessions: 0 } };
  });

/** Lets an account in again that was locked after wrong passwords at the embedded login. */
export const unlock = (db: pg.Pool, given: Act): Promise<void> =>
  act(db, 'UNLOCKED', given, async (tx, target) => {
    const { rows } = await tx.query<{ failures: number; locked_until: Date | null }>(
      'DELETE FROM login_attempt WHERE login_hash = $1 RETURNING failures, locked_until',
      [loginHash(target.username)],
    );
    const lockedUntil = rows[0]?.locked_until?.toISOString() ?? null;
    return { before: { lockedUntil }, after: { lockedUntil: null } };
  });

/**
 * Gives an account these roles and this office in place of those it has; it takes effect with the person's next request. Refuses
 * with ROLES_EXCLUDE roles that must not meet, with UNKNOWN_CODE an office that does not exist.
 */
export const setRoles = (db: pg.Pool, given: Act, roles: Role[], officeId: string | undefined): Promise<void> =>
  act(db, 'ROLES_CHANGED', given, async (tx, target) => {
    if (!rolesGoTogether(roles, target.kind === 'SERVICE')) throw new Refusal('ROLES_EXCLUDE');
    const office = officeId ?? target.office_id;
    const known = await tx.query('SELECT 1 FROM office WHERE office_id = $1', [office]);
    if (office !== null && known.rowCount === 0)
      throw new Refusal('UNKNOWN_CODE', [{ path: 'officeId', zh: '没有该机构', en: 'no such office' }]);
    // Without the role a program has no processes to take in either (`staff_intake_check`).
    await tx.query(
      `UPDATE staff SET roles = $2, office_id = $3,
         intake_processes = CASE WHEN $2 @> ARRAY['SERVICE_INTAKE'] THEN intake_processes ELSE '{}' END
       WHERE staff_id = $1`,
      [target.staff_id, roles, office],
    );
    return {
      before: { roles: target.roles, officeId: target.office_id },
      after: { roles, officeId: office },
    };
  });

async function endAll(tx: pg.ClientBase, staffId: string, at: number, how: string): Promise<number> {
  const { rowCount } = await tx.query(
    'UPDATE session SET ended_at = $2, ended_how = $3 WHERE staff_id = $1 AND ended_at IS NULL',
    [staffId, new Date(at), how],
  );
  return rowCount ?? 0;
}
