import type pg from 'pg';
import type { IdentitySettings } from '../../config/identity.ts';
import { Refusal } from '../../domain/refusal.ts';

/** What one account may do only so often: filing, searching for people, being shown what lists hide. */
export type LimitedAct = 'FILING' | 'SEARCH' | 'REVEAL';

/** Refused with the seconds after which a repetition is let through. */
export class TooManyRequests extends Refusal {
  readonly retryAfterSeconds: number;
  constructor(retryAfterSeconds: number) {
    super('TOO_MANY_REQUESTS');
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Counts an act of an account; throws `TooManyRequests` when there were too many. `userId` is a staff id. */
export type CountAct = (userId: string, act: LimitedAct) => Promise<void>;

/** What has flowed in since the last act, up to a minute's worth; a clock that is behind another process's gives nothing. */
const FILLED =
  'least($3::float8, a.tokens + greatest(0, extract(epoch FROM $4::timestamptz - a.at)) * $3::float8 / 60)';

/** Takes one if there is a whole one; answers how much is left below zero, which is what has to flow in first. */
const TAKE = {
  name: 'take-act',
  text: `INSERT INTO act_count AS a (staff_id, act, tokens, at) VALUES ($1, $2, $3::float8 - 1, $4)
         ON CONFLICT (staff_id, act) DO UPDATE
           SET tokens = ${FILLED} - CASE WHEN ${FILLED} >= 1 THEN 1 ELSE 0 END, at = greatest(a.at, $4),
               taken = ${FILLED} >= 1
         RETURNING tokens, taken`,
};

/**
 * A bucket per account and act that holds a minute's worth and refills evenly, so that a burst is let through and a programme is
 * not. In the store, so that N processes behind a balancer count together; the table is unlogged, and an act costs one statement
 * that waits for no disk. `now` in epoch milliseconds.
 */
export function createRateLimits(
  db: pg.Pool,
  settings: Pick<IdentitySettings, 'filingsAMinute' | 'searchesAMinute' | 'revealsAMinute'>,
  now: () => number,
): CountAct {
  const most: Record<LimitedAct, number> = {
    FILING: settings.filingsAMinute,
    SEARCH: settings.searchesAMinute,
    REVEAL: settings.revealsAMinute,
  };
  return async (userId, act) => {
    const { rows } = await db.query<{ tokens: number; taken: boolean }>({
      ...TAKE,
      values: [userId, act, most[act], new Date(now())],
    });
    const [bucket] = rows;
    if (bucket?.taken !== false) return;
    throw new TooManyRequests(Math.ceil(((1 - bucket.tokens) * 60) / most[act]));
  };
}
