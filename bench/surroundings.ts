import { randomInt, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import { readLauncherConfig } from '../config.ts';
import { workerService, type Surroundings } from '../embedded/application.ts';
import { startGuardian } from '../embedded/guardian.ts';
import { keepRunning, type Running, type Service } from '../embedded/service.ts';
import { createClient } from '../engine/client.ts';
import { ensureBuilt } from '../scripts/build.ts';
import { getTestEnvironment } from '../test/support/environment.ts';
import startStores from '../test/support/global-setup.ts';
import { startedForTests } from '../test/support/global-state.ts';
import stopStores from '../test/support/global-teardown.ts';
import { TEST_VAULT } from '../test/support/keys.ts';
import { createDatabase } from '../test/support/postgres.ts';
import { openVault } from '../vault/open-vault.ts';
import type { Vault } from '../vault/vault.ts';

export type Say = (line: string) => void;

/** Lines with the seconds since the beginning. */
export function sayTo(print: Say): Say {
  const since = performance.now();
  return (line) => print(`${((performance.now() - since) / 1000).toFixed(0).padStart(4)} s  ${line}`);
}

/** What a measurement runs in: a real Postgres, the real engine, a database of its own, and programs it may start. */
export interface Bench {
  /** tells this measurement's task queues from those of others on the same engine */
  id: string;
  db: pg.Pool;
  vault: Vault;
  connection: Connection;
  /** plain, as the compared system has it */
  temporal: Client;
  /** as our own programs have it */
  sealed: Client;
  folder: string;
  root: string;
  /** what a program is started with; each of the compared systems has a task queue of its own */
  around(taskQueue: string): Surroundings;
  start(service: Service): Promise<Running>;
  /** what else has to be undone */
  atTheEnd(undo: () => void): void;
  say: Say;
  close(): Promise<void>;
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Builds the programs and brings up stores and database, or takes the stores that JINGBAN_TEST_* name. Everything lies
 * in a folder of its own and goes away with `close`; a guardian clears up after a kill.
 */
export async function openBench(say: Say): Promise<Bench> {
  const built = await ensureBuilt(say);
  if (built.length > 0) say(`built ${built.join(', ')}`);
  await startStores();
  const { temporalAddress, namespace } = getTestEnvironment();
  const database = await createDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'jingban-bench-'));
  const db = new pg.Pool({ connectionString: database.ownerUrl, max: 20 });
  const vault = openVault(db, TEST_VAULT);
  const connection = await Connection.connect({ address: temporalAddress });
  // Numbers are procedure ids, too: those of an earlier measurement on the same engine must not come again.
  await db.query(`SELECT setval('acceptance_number', $1)`, [randomInt(1_000_000, 999_000_000)]);
  const guardian = startGuardian();
  const running: Running[] = [];
  const settings = readLauncherConfig();
  const undoings: (() => void)[] = [];
  return {
    id: randomUUID().slice(0, 8),
    db,
    vault,
    connection,
    temporal: new Client({ connection, namespace }),
    sealed: createClient(connection, namespace, vault),
    folder,
    root: ROOT,
    say,
    around: (temporalTaskQueue) => ({
      config: { ...settings, dataFolder: folder, temporalNamespace: namespace, temporalTaskQueue },
      root: ROOT,
      logFolder: join(folder, 'logs'),
      databaseUrl: database.ownerUrl,
      temporalAddress,
      // Named because the settings ask for it; who measures is trusted by a key of its own, see `http.ts`.
      oidcIssuer: 'http://bench.invalid',
      fieldKeys: TEST_VAULT.fieldKeys,
    }),
    async start(service) {
      const started = await keepRunning(service, { watcher: guardian, report: () => undefined });
      running.push(started);
      return started;
    },
    atTheEnd: (undo) => void undoings.push(undo),
    async close() {
      for (const undo of undoings) undo();
      for (const service of running.reverse()) await service.stop();
      guardian.release();
      await connection.close();
      await db.end();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
      await stopStores();
    },
  };
}

/** Of the engine that was started for the measurement; unknown where the environment names one. */
export const enginePid = (): number | undefined =>
  startedForTests()
    ?.running.find(({ name }) => name === 'temporal')
    ?.pid();

/** Our worker as `npm start` runs it; `execArgv` goes to node, for a profile. */
export function ourWorker(around: Surroundings, number: number, execArgv: readonly string[] = []): Service {
  const service = workerService(around, number);
  return { ...service, command: { ...service.command, args: [...execArgv, ...service.command.args] } };
}
