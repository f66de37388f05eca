import { createDatabases, preparePostgres } from './postgres.ts';
import type { Postgres } from './postgres.ts';
import { keepRunning } from './service.ts';
import type { Running, Supervision } from './service.ts';
import type { EngineBinaries } from './temporal-binaries.ts';
import { TEMPORAL_DATABASES, ensureNamespace, prepareTemporal } from './temporal.ts';

export type StoresOptions = {
  dataFolder: string;
  cacheFolder: string;
  logFolder: string;
  postgresPort: number;
  temporalPort: number;
  namespace: string;
  env: NodeJS.ProcessEnv;
  supervision: Supervision;
  /** Told of each service as soon as it runs, so that it can be stopped even when a later step fails. */
  started: (service: Running) => void;
};

export const APPLICATION_DATABASE = 'jingban';

/** Starts the embedded Postgres and creates the databases it has to hold. Throws `StartProblem`. */
export const startPostgres = async (options: StoresOptions): Promise<Postgres> => {
  const { dataFolder, cacheFolder, logFolder, postgresPort: port } = options;
  const postgres = await preparePostgres({ dataFolder, cacheFolder, logFolder, port });
  options.started(await keepRunning(postgres.service, options.supervision));
  await createDatabases(postgres, [APPLICATION_DATABASE, ...TEMPORAL_DATABASES]);
  return postgres;
};

/** Starts the engine, in the given Postgres where it is the real server, and returns its address. Throws `StartProblem`. */
export const startEngine = async (
  options: StoresOptions,
  engine: EngineBinaries,
  postgres: Postgres | undefined,
): Promise<string> => {
  const { dataFolder, logFolder, temporalPort: port, namespace, env } = options;
  const service = await prepareTemporal({ dataFolder, logFolder, port, namespace, env }, engine, postgres);
  options.started(await keepRunning(service, options.supervision));
  const address = `127.0.0.1:${port}`;
  await ensureNamespace(address, namespace);
  return address;
};
