import { z } from 'zod';
import type { Text } from '../../domain/case.ts';
import type { Calendar } from '../../domain/calendar.ts';
import { countedIn, daysLate, type SuspensionPeriod } from '../../domain/deadline.ts';
import { addDays, daysBetween, type PlainDate } from '../../domain/plain-date.ts';
import { timeLimit, type LimitId } from '../../domain/time-limits.ts';
import { day, text } from '../schemas.ts';

/** Why a case is stuck (processes.md 0.2-11). Each reason has the last day still in order; stuck is from the next day on. */
const REASONS = {
  STAGE_LIMIT_PASSED: { zh: '环节时限已过', en: 'the time limit of the stage has passed' },
  TOTAL_LIMIT_PASSED: { zh: '总时限已过', en: 'the total time limit has passed' },
  NO_PROGRESS: {
    zh: '本环节无法定时限，但已多日无人办理',
    en: 'no limit in the sources, and nothing has happened for days',
  },
  CORRECTION_WINDOW_PASSED: {
    zh: '补正期限已过，申请人仍未补正',
    en: 'the correction window has passed without a correction',
  },
  PAYMENT_NOT_REPAIRED: { zh: '银行反馈支付失败，逾期未处理', en: 'a failed payment has not been repaired in time' },
} as const satisfies Record<string, Text>;
export type StuckReasonCode = keyof typeof REASONS;

export const stuckReasonSchema = z
  .strictObject({
    code: z.enum(Object.keys(REASONS) as StuckReasonCode[]),
    title: text,
    dueOn: day.meta({ description: 'last day still in order' }),
    since: day,
    daysLate: z.int(),
    unit: z.enum(['WORKING_DAY', 'CALENDAR_DAY']),
    limitId: z.string().nullable(),
    article: z.string().nullable(),
  })
  .meta({ id: 'StuckReason' });
export type StuckReason = z.output<typeof stuckReasonSchema>;

/** The columns that give a reason. */
export interface StuckRow {
  ended_at: Date | null;
  stage_limit_id: string | null;
  stage_due_on: PlainDate | null;
  stage_provisional: boolean;
  total_limit_id: string | null;
  total_due_on: PlainDate | null;
  total_provisional: boolean;
  total_ended_on: PlainDate | null;
  stuck_on: PlainDate | null;
  correction_due_on: PlainDate | null;
  repair_due_on: PlainDate | null;
  stuck_from: PlainDate | null;
  suspensions: SuspensionPeriod[];
}

/** Derived from the day, right at 00:00:00 whatever the engine is doing. */
export const isStuck = (row: Pick<StuckRow, 'ended_at' | 'stuck_from'>, today: PlainDate): boolean =>
  row.ended_at === null && row.stuck_from !== null && row.stuck_from <= today;

/** Every reason that holds today, the oldest first. */
export function stuckReasons(row: StuckRow, calendar: Calendar, today: PlainDate): StuckReason[] {
  if (row.ended_at !== null) return [];
  const reasons: StuckReason[] = [];
  const add = (code: StuckReasonCode, dueOn: PlainDate | null, limitId: string | null): void => {
    if (dueOn === null || dueOn >= today) return;
    const limit = limitId === null ? undefined : timeLimit(limitId as LimitId);
    const working = limit ? limit.unit === 'WORKING_DAY' : code !== 'CORRECTION_WINDOW_PASSED';
    reasons.push({
      code,
      title: REASONS[code],
      dueOn,
      since: addDays(dueOn, 1),
      daysLate: limit
        ? daysLate(limit, dueOn, today, calendar, row.suspensions)
        : working
          ? countedIn(dueOn, today, calendar)
          : daysBetween(dueOn, today),
      unit: working ? 'WORKING_DAY' : 'CALENDAR_DAY',
      limitId,
      article: limit?.article ?? null,
    });
  };
  if (!row.stage_provisional) add('STAGE_LIMIT_PASSED', row.stage_due_on, row.stage_limit_id);
  if (!row.total_provisional && row.total_ended_on === null)
    add('TOTAL_LIMIT_PASSED', row.total_due_on, row.total_limit_id);
  add('NO_PROGRESS', row.stuck_on, null);
  add('CORRECTION_WINDOW_PASSED', row.correction_due_on, null);
  add('PAYMENT_NOT_REPAIRED', row.repair_due_on, null);
  return reasons.sort((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0));
}
