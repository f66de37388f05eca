/**
 * Health of the worker of this container: ends with 0 when the engine has seen a worker of this host ask for work in the last
 * minute and a half, with 1 otherwise. A worker has no port of its own, and being alive is not yet being of use.
 */
import { hostname } from 'node:os';
import { Connection } from '@temporalio/client';
import { readConfig, readOrExit } from '../config.ts';

const SEEN_WITHIN_MS = 90_000;
const WORKFLOW_TASKS = 1;

const { temporalAddress, temporalNamespace, temporalTaskQueue } = readOrExit(readConfig);
const connection = await Connection.connect({ address: temporalAddress, connectTimeout: '5s' });
try {
  const { pollers } = await connection.workflowService.describeTaskQueue({
    namespace: temporalNamespace,
    taskQueue: { name: temporalTaskQueue },
    taskQueueType: WORKFLOW_TASKS,
  });
  // The SDK names a worker '<process id>@<host>'.
  const mine = (pollers ?? []).filter(({ identity }) => identity?.endsWith(`@${hostname()}`));
  const lastSeenMs = Math.max(0, ...mine.map(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1000));
  if (Date.now() - lastSeenMs > SEEN_WITHIN_MS) {
    console.error('no worker of this host has asked for work lately');
    process.exitCode = 1;
  }
} finally {
  await connection.close();
}
