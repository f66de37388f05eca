import { createHash } from 'node:crypto';
import type pg from 'pg';
import { inTransaction } from '../../activities/store/in-transaction.ts';

/** GB/T 22239 level 3, 8.1.4.1 b: after so many wrong passwords in a row nobody is let in for so long. */
export const FAILURES_BEFORE_LOCK = 5;
export const LOCK_MS = 15 * 60_000;
/** Wrong passwords further apart than this are not "in a row". */
const FORGET_MS = 24 * 3_600_000;

/** Whoever may log in; `sub` is the staff id. */
export interface LoginAccount {
  username: string;
  sub: string;
  name: string;
}

/** A key of `login_attempt`: a hash, since what somebody typed may be anything, a password too. */
export const loginHash = (username: string): Buffer =>
  createHash('sha256')
    .update(`jingban login\n${username.slice(0, 200)}`)
    .digest();

interface AttemptRow {
  failures: number;
  locked_until: Date | null;
}

/**
 * One attempt to log in at the embedded issuer; undefined when it failed. While a name is locked it fails whatever was typed.
 *
 * The same statements run for a name nobody has, a wrong password and a locked account, so neither the answer nor its time says
 * whether there is such an account. The lock is in the store: a restart does not lift it, and guesses made at the same time are
 * counted one after the other. `now` in epoch milliseconds.
 */
export function attemptLogin(
  db: pg.Pool,
  username: string,
  passwordIsRight: boolean,
  now: number,
): Promise<LoginAccount | undefined> {
  return inTransaction(db, async (tx) => {
    const hash = loginHash(username);
    const at = new Date(now);
    const forgotten = new Date(now - FORGET_MS);
    // Inserted or locked, whichever: from here on attempts at this name wait for each other.
    const { rows } = await tx.query<AttemptRow>(
      `INSERT INTO login_attempt AS a (login_hash, failures, failed_at) VALUES ($1, 0, $2)
       ON CONFLICT (login_hash) DO UPDATE SET failures = CASE WHEN a.failed_at < $3 THEN 0 ELSE a.failures END
       RETURNING failures, locked_until`,
      [hash, at, forgotten],
    );
    const found = await tx.query<LoginAccount>(
      `SELECT username, staff_id AS sub, name FROM staff WHERE username = $1 AND active AND kind = 'PERSON'`,
      [username],
    );
    const [account] = found.rows;
    const letIn = account !== undefined && passwordIsRight;
    const after = afterAttempt(rows[0], letIn, now);
    await tx.query('UPDATE login_attempt SET failures = $2, failed_at = $3, locked_until = $4 WHERE login_hash = $1', [
      hash,
      after.failures,
      at,
      after.lockedUntil,
    ]);
    // For a name nobody has, this finds no account and writes nothing.
    await tx.query(
      `INSERT INTO account_event (at, kind, staff_id, before, after)
       SELECT $2, 'LOCKED', staff_id, '{"lockedUntil": null}', jsonb_build_object('lockedUntil', $3::text)
       FROM staff WHERE username = $1 AND $4`,
      [username, at, after.lockedUntil?.toISOString() ?? null, after.locksNow],
    );
    // Names somebody tried once are not kept for ever; those being tried right now are left to whoever tries them.
    await tx.query(
      `DELETE FROM login_attempt WHERE login_hash IN
         (SELECT login_hash FROM login_attempt WHERE failed_at < $1 LIMIT 100 FOR UPDATE SKIP LOCKED)`,
      [forgotten],
    );
    return letIn && !after.wasLocked ? account : undefined;
  });
}

/** What is kept of an attempt: nothing of a good one, one failure more of a wrong one, the lock as it is while it holds. */
function afterAttempt(before: AttemptRow | undefined, right: boolean, now: number) {
  const { failures = 0, locked_until: until = null } = before ?? {};
  const wasLocked = until !== null && until.getTime() > now;
  if (wasLocked) return { wasLocked, locksNow: false, failures, lockedUntil: until };
  if (right) return { wasLocked, locksNow: false, failures: 0, lockedUntil: null };
  const locksNow = failures + 1 >= FAILURES_BEFORE_LOCK;
  return {
    wasLocked,
    locksNow,
    failures: locksNow ? 0 : failures + 1,
    lockedUntil: locksNow ? new Date(now + LOCK_MS) : null,
  };
}
