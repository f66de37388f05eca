import { ScheduleAlreadyRunning, type Client, type ScheduleOptions } from '@temporalio/client';

export interface DigestScheduleSettings {
  temporalTaskQueue: string;
  /** HH:MM, Asia/Shanghai */
  digestAt: string;
}

/** How often what could not be sent is looked at again. */
const OUTBOX_EVERY = '5 minutes';
const DAY_MINUTES = 24 * 60;

/**
 * The two schedules of the digest, made or brought to the settings of today; whoever else starts at the same moment finds them.
 * A schedule that somebody has paused stays paused. `idPrefix` keeps tests on one engine apart.
 */
export async function ensureDigestSchedules(
  temporal: Client,
  { temporalTaskQueue: taskQueue, digestAt }: DigestScheduleSettings,
  idPrefix = '',
): Promise<void> {
  const [hour = 0, minute = 0] = digestAt.split(':').map(Number);
  await ensureSchedule(temporal, {
    scheduleId: `${idPrefix}digest-daily`,
    spec: { calendars: [{ hour, minute }], timezone: 'Asia/Shanghai' },
    action: { type: 'startWorkflow', workflowType: 'DAILY_DIGEST', workflowId: `${idPrefix}digest-daily`, taskQueue },
    // Caught up after an outage until midnight: then it would be yesterday's.
    policies: { overlap: 'SKIP', catchupWindow: `${DAY_MINUTES - (hour * 60 + minute)} minutes` },
  });
  await ensureSchedule(temporal, {
    scheduleId: `${idPrefix}outbox-send`,
    spec: { intervals: [{ every: OUTBOX_EVERY }] },
    action: { type: 'startWorkflow', workflowType: 'SEND_OUTBOX', workflowId: `${idPrefix}outbox-send`, taskQueue },
    policies: { overlap: 'SKIP', catchupWindow: '1 minute' },
  });
}

async function ensureSchedule(temporal: Client, options: ScheduleOptions): Promise<void> {
  try {
    await temporal.schedule.create(options);
  } catch (problem) {
    if (!(problem instanceof ScheduleAlreadyRunning)) throw problem;
    const { spec, action, policies } = options;
    await temporal.schedule.getHandle(options.scheduleId).update((current) => ({
      state: current.state,
      spec,
      action: action,
      policies,
    }));
  }
}
