import { createHash } from 'node:crypto';
import type { Connection } from '@temporalio/client';
import type { DeploymentSettings } from '../config/scale-out.ts';

/** Which releases of the workers the engine knows, which of them gets new cases, and how far an older one is drained. */

/** What a release is called: the setting, or else the content of its procedures. The same procedures are the same release. */
export const buildIdOf = (bundle: string, { buildId }: Pick<DeploymentSettings, 'buildId'>): string =>
  buildId ?? createHash('sha256').update(bundle).digest('hex').slice(0, 12);

export interface Deployment {
  connection: Connection;
  namespace: string;
  name: string;
}

export interface Release {
  buildId: string;
  /** current: gets what is new; ramping: a share of it; draining: has pinned cases left; drained: may be switched off */
  status: 'INACTIVE' | 'CURRENT' | 'RAMPING' | 'DRAINING' | 'DRAINED' | 'CREATED' | 'UNKNOWN';
  /** percent of what is new, while ramping */
  share: number;
  /** open cases and other procedures that run on it */
  running: number;
}

/** The status as the engine numbers it. */
const STATUSES = ['UNKNOWN', 'INACTIVE', 'CURRENT', 'RAMPING', 'DRAINING', 'DRAINED', 'CREATED'] as const;
const NOT_FOUND = 5;
const isUnknown = (problem: unknown): boolean => (problem as { code?: unknown }).code === NOT_FOUND;

/** Every release the engine knows, the youngest first; none before a first worker with WORKER_VERSIONING has asked for work. */
export async function releases({ connection, namespace, name }: Deployment): Promise<Release[]> {
  const { workflowService } = connection;
  const described = await workflowService
    .describeWorkerDeployment({ namespace, deploymentName: name })
    .catch((problem: unknown) => {
      if (isUnknown(problem)) return undefined;
      throw problem;
    });
  const info = described?.workerDeploymentInfo;
  const found = (info?.versionSummaries ?? []).map(async (summary): Promise<Release> => {
    const buildId = summary.deploymentVersion?.buildId ?? '';
    const { count } = await workflowService.countWorkflowExecutions({
      namespace,
      query: `TemporalWorkerDeploymentVersion = '${name}:${buildId}' AND ExecutionStatus = 'Running'`,
    });
    const status = STATUSES[summary.status ?? 0] ?? 'UNKNOWN';
    const share = status === 'RAMPING' ? (info?.routingConfig?.rampingVersionPercentage ?? 0) : 0;
    return { buildId, status, share, running: Number(count) };
  });
  return Promise.all(found);
}

/**
 * Everything new, and with its next task everything that is not pinned, goes to this release from now on. The engine refuses
 * a release none of whose workers has asked for work yet; '' is whatever runs without WORKER_VERSIONING.
 */
export async function makeCurrent({ connection, namespace, name }: Deployment, buildId: string): Promise<void> {
  const request = { namespace, deploymentName: name, buildId, identity: 'npm run deploy' };
  await connection.workflowService.setWorkerDeploymentCurrentVersion(request);
}

/** So many percent of what is new goes to this release, the rest to the current one; 0 ends it. */
export async function ramp(
  { connection, namespace, name }: Deployment,
  buildId: string,
  percentage: number,
): Promise<void> {
  const request = { namespace, deploymentName: name, identity: 'npm run deploy' };
  await connection.workflowService.setWorkerDeploymentRampingVersion(
    percentage === 0 ? { ...request, buildId: '', percentage: 0 } : { ...request, buildId, percentage },
  );
}

/** Waits until the engine has seen a worker of this release; throws after so many milliseconds. */
export async function untilKnown(deployment: Deployment, buildId: string, patienceMs: number): Promise<void> {
  for (const until = Date.now() + patienceMs; ; await new Promise((resolve) => setTimeout(resolve, 300))) {
    if ((await releases(deployment)).some((release) => release.buildId === buildId)) return;
    if (Date.now() > until)
      throw new Error(`no worker of release ${buildId} has asked for work; start it with WORKER_VERSIONING=on`);
  }
}
