import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import type { LauncherConfig } from '../config.ts';
import { listPollers } from '../engine/pollers.ts';
import { CLIENT_ID } from './demo-login.ts';
import type { Service } from './service.ts';

/** Where the parts of the running system are. */
export type Surroundings = {
  config: LauncherConfig;
  root: string;
  logFolder: string;
  databaseUrl: string;
  temporalAddress: string;
  oidcIssuer: string;
  /** FIELD_KEYS of every process */
  fieldKeys: string;
};

export const issuerService = (around: Surroundings): Service => {
  const { config, root, databaseUrl } = around;
  const url = issuerUrl(config);
  return {
    command: {
      name: 'issuer',
      file: process.execPath,
      args: ['--enable-source-maps', join(root, 'dist', 'issuer.js')],
      env: { ...config.environment, DATABASE_URL: databaseUrl, DATA_FOLDER: config.dataFolder },
      cwd: root,
      logFile: join(around.logFolder, 'issuer.log'),
    },
    ready: () => expectOk(`${url}/.well-known/openid-configuration`),
    readyWithinSeconds: 60,
    stopSignal: 'SIGTERM',
    stopWithinSeconds: 10,
  };
};

export const issuerUrl = ({ issuerPort }: LauncherConfig): string => `http://127.0.0.1:${issuerPort}`;

export const workerService = (around: Surroundings, number: number): Service => ({
  ...nodeService(around, `worker-${number}`, 'worker.js', number, ['--require', join(around.root, LEAN_THREADS)]),
  ready: (pid) => expectPolling(around, pid),
});

export const apiService = (around: Surroundings): Service => ({
  ...nodeService(around, 'api', 'api.js', 0),
  ready: () => expectOk(`${apiUrl(around.config)}/readyz`),
});

/** As seen from this machine, whatever address the API listens on. */
export const apiUrl = ({ apiHost, apiPort }: LauncherConfig): string => {
  const host = apiHost === '0.0.0.0' || apiHost === '::' ? '127.0.0.1' : apiHost;
  return `http://${host}:${apiPort}`;
};

/** Why: see there. */
const LEAN_THREADS = 'engine/lean-threads.cjs';

/** `place`: whose figures are asked for at which port, counted from METRICS_PORT. */
const nodeService = (
  around: Surroundings,
  name: string,
  program: string,
  place: number,
  execArgv: readonly string[] = [],
): Omit<Service, 'ready'> => ({
  command: {
    name,
    file: process.execPath,
    args: ['--enable-source-maps', ...execArgv, join(around.root, 'dist', program)],
    env: { ...applicationEnvironment(around), METRICS_ADDRESS: metricsAddress(around.config, place) },
    cwd: around.root,
    logFile: join(around.logFolder, `${name}.log`),
  },
  readyWithinSeconds: 90,
  stopSignal: 'SIGTERM',
  stopWithinSeconds: around.config.shutdownSeconds + 5,
});

/** Empty counts as not set. */
export const metricsAddress = ({ metricsPort }: LauncherConfig, place: number): string =>
  metricsPort === 0 ? '' : `127.0.0.1:${metricsPort + place}`;

const applicationEnvironment = (around: Surroundings): NodeJS.ProcessEnv => ({
  // The embedded default is for trying things out, so single cases may be fast-forwarded unless somebody says otherwise.
  REHEARSAL: String(around.config.nodeEnv !== 'production'),
  ...around.config.environment,
  ...settingsOf(around),
  // Only migrations work as the owner.
  DATABASE_OWNER_URL: '',
});

/** The settings of a program that belongs to this system. */
export const settingsOf = ({ config, ...around }: Surroundings): Record<string, string> => ({
  NODE_ENV: config.nodeEnv,
  DATABASE_URL: around.databaseUrl,
  TEMPORAL_ADDRESS: around.temporalAddress,
  TEMPORAL_NAMESPACE: config.temporalNamespace,
  TEMPORAL_TASK_QUEUE: config.temporalTaskQueue,
  OIDC_ISSUER: around.oidcIssuer,
  OIDC_AUDIENCE: config.oidcAudience,
  PUBLIC_URL: config.publicUrl ?? apiUrl(config),
  // The embedded issuer knows the console; of a real one only the operator can say under which name.
  ...(config.oidcIssuer === undefined ? { OIDC_CLIENT_ID: CLIENT_ID } : {}),
  DATA_FOLDER: config.dataFolder,
  FIELD_KEYS: around.fieldKeys,
  CRYPTO_SUITE: config.cryptoSuite,
  DOCUMENT_FOLDER: config.documentFolder ?? join(config.dataFolder, 'documents'),
});

const expectOk = async (url: string): Promise<void> => {
  const response = await fetch(url, { signal: AbortSignal.timeout(3_000) });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
};

/** A worker is well when the engine sees it asking for work. */
const expectPolling = async ({ temporalAddress, config }: Surroundings, pid: number): Promise<void> => {
  const connection = await Connection.connect({ address: temporalAddress, connectTimeout: '3s' });
  try {
    const pollers = await listPollers(connection, config.temporalNamespace, config.temporalTaskQueue);
    if (!pollers.some(({ identity }) => identity.startsWith(`${pid}@`)))
      throw new Error('the worker is not polling yet');
  } finally {
    await connection.close();
  }
};
