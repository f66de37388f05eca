import { presentRows, TURN_ROWS, turnHash } from '../activities/store/turn-hash.ts';
import type { DecisionRequest, Json, JsonObject } from '../domain/case.ts';
import type { PlainDate } from '../domain/plain-date.ts';
import type { TurnRecorded } from '../domain/turn.ts';

/** How the rows of a case are read by whoever checks them: in the very shape their hashes cover. */

/** SQL: an instant as ISO 8601 with milliseconds in UTC. */
export const instantSql = (column: string): string =>
  `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** A row of the log under the names of its columns. */
export interface LoggedEvent {
  seq: number;
  turn: number;
  kind: string;
  decision: string | null;
  stage: string;
  step: string;
  actor_id: string | null;
  actor_name: string | null;
  office_id: string | null;
  reason: string | null;
  data: JsonObject;
  at: string;
  due_on: PlainDate | null;
  days_late: number | null;
  effect_key: string | null;
  turn_hash: string | null;
  prev_hash: string;
  hash: string;
}

/** SQL over `case_event e`: a `LoggedEvent`. */
export const EVENT_SQL = `e.seq, e.turn, e.kind, e.decision, e.stage, e.step, e.actor_id, e.actor_name, e.office_id, e.reason, e.data,
  ${instantSql('e.at')} AS at, e.due_on::text, e.days_late, e.effect_key, e.turn_hash, e.prev_hash, e.hash`;

/** What the hash of an event covers: all that is given. `turn_hash` stands only in the last event of a turn. */
export const contentOfEvent = (
  acceptanceNo: string,
  { prev_hash: _previous, hash: _hash, turn_hash, ...content }: LoggedEvent,
): JsonObject => ({ acceptance_no: acceptanceNo, ...content, ...(turn_hash === null ? {} : { turn_hash }) });

export interface LoggedTurn {
  turn: number;
  at: string;
  userId: string | null;
  requestKey: string | null;
  requestHash: string | null;
  request: DecisionRequest | null;
  result: TurnRecorded;
  notices: JsonObject[];
  /** everything else the turn wrote, by kind: papers, amounts, documents with the hash of their bytes … */
  rows: JsonObject;
}

/** SQL over `case_turn t`: a `LoggedTurn`, its rows still with the kinds of which it has none (`turnOf`). */
export const TURN_SQL = `t.turn, ${instantSql('t.at')} AS at, t.user_id AS "userId", t.request_key AS "requestKey", t.request_hash AS "requestHash",
  t.request, t.result,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('n', n.n, 'kind', n.kind, 'to_office_id', n.to_office_id, 'to_role', n.to_role,
     'to_person_id', n.to_person_id, 'content', n.content) ORDER BY n.n), '[]') FROM notice n WHERE n.case_id = t.case_id AND n.turn = t.turn) AS notices,
  (SELECT to_jsonb(r) FROM (SELECT ${TURN_ROWS}) r) AS rows`;

export const turnOf = <T extends { rows: Record<string, Json> }>(row: T): T => ({
  ...row,
  rows: presentRows(row.rows),
});

/** What stands as `turn_hash` in the last event of the turn; over all that is given. */
export const hashOfTurn = ({ at, ...turn }: LoggedTurn): string => turnHash({ ...turn, at: new Date(at) });
