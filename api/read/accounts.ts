import type pg from 'pg';
import { z } from 'zod';
import type { Role } from '../../domain/case.ts';
import { ACCOUNT_ACTS } from '../identity/administer.ts';
import { loginHash } from '../identity/login-attempts.ts';
import { instantText } from '../instant.ts';
import { instant, jsonObject } from '../schemas.ts';

/** An account as administrators see it: what it may do and whether it can be used, nothing about the person but the name. */
export const accountSchema = z
  .strictObject({
    staffId: z.string(),
    username: z.string(),
    name: z.string(),
    kind: z.enum(['PERSON', 'SERVICE']),
    roles: z.array(z.string()),
    officeId: z.string().nullable(),
    providerId: z.string().nullable(),
    active: z.boolean(),
    openSessions: z.int().meta({ description: 'console sessions that were not ended; some may have run out' }),
    lockedUntil: instant.nullable().meta({ description: 'at the embedded login, after wrong passwords' }),
  })
  .meta({ id: 'Account' });

export interface AccountFilter {
  staffId?: string | undefined;
  officeId?: string | undefined;
  role?: Role | undefined;
  active?: boolean | undefined;
}

interface Row {
  staff_id: string;
  username: string;
  name: string;
  kind: 'PERSON' | 'SERVICE';
  roles: string[];
  office_id: string | null;
  provider_id: string | null;
  active: boolean;
  open_sessions: number;
}

/** By staff number; `after` is the one the last page ended with. `now` in epoch milliseconds. */
export async function listAccounts(
  db: pg.Pool,
  filter: AccountFilter,
  page: { size: number; after?: string | undefined },
  now: number,
): Promise<{ items: z.output<typeof accountSchema>[]; last?: string }> {
  const { rows } = await db.query<Row>(
    `SELECT s.staff_id, s.username, s.name, s.kind, s.roles, s.office_id, s.provider_id, s.active,
            (SELECT count(*)::int FROM session e WHERE e.staff_id = s.staff_id AND e.ended_at IS NULL AND e.absolute_end_at > $7) AS open_sessions
     FROM staff s
     WHERE ($1::text IS NULL OR s.staff_id = $1) AND ($2::text IS NULL OR s.office_id = $2) AND ($3::text IS NULL OR $3 = ANY(s.roles))
       AND ($4::boolean IS NULL OR s.active = $4) AND ($5::text IS NULL OR s.staff_id > $5)
     ORDER BY s.staff_id LIMIT $6`,
    [filter.staffId, filter.officeId, filter.role, filter.active, page.after, page.size + 1, new Date(now)],
  );
  const shown = rows.slice(0, page.size);
  const locks = await locksOf(db, shown, now);
  const items = shown.map((row) => ({
    staffId: row.staff_id,
    username: row.username,
    name: row.name,
    kind: row.kind,
    roles: row.roles,
    officeId: row.office_id,
    providerId: row.provider_id,
    active: row.active,
    openSessions: row.open_sessions,
    lockedUntil: locks.get(row.username) ?? null,
  }));
  const last = rows.length > page.size ? shown.at(-1)?.staff_id : undefined;
  return { items, ...(last !== undefined ? { last } : {}) };
}

/** Locks are kept under a hash of the user name, so they are asked for by it. */
async function locksOf(db: pg.Pool, shown: readonly Row[], now: number): Promise<Map<string, string>> {
  const usernames = new Map(shown.map(({ username }) => [loginHash(username).toString('hex'), username]));
  const { rows } = await db.query<{ hash: string; locked_until: Date }>(
    `SELECT encode(login_hash, 'hex') AS hash, locked_until FROM login_attempt
     WHERE login_hash = ANY(SELECT decode(h, 'hex') FROM unnest($1::text[]) AS h) AND locked_until > $2`,
    [[...usernames.keys()], new Date(now)],
  );
  return new Map(rows.map((row) => [usernames.get(row.hash) ?? '', instantText(row.locked_until.getTime())]));
}

export const accountEventSchema = z
  .strictObject({
    at: instant,
    act: z.enum(ACCOUNT_ACTS),
    staffId: z.string(),
    by: z.string().nullable().meta({ description: 'staff number; null: the system itself' }),
    reason: z.string().nullable(),
    before: jsonObject,
    after: jsonObject,
  })
  .meta({ id: 'AccountEvent' });

/** Newest first; `before` is the entry the last page ended with. */
export async function listAccountEvents(
  db: pg.Pool,
  staffId: string,
  page: { size: number; before?: string | undefined },
): Promise<{ items: z.output<typeof accountEventSchema>[]; last?: string }> {
  const { rows } = await db.query<{
    event_id: string;
    at: Date;
    kind: (typeof ACCOUNT_ACTS)[number];
    by_id: string | null;
    reason: string | null;
    before: Record<string, unknown>;
    after: Record<string, unknown>;
  }>(
    `SELECT event_id::text, at, kind, by_id, reason, before, after FROM account_event
     WHERE staff_id = $1 AND ($2::bigint IS NULL OR event_id < $2) ORDER BY account_event.event_id DESC LIMIT $3`,
    [staffId, page.before, page.size + 1],
  );
  const shown = rows.slice(0, page.size);
  const items = shown.map(({ at, kind, by_id: by, reason, before, after }) => ({
    at: instantText(at.getTime()),
    act: kind,
    staffId,
    by,
    reason,
    before,
    after,
  }));
  const last = rows.length > page.size ? shown.at(-1)?.event_id : undefined;
  return { items, ...(last !== undefined ? { last } : {}) };
}
