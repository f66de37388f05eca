import { randomInt, randomUUID } from 'node:crypto';
import { sleep } from '../../embedded/wait.ts';
import { byClerks } from '../load.ts';
import type { Bench } from '../surroundings.ts';
import type { TimerSide } from './side.ts';
import { armed } from './witness.ts';

/** The plain SDK: a workflow that sleeps until the midnight and then runs one local activity with one transaction. */
export interface RawOptions {
  name: string;
  taskQueue: string;
  spreadSeconds: number;
  /** it goes on waiting afterwards, as a case does, instead of ending */
  staysOpen?: boolean;
  /** the engine's and SDK's own time-outs instead of ours */
  defaults?: boolean;
}

/** Start event, task scheduled, started, completed, timer started: from then on the engine waits. */
const ARMED_EVENTS = 5;

export const rawTimers = ({ db, temporal }: Bench, options: RawOptions): TimerSide => ({
  name: options.name,
  async arm(n, midnight) {
    const ids: string[] = [];
    const start = async (): Promise<void> => {
      const timerId = randomUUID();
      const at = midnight + (options.spreadSeconds > 0 ? randomInt(options.spreadSeconds * 1000) : 0);
      await db.query({
        name: 'floor-timer',
        text: 'INSERT INTO floor.timer (timer_id, due_at) VALUES ($1, $2)',
        values: [timerId, new Date(at)],
      });
      const timeouts = options.defaults ? {} : ({ workflowTaskTimeout: '2 seconds' } as const);
      await temporal.workflow.start(options.staysOpen ? 'FLOOR_TIMER_OPEN' : 'FLOOR_TIMER', {
        workflowId: timerId,
        taskQueue: options.taskQueue,
        args: [timerId, at],
        ...timeouts,
      });
      ids.push(timerId);
    };
    await byClerks(16, n, start);
    // Tasks are done in about the order of the starts: when the last ones wait, all do.
    for (const id of ids.slice(-20)) {
      while ((await temporal.workflow.getHandle(id).describe()).historyLength < ARMED_EVENTS) await sleep(100);
    }
    return armed(db, ids);
  },
});
