import type pg from 'pg';
import type { StoreGauge } from '../catalogue.ts';

/** One figure as it is exported. */
export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

type GaugeSample = Sample & { name: StoreGauge };

/** The day of each case, which in rehearsals is not today; the same expression as in every list. */
const DAY = `((now() + c.clock_ahead_ms * interval '1 millisecond') AT TIME ZONE interval '+08:00')::date`;
const DUE_AT = `(c.next_effect_at - c.clock_ahead_ms * interval '1 millisecond')`;

/** Read by the partial index on open cases: what has ended, however many, is not touched. */
const OPEN_CASES = `
  SELECT c.process_type AS process, c.current_stage AS stage, c.status, count(*)::int AS open,
    count(*) FILTER (WHERE c.stage_due_on < ${DAY} AND NOT c.stage_provisional)::int AS stage_overdue,
    count(*) FILTER (WHERE c.total_due_on < ${DAY} AND c.total_ended_on IS NULL AND NOT c.total_provisional)::int AS total_overdue,
    count(*) FILTER (WHERE c.stuck_from <= ${DAY})::int AS stuck,
    count(*) FILTER (WHERE ${DUE_AT} < now() - interval '1 minute')::int AS late,
    coalesce(extract(epoch FROM now() - min(${DUE_AT})), 0)::float AS late_by
  FROM case_file c WHERE c.ended_at IS NULL GROUP BY 1, 2, 3`;

interface OpenRow extends Record<'open' | 'stage_overdue' | 'total_overdue' | 'stuck' | 'late' | 'late_by', number> {
  process: string;
  stage: string;
  status: string;
}

/** Each of these is answered from the end of an index or a partial one. */
const SINGLE = `
  SELECT
    (SELECT count(*)::int FROM case_file WHERE started_at IS NULL AND filed_at < now() - interval '1 minute') AS not_started,
    (SELECT count(*)::int FROM outbox WHERE state = 'PENDING') AS pending,
    (SELECT count(*)::int FROM outbox WHERE state = 'SENDING') AS sending,
    (SELECT coalesce(extract(epoch FROM now() - min(created_at)), 0)::float FROM outbox WHERE state IN ('PENDING', 'SENDING')) AS outbox_age,
    (SELECT extract(epoch FROM now() - at)::float FROM log_head ORDER BY number DESC LIMIT 1) AS head_age,
    greatest(0, coalesce((SELECT max(log_no) FROM case_event), 0)
      - coalesce((SELECT to_no FROM log_head ORDER BY number DESC LIMIT 1), 0))::float AS unsealed`;

type SingleRow = Record<'not_started' | 'pending' | 'sending' | 'outbox_age' | 'unsealed', number> & {
  head_age: number | null;
};

const DUTIES = `
  SELECT limit_id AS limit, count(*)::int AS overdue FROM duty
  WHERE done_on IS NULL AND NOT provisional
    AND due_on < ((now() + clock_ahead_ms * interval '1 millisecond') AT TIME ZONE interval '+08:00')::date
  GROUP BY 1`;

/** Counts the whole store. Times are the store's clock. */
export async function countStore(tx: pg.ClientBase): Promise<Sample[]> {
  const open = (await tx.query<OpenRow>(OPEN_CASES)).rows;
  const single = (await tx.query<SingleRow>(SINGLE)).rows[0] as SingleRow;
  const duties = (await tx.query<{ limit: string; overdue: number }>(DUTIES)).rows;
  const sum = (field: 'late'): number => open.reduce((all, row) => all + row[field], 0);
  const lateBy = Math.max(0, ...open.filter(({ late }) => late > 0).map(({ late_by: seconds }) => seconds));
  const samples: GaugeSample[] = [
    ...open.map(({ process, stage, status, open: value }) => ({
      name: 'jingban_cases_open' as const,
      labels: { process, stage, status },
      value,
    })),
    ...perProcess(open, 'stage_overdue', 'jingban_cases_overdue', { clock: 'STAGE' }),
    ...perProcess(open, 'total_overdue', 'jingban_cases_overdue', { clock: 'TOTAL' }),
    ...perProcess(open, 'stuck', 'jingban_cases_stuck', {}),
    { name: 'jingban_cases_not_started', labels: {}, value: single.not_started },
    { name: 'jingban_effects_late', labels: {}, value: sum('late') },
    { name: 'jingban_effects_late_age_seconds', labels: {}, value: lateBy },
    ...duties.map(({ limit, overdue }) => ({
      name: 'jingban_duties_overdue' as const,
      labels: { limit },
      value: overdue,
    })),
    { name: 'jingban_outbox_messages', labels: { state: 'PENDING' }, value: single.pending },
    { name: 'jingban_outbox_messages', labels: { state: 'SENDING' }, value: single.sending },
    { name: 'jingban_outbox_age_seconds', labels: {}, value: single.outbox_age },
    ...(single.head_age === null
      ? []
      : [{ name: 'jingban_log_head_age_seconds' as const, labels: {}, value: single.head_age }]),
    { name: 'jingban_log_unsealed', labels: {}, value: single.unsealed },
  ];
  return samples;
}

/** Sums over stages and statuses. A process without any open case has no line, as in `jingban_cases_open`. */
function perProcess(
  rows: readonly OpenRow[],
  field: 'stage_overdue' | 'total_overdue' | 'stuck',
  name: StoreGauge,
  labels: Record<string, string>,
): GaugeSample[] {
  const sums = new Map<string, number>();
  for (const row of rows) sums.set(row.process, (sums.get(row.process) ?? 0) + row[field]);
  return [...sums].map(([process, value]) => ({ name, labels: { process, ...labels }, value }));
}
