import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import type { History } from '@temporalio/common/lib/proto-utils.js';
import { Worker } from '@temporalio/worker';

const BUNDLE = fileURLToPath(new URL('../../dist/workflow-bundle.js', import.meta.url));

/**
 * Whether the procedure does again all that this history says. Asked where a task failed as "not deterministic": a worker (SDK 1.24) says
 * that of its own mix-ups, too – a step of a procedure it had dropped comes to its end when the procedure is in its memory again, or a
 * refused update is asked again under its id – and starts over; a procedure that hangs on chance fails here as well.
 */
export async function isRepeatable(
  { options }: Pick<Client, 'options'>,
  workflowId: string,
  events: NonNullable<History['events']>,
): Promise<boolean> {
  const replayed = Worker.runReplayHistories(
    { workflowBundle: { code: readFileSync(BUNDLE, 'utf8') }, dataConverter: options.dataConverter },
    [{ workflowId, history: { events } }],
  );
  for await (const { error } of replayed) if (error) return false;
  return true;
}
