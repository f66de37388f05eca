import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { createApp } from '../../api/app.ts';
import { createPrisma } from '../../api/prisma.ts';
import { createApiServer } from '../../api/server.ts';
import { readConfig } from '../../config.ts';
import { createClient } from '../../engine/client.ts';
import { engineConnection } from '../../engine/connection.ts';
import { openIssuer } from '../../test/api/issuer.ts';
import { getTestEnvironment } from '../../test/support/environment.ts';
import { TEST_VAULT } from '../../test/support/keys.ts';
import { openVault } from '../../vault/open-vault.ts';
import { planOf, type Plan } from './plan.ts';
import type { Question } from './questions.ts';

/** The whole API in this process, over a pool that notes every statement: what is explained is what is asked. */
export interface RecordedApi {
  /** the plans of everything the question had the database do, as it was done just now */
  plansOf(question: Question, n?: number): Promise<Plan[]>;
  close(): Promise<void>;
}

interface Statement {
  text: string;
  values: unknown[];
}

export async function openRecordedApi(databaseUrl: string): Promise<RecordedApi> {
  const { temporalAddress, namespace } = getTestEnvironment();
  const db = new pg.Pool({ connectionString: databaseUrl, max: 4 });
  const explaining = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  const statements: Statement[] = [];
  record(db, statements);
  const vault = openVault(db, TEST_VAULT);
  const issuer = await openIssuer();
  const documentFolder = mkdtempSync(join(tmpdir(), 'jingban-growth-'));
  const connection = engineConnection(temporalAddress);
  const config = readConfig({
    NODE_ENV: 'test',
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: temporalAddress,
    TEMPORAL_NAMESPACE: namespace,
    OIDC_ISSUER: issuer.url,
    OIDC_AUDIENCE: issuer.audience,
    FIELD_KEYS: TEST_VAULT.fieldKeys,
    DOCUMENT_FOLDER: documentFolder,
  });
  const temporal = createClient(connection, namespace, vault);
  const log = pino({ level: 'silent' });
  const prisma = createPrisma(db);
  const api = createApp({ db, prisma, temporal, vault, config, log, now: () => Date.now() });
  const server = createApiServer(api.app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    async plansOf(question, n = 0) {
      const { username, path, body } = question.ask(n);
      const headers = {
        Authorization: `Bearer ${await issuer.token(`s-${username}`)}`,
        'Idempotency-Key': randomUUID(),
      };
      statements.length = 0;
      await askOnce(url, headers, path, body);
      const asked = statements.splice(0);
      const plans: Plan[] = [];
      for (const { text, values } of asked) {
        const plan = await planOf(explaining, text, values);
        if (plan) plans.push(plan);
      }
      return plans;
    },
    async close() {
      await new Promise((resolve) => server.close(resolve));
      await api.close();
      await prisma.$disconnect();
      await db.end();
      await explaining.end();
      await connection.close();
      await issuer.close();
      rmSync(documentFolder, { recursive: true, force: true });
    },
  };
}

/** Asks once, throws unless it is answered well; gives the ms until the whole answer was there. */
export async function askOnce(
  url: string,
  headers: Record<string, string>,
  path: string,
  body?: object,
): Promise<number> {
  const from = performance.now();
  const response = await fetch(`${url}${path}`, {
    headers: { ...headers, ...(body ? { 'Content-Type': 'application/json' } : {}) },
    ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text.slice(0, 500)}`);
  return performance.now() - from;
}

/** Statements of the pool, by whichever of the ways they are given; those of transactions are not lists and not noted. */
function record(db: pg.Pool, statements: Statement[]): void {
  const query = db.query.bind(db) as (...given: unknown[]) => unknown;
  db.query = ((...given: [string | pg.QueryConfig, unknown]) => {
    const [asked, values] = given;
    const { text, values: own } = typeof asked === 'string' ? { text: asked, values: undefined } : asked;
    statements.push({ text, values: Array.isArray(values) ? values : (own ?? []) });
    return query(...given);
  }) as typeof db.query;
}
