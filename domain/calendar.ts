/**
 * Which days are working days (C2): Monday–Friday without statutory holidays and their in-lieu days, plus make-up workdays
 * (调休上班). The data comes as editions (`calendar-edition.ts`), one in force per year. A year without an edition, and the
 * days after an edition's horizon, are undecided, never "no holidays" (C12): they count as plain Monday–Friday and whatever
 * was counted on them is provisional.
 */
import { checkEdition, editionsInForce, horizonOf, type CalendarEdition } from './calendar-edition.ts';
import type { PlainDate } from './plain-date.ts';
import { addDays, dayOfWeek } from './plain-date.ts';

export { checkEdition, type CalendarEdition } from './calendar-edition.ts';

/** What kind of day it is; days no edition covers are only `WORKDAY` or `WEEKEND`. */
export type DayKind = 'WORKDAY' | 'WEEKEND' | 'DAY_OFF' | 'MAKE_UP_WORKDAY';

export interface Calendar {
  /** The editions in force, by year: 'CN-2025-1+CN-2026-1'. Stored with every due date. */
  editionId: string;
  /** The editions in force, by year. */
  editions: readonly CalendarEdition[];
  firstDay: PlainDate;
  /** The last day an edition covers. */
  lastDay: PlainDate;
  kindOf(d: PlainDate): DayKind;
  isWorkingDay(d: PlainDate): boolean;
  /** Working days `d` with `after < d ≤ upTo`; 0 when there are none between. Takes no longer for many years than for two days. */
  workingDaysBetween(after: PlainDate, upTo: PlainDate): number;
  /** Whether an edition is certain of the day; false makes a count provisional (C12). */
  isCovered(d: PlainDate): boolean;
  /** The horizon before a day that is not covered: the last day that was certain; the first one before every edition. */
  horizonBefore(d: PlainDate): PlainDate;
  /** The first working day on or after `d`. */
  nextWorkingDay(d: PlainDate): PlainDate;
  /** The last working day on or before `d`. */
  previousWorkingDay(d: PlainDate): PlainDate;
}

/**
 * Builds the calendar from editions; of several for one year the one that no other amends is in force. Build it once and
 * keep it: every look-up is then one map access. Refuses a contradictory edition with CALENDAR_CONTRADICTION and two rivals
 * with CALENDAR_YEAR_TAKEN; no edition at all, or one id twice, is a bug.
 */
export function createCalendar(editions: readonly CalendarEdition[]): Calendar {
  const ids = new Set<string>();
  for (const edition of editions) {
    checkEdition(edition);
    if (ids.has(edition.id)) throw new Error(`calendar edition ${edition.id} is given twice`);
    ids.add(edition.id);
  }
  const inForce = editionsInForce(editions);
  const first = inForce[0];
  const last = inForce.at(-1);
  if (!first || !last) throw new Error('a calendar needs at least one edition');

  const horizons = new Map(inForce.map((edition) => [String(edition.year), horizonOf(edition)]));
  const special = new Map<PlainDate, DayKind>();
  for (const edition of inForce) {
    for (const day of edition.daysOff) special.set(day, 'DAY_OFF');
    for (const day of edition.makeUpWorkdays) special.set(day, 'MAKE_UP_WORKDAY');
  }

  // Which day of the week it is takes longer to work out than to look up, and the same few years are asked for all the time.
  const kinds = new Map<PlainDate, DayKind>(special);
  const kindOf = (d: PlainDate): DayKind => {
    let kind = kinds.get(d);
    if (kind === undefined) kinds.set(d, (kind = dayOfWeek(d) <= 5 ? 'WORKDAY' : 'WEEKEND'));
    return kind;
  };
  const isWorkingDay = (d: PlainDate): boolean => {
    const kind = kindOf(d);
    return kind === 'WORKDAY' || kind === 'MAKE_UP_WORKDAY';
  };
  // Of each year that is asked for: how many working days it has up to and including each of its days. What is long overdue would
  // otherwise be counted day by day for every row of a list.
  const years = new Map<string, { upTo: Map<PlainDate, number>; total: number }>();
  const yearOf = (year: string): { upTo: Map<PlainDate, number>; total: number } => {
    let counted = years.get(year);
    if (counted === undefined) {
      const upTo = new Map<PlainDate, number>();
      let total = 0;
      for (let day = `${year}-01-01` as PlainDate; day.startsWith(year); day = addDays(day, 1)) {
        if (isWorkingDay(day)) total++;
        upTo.set(day, total);
      }
      years.set(year, (counted = { upTo, total }));
    }
    return counted;
  };
  const workingDaysBetween = (after: PlainDate, upTo: PlainDate): number => {
    if (upTo <= after) return 0;
    const [from, to] = [after.slice(0, 4), upTo.slice(0, 4)];
    let days = (yearOf(to).upTo.get(upTo) ?? 0) - (yearOf(from).upTo.get(after) ?? 0);
    for (let year = Number(from); year < Number(to); year++) days += yearOf(String(year).padStart(4, '0')).total;
    return days;
  };
  const isCovered = (d: PlainDate): boolean => {
    const horizon = horizons.get(d.slice(0, 4));
    return horizon !== undefined && d <= horizon;
  };
  const seek = (d: PlainDate, step: 1 | -1): PlainDate => {
    let day = d;
    while (!isWorkingDay(day)) day = addDays(day, step);
    return day;
  };
  const firstDay = `${first.year}-01-01` as PlainDate;
  return {
    editionId: inForce.map((edition) => edition.id).join('+'),
    editions: inForce,
    firstDay,
    lastDay: horizonOf(last),
    kindOf,
    isWorkingDay,
    workingDaysBetween,
    isCovered,
    horizonBefore: (d) => [...horizons.values()].filter((horizon) => horizon < d).at(-1) ?? firstDay,
    nextWorkingDay: (d) => seek(d, 1),
    previousWorkingDay: (d) => seek(d, -1),
  };
}

/**
 * Calendars by what a due day says it was counted with ('CN-2025-1+CN-2026-1'), built again of the editions of all times, each
 * once; undefined when one of them is missing.
 */
export function namedCalendars(editions: readonly CalendarEdition[]): (editionIds: string) => Calendar | undefined {
  const built = new Map<string, Calendar | undefined>();
  return (editionIds) => {
    if (!built.has(editionIds)) {
      const ids = editionIds.split('+');
      const named = editions.filter(({ id }) => ids.includes(id));
      built.set(editionIds, named.length === ids.length ? createCalendar(named) : undefined);
    }
    return built.get(editionIds);
  };
}

/** Why a count over these days is provisional: the horizon before the first one that is not covered; undefined if all are. */
export function horizonWithin(from: PlainDate, to: PlainDate, calendar: Calendar): PlainDate | undefined {
  for (let day = from; day <= to; day = addDays(day, 1))
    if (!calendar.isCovered(day)) return calendar.horizonBefore(day);
  return undefined;
}

/**
 * The days on which two calendars differ for a count, soonest first: worked in one of them only, or certain in one of them
 * only. A weekend day that becomes part of a holiday changes no count and is none.
 */
export function changedDays(before: Calendar, after: Calendar): PlainDate[] {
  const years = new Set([...before.editions, ...after.editions].map(({ year }) => year));
  const changed: PlainDate[] = [];
  for (const year of [...years].sort((a, b) => a - b)) {
    for (let day = `${year}-01-01` as PlainDate; day.startsWith(`${year}-`); day = addDays(day, 1)) {
      const differs =
        before.isWorkingDay(day) !== after.isWorkingDay(day) || before.isCovered(day) !== after.isCovered(day);
      if (differs) changed.push(day);
    }
  }
  return changed;
}
