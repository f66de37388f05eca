import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import proto from '@temporalio/proto';
import { Worker } from '@temporalio/worker';
import type { temporal } from '@temporalio/proto';

export type History = temporal.api.history.v1.IHistory;

const BUNDLE = fileURLToPath(new URL('../../dist/workflow-bundle.js', import.meta.url));

/** Runs the procedures of today over what happened; throws DeterminismViolationError where they would act differently. */
export async function replay(histories: Iterable<{ workflowId: string; history: History }>): Promise<number> {
  const options = { workflowBundle: { code: readFileSync(BUNDLE, 'utf8') } };
  let replayed = 0;
  for await (const result of Worker.runReplayHistories(options, histories)) {
    if (result.error) throw new Error(`${result.workflowId}: ${result.error.message}`);
    replayed++;
  }
  return replayed;
}

/** A history as it is kept in a file: the engine's own binary form. */
export const historyOf = (bytes: Uint8Array): History => proto.temporal.api.history.v1.History.decode(bytes);
export const bytesOf = (history: History): Uint8Array => proto.temporal.api.history.v1.History.encode(history).finish();
