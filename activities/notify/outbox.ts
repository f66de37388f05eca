import type pg from 'pg';
import { fault } from '../fault-points.ts';
import type { Channel, Message, Outcome } from './channel.ts';

/**
 * Sends what the outbox holds, each message once: claimed and committed, sent, written down as sent. Whoever dies in between
 * leaves a row that says SENDING; what then happens depends on whether the receiver can tell a message it has seen
 * (docs/decisions/0010). All times are the store's clock, so that workers agree about them.
 */
export interface OutboxDeps {
  db: pg.Pool;
  channel: Channel;
  /** a claim older than this belongs to somebody who died; longer than any sending takes */
  leaseMs?: number;
}

const LEASE_MS = 180_000;
/** Messages on their way at once, and in one batch. */
const LANES = 4;
const BATCH = 100;
const LONGEST_BACKOFF_MS = 3_600_000;

/** Sends one batch of what is due; true when more is waiting. `stopped` is asked before every message. */
export async function sendPending(deps: OutboxDeps, stopped: () => boolean = () => false): Promise<boolean> {
  await takeOverFromTheDead(deps);
  await giveUpTheOld(deps);
  let left = BATCH;
  const lane = async (): Promise<void> => {
    while (left > 0 && !stopped()) {
      left--;
      const claimed = await claim(deps);
      if (!claimed) return;
      fault('outbox.claimed');
      const outcome = await deps.channel.send(claimed);
      fault('outbox.sent');
      await settle(deps, claimed, outcome);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return left === 0 && (await isWaiting(deps));
}

async function takeOverFromTheDead({ db, leaseMs = LEASE_MS }: OutboxDeps): Promise<void> {
  await db.query(
    `UPDATE outbox SET
       state = CASE channel WHEN 'WEBHOOK' THEN 'PENDING' ELSE 'UNCERTAIN' END,
       last_error = 'whoever was sending it died; ' || CASE channel WHEN 'WEBHOOK' THEN 'repeated under the same key'
                    ELSE 'it may have been sent' END,
       next_attempt_at = clock_timestamp()
     WHERE state = 'SENDING' AND claimed_at <= clock_timestamp() - make_interval(secs => $1)`,
    [leaseMs / 1000],
  );
}

/** Yesterday's digest beside today's would only confuse, and so would one of a channel that is no longer used. */
async function giveUpTheOld({ db }: OutboxDeps): Promise<void> {
  await db.query(
    `UPDATE outbox SET state = 'FAILED', last_error = 'not sent in time' || coalesce(': ' || last_error, '')
     WHERE state = 'PENDING' AND expires_at <= clock_timestamp()`,
  );
}

interface Claimed extends Message {
  attempts: number;
}

async function claim({ db, channel }: OutboxDeps): Promise<Claimed | undefined> {
  const { rows } = await db.query<Claimed>({
    name: 'claim-message',
    text: `UPDATE outbox SET state = 'SENDING', claimed_at = clock_timestamp(), attempts = attempts + 1
           WHERE message_id = (
             SELECT message_id FROM outbox WHERE state = 'PENDING' AND channel = $1 AND next_attempt_at <= clock_timestamp()
             ORDER BY next_attempt_at, message_id LIMIT 1 FOR UPDATE SKIP LOCKED)
           RETURNING message_id AS "messageId", kind, recipient, subject, body, created_at AS "createdAt", attempts`,
    values: [channel.name],
  });
  return rows[0];
}

async function isWaiting({ db, channel }: OutboxDeps): Promise<boolean> {
  const { rowCount } = await db.query(
    `SELECT 1 FROM outbox WHERE state = 'PENDING' AND channel = $1 AND next_attempt_at <= clock_timestamp() LIMIT 1`,
    [channel.name],
  );
  return rowCount === 1;
}

/**
 * Writes down what is known. Only of the attempt it belongs to: somebody who was thought dead and comes back does not overrule
 * a later attempt, but may still say that an uncertain message was sent.
 */
async function settle({ db, channel }: OutboxDeps, { messageId, attempts }: Claimed, outcome: Outcome): Promise<void> {
  const repeat = outcome.state === 'RETRY' || (outcome.state === 'UNCERTAIN' && channel.repeatable);
  const state = repeat ? 'PENDING' : outcome.state;
  const reason = outcome.state === 'SENT' ? null : outcome.reason.slice(0, 500);
  const waitMs = Math.max(backoffMs(attempts), outcome.state === 'RETRY' ? (outcome.waitMs ?? 0) : 0);
  await db.query({
    name: 'settle-message',
    text: `UPDATE outbox SET state = $3, last_error = $4, next_attempt_at = clock_timestamp() + make_interval(secs => $5),
             sent_at = CASE WHEN $3 = 'SENT' THEN clock_timestamp() END
           WHERE message_id = $1 AND attempts = $2 AND (state = 'SENDING' OR (state = 'UNCERTAIN' AND $3 = 'SENT'))`,
    values: [messageId, attempts, state, reason, waitMs / 1000],
  });
}

/** One minute, then twice as long each time, at most an hour. */
export const backoffMs = (attempts: number): number => Math.min(LONGEST_BACKOFF_MS, 60_000 * 2 ** (attempts - 1));
