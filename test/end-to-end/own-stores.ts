import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLauncherConfig } from '../../config.ts';
import { startGuardian } from '../../embedded/guardian.ts';
import { findFreePorts } from '../../embedded/ports.ts';
import type { Running } from '../../embedded/service.ts';
import { startEngine, startPostgres } from '../../embedded/stores.ts';
import { findEngine } from '../../embedded/temporal-binaries.ts';
import { TEMPORAL_PORTS } from '../../embedded/temporal.ts';
import { openLink, throughLink, type Link } from '../../faults/proxy.ts';
import { getTestEnvironment, setTestEnvironment } from '../support/environment.ts';

/** A Postgres and an engine of one test's own, run and supervised as `npm start` does it, so that they may be killed. */
export interface OwnStores {
  folder: string;
  /** SIGKILL; the supervision starts it again */
  kill(name: 'postgres' | 'temporal'): void;
  /** every open connection of the engine to Postgres falls silent for good, and nobody is told; new ones are well */
  silence(): void;
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';

/** Starts them in a temporary folder on free ports, and makes them the environment of this test file. */
export async function startOwnStores(): Promise<OwnStores> {
  const shared = getTestEnvironment();
  const { cacheFolder, environment } = readLauncherConfig();
  const folder = mkdtempSync(join(tmpdir(), 'jingban-stores-'));
  chmodSync(folder, 0o755); // as root, Postgres runs as another user and has to get in
  const guardian = startGuardian();
  const services: Running[] = [];
  const folders = [folder];
  let link: Link | undefined;
  const stop = async (): Promise<void> => {
    for (const service of [...services].reverse()) await service.stop();
    await link?.close();
    guardian.release();
    for (const made of folders) rmSync(made, { recursive: true, force: true });
    setTestEnvironment(shared);
  };
  try {
    const first = await findFreePorts(TEMPORAL_PORTS + 1);
    const { namespace } = shared;
    const options = {
      ...{ dataFolder: folder, cacheFolder, logFolder: join(folder, 'logs'), env: environment, namespace },
      ...{ postgresPort: first + TEMPORAL_PORTS, temporalPort: first },
      supervision: { watcher: guardian, report: () => undefined },
      started: (service: Running) => void services.push(service),
    };
    const engine = await findEngine({ dataFolder: folder, cacheFolder, env: environment, progress: () => undefined });
    const postgres = await startPostgres(options);
    folders.push(postgres.folder);
    const between = await openLink('temporal → postgres', { host: HOST, port: options.postgresPort }, HOST);
    link = between;
    const url = (database: string): string => throughLink(postgres.url(database), between);
    const temporalAddress = await startEngine(options, engine, { ...postgres, url });
    setTestEnvironment({ postgresUrl: postgres.url('postgres'), temporalAddress, namespace });
  } catch (problem) {
    await stop();
    throw problem;
  }
  return {
    folder,
    stop,
    kill(name) {
      const pid = services.find((service) => service.name === name)?.pid();
      if (pid === undefined) throw new Error(`${name} is not there to be killed`);
      process.kill(pid, 'SIGKILL');
    },
    silence: () => link?.forget(),
  };
}
