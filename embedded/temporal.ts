import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import pg from 'pg';
import { runToEnd } from './child.ts';
import type { Command } from './child.ts';
import type { Postgres } from './postgres.ts';
import type { Service } from './service.ts';
import type { EngineBinaries, ServerBinaries } from './temporal-binaries.ts';
import { DYNAMIC_VALUES, dynamicSettings, serverSettings } from './temporal-settings.ts';
import { sleep } from './wait.ts';

export type TemporalOptions = {
  dataFolder: string;
  logFolder: string;
  /** The address workers and API use; the seven ports above it serve the server's own parts. */
  port: number;
  namespace: string;
  env: NodeJS.ProcessEnv;
};

/** How many ports from `port` on the engine takes. */
export const TEMPORAL_PORTS = 8;
export const TEMPORAL_DATABASES = ['temporal', 'temporal_visibility'] as const;

/** Describes how to run the engine, whichever kind was found. The real server needs its databases in the given Postgres. */
export const prepareTemporal = async (
  options: TemporalOptions,
  engine: EngineBinaries,
  postgres: Postgres | undefined,
): Promise<Service> => {
  if (engine.kind === 'cli') return service(options, engine.temporal, developmentArguments(options));
  if (postgres === undefined) throw new Error('the Temporal server needs a Postgres');
  return prepareServer(options, engine, postgres);
};

/**
 * Brings the engine's tables to the server's version and writes its configuration: one process with all four services,
 * persisted in Postgres.
 */
const prepareServer = async (
  options: TemporalOptions,
  engine: ServerBinaries,
  postgres: Postgres,
): Promise<Service> => {
  await updateSchema(options, engine.sql, new URL(postgres.url('temporal')), 'postgresql/v12/temporal');
  await updateSchema(options, engine.sql, new URL(postgres.url('temporal_visibility')), 'postgresql/v12/visibility');

  const configFile = join(options.dataFolder, 'temporal.json');
  const dynamicFile = join(options.dataFolder, 'temporal-dynamic.json');
  const config = serverSettings(new URL(postgres.url('temporal')), options.port, dynamicFile);
  // JSON is YAML, and needs no library to write. It holds the database password, hence the mode.
  writeFileSync(configFile, JSON.stringify(config, null, 2), { mode: 0o600 });
  writeFileSync(dynamicFile, JSON.stringify(dynamicSettings(), null, 2), { mode: 0o600 });
  const args = ['--config-file', configFile, '--allow-no-auth', 'start'];
  return { ...service(options, engine.server, args), working: (since) => heartBeats(postgres.url('temporal'), since) };
};

const developmentArguments = ({ dataFolder, port, namespace }: TemporalOptions): string[] => [
  ...['server', 'start-dev', '--headless', '--ip', '127.0.0.1', '--port', String(port), '--log-level', 'warn'],
  ...['--db-filename', join(dataFolder, 'temporal.sqlite'), '--namespace', namespace],
  ...Object.entries(DYNAMIC_VALUES).flatMap(([name, value]) => [
    '--dynamic-config-value',
    `${name}=${JSON.stringify(value)}`,
  ]),
];

const service = (options: TemporalOptions, file: string, args: readonly string[]): Service => ({
  command: { name: 'temporal', file, args, env: options.env, logFile: join(options.logFolder, 'temporal.log') },
  ready: () => engineAnswers(`127.0.0.1:${options.port}`),
  readyWithinSeconds: 90,
  stopSignal: 'SIGTERM',
  stopWithinSeconds: 30,
});

/** Each part of the engine writes into its store every ten seconds that it is there; so long it may be late with it. */
const HEART_BEATS_WITHIN = '45 seconds';

/**
 * Whether all parts of the engine still get at their store. One whose connections have fallen silent (a failover, a network that
 * forgets) answers who asks after it, waits for its store without end and hands out no work.
 */
const heartBeats = async (connectionString: string, since: number): Promise<boolean> => {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 3_000, query_timeout: 3_000 });
  try {
    await client.connect();
    const { rows } = await client.query<{ all: boolean | null }>(
      `SELECT bool_and(latest > timezone('utc', now()) - $1::interval) AS all
       FROM (SELECT max(last_heartbeat) AS latest FROM cluster_membership GROUP BY role) AS parts
       WHERE latest > timezone('utc', to_timestamp($2))`,
      [HEART_BEATS_WITHIN, since / 1000],
    );
    // None has written since it began: it is only just beginning.
    return rows[0]?.all ?? true;
  } finally {
    await client.end();
  }
};

/** Resolves when the engine's front door says it serves; rejects otherwise. */
export const engineAnswers = async (address: string): Promise<void> => {
  const connection = await Connection.connect({ address, connectTimeout: '2s' });
  try {
    await connection.workflowService.getClusterInfo({});
  } finally {
    await connection.close();
  }
};

const RETENTION = '90 days';
const USABLE_WITHIN_MS = 60_000;

/**
 * Registers the namespace when it is missing and waits until workflows can be used in it. Finished cases stay in the engine for
 * 90 days (the store keeps them for good).
 */
export const ensureNamespace = async (address: string, namespace: string): Promise<void> => {
  const connection = await Connection.connect({ address });
  try {
    const service = connection.workflowService;
    const { namespaces } = await service.listNamespaces({ pageSize: 1000 });
    if (!namespaces.some(({ namespaceInfo }) => namespaceInfo?.name === namespace)) {
      await service.registerNamespace({ namespace, workflowExecutionRetentionPeriod: msToTs(RETENTION) });
    }
    // The server's parts learn of a new namespace by and by; a list query is answered by the last of them.
    const until = Date.now() + USABLE_WITHIN_MS;
    for (;;) {
      try {
        await service.listWorkflowExecutions({ namespace, pageSize: 1 });
        await service.getSystemInfo({});
        return;
      } catch (error) {
        if (Date.now() > until) throw error;
        await sleep(100);
      }
    }
  } finally {
    await connection.close();
  }
};

/** Both steps change nothing when they were done before; the first is skipped when the version table is there. */
const updateSchema = async (options: TemporalOptions, program: string, url: URL, schemaName: string): Promise<void> => {
  const target = [
    '--plugin',
    'postgres12',
    '--endpoint',
    url.hostname,
    '--port',
    url.port,
    '--database',
    url.pathname.slice(1),
  ];
  const tool = (args: readonly string[]): Command => ({
    name: 'temporal schema tool',
    file: program,
    args: [...target, ...args],
    // The password goes by environment: arguments can be read by every user of the machine.
    env: { ...options.env, SQL_USER: url.username, SQL_PASSWORD: url.password },
    logFile: join(options.logFolder, 'temporal-schema.log'),
  });
  if (!(await hasVersionTable(url))) await runToEnd(tool(['setup-schema', '--version', '0.0']));
  await runToEnd(tool(['update-schema', '--schema-name', schemaName]));
};

const hasVersionTable = async (url: URL): Promise<boolean> => {
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    const { rows } = await client.query(`select 1 from information_schema.tables where table_name = 'schema_version'`);
    return rows.length > 0;
  } finally {
    await client.end();
  }
};
