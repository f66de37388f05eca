import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  type Client,
  type ScheduleDescription,
  type ScheduleOptions,
} from '@temporalio/client';
import { DUTY_LIMITS, dutyRule, OPENING_HOUR, opensOn, type DutyLimitId, type DutyRule } from '../domain/duties.ts';
import { openMissed, startDuties, type DutyDeps } from './duties.ts';

/**
 * One schedule of the engine per limit, which opens its duties. They are kept as the table of duties says: made when missing,
 * changed when different, left alone otherwise, and never un-paused by a program: who pauses one has a reason.
 */

export const scheduleIdOf = (limitId: DutyLimitId): string => `duty-${limitId}`;

/** The engine makes good what it could not start while it was away, of more than a year: also the one yearly opening. */
const CATCH_UP = { words: '400 days', ms: 400 * 86_400_000 };
const JUST = (n: number) => [{ start: n, end: n, step: 1 }];
const MONTHS = [
  'JANUARY',
  'FEBRUARY',
  'MARCH',
  'APRIL',
  'MAY',
  'JUNE',
  'JULY',
  'AUGUST',
  'SEPTEMBER',
  'OCTOBER',
] as const;
type Month = (typeof MONTHS)[number] | 'NOVEMBER' | 'DECEMBER';

type Wanted = Pick<ScheduleOptions, 'spec' | 'action' | 'policies'>;

function wanted(rule: DutyRule, taskQueue: string): Wanted {
  return {
    spec: {
      calendars: [{ dayOfMonth: JUST(rule.opens.day), month: monthsOf(rule), hour: JUST(OPENING_HOUR) }],
      timezone: 'Asia/Shanghai',
    },
    action: {
      type: 'startWorkflow',
      workflowType: 'DUTY_OPENING',
      // The engine adds the time it meant, so one opening is one workflow whoever starts it again.
      workflowId: `duty-opening-${rule.limitId}`,
      taskQueue,
      args: [rule.limitId],
    },
    // One after the other in their order: after an outage of months no opening is skipped because another still runs.
    policies: { overlap: 'BUFFER_ALL', catchupWindow: CATCH_UP.words },
  };
}

function monthsOf(rule: DutyRule): { start: Month; end: Month; step: number }[] {
  if (rule.every === 'MONTH') return [{ start: 'JANUARY', end: 'DECEMBER', step: 1 }];
  const month = MONTHS[Number(opensOn(rule, '2026').slice(5, 7)) - 1] as Month;
  return [{ start: month, end: month, step: 1 }];
}

/** What decides when and what a schedule starts, in one text: of what is wanted, and of what the engine says there is. */
function shapeOf(rule: DutyRule, taskQueue: string): string {
  const { spec, action, policies } = wanted(rule, taskQueue);
  const [calendar] = spec.calendars ?? [];
  const at = {
    day: calendar?.dayOfMonth,
    month: calendar?.month,
    hour: calendar?.hour,
    minute: JUST(0),
    second: JUST(0),
  };
  return JSON.stringify({
    times: [at],
    timezone: spec.timezone,
    action: [action.workflowType, action.workflowId, action.taskQueue, action.args],
    policies: [policies?.overlap, CATCH_UP.ms],
  });
}

function shapeOfExisting({ spec, action, policies }: ScheduleDescription): string {
  const times = (spec.calendars ?? []).map(({ dayOfMonth, month, hour, minute, second }) => ({
    ...{ day: dayOfMonth, month, hour, minute, second },
  }));
  return JSON.stringify({
    times,
    timezone: spec.timezone,
    action: [action.workflowType, action.workflowId, action.taskQueue, action.args],
    policies: [policies.overlap, policies.catchupWindow],
  });
}

/** Makes the schedules what the table says; answers those that had to be written. */
export async function ensureSchedules(temporal: Client, taskQueue: string): Promise<string[]> {
  const written: string[] = [];
  for (const limitId of DUTY_LIMITS) {
    const rule = dutyRule(limitId);
    const scheduleId = scheduleIdOf(limitId);
    const existing = await findSchedule(temporal, limitId);
    if (existing && shapeOfExisting(existing) === shapeOf(rule, taskQueue)) continue;
    const options = wanted(rule, taskQueue);
    if (existing) {
      // The state, and with it a pause, stays what it is.
      await temporal.schedule.getHandle(scheduleId).update(({ state }) => ({ ...options, state }));
    } else {
      await temporal.schedule.create({ ...options, scheduleId }).catch((problem: unknown) => {
        // Of two workers that start at once the other was faster; both want the same.
        if (!(problem instanceof ScheduleAlreadyRunning)) throw problem;
      });
    }
    written.push(scheduleId);
  }
  return written;
}

export async function findSchedule(temporal: Client, limitId: DutyLimitId): Promise<ScheduleDescription | undefined> {
  try {
    return await temporal.schedule.getHandle(scheduleIdOf(limitId)).describe();
  } catch (problem) {
    if (problem instanceof ScheduleNotFoundError) return undefined;
    throw problem;
  }
}

/**
 * What a worker does when it starts and every hour: a pause leaves out openings for good, and the engine does not make them
 * good when it ends, so what was missed is opened here; not while a schedule is still paused. Says what it opened.
 */
export async function checkDuties(
  deps: DutyDeps,
  now: number,
  say: (found: { limitId: string; opened: number }) => void = () => undefined,
): Promise<void> {
  for (const limitId of DUTY_LIMITS) {
    const schedule = await findSchedule(deps.temporal, limitId);
    if (!schedule || schedule.state.paused) continue;
    const opened = await openMissed(deps, limitId, now);
    if (opened > 0) say({ limitId, opened });
  }
  await startDuties(deps);
}
