import { z } from 'zod';
import { horizonWithin, type Calendar } from '../../domain/calendar.ts';
import { countedIn, daysLate, type SuspensionPeriod } from '../../domain/deadline.ts';
import { daysBetween, type PlainDate } from '../../domain/plain-date.ts';
import { TIME_LIMITS, timeLimit, type LimitId } from '../../domain/time-limits.ts';
import { day, text } from '../schemas.ts';

/** What the clock of one limit says today. The due day itself is only read here: it was counted once, in the turn (I4). */
export const clockViewSchema = z
  .strictObject({
    state: z.enum(['RUNNING', 'STOPPED', 'ENDED']),
    limitId: z.string(),
    article: z.string(),
    startEvent: text,
    limit: z.int().meta({ description: 'length in `unit`; the number of the day for DAY_OF_MONTH' }),
    unit: z.string(),
    startOn: day.nullable(),
    dueOn: day.nullable().meta({ description: 'null while the clock stands' }),
    daysLeft: z.int().nullable().meta({ description: 'working days for working-day limits, else calendar days' }),
    daysLate: z.int(),
    overdue: z.boolean(),
    endedOn: day.nullable(),
    provisional: z.boolean(),
    provisionalBecause: day
      .nullable()
      .meta({ description: 'the last day before the undecided ones that a calendar edition is certain of' }),
    calendarEdition: z.string(),
  })
  .meta({ id: 'Clock' });
export type ClockView = z.output<typeof clockViewSchema>;

export interface StoredLimit {
  limitId: string | null;
  startOn: PlainDate | null;
  dueOn: PlainDate | null;
  /** only while the clock stands */
  daysLeft: number | null;
  provisional: boolean;
  calendarEdition: string;
  endedOn: PlainDate | null;
  daysLate: number | null;
}

/** Null where no limit runs: nothing is invented where the sources give none (0.2-14). */
export function clockView(
  stored: StoredLimit,
  calendar: Calendar,
  today: PlainDate,
  suspensions: readonly SuspensionPeriod[] = [],
): ClockView | null {
  if (stored.limitId === null || !(stored.limitId in TIME_LIMITS)) return null;
  const limit = timeLimit(stored.limitId as LimitId);
  const { dueOn, endedOn } = stored;
  const until = endedOn ?? today;
  const late = dueOn === null ? 0 : (stored.daysLate ?? daysLate(limit, dueOn, until, calendar, suspensions));
  const running = endedOn === null && dueOn !== null;
  return {
    state: endedOn !== null ? 'ENDED' : dueOn === null ? 'STOPPED' : 'RUNNING',
    limitId: limit.id,
    article: limit.article,
    startEvent: limit.startEvent,
    limit: limit.limit,
    unit: limit.unit,
    startOn: stored.startOn,
    dueOn,
    daysLeft: running
      ? daysUntil(dueOn, limit.unit === 'WORKING_DAY', calendar, today)
      : endedOn === null
        ? stored.daysLeft
        : null,
    daysLate: late,
    // A breach is held against nobody while the day itself is uncertain (C12).
    overdue: late > 0 && !stored.provisional,
    endedOn,
    provisional: stored.provisional,
    provisionalBecause: stored.provisional ? horizonOfCount(stored, calendar) : null,
    calendarEdition: stored.calendarEdition,
  };
}

/** Days after today up to and including the due day; 0 on the due day itself and when late. */
function daysUntil(dueOn: PlainDate, working: boolean, calendar: Calendar, today: PlainDate): number {
  if (dueOn <= today) return 0;
  return working ? countedIn(today, dueOn, calendar) : daysBetween(today, dueOn);
}

/** The day itself was counted earlier; if its uncertainty has gone since, the calendar's end is what is left to say. */
const horizonOfCount = ({ startOn, dueOn }: StoredLimit, calendar: Calendar): PlainDate =>
  (startOn && dueOn ? horizonWithin(startOn, dueOn, calendar) : undefined) ?? calendar.lastDay;
