import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  Worker,
  type ActivityInterceptorsFactory,
  type NativeConnection,
  type WorkerOptions,
} from '@temporalio/worker';
import type pg from 'pg';
import { withLengths, type LimitLengths } from '../domain/time-limits.ts';
import type { DeploymentSettings } from '../config/scale-out.ts';
import type { NotifySettings } from '../config/notify.ts';
import { sealedBy } from '../engine/client.ts';
import { buildIdOf } from '../engine/deployment.ts';
import type { Vault } from '../vault/vault.ts';
import { createDigestActivities } from './digest/index.ts';
import { tellsOfFailures } from './incidents/interceptor.ts';
import { createActivities } from './index.ts';
import { createHeadActivities, type NotaryDeps } from './log-heads.ts';
import { createCalendarRunActivities } from './recount/index.ts';
import { createChannel } from './notify/index.ts';
import { WORKER_OPTIONS } from './worker-options.ts';

/** The worker: holds the procedures of the cases in memory, writes their turns. */
export interface WorkerSettings extends Partial<NotifySettings>, Partial<DeploymentSettings> {
  temporalNamespace: string;
  temporalTaskQueue: string;
  maxCachedWorkflows: number;
  effectSpreadSeconds: number;
  /** other lengths of limits, in rehearsals */
  limitLengths?: LimitLengths | undefined;
  /** sees everything that is done for procedures: log, figures, traces */
  watch?: ActivityInterceptorsFactory | undefined;
  /** who seals the log; without it this worker writes no heads */
  notary?: Omit<NotaryDeps, 'db' | 'now'> | undefined;
}

/**
 * The bundle is built ahead (`npm run build`): a worker that had to build it would be of no use for many seconds after
 * every restart, and a crash loop would never end.
 */
const BUNDLE = fileURLToPath(new URL('../dist/workflow-bundle.js', import.meta.url));

export async function createWorker(
  db: pg.Pool,
  connection: NativeConnection,
  settings: WorkerSettings,
  vault: Vault,
  bundle = readFileSync(BUNDLE, 'utf8'),
): Promise<Worker> {
  const limits = settings.limitLengths ? { limits: withLengths(settings.limitLengths) } : {};
  // The first data key must be there before the first task: a worker that cannot even seal its failures ends.
  await vault.sealBytes(Buffer.alloc(0));
  const options: WorkerOptions = {
    ...WORKER_OPTIONS,
    connection,
    namespace: settings.temporalNamespace,
    taskQueue: settings.temporalTaskQueue,
    workflowBundle: { code: settings.workerVersioning === 'on' ? `${VERSIONED}${bundle}` : bundle },
    dataConverter: sealedBy(vault),
    activities: {
      ...createActivities({ db, vault, spreadSeconds: settings.effectSpreadSeconds, ...limits }),
      ...createCalendarRunActivities({ db, vault, ...limits }),
      ...(settings.notary ? createHeadActivities({ db, now: () => Date.now(), ...settings.notary }) : {}),
      ...createDigestActivities({ db, channel: createChannel(settings), now: () => Date.now() }),
    },
    interceptors: { activity: [tellsOfFailures(db), ...(settings.watch ? [settings.watch] : [])] },
    maxCachedWorkflows: settings.maxCachedWorkflows,
    ...versioned(settings, bundle),
  };
  return Worker.create(options);
}

/** Tells the procedures in the sandbox that they may say which release they go on with (workflows/versioning.ts). */
const VERSIONED = 'globalThis.workerVersioning = true;';

/** Without WORKER_VERSIONING a worker takes whatever there is, and every release must be able to go on with every case. */
function versioned(
  { workerVersioning, deploymentName, buildId }: WorkerSettings,
  bundle: string,
): Partial<WorkerOptions> {
  if (workerVersioning !== 'on' || deploymentName === undefined) return {};
  return {
    workerDeploymentOptions: {
      useWorkerVersioning: true,
      version: { deploymentName, buildId: buildIdOf(bundle, { buildId }) },
      // Every procedure says for itself what it is (workflows/versioning.ts); one that forgot is not left behind.
      defaultVersioningBehavior: 'AUTO_UPGRADE',
    },
  };
}
