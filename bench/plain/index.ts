import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { findFreePorts } from '../../embedded/ports.ts';
import type { Running } from '../../embedded/service.ts';
import type { Side } from '../load.ts';
import type { Bench } from '../surroundings.ts';

const TABLES = `
  CREATE SCHEMA plain;
  CREATE TABLE plain.case_file (case_id text PRIMARY KEY, version int NOT NULL);
  CREATE TABLE plain.decision (case_id text NOT NULL REFERENCES plain.case_file, version int NOT NULL, request_key text NOT NULL,
    user_id text NOT NULL, decision text NOT NULL, PRIMARY KEY (case_id, version))`;

/** Express and pg alone, in a process of their own, over HTTP as the product is. */
export async function plainExpress(bench: Bench, decisionsPerCase: number): Promise<{ side: Side; api: Running }> {
  await bench.db.query(TABLES);
  const url = bench.around('').databaseUrl;
  const port = await findFreePorts(1);
  const address = `http://127.0.0.1:${port}`;
  const program = join(bench.root, 'bench', 'plain', 'server.ts');
  const api = await bench.start({
    command: {
      name: 'plain',
      file: process.execPath,
      args: ['--import', 'tsx', program, '--url', url, '--port', String(port)],
      env: bench.around('').config.environment,
      cwd: bench.root,
      logFile: join(bench.folder, 'logs', 'plain.log'),
    },
    ready: async () => void (await fetch(address)),
    readyWithinSeconds: 60,
    stopSignal: 'SIGTERM',
    stopWithinSeconds: 5,
  });
  const post = async <Answer>(path: string, body: object): Promise<Answer> => {
    const headers = { 'Content-Type': 'application/json' };
    const response = await fetch(`${address}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path} answered ${response.status}`);
    return (await response.json()) as Answer;
  };
  const side: Side = {
    name: 'Express + pg',
    decisionsPerCase,
    file: async () => (await post<{ caseId: string }>('/cases', {})).caseId,
    async decide(caseId, nth) {
      const decision = { key: randomUUID(), nth, userId: 's-town1.clerk', decision: 'APPROVE' };
      await post(`/cases/${caseId}/decisions`, decision);
    },
  };
  return { side, api };
}
