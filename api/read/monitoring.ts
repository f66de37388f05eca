import type pg from 'pg';
import type { User } from '../../domain/case.ts';
import { seesSql } from '../visibility.ts';

export interface OpenCount {
  processType: string;
  stage: string;
  total: number;
}

/** How many cases of the user's area go on, by process and stage. */
export async function countOpen(db: pg.Pool, user: User): Promise<OpenCount[]> {
  const values: unknown[] = [];
  const { rows } = await db.query<OpenCount>(
    `SELECT c.process_type AS "processType", c.current_stage AS stage, count(*)::int AS total FROM case_file c
     WHERE c.ended_at IS NULL AND ${seesSql(user, 'c', values, 'MONITORING')} GROUP BY 1, 2 ORDER BY 1, 2`,
    values,
  );
  return rows;
}
