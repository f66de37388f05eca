import type { Client } from '@temporalio/client';
import pg from 'pg';
import { getTestEnvironment } from '../support/environment.ts';
import { bytesOf, type History } from '../support/histories.ts';

/** All that the engine keeps of its own: every row of its databases, and every history as its interface gives it. */

/** Name of the table and its rows as bytes. */
export async function engineTables(): Promise<[string, Buffer][]> {
  const tables: [string, Buffer][] = [];
  for (const database of ['temporal', 'temporal_visibility']) {
    const url = new URL(getTestEnvironment().postgresUrl);
    url.pathname = `/${database}`;
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    try {
      const { rows } = await client.query<{ name: string }>(
        `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
      );
      for (const { name } of rows) {
        const { rows: content } = await client.query<unknown[]>({
          text: `SELECT * FROM ${pg.escapeIdentifier(name)}`,
          rowMode: 'array',
        });
        tables.push([`${database}.${name}`, Buffer.concat(content.flat().map(cellBytes))]);
      }
    } finally {
      await client.end();
    }
  }
  return tables;
}

const cellBytes = (value: unknown): Buffer =>
  Buffer.isBuffer(value) ? value : Buffer.from(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

/** Of every procedure its name, its history in the engine's own bytes, and all that lists show of it, as it comes: memo, search attributes. */
export async function rawHistories(client: Client): Promise<{ name: string; history: History; bytes: Buffer }[]> {
  const all: { name: string; history: History; bytes: Buffer }[] = [];
  for await (const { workflowId, runId, raw } of client.workflow.list()) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    all.push({ name: workflowId, history, bytes: Buffer.concat([Buffer.from(JSON.stringify(raw)), bytesOf(history)]) });
  }
  return all;
}
