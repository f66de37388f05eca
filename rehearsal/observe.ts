import type pg from 'pg';
import type { Day } from './recount/days.ts';

/** What the system says of a case when it has been played, as anybody could read it in the store. */
export interface Observed {
  acceptanceNo: string;
  effects: ObservedEffect[];
  clocks: ObservedClocks[];
  stages: ObservedStage[];
  total: { endedOn: Day | null; daysLate: number | null };
}
export interface ObservedEffect {
  key: string;
  kind: string;
  stage: string;
  /** epoch ms: when it was due, and when it was recorded */
  dueAt: number;
  at: number;
}
/** The due days after the turn of a person, of the filing or of a verification. */
export interface ObservedClocks {
  turn: number;
  stageDue: Day | null;
  totalDue: Day | null;
}
export interface ObservedStage {
  seq: number;
  stage: string;
  office: string;
  limit: string | null;
  dueOn: Day | null;
  /** epoch ms */
  closedAt: number | null;
  daysLate: number | null;
}

interface Row {
  effects: { key: string; kind: string; stage: string; dueAt: string | null; at: string }[] | null;
  clocks: ObservedClocks[] | null;
  stages: (Omit<ObservedStage, 'closedAt'> & { closedAt: string | null })[];
  total_ended_on: Day | null;
  total_days_late: number | null;
}

const READ = {
  name: 'rehearsal-observe',
  text: `
SELECT c.total_ended_on::text, c.total_days_late,
  (SELECT json_agg(json_build_object('key', e.effect_key, 'kind', e.kind, 'stage', e.stage, 'dueAt', e.data->>'dueAt', 'at', e.at) ORDER BY e.seq)
     FROM case_event e WHERE e.case_id = c.case_id AND e.effect_key IS NOT NULL) AS effects,
  (SELECT json_agg(json_build_object('turn', e.turn, 'stageDue', e.data->'stageClock'->>'dueOn', 'totalDue', e.data->'totalClock'->>'dueOn') ORDER BY e.seq)
     FROM case_event e WHERE e.case_id = c.case_id AND (e.decision IS NOT NULL OR e.kind IN ('FILED', 'VERIFICATION_RESULT'))) AS clocks,
  (SELECT json_agg(json_build_object('seq', s.seq, 'stage', s.stage, 'office', coalesce(s.office_id, '-'), 'limit', s.limit_id, 'dueOn', s.due_on,
     'closedAt', s.closed_at, 'daysLate', s.days_late) ORDER BY s.seq)
     FROM stage s WHERE s.case_id = c.case_id) AS stages
FROM case_file c WHERE c.acceptance_no = $1`,
};

export async function observe(db: pg.Pool, acceptanceNo: string): Promise<Observed> {
  const { rows } = await db.query<Row>({ ...READ, values: [acceptanceNo] });
  const row = rows[0];
  if (!row) throw new Error(`no case ${acceptanceNo}`);
  return {
    acceptanceNo,
    effects: (row.effects ?? []).map(({ dueAt, at, ...effect }) => ({
      ...effect,
      at: Date.parse(at),
      dueAt: Date.parse(dueAt ?? at),
    })),
    clocks: row.clocks ?? [],
    stages: row.stages.map(({ closedAt, ...stage }) => ({
      ...stage,
      closedAt: closedAt ? Date.parse(closedAt) : null,
    })),
    total: { endedOn: row.total_ended_on, daysLate: row.total_days_late },
  };
}
