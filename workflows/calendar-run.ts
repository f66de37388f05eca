import { continueAsNew, proxyActivities, sleep, workflowInfo } from '@temporalio/workflow';
import { RUN_PAUSE_MS, type CalendarRunActivities } from '../domain/calendar-run.ts';

// A batch is some hundred cases at a bounded rate; it tells after every few that it is alive, so that the death of its
// worker is noticed within seconds. Repeated, it asks nobody twice, so it is never given up.
const { recountBatch } = proxyActivities<CalendarRunActivities>({
  startToCloseTimeout: '30 minutes',
  heartbeatTimeout: '10 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '10 seconds' },
});

/**
 * Has every open case counted again that an edition of the calendar touches (C12): pass after pass through the open cases,
 * until one finds nobody left to ask. The second pass is for what was decided with the older calendar while the first one
 * began. Where the run stands is in the store, so this procedure remembers nothing and may begin anew at any moment.
 */
export async function calendarRun(editionId: string): Promise<void> {
  await sleep(RUN_PAUSE_MS);
  for (;;) {
    const next = await recountBatch(editionId);
    if (next === 'END') return;
    if (next === 'PASS') await sleep(RUN_PAUSE_MS);
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof calendarRun>(editionId);
  }
}
