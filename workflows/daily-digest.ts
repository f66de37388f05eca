import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { DigestActivities } from '../domain/digest.ts';
import { plainDateAt } from '../domain/plain-date.ts';

// Both may be repeated at any moment: the outbox knows what is written and what was sent. A batch takes seconds; who has not
// ended it in five minutes has died.
const { writeDigests, sendOutbox } = proxyActivities<DigestActivities>({
  startToCloseTimeout: '5 minutes',
  retry: { initialInterval: '5 seconds', maximumInterval: '1 minute' },
});

/** Writes everybody's digest of the day it was scheduled for, and sends it. Late by a day, it writes nothing. */
export async function dailyDigest(): Promise<void> {
  const day = plainDateAt(scheduledFor());
  for (let after: string | undefined = ''; after !== undefined;) after = await writeDigests({ day, after });
  await sendOutboxNow();
}

/** Sends what an earlier run could not, or left behind when its worker died. */
export async function sendOutboxNow(): Promise<void> {
  while (await sendOutbox());
}

/** Epoch milliseconds. After an outage the engine catches up, and the start says little about the day that was meant. */
function scheduledFor(): number {
  const { searchAttributes, startTime } = workflowInfo();
  const [scheduled] = searchAttributes['TemporalScheduledStartTime'] ?? [];
  return (scheduled instanceof Date ? scheduled : startTime).getTime();
}
