import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readLauncherConfig } from '../../config.ts';
import { apiService, apiUrl, metricsAddress, workerService } from '../../embedded/application.ts';
import { startGuardian, type Guardian } from '../../embedded/guardian.ts';
import { findFreePorts } from '../../embedded/ports.ts';
import { keepRunning, type Running } from '../../embedded/service.ts';
import { createPayloadCodec } from '../../engine/payload-codec.ts';
import { PERSONS } from '../../prisma/seed/persons.ts';
import { openIssuer, type TestIssuer } from '../api/issuer.ts';
import { openCollector, type Collector } from '../telemetry/collector.ts';
import { startOwnStores, type OwnStores } from '../end-to-end/own-stores.ts';
import { TEST_VAULT } from '../support/keys.ts';
import { openOffice, type Office } from '../support/office.ts';
import { engineTables, rawHistories } from './engine-files.ts';
import { found, needleOf } from './needles.ts';
import { applicantOf, createTraffic, PLANTED, type Traffic } from './traffic.ts';

/**
 * Ten insured persons with their numbers, phones, illnesses and accounts go through the system as it really runs – API, worker,
 * Postgres and engine as processes of their own, logging all they can – in cases that are decided, refused, mistyped, searched for,
 * and hit by an error whose detail is the row. Afterwards none of it may be read anywhere but in the agency's own database.
 */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const NEEDLES = PLANTED.map(needleOf);

let stores: OwnStores;
let office: Office;
let issuer: TestIssuer;
let guardian: Guardian;
let folder: string;
let traffic: Traffic;
let collector: Collector;
/** what Prometheus was told, by process */
const figures: [string, Buffer][] = [];
const running: Running[] = [];

beforeAll(async () => {
  stores = await startOwnStores();
  office = await openOffice({ worker: false });
  issuer = await openIssuer();
  collector = await openCollector();
  folder = mkdtempSync(join(tmpdir(), 'jingban-planted-'));
  const [apiPort, metricsPort, namespace] = [await findFreePorts(1), await findFreePorts(2), office.engine.namespace];
  const config = readLauncherConfig({
    ...readLauncherConfig().environment,
    NODE_ENV: 'test',
    TEMPORAL_NAMESPACE: namespace,
    TEMPORAL_TASK_QUEUE: office.deps.config.temporalTaskQueue,
    EFFECT_SPREAD_SECONDS: '0',
    OIDC_AUDIENCE: issuer.audience,
    API_PORT: String(apiPort),
    DATA_FOLDER: folder,
    LOG_LEVEL: 'trace',
    METRICS_PORT: String(metricsPort),
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_TRACES_SAMPLER_ARG: '1',
  });
  const around = {
    ...{ config, root: ROOT, logFolder: join(folder, 'logs'), databaseUrl: office.databaseUrl },
    ...{ temporalAddress: office.engine.address, oidcIssuer: issuer.url, fieldKeys: TEST_VAULT.fieldKeys },
  };
  guardian = startGuardian();
  const supervision = { watcher: guardian, report: () => undefined };
  running.push(await keepRunning(workerService(around, 1), supervision));
  running.push(await keepRunning(apiService(around), supervision));
  traffic = createTraffic(apiUrl(config), issuer, office);
  for (const [n, person] of PERSONS.slice(0, 10).entries()) await traffic.walk(person, n);
  await traffic.detailedErrors();
  await traffic.mistakes();
  for (const place of [0, 1]) {
    const answer = await fetch(`http://${metricsAddress(config, place)}/metrics`);
    figures.push([`metrics ${place}`, Buffer.from(await answer.arrayBuffer())]);
  }
  for (const service of running.splice(0).reverse()) await service.stop();
}, 300_000);
afterAll(async () => {
  for (const service of running) await service.stop();
  guardian?.release();
  await issuer?.close();
  await collector?.close();
  await office?.close();
  await stores?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
}, 120_000);

const filesIn = (path: string): [string, Buffer][] =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => [join(entry.parentPath, entry.name), readFileSync(join(entry.parentPath, entry.name))]);
const hits = (things: readonly [string, Buffer][]): string[] =>
  things.flatMap(([name, bytes]) => found(bytes, NEEDLES).map((hit) => `${name}: ${hit}`));

it('the cases were there: opened by the codec, the histories name every one of the ten', async () => {
  const codec = createPayloadCodec(office.deps.vault);
  const opened: Buffer[] = [];
  for (const { history } of await rawHistories(office.engine.client)) {
    const payloads = (history.events ?? []).flatMap((event) => [
      ...(event.workflowExecutionStartedEventAttributes?.input?.payloads ?? []),
      ...(event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input?.args?.payloads ?? []),
    ]);
    for (const payload of await codec.decode(payloads)) opened.push(Buffer.from(payload.data ?? []));
  }
  const whole = Buffer.concat(opened);
  const missing = PERSONS.slice(0, 10).flatMap((person, n) =>
    applicantOf(person, n).filter((text) => !whole.includes(Buffer.from(text))),
  );
  expect(missing).toEqual([]);
});

it('logs of API, worker, Postgres and engine name none of it', () => {
  const logs = [...filesIn(join(folder, 'logs')), ...filesIn(join(stores.folder, 'logs'))];
  expect(logs.map(([name]) => name.split('/').at(-1))).toEqual(
    expect.arrayContaining(['api.log', 'worker-1.log', 'postgres.log', 'temporal.log']),
  );
  const told = (name: string): string => logs.find(([path]) => path.endsWith(name))?.[1].toString() ?? '';
  // Otherwise nothing went wrong, and nothing was tried.
  expect(told('postgres.log')).toContain('duplicate key value violates unique constraint');
  expect(told('worker-1.log')).toContain('duplicate key value violates unique constraint');
  expect(told('api.log')).toContain('a bug: the request could not be answered');
  expect(hits(logs)).toEqual([]);
});

it('figures and traces name none of it', () => {
  for (const [, text] of figures) expect(text.toString()).toContain('jingban_');
  expect(hits(figures)).toEqual([]);
  expect(collector.spans().filter(({ name }) => name === 'activity turn').length).toBeGreaterThanOrEqual(10);
  expect(hits(collector.bodies().map((body) => ['trace', body]))).toEqual([]);
});

it('histories, memos, search attributes and names of procedures name none of it', async () => {
  const histories = await rawHistories(office.engine.client);
  expect(histories.length).toBeGreaterThanOrEqual(10);
  expect(hits(histories.map(({ name, bytes }) => [name, Buffer.concat([Buffer.from(name), bytes])]))).toEqual([]);
});

it('the engine’s own databases name none of it', async () => {
  const tables = await engineTables();
  expect(tables.find(([name]) => name === 'temporal.history_node')?.[1].length).toBeGreaterThan(10_000);
  expect(hits(tables)).toEqual([]);
});

it('no answer to a mistake, a refusal, an outage or a bug names any of it', () => {
  expect(traffic.refusals.map(({ status }) => status)).toEqual(expect.arrayContaining([400, 403, 404, 422, 500]));
  expect(hits(traffic.refusals.map(({ what, body }) => [what, Buffer.from(body)]))).toEqual([]);
});

it('lists, and who looked at what for which reason, name none of it', async () => {
  expect(traffic.lists.length).toBeGreaterThan(0);
  expect(hits(traffic.lists.map(({ what, body }) => [what, Buffer.from(body)]))).toEqual([]);
  const { rows } = await office.owner.query<{ text: string }>('SELECT a::text AS text FROM access_log a');
  expect(rows.length).toBeGreaterThan(10);
  expect(rows.some(({ text }) => text.includes('/reveal'))).toBe(true);
  expect(hits(rows.map(({ text }) => ['access_log', Buffer.from(text)]))).toEqual([]);
});

it('names of stored files and witnesses name none of it', () => {
  const files = filesIn(folder).filter(([name]) => !name.includes('/logs/'));
  expect(hits(files.map(([name, bytes]) => [name, Buffer.concat([Buffer.from(name), bytes])]))).toEqual([]);
});

it('a spelling that is there is found', () => {
  const [needle] = NEEDLES;
  if (!needle) throw new Error('nothing was planted');
  for (const [name, spelling] of needle.spellings)
    expect(found(Buffer.concat([Buffer.from('xy'), spelling, Buffer.from('z')]), [needle])).toContain(
      `${needle.text} (${name})`,
    );
});
