import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Connection } from '@temporalio/client';
import { readLauncherConfig, readOrExit } from '../config.ts';
import type { LauncherConfig } from '../config.ts';
import { keepRunningEnvironment } from '../config/running.ts';
import { buildIdOf, makeCurrent, untilKnown } from '../engine/deployment.ts';
import { grantRights, type AppRole } from '../prisma/grants.ts';
import { MigrationError, migrate } from '../prisma/migrate.ts';
import { seed } from '../prisma/seed.ts';
import { ensureBuilt } from '../scripts/build.ts';
import { apiService, apiUrl, issuerService, issuerUrl, settingsOf, workerService } from './application.ts';
import { checkPorts, lockFolder, prepareFolder } from './checks.ts';
import type { NeededPort } from './checks.ts';
import { fieldKeys } from './field-keys.ts';
import { startGuardian } from './guardian.ts';
import { StartProblem } from './problem.ts';
import type { Postgres } from './postgres.ts';
import { keepRunning } from './service.ts';
import type { Running, Service } from './service.ts';
import { createSteps } from './steps.ts';
import { APPLICATION_DATABASE, reachDatabase, reachEngine, startEngine, startPostgres } from './stores.ts';
import { findEngine } from './temporal-binaries.ts';
import { TEMPORAL_PORTS } from './temporal.ts';
import { elapsed } from './wait.ts';
import { welcome } from './welcome.ts';

/**
 * `npm start`: the whole system on this machine, in its order, and back in reverse. Real services named in the environment
 * (DATABASE_URL, TEMPORAL_ADDRESS, OIDC_ISSUER) take the place of the embedded ones.
 */
const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** How long a system whose launcher was killed may take to be cleared away by its guardian. */
const PATIENCE_MS = 45_000;

const startedAt = Date.now();
const steps = createSteps(process.stdout);
const stop = new AbortController();
const running: Running[] = [];
const guardian = startGuardian();
const supervision = { watcher: guardian, report: report, signal: stop.signal };

function report(line: string): void {
  // While we stop, everything that ends does so because we asked.
  if (!stop.signal.aborted) steps.tell(`${new Date().toISOString()} ${line}`);
}

const start = async (config: LauncherConfig): Promise<void> => {
  const logFolder = join(config.dataFolder, 'logs');
  const keys = fieldKeys(config);
  const env = config.environment;
  const options = {
    ...{ ...config, logFolder, env, namespace: config.temporalNamespace, supervision },
    archive: config.walArchiveFolder
      ? { folder: config.walArchiveFolder, seconds: config.walArchiveSeconds }
      : undefined,
    started: (service: Running) => void running.push(service),
  };
  /** Nothing more is begun once somebody wants to stop. */
  const step: typeof steps.run = async (title, work) => {
    stop.signal.throwIfAborted();
    return steps.run(title, work);
  };

  const { databaseUrl: named, temporalAddress: namedEngine } = config;
  if (named !== undefined) await step('已有数据库 / DATABASE_URL', () => reachDatabase(named));
  if (namedEngine !== undefined) {
    await step('已有流程引擎 / TEMPORAL_ADDRESS', () => reachEngine(namedEngine, config.temporalNamespace));
  }
  await step('构建程序 / program', (say) => ensureBuilt(say));
  const engine =
    config.temporalAddress === undefined
      ? await step('准备流程引擎 / engine', (progress) => findEngine({ ...options, progress, signal: stop.signal }))
      : undefined;
  const postgres =
    config.databaseUrl === undefined || engine?.kind === 'server'
      ? await step('数据库 / Postgres', () => startPostgres(options))
      : undefined;
  const temporalAddress =
    config.temporalAddress ??
    (await step('流程引擎 / Temporal', () => startEngine(options, engine ?? neverMissing(), postgres)));
  const { ownerUrl, databaseUrl, role } = rolesOf(config, postgres);

  await step('数据表 / migrations', async (say) => {
    await migrate(ownerUrl, say);
    if (role) await grantRights(ownerUrl, role);
  });
  if (config.oidcIssuer === undefined)
    await step('演示数据 / seed', () => seed(ownerUrl, { ...config, fieldKeys: keys }, config.nodeEnv));

  const oidcIssuer = config.oidcIssuer ?? issuerUrl(config);
  const around = { config, root: ROOT, logFolder, databaseUrl, temporalAddress, oidcIssuer, fieldKeys: keys };
  keepRunningEnvironment(config.dataFolder, {
    ...settingsOf(around),
    DATABASE_OWNER_URL: ownerUrl,
  });
  const services = [
    ...(config.oidcIssuer === undefined ? [issuerService(around)] : []),
    ...Array.from({ length: config.workers }, (_, index) => workerService(around, index + 1)),
    apiService(around),
  ];
  await step(`登录、${config.workers} 个办理进程、接口 / login, workers, API`, () => keepAllRunning(services));

  if (config.workerVersioning === 'on') await step('当前版本 / release', () => takeOver(config, temporalAddress));

  steps.tell(welcome({ config, apiUrl: apiUrl(config), temporalAddress, logFolder, took: elapsed(startedAt) }));
};

/** The workers that were just started get the cases; the engine gives versioned ones nothing before somebody has said so. */
const takeOver = async (config: LauncherConfig, address: string): Promise<void> => {
  const connection = await Connection.connect({ address });
  const deployment = { connection, namespace: config.temporalNamespace, name: config.deploymentName };
  const buildId = buildIdOf(readFileSync(join(ROOT, 'dist', 'workflow-bundle.js'), 'utf8'), config);
  try {
    await untilKnown(deployment, buildId, PATIENCE_MS);
    await makeCurrent(deployment, buildId);
  } finally {
    await connection.close();
  }
};

/** The owner migrates, everything else works as a role that cannot touch the log; of a named database only as it is named. */
const rolesOf = (
  { databaseUrl, databaseOwnerUrl, databaseAppRole: name }: LauncherConfig,
  postgres: Postgres | undefined,
): { ownerUrl: string; databaseUrl: string; role?: AppRole } => {
  if (databaseUrl === undefined) {
    const embedded = postgres ?? neverMissing();
    const [ownerUrl, appUrl] = [embedded.url(APPLICATION_DATABASE), embedded.appUrl(APPLICATION_DATABASE)];
    return { ownerUrl, databaseUrl: appUrl, role: embedded.app };
  }
  if (databaseOwnerUrl === undefined) return { ownerUrl: databaseUrl, databaseUrl };
  const { username, password } = new URL(databaseUrl);
  const role = { name, ...(username === name ? { password: decodeURIComponent(password) } : {}) };
  return { ownerUrl: databaseOwnerUrl, databaseUrl, role };
};

/** Starts services side by side; they are stopped in the reverse of the order given here, whichever was ready first. */
const keepAllRunning = async (services: readonly Service[]): Promise<void> => {
  const results = await Promise.allSettled(services.map((service) => keepRunning(service, supervision)));
  for (const result of results) if (result.status === 'fulfilled') running.push(result.value);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
};

const check = async (config: LauncherConfig): Promise<() => void> => {
  if (config.oidcIssuer === undefined && config.nodeEnv === 'production') {
    throw new StartProblem(
      'NODE_ENV=production 时不使用内置登录服务:请设置 OIDC_ISSUER 和 OIDC_AUDIENCE',
      'with NODE_ENV=production the embedded issuer is not used: set OIDC_ISSUER and OIDC_AUDIENCE',
    );
  }
  prepareFolder(config.dataFolder);
  mkdirSync(join(config.dataFolder, 'logs'), { recursive: true, mode: 0o700 });
  const lock = await lockFolder(config.dataFolder);
  try {
    await checkPorts(neededPorts(config), lock.previousDied ? PATIENCE_MS : 0);
  } catch (error) {
    lock.release();
    throw error;
  }
  return lock.release;
};

const neededPorts = (config: LauncherConfig): NeededPort[] => {
  const host = '127.0.0.1';
  const ports: NeededPort[] = [{ port: config.apiPort, host: config.apiHost, use: 'API', setting: 'API_PORT' }];
  if (config.oidcIssuer === undefined) {
    ports.push({ port: config.issuerPort, host, use: 'OIDC', setting: 'ISSUER_PORT' });
  }
  if (config.databaseUrl === undefined) {
    ports.push({ port: config.postgresPort, host, use: 'Postgres', setting: 'POSTGRES_PORT' });
  }
  if (config.temporalAddress === undefined) {
    for (let port = config.temporalPort; port < config.temporalPort + TEMPORAL_PORTS; port += 1) {
      ports.push({ port, host, use: 'Temporal', setting: 'TEMPORAL_PORT' });
    }
  }
  return ports;
};

const stopEverything = async (): Promise<void> => {
  for (const service of running.reverse()) await service.stop();
  guardian.release();
};

/** What a person can put right is said in sentences; anything else is a bug and keeps its stack. */
const forPeople = (error: unknown): unknown => {
  if (error instanceof StartProblem) return `\n✗ ${error.zh}\n✗ ${error.en}`;
  return error instanceof MigrationError ? `\n✗ ${error.message}` : error;
};

const neverMissing = (): never => {
  throw new Error('a part of the system is missing that the steps before should have started');
};

const untilStopped = new Promise<void>((resolve) => {
  stop.signal.addEventListener('abort', () => resolve());
  // A terminal and npm both pass Ctrl-C on, so it comes twice; the second time nothing new is asked.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
});

/**
 * Below npm, Ctrl-C and `kill` reach us through npm. When npm is gone for good (kill -9) nobody can stop us any more, and a system
 * nobody can stop is one that lingers.
 */
const stopWithParent = (): void => {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) stop.abort();
  }, 1_000).unref();
};

const settings = readOrExit(readLauncherConfig);
const config = { ...settings, dataFolder: resolve(settings.dataFolder) };
if (config.environment['npm_lifecycle_event'] !== undefined) stopWithParent();
let exitCode = 0;
let release = (): void => undefined;
try {
  release = await steps.run('检查环境 / checks', () => check(config));
  await start(config);
  await untilStopped;
  steps.tell('正在停止 / stopping …');
} catch (error) {
  if (!stop.signal.aborted) {
    exitCode = 1;
    console.error(forPeople(error));
  }
  stop.abort();
}
await stopEverything();
release();
steps.tell(exitCode === 0 ? '已停止 / stopped' : '已停止,未留下任何进程 / stopped, nothing is left running');
process.exit(exitCode);
