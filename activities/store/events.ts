import type pg from 'pg';
import type { Json, JsonObject, LogMark } from '../../domain/case.ts';
import { chainHash } from './hash-chain.ts';

/** One row of the log. `at` is the clock of the case (I9). */
export interface LogEvent {
  kind: string;
  decision?: string | undefined;
  stage: string;
  step: string;
  actorId?: string | undefined;
  actorName?: string | undefined;
  officeId?: string | undefined;
  reason?: string | undefined;
  data: JsonObject;
  at: number;
  dueOn?: string | undefined;
  daysLate?: number | undefined;
  effectKey?: string | undefined;
}

/** Where the events of a turn are appended, and what their last one vouches for. */
export interface ChainEnd {
  acceptanceNo: string;
  turn: number;
  lastSeq: number;
  lastHash: string;
  /** of everything else the turn writes, see `turn-hash.ts` */
  turnHash: string;
}

/** Rows for `jsonb_to_recordset`: each event chained to the one before it. */
export function chainEvents(chain: ChainEnd, events: readonly LogEvent[]) {
  let previous = chain.lastHash;
  return events.map((event, i) => {
    const seq = chain.lastSeq + 1 + i;
    const last = i === events.length - 1;
    const content = contentOf(chain.acceptanceNo, seq, chain.turn, event, last ? chain.turnHash : undefined);
    const hash = chainHash(previous, content);
    const row = { ...content, seq, prev_hash: previous, hash };
    previous = hash;
    return row;
  });
}

/** The end of the chain after these rows: what the second witness is told. */
export function markOf(rows: ReturnType<typeof chainEvents>): LogMark {
  const last = rows.at(-1);
  if (!last) throw new Error('a turn without an event');
  return { seq: last.seq, hash: last.hash };
}

/** Appends the first event of a case; all later ones are written by the turn's one statement. */
export async function appendEvents(
  tx: pg.ClientBase,
  caseId: string,
  turn: number,
  rows: ReturnType<typeof chainEvents>,
): Promise<void> {
  await tx.query({
    name: 'insert-events',
    text: `INSERT INTO case_event (case_id, seq, turn, kind, decision, stage, step, actor_id, actor_name, office_id, reason, data, at, due_on, days_late, effect_key, turn_hash, prev_hash, hash)
         SELECT $1, e.seq, $2, e.kind, e.decision, e.stage, e.step, e.actor_id, e.actor_name, e.office_id, e.reason, e.data, e.at, e.due_on, e.days_late, e.effect_key, e.turn_hash, e.prev_hash, e.hash
         FROM jsonb_to_recordset($3) AS e(seq int, kind text, decision text, stage text, step text, actor_id text, actor_name text, office_id text, reason text,
              data jsonb, at timestamptz, due_on date, days_late int, effect_key text, turn_hash text, prev_hash text, hash text)`,
    values: [caseId, turn, JSON.stringify(rows)],
  });
}

/** What the hash covers: everything a reader sees, under the names of the columns; `turn_hash` only where there is one. */
export function contentOf(
  acceptanceNo: string,
  seq: number,
  turn: number,
  event: LogEvent,
  turnHash?: string,
): { [key: string]: Json } {
  return {
    acceptance_no: acceptanceNo,
    seq,
    turn,
    kind: event.kind,
    decision: event.decision ?? null,
    stage: event.stage,
    step: event.step,
    actor_id: event.actorId ?? null,
    actor_name: event.actorName ?? null,
    office_id: event.officeId ?? null,
    reason: event.reason ?? null,
    data: event.data,
    at: new Date(event.at).toISOString(),
    due_on: event.dueOn ?? null,
    days_late: event.daysLate ?? null,
    effect_key: event.effectKey ?? null,
    ...(turnHash ? { turn_hash: turnHash } : {}),
  };
}
