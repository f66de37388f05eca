import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { pino, type Logger } from 'pino';
import request from 'supertest';
import { createApp, type Api } from '../../api/app.ts';
import { createApiServer } from '../../api/server.ts';
import { readConfig } from '../../config.ts';
import type { JsonObject } from '../../domain/case.ts';
import type { DocumentType } from '../../domain/document-types.ts';
import { TEST_VAULT } from '../support/keys.ts';
import { openOffice, type Office } from '../support/office.ts';
import { openIssuer, type TestIssuer } from './issuer.ts';

/** A whole agency behind its HTTP API: real store, real engine and worker, a real key set; everybody with their own token. */
export interface Agency {
  office: Office;
  issuer: TestIssuer;
  api: Api;
  server: Server;
  documentFolder: string;
  /** value of the Authorization header */
  authorization(username: string): string;
  get(username: string, path: string): request.Test;
  post(username: string, path: string, body?: unknown, key?: string): request.Test;
  upload(username: string, type: DocumentType): Promise<{ type: DocumentType; documentId: string }>;
  /** files through the API and gives the acceptance number */
  file(
    username: string,
    processType: string,
    form: JsonObject,
    papers?: DocumentType[],
    receivedOn?: string,
  ): Promise<string>;
  close(): Promise<void>;
}

export interface AgencyOptions {
  clockAt?: string;
  /** false: the test writes into the store what never happened */
  proves?: boolean;
  log?: Logger;
  /** false: the test brings workers of its own */
  worker?: boolean;
  rehearsal?: boolean;
  /** where lists are read, instead of the store */
  readDb?: pg.Pool;
  /** settings of this agency besides, by their names */
  settings?: Record<string, string>;
}

/** The smallest thing that begins like a PDF; each is different, as real scans are. */
export const pdf = (content: string = randomUUID()): Buffer => Buffer.from(`%PDF-1.4\n% ${content}\n%%EOF\n`);

export async function openAgency(options: AgencyOptions = {}): Promise<Agency> {
  const { clockAt, proves } = options;
  const office = await openOffice({
    ...(clockAt === undefined ? {} : { clockAt }),
    ...(proves === undefined ? {} : { proves }),
    ...(options.worker === undefined ? {} : { worker: options.worker }),
  });
  const issuer = await openIssuer();
  const documentFolder = await mkdtemp(join(tmpdir(), 'jingban-documents-'));
  const config = readConfig({
    NODE_ENV: 'test',
    DATABASE_URL: office.databaseUrl,
    TEMPORAL_ADDRESS: office.engine.address,
    TEMPORAL_NAMESPACE: office.engine.namespace,
    TEMPORAL_TASK_QUEUE: office.deps.config.temporalTaskQueue,
    EFFECT_SPREAD_SECONDS: '0',
    OIDC_ISSUER: issuer.url,
    FIELD_KEYS: TEST_VAULT.fieldKeys,
    OIDC_AUDIENCE: issuer.audience,
    DOCUMENT_FOLDER: documentFolder,
    MAX_DOCUMENT_BYTES: '100000',
    REHEARSAL: String(options.rehearsal ?? true),
    ...options.settings,
  });
  const log = options.log ?? pino({ level: 'silent' });
  const readFrom = options.readDb === undefined ? {} : { readDb: options.readDb };
  const api = createApp({ ...office.deps, ...readFrom, config, log, checkAnswers: true });
  const server = createApiServer(api.app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const tokens = new Map<string, string>();
  const tokenOf = async (username: string): Promise<string> => {
    const token = tokens.get(username) ?? (await issuer.token(username));
    tokens.set(username, token);
    return token;
  };
  // Tokens are made beforehand, so that a request is one synchronous chain as supertest wants it.
  const { rows } = await office.deps.db.query<{ username: string }>('SELECT username FROM staff');
  await Promise.all(rows.map(({ username }) => tokenOf(username)));
  const as = (username: string): string => `Bearer ${tokens.get(username) ?? 'nobody'}`;

  const agency: Agency = {
    office,
    issuer,
    api,
    server,
    documentFolder,
    authorization: as,
    get: (username, path) => request(server).get(path).set('Authorization', as(username)),
    post: (username, path, body = {}, key = randomUUID()) =>
      request(server)
        .post(path)
        .set('Authorization', as(username))
        .set('Idempotency-Key', key)
        .send(body as object),
    async upload(username, type) {
      const answer = await request(server)
        .post('/api/v1/documents')
        .set('Authorization', as(username))
        .attach('file', pdf(), { filename: `${type}.pdf`, contentType: 'application/pdf' })
        .expect(201);
      return { type, documentId: (answer.body as { documentId: string }).documentId };
    },
    async file(username, processType, form, papers = [], receivedOn) {
      const documents = await Promise.all(papers.map((type) => agency.upload(username, type)));
      const answer = await agency.post(username, '/api/v1/cases', {
        processType,
        form,
        documents,
        ...(receivedOn ? { receivedOn } : {}),
      });
      if (answer.status !== 201) throw new Error(`not filed: ${answer.status} ${JSON.stringify(answer.body)}`);
      return (answer.body as { acceptanceNo: string }).acceptanceNo;
    },
    async close() {
      await new Promise((resolve) => server.close(resolve));
      await api.close();
      await issuer.close();
      await office.close();
      await rm(documentFolder, { recursive: true, force: true });
    },
  };
  return agency;
}
