import pg from 'pg';

/** The same two tables and the same transaction as the floor's (`bench/floor/activities.ts`), for systems in plain JavaScript. */
export const tablesOf = (schema) => `
  CREATE SCHEMA IF NOT EXISTS ${schema};
  CREATE TABLE ${schema}.case_file (case_id text PRIMARY KEY, version int NOT NULL, filed_at timestamptz NOT NULL);
  CREATE TABLE ${schema}.decision (case_id text NOT NULL REFERENCES ${schema}.case_file, version int NOT NULL, request_key text NOT NULL,
    user_id text NOT NULL, decision text NOT NULL, PRIMARY KEY (case_id, version))`;

export async function openStore(url, schema) {
  const db = new pg.Pool({ connectionString: url, max: 20 });
  await db.query(tablesOf(schema));
  return {
    file: (caseId) =>
      db.query({
        name: 'file',
        text: `INSERT INTO ${schema}.case_file (case_id, version, filed_at) VALUES ($1, 0, now()) ON CONFLICT DO NOTHING`,
        values: [caseId],
      }),
    async write(caseId, version, { key, userId, decision }) {
      const tx = await db.connect();
      try {
        await tx.query('BEGIN');
        await tx.query({
          name: 'decision',
          text: `INSERT INTO ${schema}.decision (case_id, version, request_key, user_id, decision) VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT DO NOTHING`,
          values: [caseId, version, key, userId, decision],
        });
        const text = `UPDATE ${schema}.case_file SET version = $2 WHERE case_id = $1`;
        await tx.query({ name: 'case', text, values: [caseId, version] });
        await tx.query('COMMIT');
      } catch (problem) {
        await tx.query('ROLLBACK').catch(() => undefined);
        throw problem;
      } finally {
        tx.release();
      }
    },
  };
}
