import type pg from 'pg';

export interface FloorDecision {
  /** number of the decision within its case, from 0 */
  nth: number;
  key: string;
  userId: string;
  decision: string;
}

export interface FloorActivities {
  write(caseId: string, version: number, decision: FloorDecision): Promise<void>;
}

export const FLOOR_TABLES = `
  CREATE SCHEMA floor;
  CREATE TABLE floor.case_file (case_id text PRIMARY KEY, version int NOT NULL, filed_at timestamptz NOT NULL);
  CREATE TABLE floor.decision (case_id text NOT NULL REFERENCES floor.case_file, version int NOT NULL, request_key text NOT NULL,
    user_id text NOT NULL, decision text NOT NULL, PRIMARY KEY (case_id, version))`;

/** One transaction: the decision's row, once, and the case's version. */
export const createFloorActivities = (db: pg.Pool): FloorActivities => ({
  async write(caseId, version, { key, userId, decision }) {
    const tx = await db.connect();
    try {
      await tx.query('BEGIN');
      await tx.query({
        name: 'decision',
        text: `INSERT INTO floor.decision (case_id, version, request_key, user_id, decision) VALUES ($1, $2, $3, $4, $5)
               ON CONFLICT DO NOTHING`,
        values: [caseId, version, key, userId, decision],
      });
      await tx.query({
        name: 'case',
        text: 'UPDATE floor.case_file SET version = $2 WHERE case_id = $1',
        values: [caseId, version],
      });
      await tx.query('COMMIT');
    } catch (problem) {
      await tx.query('ROLLBACK').catch(() => undefined);
      throw problem;
    } finally {
      tx.release();
    }
  },
});
