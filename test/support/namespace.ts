import { randomUUID } from 'node:crypto';
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { getTestEnvironment, setTestEnvironment } from './environment.ts';

/**
 * A namespace of the engine for one test file, for what has one name in the whole of a namespace: schedules, and the duties of
 * offices that every test database has. Call it before `openOffice`.
 */
export async function ownNamespace(): Promise<void> {
  const namespace = `test-${randomUUID()}`;
  const connection = await Connection.connect({ address: getTestEnvironment().temporalAddress });
  try {
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: msToTs('1 day'),
    });
    await isKnown(connection, namespace);
  } finally {
    await connection.close();
  }
  setTestEnvironment({ ...getTestEnvironment(), namespace });
}

/** The engine's services hear of a new namespace one after the other, some seconds later. */
async function isKnown(connection: Connection, namespace: string): Promise<void> {
  for (let tries = 0; tries < 120; tries++) {
    try {
      await connection.workflowService.listSchedules({ namespace, maximumPageSize: 1 });
      await connection.workflowService.describeTaskQueue({ namespace, taskQueue: { name: 'any' }, taskQueueType: 1 });
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
  throw new Error(`the engine does not know ${namespace}`);
}
