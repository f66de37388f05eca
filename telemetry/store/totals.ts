import type pg from 'pg';
import { METRICS } from '../catalogue.ts';
import type { Sample } from './gauges.ts';

/**
 * Counters that no crash loses: the events of the log, added up head by head. A head names the numbers it seals, those of its range
 * that were still under way (`holes`) and the late ones of earlier ranges, so every event belongs to exactly one head and is
 * added in the transaction that moves on to the next.
 */
const HEADS_AT_ONCE = 500;

const { buckets } = METRICS.jingban_stage_lateness_days;

const ADD_HEADS = `
  WITH heads AS (
    SELECT number, from_no, to_no, holes, late FROM log_head WHERE number > $1 ORDER BY number LIMIT ${HEADS_AT_ONCE}
  ), event AS MATERIALIZED (
    SELECT e.*, c.process_type, c.total_limit_id FROM heads h
    CROSS JOIN LATERAL (
      SELECT i.case_id, i.kind, i.stage, i.step, i.decision, i.at, i.days_late, i.data FROM case_event i
      WHERE i.log_no BETWEEN h.from_no AND h.to_no AND i.log_no <> ALL(h.holes)
      UNION ALL
      SELECT i.case_id, i.kind, i.stage, i.step, i.decision, i.at, i.days_late, i.data FROM case_event i
      WHERE i.log_no = ANY(h.late)) e
    JOIN case_file c USING (case_id)
  ), closed AS MATERIALIZED (
    SELECT e.process_type, s.limit_id, e.days_late FROM event e
    JOIN stage s ON s.case_id = e.case_id AND s.stage = e.stage AND s.closed_at = e.at
    WHERE e.days_late IS NOT NULL AND s.limit_id IS NOT NULL AND e.kind <> 'ESCALATED'
  ), ended AS (
    SELECT process_type, limit_id, 'STAGE' AS clock, days_late FROM closed
    UNION ALL
    SELECT process_type, total_limit_id, 'TOTAL', (data -> 'totalEnded' ->> 'daysLate')::int FROM event
    WHERE data ? 'totalEnded' AND total_limit_id IS NOT NULL AND kind <> 'ESCALATED'
  ), counted AS (
    SELECT 'jingban_case_events_total' AS name, jsonb_build_object('process', process_type, 'kind', kind) AS labels, 1::bigint AS n FROM event
    UNION ALL
    SELECT 'jingban_decisions_total', jsonb_build_object('process', process_type, 'stage', stage, 'step', step, 'decision', decision), 1
    FROM event WHERE kind = 'DECIDED'
    UNION ALL
    SELECT 'jingban_deadlines_total', jsonb_build_object('process', process_type, 'limit', limit_id, 'clock', clock,
      'outcome', CASE WHEN days_late > 0 THEN 'missed' ELSE 'met' END), 1 FROM ended
    UNION ALL
    SELECT 'jingban_stage_lateness_days_bucket', jsonb_build_object('limit', limit_id, 'le', le), 1
    FROM closed CROSS JOIN LATERAL (
      SELECT bound::text AS le FROM unnest($2::int[]) bound WHERE days_late <= bound UNION ALL SELECT '+Inf') l
    UNION ALL
    SELECT 'jingban_stage_lateness_days_sum', jsonb_build_object('limit', limit_id), days_late FROM closed
    UNION ALL
    SELECT 'jingban_stage_lateness_days_count', jsonb_build_object('limit', limit_id), 1 FROM closed
  ), added AS (
    INSERT INTO metric_total (name, labels, total)
    SELECT name, labels, sum(n) FROM counted GROUP BY name, labels
    ON CONFLICT (name, labels) DO UPDATE SET total = metric_total.total + excluded.total
  )
  SELECT max(number)::text AS head, count(*)::int AS heads FROM heads`;

/** Adds what was sealed after this head; answers the head up to which everything is counted now. */
export async function addHeads(tx: pg.ClientBase, after: string): Promise<string> {
  const { rows } = await tx.query<{ head: string | null }>(ADD_HEADS, [after, buckets]);
  return rows[0]?.head ?? after;
}

export async function readTotals(db: pg.Pool): Promise<Sample[]> {
  const { rows } = await db.query<{ name: string; labels: Record<string, string>; total: string }>(
    'SELECT name, labels, total::text AS total FROM metric_total ORDER BY name, labels',
  );
  return rows.map(({ name, labels, total }) => ({ name, labels, value: Number(total) }));
}
