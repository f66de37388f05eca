/**
 * Days and working days for the recount, written from `deadlines.md` C2 and §3 alone. Nothing here comes from the product:
 * two implementations that share a table or a loop share its mistakes, too.
 */

/** A civil day in Asia/Shanghai, YYYY-MM-DD. */
export type Day = string;

const DAY_MS = 86_400_000;
/** China has had one fixed offset since 1991. */
const SHANGHAI_MS = 8 * 3_600_000;

const numberOf = (day: Day): number => Date.parse(`${day}T00:00:00Z`) / DAY_MS;
const dayOf = (number: number): Day => new Date(number * DAY_MS).toISOString().slice(0, 10);

/** n calendar days later; earlier for a negative n. */
export const plus = (day: Day, n: number): Day => dayOf(numberOf(day) + n);
/** Calendar days from one day to another. */
export const between = (from: Day, to: Day): number => numberOf(to) - numberOf(from);
/** Which day it is in Shanghai at an instant (epoch ms). */
export const dayAt = (instant: number): Day => dayOf(Math.floor((instant + SHANGHAI_MS) / DAY_MS));
/** 00:00 in Shanghai of a day, epoch ms. */
export const midnight = (day: Day): number => numberOf(day) * DAY_MS - SHANGHAI_MS;
export const dayOfMonth = (day: Day): number => Number(day.slice(8));
/** The last calendar day of the month that lies `months` after the day's own. */
export function monthEnd(day: Day, months = 0): Day {
  const [year = 0, month = 0] = day.split('-').map(Number);
  return new Date(Date.UTC(year, month + months, 0)).toISOString().slice(0, 10);
}

/** C5: the day with the same number in the target month; if there is none, the last day of that month. */
export function plusMonths(day: Day, months: number): Day {
  const last = monthEnd(day, months);
  const number = Math.min(dayOfMonth(day), dayOfMonth(last));
  return `${last.slice(0, 8)}${String(number).padStart(2, '0')}`;
}

/** Days off on Monday–Friday and make-up workdays of a year, as `deadlines.md` §3 lists them. */
export interface YearTable {
  year: number;
  daysOff: readonly Day[];
  makeUpWorkdays: readonly Day[];
}

const table = (year: number, daysOff: string, makeUpWorkdays: string): YearTable => ({
  year,
  daysOff: daysOff.split(' ').map((day) => `${year}-${day}`),
  makeUpWorkdays: makeUpWorkdays.split(' ').map((day) => `${year}-${day}`),
});

/** `deadlines.md` §3, typed in by hand. */
export const KNOWN_YEARS: readonly YearTable[] = [
  table(
    2025,
    '01-01 01-28 01-29 01-30 01-31 02-03 02-04 04-04 05-01 05-02 05-05 06-02 10-01 10-02 10-03 10-06 10-07 10-08',
    '01-26 02-08 04-27 09-28 10-11',
  ),
  table(
    2026,
    '01-01 01-02 02-16 02-17 02-18 02-19 02-20 02-23 04-06 05-01 05-04 05-05 06-19 09-25 10-01 10-02 10-05 10-06 10-07',
    '01-04 02-14 02-28 05-09 09-20 10-10',
  ),
];

export interface WorkingDays {
  is(day: Day): boolean;
  /** the n-th working day after a day (n ≥ 1) or, for a negative n, before it */
  nth(day: Day, n: number): Day;
  onOrAfter(day: Day): Day;
  onOrBefore(day: Day): Day;
  /** the last day somebody has announced; what is counted beyond is provisional (C12) */
  horizon: Day;
}

/** C2; beyond the announced years plain Monday to Friday (C12). Of two tables for one year the later in the list holds. */
export function workingDays(years: readonly YearTable[] = KNOWN_YEARS): WorkingDays {
  const byYear = new Map(years.map((each) => [each.year, each]));
  const off = new Set([...byYear.values()].flatMap((each) => each.daysOff));
  const madeUp = new Set([...byYear.values()].flatMap((each) => each.makeUpWorkdays));
  const is = (day: Day): boolean => {
    // 1970-01-01 was a Thursday.
    const weekday = (((numberOf(day) + 3) % 7) + 7) % 7;
    return madeUp.has(day) || (weekday < 5 && !off.has(day));
  };
  const nth = (day: Day, n: number): Day => {
    const step = n < 0 ? -1 : 1;
    let at = day;
    for (let left = Math.abs(n); left > 0;) {
      at = plus(at, step);
      if (is(at)) left -= 1;
    }
    return at;
  };
  return {
    is,
    nth,
    onOrAfter: (day) => (is(day) ? day : nth(day, 1)),
    onOrBefore: (day) => (is(day) ? day : nth(day, -1)),
    horizon: `${Math.max(...byYear.keys())}-12-31`,
  };
}
