import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { readLauncherConfig } from '../../config.ts';
import { startGuardian } from '../../embedded/guardian.ts';
import { findFreePorts } from '../../embedded/ports.ts';
import type { Postgres } from '../../embedded/postgres.ts';
import type { Running } from '../../embedded/service.ts';
import { startEngine, startPostgres } from '../../embedded/stores.ts';
import { findEngine } from '../../embedded/temporal-binaries.ts';
import { TEMPORAL_PORTS } from '../../embedded/temporal.ts';

/** Ports that stay while machines come and go: whoever asks again after a disaster asks at the same addresses. */
export interface Addresses {
  postgresPort: number;
  /** of the engine's Postgres, where it is another one */
  secondPort: number;
  temporalPort: number;
}
export interface Machine {
  postgres: Postgres;
  temporalAddress: string;
  /** of the engine's tables; the same as `postgres` unless they come from another folder */
  enginePostgres: Postgres;
  /** SIGKILL for all of it, and its files are gone, too, unless they are wanted */
  lose(keepFiles?: boolean): Promise<void>;
}

export const NAMESPACE = 'jingban';
const { cacheFolder, environment } = readLauncherConfig();
export { cacheFolder };

export async function chooseAddresses(): Promise<Addresses> {
  const first = await findFreePorts(TEMPORAL_PORTS + 2);
  return { temporalPort: first, postgresPort: first + TEMPORAL_PORTS, secondPort: first + TEMPORAL_PORTS + 1 };
}

/** A folder as a disk of its own; as root, Postgres runs as another user and has to get in. */
export function newDisk(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `jingban-${name}-`));
  chmodSync(folder, 0o755);
  disks.push(folder);
  return folder;
}
const disks: string[] = [];
export const removeDisks = (): void => disks.forEach((folder) => rmSync(folder, { recursive: true, force: true }));

/** Postgres and engine on what is in a folder; `engineFolder`: the engine's tables come from another one. */
export async function startMachine(
  { postgresPort, secondPort, temporalPort }: Addresses,
  folder: string,
  { archiveFolder, engineFolder = folder }: { archiveFolder?: string; engineFolder?: string } = {},
): Promise<Machine> {
  const guardian = startGuardian();
  const services: Running[] = [];
  const folders: string[] = [];
  const options = (dataFolder: string, port: number) => ({
    ...{ dataFolder, cacheFolder, logFolder: join(dataFolder, 'logs'), env: environment, namespace: NAMESPACE },
    ...{
      postgresPort: port,
      temporalPort,
      archive: archiveFolder ? { folder: archiveFolder, seconds: 60 } : undefined,
    },
    supervision: { watcher: guardian, report: () => undefined },
    started: (service: Running) => void services.push(service),
  });
  const engine = await findEngine({ dataFolder: folder, cacheFolder, env: environment, progress: () => undefined });
  const postgres = await startPostgres(options(folder, postgresPort));
  folders.push(folder, postgres.folder);
  const enginesOwn = engineFolder === folder ? postgres : await startPostgres(options(engineFolder, secondPort));
  folders.push(engineFolder, enginesOwn.folder);
  const temporalAddress = await startEngine(options(engineFolder, postgresPort), engine, enginesOwn);
  return {
    postgres,
    temporalAddress,
    enginePostgres: enginesOwn,
    async lose(keepFiles = false) {
      const stopped = [...services].reverse().map((service) => {
        const stopping = service.stop();
        const pid = service.pid();
        if (pid !== undefined) process.kill(pid, 'SIGKILL');
        return stopping;
      });
      await Promise.all(stopped);
      guardian.release();
      if (keepFiles) return;
      // Sessions of a killed Postgres write for some moments more.
      for (const gone of folders) rmSync(gone, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
    },
  };
}

/** What was committed before this call is in the archive when it returns. */
export async function archiveNow(postgres: Postgres): Promise<void> {
  const client = new pg.Client({ connectionString: postgres.url('postgres') });
  await client.connect();
  try {
    const { rows } = await client.query<{ wal: string }>('SELECT pg_walfile_name(pg_switch_wal()) AS wal');
    for (let tries = 0; tries < 600; tries++) {
      const { rows: archived } = await client.query<{ last: string | null }>(
        'SELECT last_archived_wal AS last FROM pg_stat_archiver',
      );
      if ((archived[0]?.last ?? '') >= (rows[0]?.wal ?? '')) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error('the log was not archived');
  } finally {
    await client.end();
  }
}
