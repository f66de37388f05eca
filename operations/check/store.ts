import type pg from 'pg';

/** A case as its row has it. */
export interface StoredCase {
  caseId: string;
  acceptanceNo: string;
  version: number;
  status: string;
  stage: string;
  step: string;
  stageDueOn: string | null;
  totalDueOn: string | null;
  nextEffectAt: Date | null;
  started: boolean;
  ended: boolean;
}

const COLUMNS = `c.case_id::text AS "caseId", c.acceptance_no AS "acceptanceNo", c.version, c.status, c.current_stage AS stage,
  c.current_step AS step, c.stage_due_on::text AS "stageDueOn", c.total_due_on::text AS "totalDueOn", c.next_effect_at AS "nextEffectAt",
  c.started_at IS NOT NULL AS started, c.ended_at IS NOT NULL AS ended`;

/**
 * Cases that must have a running procedure: the open ones, and ended filings that can still be cancelled until their last day
 * (on the clock of the case). Rows of the last seconds are left out: whoever writes one starts its procedure a moment later.
 */
const RUNNING = [
  `FROM case_file c WHERE c.ended_at IS NULL AND (c.started_at IS NOT NULL
     OR c.filed_at - make_interval(secs => c.clock_ahead_ms / 1000.0) < clock_timestamp() - interval '5 seconds')`,
  `FROM case_file c JOIN out_of_area_filing f USING (case_id) WHERE c.status = 'CLOSED' AND f.cancelled_on IS NULL
     AND f.valid_to >= ((now() + make_interval(secs => c.clock_ahead_ms / 1000.0)) AT TIME ZONE 'Asia/Shanghai')::date`,
] as const;

export async function countRunning(db: pg.Pool): Promise<number> {
  const counts = RUNNING.map((from) => db.query<{ n: string }>(`SELECT count(*)::text AS n ${from}`));
  return (await Promise.all(counts)).reduce((sum, { rows }) => sum + Number(rows[0]?.n), 0);
}

/** All of them, in pages of at most `size`, each page as it is when it is read. */
export async function* readRunning(db: pg.Pool, size: number): AsyncGenerator<StoredCase[]> {
  for (const from of RUNNING) {
    for (let after = '0'; ;) {
      const { rows } = await db.query<StoredCase>(
        `SELECT ${COLUMNS} ${from} AND c.case_id > $1::bigint ORDER BY c.case_id LIMIT $2`,
        [after, size],
      );
      if (rows.length === 0) break;
      yield rows;
      after = rows.at(-1)?.caseId ?? after;
    }
  }
}

/** By their numbers, whatever they are; those the store does not have are missing in the answer. */
export async function readCases(db: pg.Pool, numbers: readonly string[]): Promise<StoredCase[]> {
  const { rows } = await db.query<StoredCase>(`SELECT ${COLUMNS} FROM case_file c WHERE c.acceptance_no = ANY($1)`, [
    numbers,
  ]);
  return rows;
}
