import type pg from 'pg';
import type { JsonObject } from '../../domain/case.ts';
import type { PlainDate } from '../../domain/plain-date.ts';

/** A paper as it was issued: what stood on it is kept, not worked out again when it is printed. */
export interface IssuedOutput {
  kind: string;
  number: string;
  issuedOn: PlainDate;
  content: JsonObject;
  officeName: string;
}

/** The last one of its kind, or undefined. */
export async function readOutput(db: pg.Pool, caseId: string, kind: string): Promise<IssuedOutput | undefined> {
  const { rows } = await db.query<IssuedOutput>({
    name: 'read-output',
    text: `SELECT x.kind, x.number, x.issued_on::text AS "issuedOn", x.content, coalesce(a.name, o.name) AS "officeName"
           FROM case_output x JOIN case_file c USING (case_id) JOIN office o ON o.office_id = c.agency_id
           LEFT JOIN case_event e ON e.case_id = x.case_id AND e.turn = x.turn AND e.decision IS NOT NULL
           LEFT JOIN office a ON a.office_id = e.office_id
           WHERE x.case_id = $1 AND x.kind = $2 ORDER BY x.turn DESC LIMIT 1`,
    values: [caseId, kind],
  });
  return rows[0];
}
