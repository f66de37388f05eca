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
  fire(timerId: string): Promise<void>;
}

export const FLOOR_TABLES = `
  CREATE SCHEMA IF NOT EXISTS floor;
  CREATE TABLE IF NOT EXISTS floor.case_file (case_id text PRIMARY KEY, version int NOT NULL, filed_at timestamptz NOT NULL);
  CREATE TABLE IF NOT EXISTS floor.decision (case_id text NOT NULL REFERENCES floor.case_file, version int NOT NULL, request_key text NOT NULL,
    user_id text NOT NULL, decision text NOT NULL, PRIMARY KEY (case_id, version));
  CREATE TABLE IF NOT EXISTS floor.timer (timer_id text PRIMARY KEY, due_at timestamptz NOT NULL, fired boolean NOT NULL DEFAULT false);
  CREATE TABLE IF NOT EXISTS floor.fired (timer_id text NOT NULL REFERENCES floor.timer)`;

export const createFloorActivities = (db: pg.Pool): FloorActivities => ({
  /** One transaction: the decision's row, once, and the case's version. */
  write: (caseId, version, { key, userId, decision }) =>
    inTransaction(
      db,
      {
        name: 'decision',
        text: `INSERT INTO floor.decision (case_id, version, request_key, user_id, decision) VALUES ($1, $2, $3, $4, $5)
               ON CONFLICT DO NOTHING`,
        values: [caseId, version, key, userId, decision],
      },
      {
        name: 'case',
        text: 'UPDATE floor.case_file SET version = $2 WHERE case_id = $1',
        values: [caseId, version],
      },
    ),
  /** One transaction: that the timer has fired, as often as it does, and its mark. */
  fire: (timerId) =>
    inTransaction(
      db,
      { name: 'fired', text: 'INSERT INTO floor.fired (timer_id) VALUES ($1)', values: [timerId] },
      { name: 'mark', text: 'UPDATE floor.timer SET fired = true WHERE timer_id = $1', values: [timerId] },
    ),
});

async function inTransaction(db: pg.Pool, ...statements: pg.QueryConfig[]): Promise<void> {
  const tx = await db.connect();
  try {
    await tx.query('BEGIN');
    for (const statement of statements) await tx.query(statement);
    await tx.query('COMMIT');
  } catch (problem) {
    await tx.query('ROLLBACK').catch(() => undefined);
    throw problem;
  } finally {
    tx.release();
  }
}
