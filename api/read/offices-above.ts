import type pg from 'pg';

/** The office and every one over it, the nearest first; empty when there is no such office. */
export async function officesAbove(db: pg.Pool, officeId: string): Promise<string[]> {
  const { rows } = await db.query<{ office_id: string }>({
    name: 'office-and-above',
    text: `WITH RECURSIVE up AS (SELECT office_id, parent_id, 0 AS n FROM office WHERE office_id = $1
             UNION ALL SELECT o.office_id, o.parent_id, up.n + 1 FROM office o JOIN up ON o.office_id = up.parent_id)
           SELECT office_id FROM up ORDER BY n`,
    values: [officeId],
  });
  return rows.map((row) => row.office_id);
}
