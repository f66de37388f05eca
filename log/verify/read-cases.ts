import type pg from 'pg';
import type { Json, JsonObject } from '../../domain/case.ts';
import type { TurnRecorded } from '../../domain/turn.ts';
import { presentRows, TURN_ROWS } from '../../activities/store/turn-hash.ts';

/** A case with everything the log vouches for, read in one snapshot. Days as text, instants as ISO text. */
export interface CaseRecord {
  caseId: string;
  acceptanceNo: string;
  version: number;
  ended: boolean;
  /** when the store last wrote to it, epoch ms of its own clock */
  touchedAt: number;
  row: JsonObject;
  events: EventRow[];
  turns: TurnRow[];
  stages: JsonObject[];
  suspensions: JsonObject[];
  actors: JsonObject[];
  results: JsonObject;
}
export interface EventRow {
  seq: number;
  turn: number;
  kind: string;
  decision: string | null;
  step: string;
  actor_id: string | null;
  at: string;
  due_on: string | null;
  days_late: number | null;
  data: JsonObject;
  turn_hash: string | null;
  prev_hash: string;
  hash: string;
  /** what the hash covers */
  content: JsonObject;
}
export interface TurnRow {
  turn: number;
  at: string;
  user_id: string | null;
  request_key: string | null;
  request_hash: string | null;
  request: object | null;
  result: TurnRecorded;
  notices: JsonObject[];
  rows: JsonObject;
}

const ISO = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const CASES = `SELECT c.case_id::text, c.acceptance_no, c.version, c.ended_at IS NOT NULL AS ended, extract(epoch FROM c.touched_at) * 1000 AS touched,
  jsonb_build_object('process', c.process_type, 'status', c.status, 'stage', c.current_stage, 'step', c.current_step, 'stageSeq', c.stage_seq,
    'stageDueOn', c.stage_due_on, 'totalDueOn', c.total_due_on, 'stageLimitId', c.stage_limit_id, 'totalEndedOn', c.total_ended_on,
    'totalDaysLate', c.total_days_late, 'provisional', c.stage_provisional, 'form', c.form, 'facts', c.facts, 'personId', c.person_id) AS row,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('seq', s.seq, 'stage', s.stage, 'limitId', s.limit_id, 'dueOn', s.due_on, 'provisional', s.provisional,
     'closedAt', ${ISO('s.closed_at')}, 'closedBy', s.closed_by, 'daysLate', s.days_late, 'startOn', s.start_on) ORDER BY s.seq), '[]') FROM stage s WHERE s.case_id = c.case_id) AS stages,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('seq', s.seq, 'kind', s.kind, 'suspendedOn', s.suspended_on, 'resumedOn', s.resumed_on,
     'openedTurn', s.opened_turn, 'closedTurn', s.closed_turn, 'closedBy', s.closed_by) ORDER BY s.seq), '[]') FROM suspension s WHERE s.case_id = c.case_id) AS suspensions,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('chain', a.chain, 'duty', a.duty, 'userId', a.staff_id)), '[]') FROM case_actor a WHERE a.case_id = c.case_id) AS actors,
  jsonb_build_object(
    'payment', (SELECT jsonb_build_object('amount', p.amount::text, 'listNo', p.list_no, 'payBy', p.pay_by, 'status', p.status) FROM payment_item p WHERE p.case_id = c.case_id),
    'recovery', (SELECT jsonb_build_object('amount', r.amount::text) FROM recovery_claim r WHERE r.case_id = c.case_id),
    'chronic', (SELECT jsonb_build_object('validFrom', r.valid_from, 'validTo', r.valid_to, 'person', r.person_id, 'diseaseCode', r.disease_code) FROM chronic_registration r WHERE r.case_id = c.case_id),
    'outOfArea', (SELECT jsonb_build_object('validFrom', f.valid_from, 'validTo', f.valid_to, 'person', f.person_id, 'cancelledOn', f.cancelled_on) FROM out_of_area_filing f WHERE f.case_id = c.case_id),
    'letters', (SELECT jsonb_agg(l.letter_no) FROM introduction_letter l WHERE l.case_id = c.case_id),
    'benefits', (SELECT jsonb_agg(jsonb_build_object('turn', b.turn, 'fundPays', b.fund_pays::text, 'insuredPays', b.insured_pays::text) ORDER BY b.turn) FROM benefit b WHERE b.case_id = c.case_id AND b.current)
  ) AS results
  FROM case_file c WHERE c.case_id = ANY($1::bigint[]) ORDER BY c.case_id`;

const EVENTS = `SELECT e.case_id::text, e.seq, e.turn, e.kind, e.decision, e.stage, e.step, e.actor_id, e.actor_name, e.office_id, e.reason, e.data,
  ${ISO('e.at')} AS at, e.due_on::text, e.days_late, e.effect_key, e.turn_hash, e.prev_hash, e.hash
  FROM case_event e WHERE e.case_id = ANY($1::bigint[]) ORDER BY e.case_id, e.seq`;

const TURNS = `SELECT t.case_id::text, t.turn, ${ISO('t.at')} AS at, t.user_id, t.request_key, t.request_hash, t.request, t.result,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('n', n.n, 'kind', n.kind, 'to_office_id', n.to_office_id, 'to_role', n.to_role,
     'to_person_id', n.to_person_id, 'content', n.content) ORDER BY n.n), '[]') FROM notice n WHERE n.case_id = t.case_id AND n.turn = t.turn) AS notices,
  to_jsonb(r) AS rows
  FROM case_turn t, LATERAL (SELECT ${TURN_ROWS}) r WHERE t.case_id = ANY($1::bigint[]) ORDER BY t.case_id, t.turn`;

/** The cases with these ids, each as it was at one moment. */
export async function readCases(db: pg.Pool, caseIds: readonly string[]): Promise<CaseRecord[]> {
  const tx = await db.connect();
  try {
    await tx.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const cases = await tx.query<Record<string, Json>>(CASES, [caseIds]);
    const events = await tx.query<Record<string, Json>>(EVENTS, [caseIds]);
    const turns = await tx.query<TurnRow & { case_id: string; rows: Record<string, Json> }>(TURNS, [caseIds]);
    const of = <T extends { case_id?: unknown }>(rows: T[]): Map<unknown, T[]> => {
      const groups = new Map<unknown, T[]>();
      for (const row of rows) groups.set(row.case_id, [...(groups.get(row.case_id) ?? []), row]);
      return groups;
    };
    const [eventsOf, turnsOf] = [of(events.rows), of(turns.rows)];
    return cases.rows.map((row) => ({
      caseId: String(row['case_id']),
      acceptanceNo: String(row['acceptance_no']),
      version: Number(row['version']),
      ended: row['ended'] === true,
      touchedAt: Number(row['touched']),
      row: row['row'] as JsonObject,
      stages: row['stages'] as JsonObject[],
      suspensions: row['suspensions'] as JsonObject[],
      actors: row['actors'] as JsonObject[],
      results: row['results'] as JsonObject,
      events: (eventsOf.get(row['case_id']) ?? []).map((event) => eventOf(String(row['acceptance_no']), event)),
      turns: (turnsOf.get(row['case_id']) ?? []).map((turn) => ({ ...turn, rows: presentRows(turn.rows) })),
    }));
  } finally {
    await tx.query('ROLLBACK');
    tx.release();
  }
}

/** Columns that are not hashed under their own names. */
const UNHASHED = ['case_id', 'prev_hash', 'hash', 'turn_hash'];

function eventOf(acceptanceNo: string, row: Record<string, Json>): EventRow {
  const content = Object.fromEntries(Object.entries(row).filter(([column]) => !UNHASHED.includes(column)));
  const hashed: JsonObject = { acceptance_no: acceptanceNo, ...content };
  if (row['turn_hash']) hashed['turn_hash'] = row['turn_hash'];
  return { ...(row as unknown as EventRow), content: hashed };
}
