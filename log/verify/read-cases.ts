import type pg from 'pg';
import type { Json, JsonObject } from '../../domain/case.ts';
import { inSnapshot } from '../../activities/store/in-transaction.ts';
import {
  contentOfEvent,
  EVENT_SQL,
  instantSql,
  TURN_SQL,
  turnOf,
  type LoggedEvent,
  type LoggedTurn,
} from '../case-rows.ts';

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
  turns: LoggedTurn[];
  stages: JsonObject[];
  suspensions: JsonObject[];
  actors: JsonObject[];
  results: JsonObject;
}
export interface EventRow extends LoggedEvent {
  /** what the hash covers */
  content: JsonObject;
}

const CASES = `SELECT c.case_id::text, c.acceptance_no, c.version, c.ended_at IS NOT NULL AS ended, extract(epoch FROM c.touched_at) * 1000 AS touched,
  jsonb_build_object('process', c.process_type, 'status', c.status, 'stage', c.current_stage, 'step', c.current_step, 'stageSeq', c.stage_seq,
    'stageDueOn', c.stage_due_on, 'totalDueOn', c.total_due_on, 'stageLimitId', c.stage_limit_id, 'totalEndedOn', c.total_ended_on,
    'totalDaysLate', c.total_days_late, 'provisional', c.stage_provisional, 'form', c.form, 'facts', c.facts, 'personId', c.person_id) AS row,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('seq', s.seq, 'stage', s.stage, 'limitId', s.limit_id, 'dueOn', s.due_on, 'provisional', s.provisional,
     'closedAt', ${instantSql('s.closed_at')}, 'closedBy', s.closed_by, 'daysLate', s.days_late, 'startOn', s.start_on) ORDER BY s.seq), '[]') FROM stage s WHERE s.case_id = c.case_id) AS stages,
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

const EVENTS = `SELECT e.case_id::text, ${EVENT_SQL} FROM case_event e WHERE e.case_id = ANY($1::bigint[]) ORDER BY e.case_id, e.seq`;
const TURNS = `SELECT t.case_id::text, ${TURN_SQL} FROM case_turn t WHERE t.case_id = ANY($1::bigint[]) ORDER BY t.case_id, t.turn`;

type OfCase<T> = T & { case_id: string };

/** The cases with these ids, each as it was at one moment. */
export const readCases = (db: pg.Pool, caseIds: readonly string[]): Promise<CaseRecord[]> =>
  inSnapshot(db, async (tx) => {
    const cases = await tx.query<Record<string, Json>>(CASES, [caseIds]);
    const events = byCase((await tx.query<OfCase<LoggedEvent>>(EVENTS, [caseIds])).rows);
    const turns = byCase((await tx.query<OfCase<LoggedTurn>>(TURNS, [caseIds])).rows);
    return cases.rows.map((row) => {
      const caseId = String(row['case_id']);
      const acceptanceNo = String(row['acceptance_no']);
      return {
        caseId,
        acceptanceNo,
        version: Number(row['version']),
        ended: row['ended'] === true,
        touchedAt: Number(row['touched']),
        row: row['row'] as JsonObject,
        stages: row['stages'] as JsonObject[],
        suspensions: row['suspensions'] as JsonObject[],
        actors: row['actors'] as JsonObject[],
        results: row['results'] as JsonObject,
        events: (events.get(caseId) ?? []).map((event) => ({ ...event, content: contentOfEvent(acceptanceNo, event) })),
        turns: (turns.get(caseId) ?? []).map(turnOf),
      };
    });
  });

/** What was read of each case, without the id that told which. */
function byCase<T>(rows: readonly OfCase<T>[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const { case_id: caseId, ...row } of rows) {
    const group = groups.get(caseId) ?? [];
    group.push(row as unknown as T);
    groups.set(caseId, group);
  }
  return groups;
}
