import { between, dayOfMonth, monthEnd, plus, plusMonths, type Day, type WorkingDays } from './days.ts';

/**
 * When a limit ends, when it is reminded of and how late something was: `deadlines.md` §1 and §2, rules C1–C12, for the
 * limits that run in the processes of `procedures.ts`.
 */

/** A stop of the clock (C7); open while nobody has started it again. */
export interface Stop {
  suspendedOn: Day;
  resumedOn?: Day;
}

/**
 * Lengths a what-if may change, in the unit of the limit. Some belong to no process of `procedures.ts`: they are here because
 * the worked examples of `deadlines.md` §4 count them, and what counts those right counts the others.
 */
export const LENGTHS = {
  'DL-04': 10,
  'DL-06': 25,
  'DL-08': 5,
  'DL-09': 5,
  'DL-10': 5,
  'DL-11': 15,
  'DL-13': 25,
  'DL-14': 1,
  'DL-15': 3,
  'DL-19': 5,
  'DL-20': 5,
  'DL-30': 3,
  'DL-31': 5,
  'DL-32': 10,
  'DL-36': 3,
  'DL-57': 3,
} as const;
export type Limit = keyof typeof LENGTHS | 'DL-33';
export type Lengths = Readonly<Record<keyof typeof LENGTHS, number>>;

/** Working days to be counted from a start (C1, C2); all other limits end on a date. */
const COUNTED: readonly Limit[] = [
  ...(['DL-08', 'DL-09', 'DL-10', 'DL-11', 'DL-14', 'DL-15', 'DL-20', 'DL-31', 'DL-32'] as const),
];
/** C9: a day of each month. */
const DAY_OF_MONTH: readonly Limit[] = ['DL-04', 'DL-06', 'DL-19'];
export const isCounted = (limit: Limit): boolean => COUNTED.includes(limit);
/** C12 is about what is counted or moved over days off; a day that was set, or is the same of every month, is certain. */
const hangsOnHolidays = (limit: Limit): boolean => isCounted(limit) || limit === 'DL-36' || limit === 'DL-57';
/** DL-30 looks back from a day to come. */
export const isBackward = (limit: Limit): boolean => limit === 'DL-30';

/** One run of one limit. */
export interface Run {
  limit: Limit;
  /** the day of the starting event; of DL-30 the planned start of the audit */
  start: Day;
  /** DL-33: the day that was set */
  setOn?: Day;
  /** working days granted on top */
  extended: number;
}

export interface Term {
  due: Day;
  reminder: Day;
  /** counted beyond what is announced (C12) */
  provisional: boolean;
}

/** C7: the day of the stop still counts, the day of the resumption does not. */
export const isStopped = (day: Day, stops: readonly Stop[]): boolean =>
  stops.some((stop) => stop.suspendedOn < day && (stop.resumedOn === undefined || day <= stop.resumedOn));

/** A day that counts: a working day outside every stop. */
const counts = (day: Day, stops: readonly Stop[], work: WorkingDays): boolean => work.is(day) && !isStopped(day, stops);

/**
 * When a run ends, or undefined while a stop that is still open keeps it from ending. The clock stands from the day after
 * the stop began (C7): a limit that had not passed by then does not pass while it stands, one that had stays passed.
 */
export function termOf(run: Run, stops: readonly Stop[], work: WorkingDays, lengths: Lengths): Term | undefined {
  const due = dueOf(run, stops, work, lengths);
  if (due === undefined) return undefined;
  return {
    due,
    reminder: reminderOf(run.limit, due, work),
    provisional: due > work.horizon && hangsOnHolidays(run.limit),
  };
}

function dueOf(run: Run, stops: readonly Stop[], work: WorkingDays, lengths: Lengths): Day | undefined {
  const { limit, start } = run;
  switch (limit) {
    case 'DL-33':
      return run.setOn;
    case 'DL-30':
      // C6: lawful if start − service ≥ 3 calendar days; nothing is shifted.
      return plus(start, -lengths[limit]);
    case 'DL-04':
    case 'DL-06':
    case 'DL-19': {
      // C9: the day itself is in time, and kept on a non-working day; after it, the next month's.
      const months = dayOfMonth(start) <= lengths[limit] ? 0 : 1;
      return `${monthEnd(start, months).slice(0, 8)}${String(lengths[limit]).padStart(2, '0')}`;
    }
    case 'DL-36':
    case 'DL-57':
      // C5.
      return work.onOrAfter(plusMonths(start, lengths[limit]));
    case 'DL-13':
      // C9, C10, DL-12: handed over on or before the 25th this month's end, later the next one's; kept.
      return monthEnd(start, dayOfMonth(start) <= lengths[limit] ? 0 : 1);
    default:
      return nthCounted(start, lengths[limit] + run.extended, stops, work);
  }
}

/** The day the count reaches n (C1, C2, C7). */
function nthCounted(start: Day, n: number, stops: readonly Stop[], work: WorkingDays): Day | undefined {
  const [standsFrom] = stops
    .filter((stop) => stop.resumedOn === undefined)
    .map((stop) => stop.suspendedOn)
    .sort();
  let day = start;
  for (let left = n; left > 0;) {
    day = plus(day, 1);
    if (standsFrom && day >= standsFrom) return undefined;
    if (counts(day, stops, work)) left -= 1;
  }
  return day;
}

/**
 * The beginning of the n-th working day late. A day on which the clock of a counted limit stood is nobody's lateness (C7,
 * C11); a limit that ends on a date counts no days, so it does not stand still either (C9).
 */
export const nthDayLate = (
  limit: Limit,
  due: Day,
  n: number,
  stops: readonly Stop[],
  work: WorkingDays,
): Day | undefined => nthCounted(due, n, isCounted(limit) ? stops : [], work);

function reminderOf(limit: Limit, due: Day, work: WorkingDays): Day {
  // C6, C9, C10: that day or, if it is a non-working day, the last working day before; else one working day ahead (0.2-11).
  const onTheDay = limit === 'DL-30' || limit === 'DL-13' || DAY_OF_MONTH.includes(limit);
  return onTheDay ? work.onOrBefore(due) : work.nth(due, -1);
}

/**
 * C11. Working days after the due day up to the day of completion, at least 1 when late; days on which the clock stood
 * are not the office's (C7). Calendar days for limits that end on a date.
 */
export function daysLate(limit: Limit, due: Day, doneOn: Day, stops: readonly Stop[], work: WorkingDays): number {
  if (doneOn <= due) return 0;
  if (!isCounted(limit)) return between(due, doneOn);
  let late = 0;
  for (let day = plus(due, 1); day <= doneOn; day = plus(day, 1)) if (counts(day, stops, work)) late += 1;
  return Math.max(late, 1);
}

/** 0.2-6, C4: 30 calendar days from the return, moved to the next working day. */
export const correctionWindowEnds = (returnedOn: Day, work: WorkingDays): Day => work.onOrAfter(plus(returnedOn, 30));
