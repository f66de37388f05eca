import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readLauncherConfig, type LauncherConfig } from '../config.ts';
import { apiService, issuerService, workerService, type Surroundings } from '../embedded/application.ts';
import { fieldKeys } from '../embedded/field-keys.ts';
import { startGuardian } from '../embedded/guardian.ts';
import { findFreePorts } from '../embedded/ports.ts';
import { createDatabases, preparePostgres, type Postgres } from '../embedded/postgres.ts';
import { keepRunning, type Running, type Service } from '../embedded/service.ts';
import { APPLICATION_DATABASE, startEngine } from '../embedded/stores.ts';
import { findEngine } from '../embedded/temporal-binaries.ts';
import { TEMPORAL_DATABASES, TEMPORAL_PORTS } from '../embedded/temporal.ts';
import { grantRights } from '../prisma/grants.ts';
import { migrate } from '../prisma/migrate.ts';
import { seed } from '../prisma/seed.ts';
import { buildProgram, ensureBuilt } from '../scripts/build.ts';
import type { Orders } from './children/control.ts';
import { openDisk, type Disk } from './disk.ts';
import { openNetwork, type Network } from './network.ts';
import { openLink, throughLink, type Link } from './proxy.ts';

/** What may be killed, stopped and cut off. */
export const PARTS = ['postgres', 'temporal', 'worker-1', 'worker-2', 'api-1', 'api-2'] as const;
export type Part = (typeof PARTS)[number];
export const WORKERS = ['worker-1', 'worker-2'] as const satisfies readonly Part[];
export const APIS = ['api-1', 'api-2'] as const satisfies readonly Part[];
export type Program = (typeof WORKERS)[number] | (typeof APIS)[number];

/** The whole system as separate processes in a folder of its own; every connection between them can be broken. */
export interface System {
  folder: string;
  keys: string;
  /** past all proxies, for whoever sets up and looks afterwards */
  ownerUrl: string;
  temporalAddress: string;
  namespace: string;
  issuer: string;
  /** where clients reach the APIs */
  apis: string[];
  links: ReadonlyMap<string, Link>;
  documents: Disk;
  postgresDisk: Disk;
  /** cuts worker-2 off for real; absent where this machine does not let us */
  network: Network | undefined;
  pid(part: Part): number | undefined;
  order(program: Program, orders: Omit<Orders, 'number'>): void;
  /** lines the supervision said since the last call */
  said(): string[];
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LOOPBACK = '127.0.0.1';
const NAMESPACE = 'jingban';
/** The cluster lies on a small disk of its own, so its log must stay small. */
const POSTGRES_DISK_MB = 2_500;
const DOCUMENTS_DISK_MB = 48;

/** What has to be undone, in the reverse of the order in which it was done; also when only half of it was done. */
export type Undo = Array<() => void | Promise<void>>;

export async function startSystem(folder: string, say: (line: string) => void, undo: Undo): Promise<System> {
  mkdirSync(join(folder, 'orders'), { recursive: true });
  chmodSync(folder, 0o755); // as root, Postgres runs as another user and has to get in
  await ensureBuilt(say);
  await Promise.all(['worker', 'api'].map((name) => buildProgram(`faults-${name}.js`, `faults/children/${name}.ts`)));

  const guardian = startGuardian();
  undo.push(() => guardian.release());
  const lines: string[] = [];
  const supervision = { watcher: guardian, report: (line: string) => void lines.push(line) };
  const services = new Map<string, Running>();
  const run = async (service: Service): Promise<void> => {
    const running = await keepRunning(service, supervision);
    services.set(running.name, running);
    undo.push(() => running.stop());
  };
  const links = new Map<string, Link>();
  const link = async (name: string, target: { host: string; port: number }, host = LOOPBACK): Promise<Link> => {
    const opened = await openLink(name, target, host);
    links.set(name, opened);
    undo.push(() => opened.close());
    return opened;
  };

  const base = configOf(folder, {});
  const { cacheFolder, environment: env } = base;
  const logFolder = join(folder, 'logs');
  const keys = fieldKeys(base);
  const first = await findFreePorts(TEMPORAL_PORTS + 4);
  const postgresPort = first + TEMPORAL_PORTS;
  const postgresDisk = openDisk(join(folder, 'postgres'), POSTGRES_DISK_MB, undo);
  const documents = openDisk(join(folder, 'documents'), DOCUMENTS_DISK_MB, undo);

  say('engine, Postgres');
  const engine = await findEngine({ dataFolder: folder, cacheFolder, env, progress: say });
  const postgres = await preparePostgres({ dataFolder: folder, cacheFolder, logFolder, port: postgresPort });
  await run(withSmallLog(postgres.service));
  await createDatabases(postgres, [APPLICATION_DATABASE, ...TEMPORAL_DATABASES]);
  const enginesLink = await link('temporal → postgres', { host: LOOPBACK, port: postgresPort });
  const temporalAddress = await startEngine(
    {
      ...{ dataFolder: folder, cacheFolder, logFolder, postgresPort, temporalPort: first },
      ...{ namespace: NAMESPACE, env, supervision },
      started: (running) => {
        services.set(running.name, running);
        undo.push(() => running.stop());
      },
    },
    engine,
    through(postgres, enginesLink),
  );

  say('migrations, demonstration data');
  const ownerUrl = postgres.url(APPLICATION_DATABASE);
  await migrate(ownerUrl, () => undefined);
  await grantRights(ownerUrl, postgres.app);
  await seed(ownerUrl, { ...base, fieldKeys: keys }, 'test');

  const network = openNetwork(first % 200, undo, say);
  const around = async (name: string, more: NodeJS.ProcessEnv, host?: string): Promise<Surroundings> => {
    const toPostgres = await link(`${name} → postgres`, { host: LOOPBACK, port: postgresPort }, host);
    const toEngine = await link(`${name} → temporal`, { host: LOOPBACK, port: first }, host);
    return {
      config: configOf(folder, { ISSUER_PORT: String(first + TEMPORAL_PORTS + 1), ...more }),
      root: ROOT,
      logFolder,
      databaseUrl: throughLink(postgres.appUrl(APPLICATION_DATABASE), toPostgres),
      temporalAddress: `${toEngine.host}:${toEngine.port}`,
      oidcIssuer: issuer,
      fieldKeys: keys,
    };
  };
  const issuerPort = first + TEMPORAL_PORTS + 1;
  const issuer = `http://${LOOPBACK}:${issuerPort}`;
  await run(issuerService(await around('issuer', {})));

  say('two workers, two APIs');
  const orders = (name: string): string => join(folder, 'orders', `${name}.json`);
  await run(ours(workerService(await around('worker-1', {}), 1), 'faults-worker.js', orders('worker-1')));
  // The second one keeps hardly any case in memory, so most of what it does begins with a replay.
  const second = await around('worker-2', { MAX_CACHED_WORKFLOWS: '20' }, network?.hostAddress);
  const worker2 = ours(workerService(second, 2), 'faults-worker.js', orders('worker-2'));
  await run(network ? network.inside(worker2) : worker2);
  const apis: string[] = [];
  for (const [i, name] of APIS.entries()) {
    const port = first + TEMPORAL_PORTS + 2 + i;
    const service = ours(apiService(await around(name, { API_PORT: String(port) })), 'faults-api.js', orders(name));
    await run({ ...service, command: { ...service.command, name, logFile: join(logFolder, `${name}.log`) } });
    const door = await link(`clients → ${name}`, { host: LOOPBACK, port });
    apis.push(`http://${LOOPBACK}:${door.port}`);
  }

  let number = Date.now();
  return {
    ...{ folder, keys, ownerUrl, temporalAddress, namespace: NAMESPACE, issuer, apis, links },
    ...{ documents, postgresDisk, network },
    pid: (part) => services.get(part)?.pid(),
    order: (program, what) => writeFileSync(orders(program), JSON.stringify({ ...what, number: ++number })),
    said: () => lines.splice(0),
  };
}

/** Nothing outside is touched: services named in the caller's environment are not used, limits on eager clients are off. */
function configOf(folder: string, more: NodeJS.ProcessEnv): LauncherConfig {
  const { environment } = readLauncherConfig();
  const { DATABASE_URL: _d, TEMPORAL_ADDRESS: _t, OIDC_ISSUER: _o, ...rest } = environment;
  return readLauncherConfig({
    ...rest,
    ...{ FILINGS_A_MINUTE: '1000000', SEARCHES_A_MINUTE: '1000000', REVEALS_A_MINUTE: '1000000' },
    NODE_ENV: 'test',
    TEMPORAL_NAMESPACE: NAMESPACE,
    DATA_FOLDER: folder,
    LOG_LEVEL: 'warn',
    ...more,
  });
}

/** The same program with our ears in front: see `children/control.ts`. */
function ours(service: Service, program: string, ordersFile: string): Service {
  const { command } = service;
  return {
    ...service,
    command: { ...command, args: ['--enable-source-maps', join(ROOT, 'dist', program), ordersFile] },
  };
}

const withSmallLog = (service: Service): Service => {
  const { command } = service;
  const args = [...command.args, '-c', 'max_wal_size=256MB', '-c', 'wal_recycle=off'];
  return { ...service, command: { ...command, args } };
};

const through = (postgres: Postgres, link: Link): Postgres => ({
  ...postgres,
  url: (database) => throughLink(postgres.url(database), link),
});
