import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readLauncherConfig } from '../../config.ts';
import { apiService, apiUrl, metricsAddress, workerService } from '../../embedded/application.ts';
import { startGuardian } from '../../embedded/guardian.ts';
import { findFreePorts } from '../../embedded/ports.ts';
import { keepRunning, type Running } from '../../embedded/service.ts';
import { openIssuer } from '../api/issuer.ts';
import { TEST_VAULT } from '../support/keys.ts';
import { ownNamespace } from '../support/namespace.ts';
import { openOffice, type Office } from '../support/office.ts';

/** API and workers as `npm start` runs them, on the tests' stores, with everything they tell about themselves. */
export interface RunningSystem {
  office: Office;
  url: string;
  /** value of the Authorization header */
  as(username: string): Promise<string>;
  api: Running;
  workers: Running[];
  startApi(): Promise<Running>;
  /** text of /metrics; 0 is the API, then the workers */
  scrape(place: number): Promise<string>;
  /** the lines of a process's log */
  log(name: string): Record<string, unknown>[];
  close(): Promise<void>;
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export async function startSystem(
  workers: number,
  settings: Record<string, string> = {},
  clockAt?: string,
): Promise<RunningSystem> {
  // These workers have the log sealed and schedules made, each of one name in a whole namespace.
  await ownNamespace();
  const office = await openOffice({ worker: false, ...(clockAt === undefined ? {} : { clockAt }) });
  const issuer = await openIssuer();
  const folder = mkdtempSync(join(tmpdir(), 'jingban-telemetry-'));
  const apiPort = await findFreePorts(1);
  const metricsPort = await findFreePorts(workers + 1);
  const config = readLauncherConfig({
    ...readLauncherConfig().environment,
    NODE_ENV: 'test',
    TEMPORAL_NAMESPACE: office.engine.namespace,
    TEMPORAL_TASK_QUEUE: office.deps.config.temporalTaskQueue,
    EFFECT_SPREAD_SECONDS: '0',
    OIDC_AUDIENCE: issuer.audience,
    API_PORT: String(apiPort),
    METRICS_PORT: String(metricsPort),
    DATA_FOLDER: folder,
    ...settings,
  });
  const logFolder = join(folder, 'logs');
  const around = {
    ...{ config, root: ROOT, logFolder, databaseUrl: office.databaseUrl },
    ...{ temporalAddress: office.engine.address, oidcIssuer: issuer.url, fieldKeys: TEST_VAULT.fieldKeys },
  };
  const guardian = startGuardian();
  const supervision = { watcher: guardian, report: () => undefined };
  const running: Running[] = [];
  const begin = async (service: Parameters<typeof keepRunning>[0]): Promise<Running> => {
    const started = await keepRunning(service, supervision);
    running.push(started);
    return started;
  };
  const all = Array.from({ length: workers }, (_, index) => begin(workerService(around, index + 1)));
  const begun = await Promise.all(all);
  const startApi = (): Promise<Running> => begin(apiService(around));
  return {
    office,
    url: apiUrl(config),
    as: async (username) => `Bearer ${await issuer.token(username)}`,
    api: await startApi(),
    workers: begun,
    startApi,
    scrape: async (place) => (await fetch(`http://${metricsAddress(config, place)}/metrics`)).text(),
    log: (name) =>
      readFileSync(join(logFolder, `${name}.log`), 'utf8')
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    async close() {
      await Promise.all(running.map((service) => service.stop()));
      guardian.release();
      await issuer.close();
      await office.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
