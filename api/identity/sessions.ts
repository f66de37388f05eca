import { createHash, randomBytes } from 'node:crypto';
import type pg from 'pg';
import { ACCOUNT_COLUMNS, userOf, type AccountRow } from '../../activities/reading/accounts.ts';
import { inTransaction } from '../../activities/store/in-transaction.ts';
import type { User } from '../../domain/case.ts';
import { Refusal } from '../../domain/refusal.ts';

export interface SessionSettings {
  sessionIdleMinutes: number;
  sessionHours: number;
  sessionsPerAccount: 'one' | 'many';
}

/** Why a session ended; the first reason stands. */
export type SessionEnd = 'LOGOUT' | 'IDLE' | 'ABSOLUTE' | 'REPLACED' | 'ADMINISTRATOR' | 'ACCOUNT_CLOSED';

/** A session that holds now. All times are epoch milliseconds. */
export interface LiveSession {
  sessionId: string;
  createdAt: number;
  /** it ends then unless the person does something before */
  idleEndsAt: number;
  /** it ends then whatever the person does */
  absoluteEndsAt: number;
}

export interface Sessions {
  /**
   * Begins a session under a new secret, which is returned and stored nowhere; `replaces` is the secret the browser came with, so
   * that no session outlives the login that followed it. Refuses with NOT_PERMITTED when the account was closed meanwhile.
   */
  begin(staffId: string, replaces?: string): Promise<{ token: string; session: LiveSession }>;
  /**
   * Who a secret belongs to. Refuses with NOT_AUTHENTICATED a secret that is unknown or whose session was ended, with TOKEN_EXPIRED
   * one whose time is over, with NOT_PERMITTED one whose account is closed (which also ends it). `touch`: this is the person's doing.
   */
  find(token: string, touch: boolean): Promise<{ user: User; session: LiveSession }>;
  end(sessionId: string, how: SessionEnd): Promise<void>;
}

/**
 * The last sign of life is written when it is this much older than the one before; a request then costs one read. A session may
 * therefore end so much early, never late.
 */
const TOUCH_EVERY_MS = 15_000;
/** 256 bits as base64url. */
const TOKEN = /^[\w-]{43}$/;

/** Stored as SHA-256: whoever reads the table cannot become anybody. The secret is random, so no salt and no slow hash is needed. */
const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

interface SessionRow extends AccountRow {
  session_id: string;
  created_at: Date;
  seen_at: Date;
  absolute_end_at: Date;
  ended_at: Date | null;
}

const FIND = {
  name: 'find-session',
  text: `SELECT e.session_id::text, e.created_at, e.seen_at, e.absolute_end_at, e.ended_at, ${ACCOUNT_COLUMNS}
         FROM session e JOIN staff s USING (staff_id) LEFT JOIN office o USING (office_id) WHERE e.token_hash = $1`,
};
const TOUCH = {
  name: 'touch-session',
  text: 'UPDATE session SET seen_at = greatest(seen_at, $2) WHERE session_id = $1 AND ended_at IS NULL',
};
const END = {
  name: 'end-session',
  text: 'UPDATE session SET ended_at = $2, ended_how = $3 WHERE session_id = $1 AND ended_at IS NULL',
};

/** Console sessions, kept in the store so that they outlive a restart and end everywhere at once. `now` in epoch milliseconds. */
export function createSessions(db: pg.Pool, settings: SessionSettings, now: () => number): Sessions {
  const idleMs = settings.sessionIdleMinutes * 60_000;
  const sessionMs = settings.sessionHours * 3_600_000;
  const live = (row: Pick<SessionRow, 'session_id' | 'created_at' | 'absolute_end_at'>, seenAt: number) => ({
    sessionId: row.session_id,
    createdAt: row.created_at.getTime(),
    idleEndsAt: Math.min(seenAt + idleMs, row.absolute_end_at.getTime()),
    absoluteEndsAt: row.absolute_end_at.getTime(),
  });
  const end = async (sessionId: string, how: SessionEnd): Promise<void> => {
    await db.query({ ...END, values: [sessionId, new Date(now()), how] });
  };

  return {
    end,
    async begin(staffId, replaces) {
      const token = randomBytes(32).toString('base64url');
      const at = now();
      const row = await inTransaction(db, async (tx) => {
        // The lock puts two logins of one account in order, and a login and the closing of its account.
        const { rows } = await tx.query<{ active: boolean }>(
          `SELECT active FROM staff WHERE staff_id = $1 AND kind = 'PERSON' FOR UPDATE`,
          [staffId],
        );
        if (!rows[0]?.active) throw new Refusal('NOT_PERMITTED');
        await tx.query(
          `UPDATE session SET ended_at = $1, ended_how = 'REPLACED'
           WHERE ended_at IS NULL AND (token_hash = $2 OR (staff_id = $3 AND $4))`,
          [new Date(at), hashOf(replaces ?? ''), staffId, settings.sessionsPerAccount === 'one'],
        );
        const inserted = await tx.query<Pick<SessionRow, 'session_id' | 'created_at' | 'absolute_end_at'>>(
          `INSERT INTO session (token_hash, staff_id, created_at, seen_at, absolute_end_at)
           VALUES ($1, $2, $3, $3, $4) RETURNING session_id::text, created_at, absolute_end_at`,
          [hashOf(token), staffId, new Date(at), new Date(at + sessionMs)],
        );
        return inserted.rows[0];
      });
      if (!row) throw new Error('a session was not written');
      return { token, session: live(row, at) };
    },
    async find(token, touch) {
      if (!TOKEN.test(token)) throw new Refusal('NOT_AUTHENTICATED');
      const { rows } = await db.query<SessionRow>({ ...FIND, values: [hashOf(token)] });
      const row = rows[0];
      if (!row || row.ended_at !== null) throw new Refusal('NOT_AUTHENTICATED');
      const at = now();
      const seenAt = row.seen_at.getTime();
      const over = at >= row.absolute_end_at.getTime() ? 'ABSOLUTE' : at >= seenAt + idleMs ? 'IDLE' : undefined;
      if (over !== undefined) {
        await end(row.session_id, over);
        throw new Refusal('TOKEN_EXPIRED');
      }
      if (!row.active) {
        await end(row.session_id, 'ACCOUNT_CLOSED');
        throw new Refusal('NOT_PERMITTED', [{ zh: '该账号未登记或已停用', en: 'this account is unknown or disabled' }]);
      }
      const touched = touch && at - seenAt >= TOUCH_EVERY_MS;
      if (touched) await db.query({ ...TOUCH, values: [row.session_id, new Date(at)] });
      return { user: userOf(row), session: live(row, touched ? at : seenAt) };
    },
  };
}
