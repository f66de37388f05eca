import { z } from 'zod';
import {
  INCIDENT_ERRORS,
  INCIDENT_KINDS,
  EVERY_INCIDENT_KIND,
  type IncidentError,
  type IncidentKind,
} from '../../domain/incidents.ts';
import type { Text } from '../../domain/case.ts';
import type { Calendar } from '../../domain/calendar.ts';
import { countedIn, daysLate, type SuspensionPeriod } from '../../domain/deadline.ts';
import { addDays, daysBetween, plainDateAt, type PlainDate } from '../../domain/plain-date.ts';
import { timeLimit, type LimitId } from '../../domain/time-limits.ts';
import { instantText } from '../instant.ts';
import { day, instant, text } from '../schemas.ts';

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
  SYSTEM_PROBLEM: { zh: '因系统故障无法继续', en: 'the system keeps it from going on' },
  PAYMENT_NOT_REPAIRED: { zh: '银行反馈支付失败，逾期未处理', en: 'a failed payment has not been repaired in time' },
} as const satisfies Record<string, Text>;
export type StuckReasonCode = keyof typeof REASONS;

/** What keeps it, and what happens now; the statutory clock goes on meanwhile and stands beside it. */
const systemProblemSchema = z
  .strictObject({
    kind: z.enum(EVERY_INCIDENT_KIND),
    title: text,
    error: text.meta({ description: '最近的错误 / the last error, in plain words' }),
    next: text,
    attempts: z.int(),
    firstSeenAt: instant,
    lastSeenAt: instant,
  })
  .meta({ id: 'SystemProblem' });

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
    problem: systemProblemSchema.nullable().meta({ description: 'with SYSTEM_PROBLEM' }),
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
  clock_ahead_ms: string;
  incidents: OpenIncident[];
}

/** An incident that keeps the case; instants in ISO 8601. */
export interface OpenIncident {
  kind: IncidentKind;
  error: IncidentError;
  attempts: number;
  firstSeenAt: string;
  lastSeenAt: string;
}

/** Derived from the day, right at 00:00:00 whatever the engine is doing; besides, whatever the system keeps from going on. */
export const isStuck = (row: Pick<StuckRow, 'ended_at' | 'stuck_from' | 'incidents'>, today: PlainDate): boolean =>
  row.ended_at === null && ((row.stuck_from !== null && row.stuck_from <= today) || row.incidents.length > 0);

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
      problem: null,
    });
  };
  if (!row.stage_provisional) add('STAGE_LIMIT_PASSED', row.stage_due_on, row.stage_limit_id);
  if (!row.total_provisional && row.total_ended_on === null)
    add('TOTAL_LIMIT_PASSED', row.total_due_on, row.total_limit_id);
  add('NO_PROGRESS', row.stuck_on, null);
  add('CORRECTION_WINDOW_PASSED', row.correction_due_on, null);
  add('PAYMENT_NOT_REPAIRED', row.repair_due_on, null);
  for (const incident of row.incidents) reasons.push(systemProblem(incident, Number(row.clock_ahead_ms), today));
  return reasons.sort((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0));
}

function systemProblem(
  { kind, error, attempts, firstSeenAt, lastSeenAt }: OpenIncident,
  clockAheadMs: number,
  today: PlainDate,
): StuckReason {
  const since = plainDateAt(Date.parse(firstSeenAt) + clockAheadMs);
  const dueOn = addDays(since, -1);
  const { title, next } = INCIDENT_KINDS[kind];
  return {
    code: 'SYSTEM_PROBLEM',
    title: REASONS.SYSTEM_PROBLEM,
    dueOn,
    since,
    daysLate: daysBetween(dueOn, today),
    unit: 'CALENDAR_DAY',
    limitId: null,
    article: null,
    problem: {
      ...{ kind, title, error: INCIDENT_ERRORS[error], next, attempts },
      firstSeenAt: instantText(Date.parse(firstSeenAt)),
      lastSeenAt: instantText(Date.parse(lastSeenAt)),
    },
  };
}
