import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import pg from 'pg';
import { runToEnd } from './child.ts';
import type { Command } from './child.ts';
import type { Postgres } from './postgres.ts';
import type { Service } from './service.ts';
import { dynamicSettings, serverSettings } from './temporal-settings.ts';
import { sleep } from './wait.ts';

/** The programs of the real server, see `temporal-binaries.ts`. */
export type TemporalServer = { server: string; sql: string };

export type TemporalOptions = {
  binaries: TemporalServer;
  postgres: Postgres;
  dataFolder: string;
  logFolder: string;
  /** The address workers and API use; the seven ports above it serve the server's own parts. */
  port: number;
  env: NodeJS.ProcessEnv;
};

/** How many ports from `port` on the server takes. */
export const TEMPORAL_PORTS = 8;
export const TEMPORAL_DATABASES = ['temporal', 'temporal_visibility'] as const;

/**
 * Brings the engine's tables to the server's version and describes how to run it: one process with all four services,
 * persisted in the given Postgres, whose databases must exist. Nothing is started yet.
 */
export const prepareTemporal = async (options: TemporalOptions): Promise<Service> => {
  await updateSchema(options, 'temporal', 'postgresql/v12/temporal');
  await updateSchema(options, 'temporal_visibility', 'postgresql/v12/visibility');

  const configFile = join(options.dataFolder, 'temporal.json');
  const dynamicFile = join(options.dataFolder, 'temporal-dynamic.json');
  const config = serverSettings(new URL(options.postgres.url('temporal')), options.port, dynamicFile);
  // JSON is YAML, and needs no library to write. It holds the database password, hence the mode.
  writeFileSync(configFile, JSON.stringify(config, null, 2), { mode: 0o600 });
  writeFileSync(dynamicFile, JSON.stringify(dynamicSettings(), null, 2), { mode: 0o600 });
  return {
    command: {
      name: 'temporal',
      file: options.binaries.server,
      args: ['--config-file', configFile, '--allow-no-auth', 'start'],
      env: options.env,
      logFile: join(options.logFolder, 'temporal.log'),
    },
    ready: () => engineAnswers(`127.0.0.1:${options.port}`),
    readyWithinSeconds: 90,
    stopSignal: 'SIGTERM',
    stopWithinSeconds: 30,
  };
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
const updateSchema = async (options: TemporalOptions, database: string, schemaName: string): Promise<void> => {
  const url = new URL(options.postgres.url(database));
  const tool = (args: readonly string[]): Command => ({
    name: 'temporal schema tool',
    file: options.binaries.sql,
    args: ['--plugin', 'postgres12', '--endpoint', url.hostname, '--port', url.port, '--database', database, ...args],
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
