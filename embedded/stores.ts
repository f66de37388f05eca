import { StartProblem } from './problem.ts';
import { createDatabases, databaseAnswers, preparePostgres } from './postgres.ts';
import type { Postgres, WalArchive } from './postgres.ts';
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
  archive?: WalArchive | undefined;
  env: NodeJS.ProcessEnv;
  supervision: Supervision;
  /** Told of each service as soon as it runs, so that it can be stopped even when a later step fails. */
  started: (service: Running) => void;
};

export const APPLICATION_DATABASE = 'jingban';

/** Starts the embedded Postgres and creates the databases it has to hold. Throws `StartProblem`. */
export const startPostgres = async (options: StoresOptions): Promise<Postgres> => {
  const { dataFolder, cacheFolder, logFolder, postgresPort: port, archive } = options;
  const postgres = await preparePostgres({ dataFolder, cacheFolder, logFolder, port, archive });
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

/** Throws `StartProblem` when the Postgres somebody named does not let us in. */
export const reachDatabase = async (databaseUrl: string): Promise<void> => {
  try {
    await databaseAnswers(databaseUrl);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartProblem(
      `DATABASE_URL 指向的数据库无法连接(${reason}):请检查地址、账号与数据库服务`,
      `the database of DATABASE_URL cannot be reached (${reason}): check address, account and whether it is running`,
    );
  }
};

/** Throws `StartProblem` when the engine somebody named does not answer, or does not let us register our namespace. */
export const reachEngine = async (address: string, namespace: string): Promise<void> => {
  try {
    await ensureNamespace(address, namespace);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartProblem(
      `TEMPORAL_ADDRESS 指向的 Temporal(${address})无法使用(${reason}):请检查地址与命名空间 ${namespace}`,
      `the Temporal server of TEMPORAL_ADDRESS (${address}) cannot be used (${reason}): check the address and the namespace ${namespace}`,
    );
  }
};
