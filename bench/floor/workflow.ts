import { condition, defineUpdate, proxyLocalActivities, setHandler, ApplicationFailure } from '@temporalio/workflow';
import type { FloorActivities, FloorDecision } from './activities.ts';

/**
 * The least that can be called a durable decision: the plain SDK, no rules, no clock, no log. A validator, an update
 * that has one local activity write one row in one transaction, and the answer. What the product costs is measured
 * against this.
 */
export const decideUpdate = defineUpdate<{ version: number }, [FloorDecision]>('decide');

const { write } = proxyLocalActivities<FloorActivities>({
  startToCloseTimeout: '10 seconds',
  retry: { initialInterval: '200 milliseconds', maximumInterval: '5 seconds' },
});

export async function FLOOR(caseId: string, decisions: number): Promise<void> {
  let version = 0;
  setHandler(
    decideUpdate,
    async (decision) => {
      await write(caseId, version + 1, decision);
      version += 1;
      return { version };
    },
    {
      validator: ({ nth }) => {
        if (nth !== version) throw ApplicationFailure.nonRetryable('STAGE_PASSED', 'Refusal');
      },
    },
  );
  await condition(() => version >= decisions);
}
