import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { DutyLimitId } from '../domain/duties.ts';
import type { DutyActivities } from '../domain/duty.ts';

// Some hundred rows and starts; done again from the beginning it goes on where it stopped. It is never given up: a missed
// opening is a duty nobody is reminded of.
const { openDuties } = proxyActivities<DutyActivities>({
  startToCloseTimeout: '5 minutes',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
});

/**
 * What a schedule starts: opens the duties of one limit for every holder. Which period it is says the time the schedule meant,
 * not the time at which it could be carried out: after an outage the two are days apart.
 */
export function dutyOpening(limitId: DutyLimitId): Promise<number> {
  const at = Date.now();
  return openDuties({ limitId, nominalAt: scheduledAt() ?? at, at });
}

/** The engine's own note on a workflow that a schedule started; epoch ms. */
function scheduledAt(): number | undefined {
  const attribute = workflowInfo()
    .typedSearchAttributes.getAll()
    .find(({ key }) => key.name === 'TemporalScheduledStartTime');
  return attribute?.value instanceof Date ? attribute.value.getTime() : undefined;
}
