import type pg from 'pg';
import type { StoredRequest } from '../../activities/store/case-row.ts';
import type { User } from '../../domain/case.ts';
import { Refusal } from '../../domain/refusal.ts';
import { answerOf, type DecisionAnswer } from '../../domain/turn.ts';

/** A request of this user under this key that the store has already carried out. */
export interface EarlierRequest {
  caseId: string;
  turn: number;
  started: boolean;
  answer: DecisionAnswer;
}

/**
 * The same key asks for the same thing: then the first answer is given again. With another content it is a mistake
 * that is refused rather than guessed at.
 */
export async function findEarlier(
  db: pg.Pool,
  user: User,
  key: string,
  requestHash: string,
): Promise<EarlierRequest | undefined> {
  const { rows } = await db.query<StoredRequest>({
    name: 'earlier-request',
    text: `SELECT t.case_id::text, t.turn, t.request_hash, c.started_at IS NOT NULL AS started, t.result -> 'state' AS state
           FROM case_turn t JOIN case_file c USING (case_id) WHERE t.user_id = $1 AND t.request_key = $2`,
    values: [user.id, key],
  });
  return rows[0] && earlierRequest(rows[0], requestHash);
}

/** Refuses another content under the same key. */
export function earlierRequest(stored: StoredRequest, requestHash: string): EarlierRequest {
  if (stored.request_hash !== requestHash) throw new Refusal('IDEMPOTENCY_KEY_REUSED');
  return { caseId: stored.case_id, turn: stored.turn, started: stored.started, answer: answerOf(stored.state) };
}
