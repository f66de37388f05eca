import type pg from 'pg';
import type { Client } from '@temporalio/client';
import { isNotFound } from '../engine/not-found.ts';
import { workerIsThere } from '../engine/pollers.ts';
import type { ApiDeps } from './deps.ts';

export type Check = { ok: boolean; problem?: string };
export type Readiness = { ready: boolean; checks: Record<'accepting' | 'database' | 'engine' | 'worker', Check> };

const PATIENCE_MS = 3_000;
const ENGINE_PATIENCE_MS = 2_000;

/**
 * Whether a decision could be carried out now: the store answers, the engine answers, a worker asks for work. `accepting` is false
 * while the process is stopping, so that a load balancer sends nothing more.
 */
export async function readiness(
  deps: Pick<ApiDeps, 'db' | 'temporal'> & { config: Pick<ApiDeps['config'], 'temporalTaskQueue'> },
  accepting: boolean,
): Promise<Readiness> {
  const [database, engine, worker] = await Promise.all([
    check(() => askDatabase(deps.db)),
    check(() => inTime(deps.temporal, () => askEngine(deps.temporal))),
    check(() => inTime(deps.temporal, () => askWorker(deps.temporal, deps.config.temporalTaskQueue))),
  ]);
  const checks = { accepting: accepting ? { ok: true } : { ok: false, problem: 'stopping' }, database, engine, worker };
  return { ready: Object.values(checks).every(({ ok }) => ok), checks };
}

/** Names the kind of trouble only: addresses and messages belong in the log. */
async function check(ask: () => Promise<string | undefined>): Promise<Check> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('no answer in time'), PATIENCE_MS);
  });
  try {
    const problem = await Promise.race([ask(), tooLate]);
    return problem === undefined ? { ok: true } : { ok: false, problem };
  } catch {
    return { ok: false, problem: 'unreachable' };
  } finally {
    clearTimeout(timer);
  }
}

/** Without a deadline the client goes on trying by itself, long after nobody waits for the answer. */
const inTime = <T>(temporal: Client, ask: () => Promise<T>): Promise<T> =>
  temporal.withDeadline(Date.now() + ENGINE_PATIENCE_MS, ask);

async function askDatabase(db: pg.Pool): Promise<undefined> {
  await db.query({ name: 'ready', text: 'SELECT 1' });
  return undefined;
}

/** Asked for a procedure that is not there, an engine has to look into its own database: one that lost it answers everything else. */
async function askEngine(temporal: Client): Promise<undefined> {
  try {
    await temporal.workflowService.describeWorkflowExecution({
      namespace: temporal.options.namespace,
      execution: { workflowId: 'nobody' },
    });
  } catch (problem) {
    if (!isNotFound(problem)) throw problem;
  }
  return undefined;
}

/** Undefined when a worker asks for work, else what is missing. */
export async function askWorker(temporal: Client, taskQueue: string): Promise<string | undefined> {
  return (await workerIsThere(temporal, taskQueue)) ? undefined : 'no worker asks for work';
}
