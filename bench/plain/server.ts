import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import express from 'express';
import pg from 'pg';

/**
 * The least that writes a decision down at all: Express and one transaction, no procedure, no timer, no log, no login.
 * Whoever asks what durability costs is answered beside this. Usage: `server.ts --url <database> --port <port>`.
 */
const { values } = parseArgs({ options: { url: { type: 'string' }, port: { type: 'string' } } });
const db = new pg.Pool({ connectionString: values.url, max: 20 });

const app = express();
app.use(express.json());
app.post('/cases', async (_req, res) => {
  const caseId = randomUUID();
  const text = 'INSERT INTO plain.case_file (case_id, version) VALUES ($1, 0)';
  await db.query({ name: 'file', text, values: [caseId] });
  res.json({ caseId });
});
app.post('/cases/:caseId/decisions', async (req, res) => {
  const { caseId } = req.params;
  const { key, nth, userId, decision } = req.body as { key: string; nth: number; userId: string; decision: string };
  const tx = await db.connect();
  try {
    await tx.query('BEGIN');
    await tx.query({
      name: 'decision',
      text: `INSERT INTO plain.decision (case_id, version, request_key, user_id, decision) VALUES ($1, $2, $3, $4, $5)`,
      values: [caseId, nth + 1, key, userId, decision],
    });
    const text = 'UPDATE plain.case_file SET version = $2 WHERE case_id = $1';
    await tx.query({ name: 'case', text, values: [caseId, nth + 1] });
    await tx.query('COMMIT');
  } catch (problem) {
    await tx.query('ROLLBACK');
    throw problem;
  } finally {
    tx.release();
  }
  res.json({ version: nth + 1 });
});
app.get('/', (_req, res) => void res.json({}));
app.listen(Number(values.port), '127.0.0.1');
