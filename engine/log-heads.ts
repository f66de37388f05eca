import type { Client } from '@temporalio/client';

/** The procedure that has the log sealed. One per namespace; `idPrefix` keeps tests on one engine apart. */
export const logHeadsId = (idPrefix = ''): string => `${idPrefix}log-heads`;

/** Starts it, or tells the one that is running how often from now on. */
export async function ensureLogHeads(
  temporal: Client,
  { temporalTaskQueue: taskQueue, headEverySeconds }: { temporalTaskQueue: string; headEverySeconds: number },
  idPrefix = '',
): Promise<void> {
  await temporal.workflow.signalWithStart('LOG_HEADS', {
    workflowId: logHeadsId(idPrefix),
    taskQueue,
    args: [headEverySeconds],
    signal: 'every',
    signalArgs: [headEverySeconds],
  });
}

/** Asks for a head now; it is written some moments later. */
export async function askForHead(temporal: Client, idPrefix = ''): Promise<void> {
  await temporal.workflow.getHandle(logHeadsId(idPrefix)).signal('now');
}
