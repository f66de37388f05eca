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
export type CountAct = (userId: string, act: LimitedAct) => void;

/** How full the bucket of an account was, and when. */
interface Bucket {
  tokens: number;
  at: number;
}

/**
 * A bucket per account and act that holds a minute's worth and refills evenly, so that a burst is let through and a programme is
 * not. Kept in this process only: with N processes behind a balancer an account may do up to N times as much, which still is a
 * limit; a count in the store would cost every filing a write. `now` in epoch milliseconds.
 */
export function createRateLimits(
  settings: Pick<IdentitySettings, 'filingsAMinute' | 'searchesAMinute' | 'revealsAMinute'>,
  now: () => number,
): CountAct {
  const most: Record<LimitedAct, number> = {
    FILING: settings.filingsAMinute,
    SEARCH: settings.searchesAMinute,
    REVEAL: settings.revealsAMinute,
  };
  const buckets = new Map<string, Bucket>();
  let sweptAt = now();

  /** A bucket nobody has used for a minute is full again, as is one that is not there. */
  const sweep = (at: number): void => {
    if (at - sweptAt < 60_000) return;
    sweptAt = at;
    for (const [key, bucket] of buckets) if (at - bucket.at >= 60_000) buckets.delete(key);
  };

  return (userId, act) => {
    const at = now();
    sweep(at);
    const key = `${act} ${userId}`;
    const perMs = most[act] / 60_000;
    const { tokens, at: before } = buckets.get(key) ?? { tokens: most[act], at };
    const filled = Math.min(most[act], tokens + Math.max(0, at - before) * perMs);
    if (filled < 1) throw new TooManyRequests(Math.ceil((1 - filled) / perMs / 1000));
    buckets.set(key, { tokens: filled - 1, at });
  };
}
