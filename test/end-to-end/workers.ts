import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readLauncherConfig } from '../../config.ts';
import { workerService } from '../../embedded/application.ts';
import { startGuardian } from '../../embedded/guardian.ts';
import { keepRunning, type Running } from '../../embedded/service.ts';
import { TEST_VAULT } from '../support/keys.ts';
import type { Office } from '../support/office.ts';

/** Worker processes as `npm start` runs and supervises them, for the cases of one test's office. */
export interface Workers {
  /** one worker dies and is started again by its supervision */
  kill(number: number): void;
  stop(): Promise<void>;
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Starts so many workers from the build; resolves when the engine sees them asking for work. `where`: they find engine and store. */
export async function keepWorkers(
  office: Office,
  count: number,
  folder: string,
  where: { engine?: string; databaseUrl?: string } = {},
): Promise<Workers> {
  const { environment } = readLauncherConfig();
  const config = readLauncherConfig({
    ...environment,
    NODE_ENV: 'test',
    TEMPORAL_NAMESPACE: office.engine.namespace,
    TEMPORAL_TASK_QUEUE: office.deps.config.temporalTaskQueue,
    EFFECT_SPREAD_SECONDS: String(office.deps.config.effectSpreadSeconds),
    DATA_FOLDER: folder,
    LOG_LEVEL: 'warn',
  });
  const around = {
    ...{ config, root: ROOT, logFolder: join(folder, 'logs'), databaseUrl: where.databaseUrl ?? office.databaseUrl },
    ...{ temporalAddress: where.engine ?? office.engine.address, oidcIssuer: 'http://127.0.0.1:1' }, // a worker knows nobody's login
    fieldKeys: TEST_VAULT.fieldKeys,
  };
  const guardian = startGuardian();
  const supervision = { watcher: guardian, report: () => undefined };
  const workers: Running[] = [];
  for (let number = 1; number <= count; number++) {
    workers.push(await keepRunning(workerService(around, number), supervision));
  }
  return {
    kill(number) {
      const pid = workers[number - 1]?.pid();
      if (pid === undefined) throw new Error(`worker ${number} is not there to be killed`);
      process.kill(pid, 'SIGKILL');
    },
    async stop() {
      await Promise.all(workers.map((worker) => worker.stop()));
      guardian.release();
    },
  };
}
