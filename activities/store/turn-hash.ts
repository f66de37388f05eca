import type pg from 'pg';
import type { Json, JsonObject } from '../../domain/case.ts';
import type { TurnRecorded } from '../../domain/turn.ts';
import { contentHash } from './hash-chain.ts';

/**
 * A turn writes more than events: its own row, notices, papers, amounts, extensions. None of these is changed afterwards, so
 * one hash over all of them stands in the turn's last event, and the chain vouches for them, too.
 */
export interface TurnContent {
  turn: number;
  /** epoch of the clock of the case */
  at: Date;
  userId: string | null;
  requestKey: string | null;
  requestHash: string | null;
  request: object | null;
  result: TurnRecorded;
  /** rows of `notice` in their order, under the names of the columns */
  notices: readonly object[];
  /** what `readTurnRows` finds; undefined for a turn that was one statement and wrote nothing else */
  rows?: TurnRows | undefined;
}

/** Rows that belong to one turn and are never changed, as JSON; kinds without a row are left out. */
export type TurnRows = JsonObject;

/** 64 hexadecimal digits. Where the log stood is left out of the result: that is known only after this. */
export function turnHash({ at, userId, requestKey, requestHash, result, rows, ...same }: TurnContent): string {
  const known: Partial<TurnRecorded> = { ...result };
  delete known.log;
  const content = {
    ...same,
    at: at.toISOString(),
    user_id: userId,
    request_key: requestKey,
    request_hash: requestHash,
    result: known,
    ...(rows && Object.keys(rows).length > 0 ? { rows } : {}),
  };
  return contentHash(content as unknown as Json);
}

/** Amounts as text, so that 1.10 stays 1.10; with a document the hash of its bytes. */
export const TURN_ROWS = `
  (SELECT jsonb_agg(jsonb_build_object('kind', o.kind, 'number', o.number, 'issued_on', o.issued_on::text, 'content', o.content) ORDER BY o.kind)
   FROM case_output o WHERE o.case_id = t.case_id AND o.turn = t.turn) AS outputs,
  (SELECT jsonb_agg(jsonb_build_object('insurance_year', b.insurance_year, 'total', b.total::text, 'in_scope', b.in_scope::text,
     'fund_pays', b.fund_pays::text, 'insured_pays', b.insured_pays::text, 'breakdown', b.breakdown))
   FROM benefit b WHERE b.case_id = t.case_id AND b.turn = t.turn) AS benefit,
  (SELECT jsonb_agg(jsonb_build_object('n', l.n, 'name', l.name, 'cost_class', l.cost_class, 'amount', l.amount::text,
     'first_self_pay', l.first_self_pay::text, 'in_scope', l.in_scope::text, 'rule', l.rule, 'article', l.article) ORDER BY l.n)
   FROM benefit_line l WHERE l.case_id = t.case_id AND l.turn = t.turn) AS benefit_lines,
  (SELECT jsonb_agg(jsonb_build_object('type', d.type, 'document_id', d.document_id::text, 'sha256', f.sha256, 'media_type', f.media_type,
     'byte_size', f.byte_size) ORDER BY d.document_id, d.type)
   FROM case_document d JOIN document f USING (document_id) WHERE d.case_id = t.case_id AND d.turn = t.turn) AS documents,
  (SELECT jsonb_agg(jsonb_build_object('seq', e.seq, 'clock', e.clock, 'stage_seq', e.stage_seq, 'limit_id', e.limit_id,
     'working_days', e.working_days, 'reason', e.reason, 'basis', e.basis, 'granted_by', e.granted_by, 'granted_on', e.granted_on::text,
     'due_before', e.due_before::text, 'due_after', e.due_after::text) ORDER BY e.seq)
   FROM extension e WHERE e.case_id = t.case_id AND e.turn = t.turn) AS extensions,
  (SELECT jsonb_agg(jsonb_build_object('seq', s.seq, 'kind', s.kind, 'suspended_on', s.suspended_on::text, 'reason', s.reason, 'basis', s.basis,
     'opened_by', s.opened_by, 'stage_days_left', s.stage_days_left, 'total_days_left', s.total_days_left) ORDER BY s.seq)
   FROM suspension s WHERE s.case_id = t.case_id AND s.opened_turn = t.turn) AS suspensions,
  (SELECT jsonb_build_object('process_type', c.process_type, 'person_id', c.person_id, 'agency_id', c.agency_id, 'township_id', c.township_id,
     'county_id', c.county_id, 'city_id', c.city_id, 'parent_case_id', c.parent_case_id::text, 'received_on', c.received_on::text,
     'filed_at', extract(epoch FROM c.filed_at)::text, 'filed_by', c.filed_by, 'total_limit_id', c.total_limit_id)
   FROM case_file c WHERE c.case_id = t.case_id AND t.turn = 0) AS header`;

/** The rows of one turn, by the transaction that has written them and by whoever checks them later. */
export async function readTurnRows(tx: pg.ClientBase | pg.Pool, caseId: string, turn: number): Promise<TurnRows> {
  const { rows } = await tx.query<Record<string, Json>>({
    name: 'turn-rows',
    text: `SELECT ${TURN_ROWS} FROM (SELECT $1::bigint AS case_id, $2::int AS turn) t`,
    values: [caseId, turn],
  });
  return presentRows(rows[0] ?? {});
}

/** Without the kinds of which the turn has no row. */
export const presentRows = (row: Record<string, Json>): TurnRows =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
