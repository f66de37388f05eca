import {
  condition,
  defineSignal,
  defineUpdate,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  sleep,
  ApplicationFailure,
} from '@temporalio/workflow';
import type { FloorActivities, FloorDecision } from './activities.ts';

/**
 * The least that can be called a durable decision: the plain SDK, no rules, no clock, no log. A validator, an update
 * that has one local activity write one row in one transaction, and the answer. What the product costs is measured
 * against this.
 */
export const decideUpdate = defineUpdate<{ version: number }, [FloorDecision]>('decide');
/** The other way round: the decision is in the store already, and the procedure hears of it afterwards. */
export const decidedSignal = defineSignal<[number]>('decided');

const TRIED = {
  startToCloseTimeout: '10 seconds',
  retry: { initialInterval: '200 milliseconds', maximumInterval: '5 seconds' },
} as const;
const inTheSameTask = proxyLocalActivities<FloorActivities>(TRIED);
const overTheQueue = proxyActivities<FloorActivities>(TRIED);

/** With what makes it cheap: the activity belongs to the task that took the update. */
export async function FLOOR(caseId: string, decisions: number): Promise<void> {
  await takeDecisions(inTheSameTask, caseId, decisions);
}

/** As one writes it first: the activity is a task of its own, and a second workflow task hears of its end. */
export async function FLOOR_NAIVE(caseId: string, decisions: number): Promise<void> {
  await takeDecisions(overTheQueue, caseId, decisions);
}

async function takeDecisions(
  { write }: Pick<FloorActivities, 'write'>,
  caseId: string,
  decisions: number,
): Promise<void> {
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
  setHandler(decidedSignal, (written) => {
    version = Math.max(version, written);
  });
  await condition(() => version >= decisions);
}

/** The least that a deadline effect can be: a timer, and one local activity when it fires. */
export async function FLOOR_TIMER(timerId: string, at: number): Promise<void> {
  await sleep(Math.max(1, at - Date.now()));
  await inTheSameTask.fire(timerId);
}

/** The same for something that is not over with it: it goes on waiting for the next day, as a case does. */
export async function FLOOR_TIMER_OPEN(timerId: string, at: number): Promise<void> {
  await FLOOR_TIMER(timerId, at);
  await sleep('1 day');
}
