import type pg from 'pg';

/** What a case has once, and the statement that finds it twice. */
const TWICE: Readonly<Record<string, string>> = {
  'papers of one turn': `SELECT c.acceptance_no FROM case_output o JOIN case_file c USING (case_id) GROUP BY c.acceptance_no, o.kind, o.turn HAVING count(*) > 1`,
  'open payments': `SELECT c.acceptance_no FROM payment_item p JOIN case_file c USING (case_id) WHERE p.status <> 'TAKEN_OFF' GROUP BY c.acceptance_no HAVING count(*) > 1`,
  'filings of one case': `SELECT c.acceptance_no FROM out_of_area_filing f JOIN case_file c USING (case_id) GROUP BY c.acceptance_no HAVING count(*) > 1`,
  'verifications opened by one turn': `SELECT p.acceptance_no FROM case_file c JOIN case_file p ON p.case_id = c.parent_case_id GROUP BY p.acceptance_no, c.process_type HAVING count(*) > 1`,
  'open stages': `SELECT c.acceptance_no FROM stage s JOIN case_file c USING (case_id) WHERE s.closed_at IS NULL GROUP BY c.acceptance_no HAVING count(*) > 1`,
};

export async function nothingTwice(db: pg.Pool): Promise<string[]> {
  const found = await Promise.all(
    Object.entries(TWICE).map(async ([what, sql]) => {
      const { rows } = await db.query<{ acceptance_no: string }>(sql);
      return rows.map((row) => `${row.acceptance_no}: ${what} twice`);
    }),
  );
  return found.flat();
}

/** Whoever an effect is for is told in the same turn: the desk, the applicant, the office's manager, or the level above. */
export async function everybodyTold(db: pg.Pool): Promise<string[]> {
  const { rows } = await db.query<{ no: string; key: string }>(
    `SELECT c.acceptance_no AS no, e.effect_key AS key FROM case_event e JOIN case_file c USING (case_id)
     WHERE e.effect_key IS NOT NULL AND e.kind <> 'ESCALATED'
       AND NOT EXISTS (SELECT FROM notice n WHERE n.case_id = e.case_id AND n.turn = e.turn AND n.kind =
             CASE WHEN e.kind IN ('REMINDER', 'DUE', 'CORRECTION_REMINDER') THEN e.kind
                  WHEN e.data ->> 'to' IS NOT NULL THEN 'ESCALATED_TO_' || (e.data ->> 'to')
                  ELSE 'ESCALATED_' || e.kind END)`,
  );
  return rows.map(({ no, key }) => `${no}: nobody was told of ${key}`);
}
