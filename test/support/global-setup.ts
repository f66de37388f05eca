import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLauncherConfig } from '../../config.ts';
import { startGuardian } from '../../embedded/guardian.ts';
import { findFreePorts } from '../../embedded/ports.ts';
import type { Running } from '../../embedded/service.ts';
import { startEngine, startPostgres } from '../../embedded/stores.ts';
import { findEngine } from '../../embedded/temporal-binaries.ts';
import { TEMPORAL_PORTS } from '../../embedded/temporal.ts';
import { ensureBuilt } from '../../scripts/build.ts';
import { findTestEnvironment, setTestEnvironment } from './environment.ts';
import { keepForTeardown } from './global-state.ts';

/**
 * Builds what is not kept in the checkout, so that a single test file never meets yesterday's bundle or misses the Prisma client.
 * Then one real Postgres and one real engine for the whole run, in a folder of their own and on free ports, so that tests run
 * beside a system in use. Nothing is started when the environment names a pair that is running already.
 */
export default async function globalSetup(): Promise<void> {
  await ensureBuilt((line) => console.log(line));
  if (findTestEnvironment() !== undefined) return;
  const { cacheFolder, environment: env } = readLauncherConfig({
    ...process.env,
    DATABASE_URL: '',
    TEMPORAL_ADDRESS: '',
  });
  const progress = (line: string): void => console.log(line);
  const dataFolder = mkdtempSync(join(tmpdir(), 'jingban-test-'));
  chmodSync(dataFolder, 0o755); // as root, Postgres runs as another user and has to get in
  const running: Running[] = [];
  const guardian = startGuardian();
  const folders = [dataFolder];
  keepForTeardown({ folders, running, guardian });

  const [temporalPort, postgresPort] = await freePorts();
  const namespace = 'jingban';
  const options = {
    ...{ dataFolder, cacheFolder, logFolder: join(dataFolder, 'logs'), postgresPort, temporalPort, namespace, env },
    supervision: { watcher: guardian, report: progress },
    started: (service: Running) => void running.push(service),
  };
  const engine = await findEngine({ dataFolder, cacheFolder, env, progress });
  const postgres = await startPostgres(options);
  folders.push(postgres.folder);
  const temporalAddress = await startEngine(options, engine, postgres);
  setTestEnvironment({ postgresUrl: postgres.url('postgres'), temporalAddress, namespace });
}

const freePorts = async (): Promise<[number, number]> => {
  const first = await findFreePorts(TEMPORAL_PORTS + 1);
  return [first, first + TEMPORAL_PORTS];
};
