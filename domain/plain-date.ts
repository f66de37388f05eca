/**
 * A civil day in Asia/Shanghai, written 'YYYY-MM-DD'. Days are counted by arithmetic on day numbers alone: no host zone,
 * no `Intl`, no zone database, so that a due date replays identically on any machine in any year (China has had one fixed
 * offset, +8, since 1991). Because the text has a fixed width, `<`, `===` and `sort()` on it compare days.
 */
import { Refusal } from './refusal.ts';

declare const brand: unique symbol;

/** 'YYYY-MM-DD', a day that exists. Made by `plainDate` or `isPlainDate`, never by a cast of unchecked text. */
export type PlainDate = string & { readonly [brand]: 'PlainDate' };

const DAY_MS = 86_400_000;
const SHANGHAI_OFFSET_MS = 8 * 3_600_000;
/** Days from 0001-01-01 to 1970-01-01: makes day 0 the Unix epoch, a Thursday. */
const DAYS_BEFORE_EPOCH = 719_162;
const MONTH_LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

/** Number of days in a month; `month` is 1–12. */
const monthLength = (year: number, month: number): number =>
  month === 2 && isLeap(year) ? 29 : (MONTH_LENGTHS[month - 1] ?? 0);

/** Days from 1970-01-01 to 1 January of `year`. */
const daysBeforeYear = (year: number): number => {
  const past = year - 1;
  return past * 365 + Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400) - DAYS_BEFORE_EPOCH;
};

const yearOf = (d: PlainDate): number => Number(d.slice(0, 4));
const monthOf = (d: PlainDate): number => Number(d.slice(5, 7));

/** The day's number of the month, 1–31. */
export const dayOfMonth = (d: PlainDate): number => Number(d.slice(8, 10));

function format(year: number, month: number, day: number): PlainDate {
  // Four digits are what makes text order the order of days; a count that leaves them is a bug, not a request.
  if (!(year >= 1 && year <= 9999)) throw new RangeError(`year ${year} does not fit a PlainDate`);
  return `${String(year).padStart(4, '0')}-${twoDigits(month)}-${twoDigits(day)}` as PlainDate;
}

const twoDigits = (n: number): string => (n < 10 ? `0${n}` : `${n}`);

/** Days since 1970-01-01, which is day 0. */
function toDayNumber(d: PlainDate): number {
  const year = yearOf(d);
  const month = monthOf(d);
  let days = daysBeforeYear(year) + dayOfMonth(d) - 1;
  for (let m = 1; m < month; m++) days += monthLength(year, m);
  return days;
}

function fromDayNumber(dayNumber: number): PlainDate {
  // The mean year is 365.2425 days, so the guess is off by one at most.
  let year = Math.floor(dayNumber / 365.2425) + 1970;
  if (daysBeforeYear(year) > dayNumber) year--;
  else if (daysBeforeYear(year + 1) <= dayNumber) year++;
  let rest = dayNumber - daysBeforeYear(year);
  let month = 1;
  while (rest >= monthLength(year, month)) rest -= monthLength(year, month++);
  return format(year, month, rest + 1);
}

/** Whether `text` is a real day 'YYYY-MM-DD' of the years 1900–2200. */
export function isPlainDate(text: string): text is PlainDate {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!parts) return false;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  return year >= 1900 && year <= 2200 && month >= 1 && month <= 12 && day >= 1 && day <= monthLength(year, month);
}

/** The same for JSON Schema: exactly the days `isPlainDate` knows, leap years included. */
export const PLAIN_DATE_PATTERN =
  '^(?:(?:19[0-9]{2}|2[01][0-9]{2}|2200)-' +
  '(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))' +
  '|(?:(?:19|20|21)(?:0[48]|[2468][048]|[13579][26])|2000)-02-29)$';

/** Reads a day; anything that is no real day 'YYYY-MM-DD' of 1900–2200 is refused with BAD_REQUEST. */
export function plainDate(text: string): PlainDate {
  if (isPlainDate(text)) return text;
  const shown = text.slice(0, 40);
  throw new Refusal('BAD_REQUEST', [
    {
      zh: `“${shown}”不是有效日期，请按“年-月-日”填写，例如 2026-03-01。`,
      en: `"${shown}" is not a day; write it as year-month-day, for example 2026-03-01.`,
    },
  ]);
}

/** The day `n` calendar days later (earlier for a negative `n`). */
export function addDays(d: PlainDate, n: number): PlainDate {
  // Within the days that every month has, as most steps from day to day are, only the last two digits change.
  const day = dayOfMonth(d) + n;
  if (day >= 1 && day <= 28) return `${d.slice(0, 8)}${twoDigits(day)}` as PlainDate;
  return fromDayNumber(toDayNumber(d) + n);
}

/** C5 (Civil Code Art. 202): the same day number `n` months later (earlier if negative), else that month's last day. */
export function addMonths(d: PlainDate, n: number): PlainDate {
  const months = yearOf(d) * 12 + (monthOf(d) - 1) + n;
  const year = Math.floor(months / 12);
  const month = months - year * 12 + 1;
  return format(year, month, Math.min(dayOfMonth(d), monthLength(year, month)));
}

/** Calendar days from `from` to `to`; negative if `to` is earlier. */
export const daysBetween = (from: PlainDate, to: PlainDate): number => toDayNumber(to) - toDayNumber(from);

/** 1 = Monday … 7 = Sunday. */
export function dayOfWeek(d: PlainDate): number {
  const sinceMonday = (toDayNumber(d) + 3) % 7; // day 0 was a Thursday
  return (sinceMonday < 0 ? sinceMonday + 7 : sinceMonday) + 1;
}

/** The last calendar day of the day's month (C10). */
export const monthEnd = (d: PlainDate): PlainDate => format(yearOf(d), monthOf(d), monthLength(yearOf(d), monthOf(d)));

/** Day `day` (1–31) of the day's month, or the month's last day where it is shorter. */
export const onDayOfMonth = (d: PlainDate, day: number): PlainDate =>
  format(yearOf(d), monthOf(d), Math.min(day, monthLength(yearOf(d), monthOf(d))));

/** The first day `day` (as above) on or after `d`; with `month` (1–12) the first of that month of the year. */
export function nextDayOfMonth(d: PlainDate, day: number, month?: number): PlainDate {
  for (let from = d; ; from = addMonths(from, 1)) {
    const found = onDayOfMonth(from, day);
    if (found >= d && (month === undefined || monthOf(found) === month)) return found;
  }
}

/** 31 December of the day's year. */
export const yearEnd = (d: PlainDate): PlainDate => format(yearOf(d), 12, 31);

/** The civil day in Asia/Shanghai at an instant given in epoch milliseconds. */
export const plainDateAt = (epochMs: number): PlainDate =>
  fromDayNumber(Math.floor((epochMs + SHANGHAI_OFFSET_MS) / DAY_MS));

/** 00:00 Asia/Shanghai of the day in epoch milliseconds. C3: a limit is overdue from `startOfDay(addDays(dueOn, 1))`. */
export const startOfDay = (d: PlainDate): number => toDayNumber(d) * DAY_MS - SHANGHAI_OFFSET_MS;
