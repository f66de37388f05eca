import {
  condition,
  continueAsNew,
  defineSignal,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { HeadActivities } from '../domain/log-head.ts';

/** Seconds between two heads; sent by every worker that starts. */
export const headEverySignal = defineSignal<[number]>('every');
/** A head now. */
export const headNowSignal = defineSignal('now');

// Done again it seals what is left; never given up, since nothing is sealed meanwhile.
const { writeHead } = proxyActivities<HeadActivities>({
  startToCloseTimeout: '10 minutes',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
});

/**
 * Has the log sealed again and again. What the activity answers is in the history: the heads as the engine knows them, each
 * once. `known` is the number of the last.
 */
export async function logHeads(everySeconds: number, known = 0): Promise<void> {
  let every = everySeconds;
  let asked = false;
  setHandler(headEverySignal, (seconds) => {
    every = seconds;
  });
  setHandler(headNowSignal, () => {
    asked = true;
  });
  while (!workflowInfo().continueAsNewSuggested) {
    await condition(() => asked, every * 1000);
    asked = false;
    known = (await writeHead(known)).at(-1)?.number ?? known;
  }
  await continueAsNew<typeof logHeads>(every, known);
}
