/**
 * Turns a time limit, a start day and a calendar into a due date. Nothing else in the system adds days to a limit. The
 * counting rules are C1–C12; all days are civil days in Asia/Shanghai, and a limit ends at 24:00 of `dueOn` (C3).
 */
import type { Calendar } from './calendar.ts';
import type { TimeLimit } from './limit.ts';
import type { PlainDate } from './plain-date.ts';
import { addDays, addMonths, dayOfMonth, daysBetween, monthEnd, nextDayOfMonth, yearEnd } from './plain-date.ts';
import { TIME_LIMITS } from './time-limits.ts';

export type { LimitUnit, NonWorkingDayPolicy, TimeLimit } from './limit.ts';

/** C7: the clock stands still on every day `d` with `suspendedOn < d ≤ resumedOn`; without `resumedOn` it still stands. */
export interface SuspensionPeriod {
  suspendedOn: PlainDate;
  resumedOn?: PlainDate;
}

/** A computed due date with everything needed to explain it later (I4). */
export interface DueDate {
  limitId: string;
  article: string;
  startOn: PlainDate;
  /** Done on this day is in time; overdue from 00:00 of the next. */
  dueOn: PlainDate;
  /** One working day before `dueOn`; for day-of-month and month-end limits `targetOn`. May lie before `startOn`. */
  reminderOn: PlainDate;
  /** The last working day on or before `dueOn`: when the work should be done. */
  targetOn: PlainDate;
  /** C12: counted over days that no calendar edition covers. */
  provisional: boolean;
  /** The horizon before those days, the last that were certain (the first covered day, if they lie before every edition). */
  provisionalBecause?: PlainDate;
  /** `Calendar.editionId` it was counted with. */
  calendarEdition: string;
}

/** One day of the proof of a due date; `n` numbers the counted days from 1. */
export interface ExplainedDay {
  day: PlainDate;
  counted: boolean;
  n?: number;
  /** `MOVED`: the working day to which a due day on a non-working day was moved (C4, C5). */
  why: 'START' | 'COUNTED' | 'WEEKEND' | 'DAY_OFF' | 'MAKE_UP_WORKDAY' | 'SUSPENDED' | 'BEYOND_EDITION' | 'MOVED';
}

/** Working days are counted one by one from a start (C1, C2), so only here do suspensions stop the clock; all other limits run on. */
export const isCounted = ({ unit, direction }: Pick<TimeLimit, 'unit' | 'direction'>): boolean =>
  unit === 'WORKING_DAY' && direction === 'FORWARD';

/**
 * The due date of a forward limit (C1–C5, C7, C9, C10, C12). Only working-day limits are stopped by suspensions; the law's
 * fixed dates and months run on. A suspension that is still open, a backward limit or a DATE limit here is a bug: use
 * `remaining`, `backwardLimit`, `dueOnDate`.
 */
export function dueDate(
  limit: TimeLimit,
  startOn: PlainDate,
  calendar: Calendar,
  suspensions: readonly SuspensionPeriod[] = [],
): DueDate {
  if (isCounted(limit)) {
    return countWorkingDays(limit, startOn, calendar, suspensions);
  }
  const nominal = nominalDay(limit, startOn);
  const dueOn = shift(limit, nominal, calendar);
  // A kept date needs no calendar to be certain; a moved one depends on every day from the nominal one on.
  const unknown = limit.nonWorkingDayPolicy === 'KEEP' ? undefined : firstUncovered(nominal, dueOn, calendar);
  return describe(limit, startOn, dueOn, calendar, unknown);
}

/** The due date of a limit whose day is set per case (DL-33); `startOn` is the day it was set, for the record. */
export function dueOnDate(limit: TimeLimit, day: PlainDate, calendar: Calendar, startOn: PlainDate = day): DueDate {
  if (limit.unit !== 'DATE') throw new Error(`${limit.id} is counted, not set per case`);
  return describe(limit, startOn, day, calendar, undefined);
}

/** When a summary handed over to finance must be paid (DL-12, DL-13): by month end, after the 25th by the next one. */
export const payBy = (handedOverOn: PlainDate, calendar: Calendar): DueDate =>
  dueDate(TIME_LIMITS['DL-13'], handedOverOn, calendar);

/**
 * C6, counted back from an event such as the start of an audit (DL-30): the last day on which the notice is lawful, never
 * moved, and the working day on or before it on which to serve it. For DL-03 `latestLawfulOn` is the oldest day that counts.
 */
export function backwardLimit(
  limit: TimeLimit,
  eventOn: PlainDate,
  calendar: Calendar,
): { latestLawfulOn: PlainDate; targetOn: PlainDate } {
  if (limit.direction !== 'BACKWARD') throw new Error(`${limit.id} is counted forward`);
  const latestLawfulOn = addUnits(limit, eventOn, -limit.limit);
  const policy = limit.nonWorkingDayPolicy;
  return {
    latestLawfulOn,
    targetOn: policy === 'PREVIOUS_WORKING_DAY' ? calendar.previousWorkingDay(latestLawfulOn) : latestLawfulOn,
  };
}

/**
 * How much of a limit is used up at the end of `asOf` and how much is left, never below 0: in working days for working-day
 * limits, also while the clock stands, else in calendar days until the due day.
 */
export function remaining(
  limit: TimeLimit,
  startOn: PlainDate,
  calendar: Calendar,
  suspensions: readonly SuspensionPeriod[],
  asOf: PlainDate,
): { used: number; left: number } {
  if (limit.unit !== 'WORKING_DAY') {
    const { dueOn } = dueDate(limit, startOn, calendar);
    const left = Math.max(0, daysBetween(asOf < startOn ? startOn : asOf, dueOn));
    return { used: daysBetween(startOn, dueOn) - left, left };
  }
  const used = Math.min(limit.limit, countedIn(startOn, asOf, calendar, suspensions));
  return { used, left: limit.limit - used };
}

/**
 * C11: 0 when in time; else the working days after the due day up to and including the day of completion (at least 1, so
 * that a Saturday's completion is late too) for working-day limits, calendar days for the others. Days on which the clock of
 * a late case stood still are nobody's lateness (C7).
 */
export function daysLate(
  limit: TimeLimit,
  dueOn: PlainDate,
  completedOn: PlainDate,
  calendar: Calendar,
  suspensions: readonly SuspensionPeriod[] = [],
): number {
  if (completedOn <= dueOn) return 0;
  if (limit.unit !== 'WORKING_DAY') return daysBetween(dueOn, completedOn);
  return Math.max(1, countedIn(dueOn, completedOn, calendar, suspensions));
}

/** The n-th working day after `d` (not counting `d`, C1) on which the clock runs; `d` itself for 0. */
export function workingDaysAfter(
  d: PlainDate,
  n: number,
  calendar: Calendar,
  suspensions: readonly SuspensionPeriod[] = [],
): PlainDate {
  let day = d;
  for (let counted = 0; counted < n;) {
    day = addDays(day, 1);
    if (calendar.isWorkingDay(day) && !isSuspended(day, suspensions)) counted++;
  }
  return day;
}

/** Working days `d` with `after < d ≤ upTo` on which the clock runs. */
export function countedIn(
  after: PlainDate,
  upTo: PlainDate,
  calendar: Calendar,
  suspensions: readonly SuspensionPeriod[] = [],
): number {
  if (suspensions.length === 0) return calendar.workingDaysBetween(after, upTo);
  let n = 0;
  for (let day = addDays(after, 1); day <= upTo; day = addDays(day, 1)) {
    if (calendar.isWorkingDay(day) && !isSuspended(day, suspensions)) n++;
  }
  return n;
}

/**
 * The proof of a due date: every day from the start to the due day, and why it counts or doesn't. Takes the same limits as
 * `dueDate`. Other than working-day limits count calendar days up to the nominal day, then the days it was moved over.
 */
export function explainDays(
  limit: TimeLimit,
  startOn: PlainDate,
  calendar: Calendar,
  suspensions: readonly SuspensionPeriod[] = [],
): ExplainedDay[] {
  const days: ExplainedDay[] = [{ day: startOn, counted: false, why: 'START' }];
  const add = (day: PlainDate, counted: boolean, why: ExplainedDay['why'], n: number): void => {
    days.push(counted ? { day, counted, n, why } : { day, counted, why });
  };
  if (isCounted(limit)) {
    refuseOpen(suspensions);
    let n = 0;
    for (let day = addDays(startOn, 1); n < limit.limit; day = addDays(day, 1)) {
      const suspended = isSuspended(day, suspensions);
      const counted = !suspended && calendar.isWorkingDay(day);
      if (counted) n++;
      add(day, counted, suspended ? 'SUSPENDED' : reason(day, calendar), n);
    }
    return days;
  }
  const nominal = nominalDay(limit, startOn);
  const dueOn = shift(limit, nominal, calendar);
  let n = 0;
  for (let day = addDays(startOn, 1); day <= dueOn; day = addDays(day, 1)) {
    if (day <= nominal) add(day, true, 'COUNTED', ++n);
    else add(day, false, day === dueOn ? 'MOVED' : reason(day, calendar), n);
  }
  return days;
}

function reason(day: PlainDate, calendar: Calendar): ExplainedDay['why'] {
  if (!calendar.isCovered(day)) return 'BEYOND_EDITION';
  const kind = calendar.kindOf(day);
  return kind === 'WORKDAY' ? 'COUNTED' : kind;
}

function countWorkingDays(
  limit: TimeLimit,
  startOn: PlainDate,
  calendar: Calendar,
  suspensions: readonly SuspensionPeriod[],
): DueDate {
  refuseOpen(suspensions);
  let day = startOn;
  let unknown: PlainDate | undefined;
  for (let counted = 0; counted < limit.limit;) {
    day = addDays(day, 1);
    // A day on which the clock stands can't change the count, whatever kind of day it turns out to be.
    if (isSuspended(day, suspensions)) continue;
    if (!calendar.isCovered(day)) unknown ??= day;
    if (calendar.isWorkingDay(day)) counted++;
  }
  return describe(limit, startOn, day, calendar, unknown);
}

function describe(
  limit: TimeLimit,
  startOn: PlainDate,
  dueOn: PlainDate,
  calendar: Calendar,
  unknown: PlainDate | undefined,
): DueDate {
  const targetOn = calendar.previousWorkingDay(dueOn);
  // C9, C10: dates that are chained month by month remind on the last working day on or before them; all others one
  // working day ahead (processes.md 0.2-11).
  const chained = limit.unit === 'DAY_OF_MONTH' || limit.unit === 'MONTH_END';
  return {
    limitId: limit.id,
    article: limit.article,
    startOn,
    dueOn,
    reminderOn: chained ? targetOn : calendar.previousWorkingDay(addDays(dueOn, -1)),
    targetOn,
    provisional: unknown !== undefined,
    ...(unknown && { provisionalBecause: calendar.horizonBefore(unknown) }),
    calendarEdition: calendar.editionId,
  };
}

/** The day a forward limit ends on before it is moved off a non-working day. */
function nominalDay(limit: TimeLimit, startOn: PlainDate): PlainDate {
  if (limit.direction === 'BACKWARD') throw new Error(`${limit.id} is counted backward: use backwardLimit`);
  switch (limit.unit) {
    case 'DAY_OF_MONTH':
      return nextDayOfMonth(startOn, limit.limit, limit.month);
    case 'MONTH_END': {
      const tooLate = limit.cutOffDay !== undefined && dayOfMonth(startOn) > limit.cutOffDay;
      return monthEnd(addMonths(startOn, limit.limit + (tooLate ? 1 : 0)));
    }
    case 'YEAR_END':
      return yearEnd(addMonths(startOn, 12 * limit.limit));
    default:
      return addUnits(limit, startOn, limit.limit);
  }
}

function addUnits(limit: TimeLimit, d: PlainDate, n: number): PlainDate {
  if (limit.unit === 'CALENDAR_DAY') return addDays(d, n);
  if (limit.unit === 'MONTH') return addMonths(d, n);
  if (limit.unit === 'YEAR') return addMonths(d, 12 * n);
  throw new Error(`${limit.id} (${limit.unit}, ${limit.direction}) cannot be counted from a day`);
}

function shift(limit: TimeLimit, nominal: PlainDate, calendar: Calendar): PlainDate {
  if (limit.nonWorkingDayPolicy === 'NEXT_WORKING_DAY') return calendar.nextWorkingDay(nominal);
  if (limit.nonWorkingDayPolicy === 'PREVIOUS_WORKING_DAY') return calendar.previousWorkingDay(nominal);
  return nominal;
}

/** C7. Asked day by day, so overlapping or touching suspensions never take a day off the count twice. */
export const isSuspended = (day: PlainDate, suspensions: readonly SuspensionPeriod[]): boolean =>
  suspensions.some((s) => s.suspendedOn < day && (s.resumedOn === undefined || day <= s.resumedOn));

function refuseOpen(suspensions: readonly SuspensionPeriod[]): void {
  for (const { suspendedOn, resumedOn } of suspensions) {
    if (resumedOn === undefined)
      throw new Error(`suspended on ${suspendedOn} and not resumed: there is no due date yet`);
    if (resumedOn < suspendedOn) throw new Error(`suspended on ${suspendedOn} but resumed on ${resumedOn}`);
  }
}

function firstUncovered(from: PlainDate, to: PlainDate, calendar: Calendar): PlainDate | undefined {
  const [first, last] = from <= to ? [from, to] : [to, from];
  for (let day = first; day <= last; day = addDays(day, 1)) if (!calendar.isCovered(day)) return day;
  return undefined;
}
