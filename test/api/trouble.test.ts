import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import pg from 'pg';
import { pino } from 'pino';
import request from 'supertest';
import { createApp, type Api } from '../../api/app.ts';
import { isOutage } from '../../api/outage.ts';
import { createPrisma, type PrismaClient } from '../../api/prisma.ts';
import { readConfig } from '../../config.ts';
import { Refusal } from '../../domain/refusal.ts';
import { formOf } from '../processes/reimbursement-cases.ts';
import { TEST_VAULT } from '../support/keys.ts';
import { createClient } from '../../engine/client.ts';
import { openVault } from '../../vault/open-vault.ts';
import { openAgency, type Agency } from './agency.ts';

const lines: string[] = [];
const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });

let agency: Agency;
beforeAll(async () => {
  agency = await openAgency({ log });
});
afterAll(() => agency?.close());
beforeEach(() => {
  lines.length = 0;
});

describe('an outage', () => {
  let broken: { api: Api; db: pg.Pool; prisma: PrismaClient; connection: Connection };
  beforeAll(async () => {
    const port = await closedPort();
    const config = readConfig({
      NODE_ENV: 'test',
      DATABASE_URL: `postgres://nobody:secret@127.0.0.1:${port}/none`,
      TEMPORAL_ADDRESS: `127.0.0.1:${port}`,
      OIDC_ISSUER: agency.issuer.url,
      FIELD_KEYS: TEST_VAULT.fieldKeys,
      OIDC_AUDIENCE: agency.issuer.audience,
      DOCUMENT_FOLDER: agency.documentFolder,
    });
    const db = new pg.Pool({ connectionString: config.databaseUrl });
    const connection = Connection.lazy({ address: config.temporalAddress, interceptors: [] });
    const vault = openVault(db, config);
    const temporal = createClient(connection, 'none', vault);
    const prisma = createPrisma(db);
    const api = createApp({ db, prisma, temporal, vault, config, log, now: () => Date.now() });
    broken = { api, db, prisma, connection };
  });
  afterAll(async () => {
    await broken.api.close();
    await broken.prisma.$disconnect();
    await broken.db.end();
    await broken.connection.close();
  });

  it('of the store is answered 503 with when to repeat, and names no inside', async () => {
    const token = await agency.issuer.token('town1.clerk');
    const server = createServer(broken.api.app);
    const answer = await request(server).get('/api/v1/desk').set('Authorization', `Bearer ${token}`);
    expect(answer.status).toBe(503);
    expect(answer.headers['retry-after']).toBe('2');
    expect(answer.body).toMatchObject({
      code: 'NOT_AVAILABLE',
      title: '系统暂时无法处理，请稍后用同一编号重试，不会重复办理。',
    });
    expect(answer.text).not.toMatch(/ECONNREFUSED|127\.0\.0\.1|secret/);
    expect(lines.join('')).toContain('an outage');
    expect(lines.join('')).not.toContain('secret');
  });

  it('is told by readiness, part by part; the process itself is alive', async () => {
    const server = createServer(broken.api.app);
    await request(server).get('/healthz').expect(200, { status: 'ok' });
    const ready = await request(server).get('/readyz').expect(503);
    expect(ready.body).toMatchObject({
      ready: false,
      checks: { accepting: { ok: true }, database: { ok: false }, engine: { ok: false }, worker: { ok: false } },
    });
    expect(ready.text).not.toMatch(/127\.0\.0\.1/);
  });

  it('of the store is one through the Prisma client, too, and names no inside', async () => {
    const problem = await broken.prisma.office.count().catch((error: unknown) => error);
    expect(isOutage(problem)).toBe(true);
    expect(String(problem)).not.toContain('secret');
  });

  it('is told apart from a mistake of ours', () => {
    const withCode = (code: string | number): Error => Object.assign(new Error('x'), { code });
    for (const code of ['ECONNREFUSED', 'ENOSPC', '57P01', '57P03', '08006', '53300', '40001', '57014', 4, 14])
      expect([code, isOutage(withCode(code))]).toEqual([code, true]);
    for (const code of ['23505', '22P02', '42P01', 'ENOENT', 3, 5, 13])
      expect([code, isOutage(withCode(code))]).toEqual([code, false]);
    expect(isOutage(new Error('wrapped', { cause: new AggregateError([withCode('ECONNREFUSED')]) }))).toBe(true);
    expect(isOutage(new Error('Connection terminated unexpectedly'))).toBe(true);
    // As the engine says it: an update whose task failed, that its worker overlooked or whose procedure was ended, a fast-forward that another one has overtaken.
    for (const sentence of [
      'Unable to perform workflow execution update due to Workflow Task in failed state.',
      'Unable to perform workflow execution update due to unexpected workflow task failure.',
      "Workflow Update is rejected because it wasn't processed by worker. Probably, Workflow Update is not supported by the worker.",
      'Workflow Update failed because the Workflow completed before the Update completed.',
      "the requested fast_forward_id does not match the execution's current fast-forward",
    ]) {
      const said = new Error('Workflow Update failed', { cause: Object.assign(new Error(sentence), { code: 9 }) });
      expect([sentence, isOutage(said)]).toEqual([sentence, true]);
    }
    expect(isOutage(new Error('x', { cause: withCode(9) }))).toBe(false);
    expect(isOutage(new Refusal('NOT_AVAILABLE'))).toBe(true);
    expect(isOutage(new Refusal('STAGE_PASSED'))).toBe(false);
    expect(isOutage('ECONNREFUSED')).toBe(false);
  });
});

it('a mistake of ours is loud in the log under the request’s id and says nothing outside', async () => {
  const { documentId } = await agency.upload('town1.clerk', 'ID_CARD');
  const { rows } = await agency.office.deps.db.query<{ sha256: string }>(
    'SELECT sha256 FROM document WHERE document_id = $1',
    [documentId],
  );
  const sha256 = rows[0]?.sha256 ?? '';
  await rm(join(agency.documentFolder, sha256.slice(0, 2), sha256.slice(2)));
  const answer = await agency.get('town1.clerk', `/api/v1/documents/${documentId}`).expect(500);
  const { requestId, ...body } = answer.body as { requestId: string };
  expect(body).toEqual({
    type: 'urn:jingban:problem:INTERNAL',
    title: '系统内部错误，已记录，请联系管理员。',
    status: 500,
    detail: 'An internal error was recorded; tell the administrator the request id.',
    code: 'INTERNAL',
    messages: {
      zh: '系统内部错误，已记录，请联系管理员。',
      en: 'An internal error was recorded; tell the administrator the request id.',
    },
    faults: [],
  });
  const loud = lines
    .map((line) => JSON.parse(line) as { level: number; requestId?: string; bug?: { stack: string } })
    .find((line) => line.bug);
  expect(loud).toMatchObject({
    level: 50,
    requestId,
    bug: { message: `document ${documentId}: its bytes are not in the store` },
  });
  expect(loud?.bug?.stack).toContain('documents.ts');
});

it('logs one line per request, with route, person and outcome, and nothing personal', async () => {
  const form = formOf('GENERAL_INPATIENT');
  await agency
    .post('town1.clerk', '/api/v1/cases', { processType: 'REIMBURSEMENT_REVIEW', form, documents: [] })
    .expect(422);
  await agency
    .get('town1.clerk', '/api/v1/cases?idCardNo=441602199203159011&q=%E7%A4%BA%E4%BE%8B%E7%94%B2')
    .expect(400);
  await agency
    .get('town1.clerk', '/api/v1/nothing/441602199203159011')
    .set('X-Request-Id', 'from-the-proxy-1')
    .expect(404);
  const logged = lines
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((line) => 'responseTime' in line);
  expect(logged).toHaveLength(3);
  expect(logged[0]).toMatchObject({
    req: { method: 'POST' },
    res: { status: 422 },
    route: '/api/v1/cases',
    user: 's-town1.clerk',
    code: 'DOCUMENTS_MISSING',
  });
  expect(logged[2]).toMatchObject({ req: { id: 'from-the-proxy-1' }, code: 'ROUTE_NOT_FOUND' });
  const whole = lines.join('');
  for (const personal of ['441602199203159011', '示例甲', '6222020000000001', '%E7%A4%BA', 'Bearer', 'eyJ'])
    expect([personal, whole.includes(personal)]).toEqual([personal, false]);
});

it('a process that is stopping says so before it stops', async () => {
  await request(agency.server).get('/readyz').expect(200);
  agency.api.drain();
  const { body } = await request(agency.server).get('/readyz').expect(503);
  expect(body).toMatchObject({
    ready: false,
    checks: { accepting: { ok: false }, database: { ok: true }, engine: { ok: true }, worker: { ok: true } },
  });
  await agency.get('town1.clerk', '/api/v1/me').expect(200);
});

/** A port nobody listens on: taken from the system and given back. */
function closedPort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createTcpServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
