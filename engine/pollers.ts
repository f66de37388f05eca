import type { Client, Connection } from '@temporalio/client';

/** A worker that lives asks for work at least once a minute. */
const POLLED_WITHIN_MS = 75_000;
const WORKFLOW_TASKS = 1;

/** One who asks a task queue for work. */
export interface Poller {
  /** '<process id>@<host>', as the SDK names every worker */
  identity: string;
  /** when the last question came, UTC in milliseconds */
  askedAt: number;
}

/** Who has asked the task queue for tasks of procedures lately, by what the engine remembers (about five minutes). */
export async function listPollers(
  { workflowService }: Pick<Connection, 'workflowService'>,
  namespace: string,
  taskQueue: string,
): Promise<Poller[]> {
  const { pollers } = await workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: taskQueue },
    taskQueueType: WORKFLOW_TASKS,
  });
  return (pollers ?? []).map(({ identity, lastAccessTime }) => ({
    identity: identity ?? '',
    askedAt: Number(lastAccessTime?.seconds ?? 0) * 1000,
  }));
}

/** Whether a worker that lives asks the task queue for work. */
export async function workerIsThere(temporal: Client, taskQueue: string): Promise<boolean> {
  const pollers = await listPollers(temporal, temporal.options.namespace, taskQueue);
  return pollers.some(isAlive);
}

export const isAlive = ({ askedAt }: Poller): boolean => Date.now() - askedAt < POLLED_WITHIN_MS;
