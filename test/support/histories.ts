import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils.js';
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

export const historyOf = (json: string): History => historyFromJSON(JSON.parse(json));
export const jsonOf = (history: History): string => JSON.stringify(historyToJSON(history));
