/**
 * Which days are working days (C2): Monday–Friday without statutory holidays and their in-lieu days, plus make-up workdays
 * (调休上班). The data comes as editions, one per year, from the State Council's yearly notice; a correction is a further
 * edition of the same year. A year without an edition is undecided, never "no holidays" (C12): its days count as plain
 * Monday–Friday and whatever was counted on them is provisional.
 */
import type { PlainDate } from './plain-date.ts';
import type { Fault } from './refusal.ts';
import { addDays, dayOfWeek, isPlainDate } from './plain-date.ts';
import { Refusal } from './refusal.ts';

/**
 * One year's holiday notice. `daysOff` holds whole holiday periods as the notice states them, weekend days included, so
 * that the clock can say "holiday" and not only "weekend"; they change no count.
 */
export interface CalendarEdition {
  /** For example 'CN-2026-1'; letters, digits and hyphens. */
  id: string;
  year: number;
  /** The notice in words, as shown beside a due date. */
  source: string;
  publishedOn: PlainDate;
  daysOff: PlainDate[];
  makeUpWorkdays: PlainDate[];
}

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
  /** Whether an edition for the day's year is loaded; false makes a count provisional (C12). */
  isCovered(d: PlainDate): boolean;
  /** The first working day on or after `d`. */
  nextWorkingDay(d: PlainDate): PlainDate;
  /** The last working day on or before `d`. */
  previousWorkingDay(d: PlainDate): PlainDate;
}

/**
 * Builds the calendar from all loaded editions; of several for one year the one published last (then the highest id) is in
 * force. Build it once and keep it: every look-up is then one map access. Refuses a contradictory edition with
 * CALENDAR_CONTRADICTION; no edition at all, or one id twice, is a bug.
 */
export function createCalendar(editions: readonly CalendarEdition[]): Calendar {
  const inForce = latestPerYear(editions);
  const first = inForce[0];
  const last = inForce.at(-1);
  if (!first || !last) throw new Error('a calendar needs at least one edition');

  const years = new Set(inForce.map((edition) => String(edition.year)));
  const special = new Map<PlainDate, 'DAY_OFF' | 'MAKE_UP_WORKDAY'>();
  for (const edition of inForce) {
    for (const day of edition.daysOff) special.set(day, 'DAY_OFF');
    for (const day of edition.makeUpWorkdays) special.set(day, 'MAKE_UP_WORKDAY');
  }

  const kindOf = (d: PlainDate): DayKind => special.get(d) ?? (dayOfWeek(d) <= 5 ? 'WORKDAY' : 'WEEKEND');
  const isWorkingDay = (d: PlainDate): boolean => {
    const kind = kindOf(d);
    return kind === 'WORKDAY' || kind === 'MAKE_UP_WORKDAY';
  };
  const seek = (d: PlainDate, step: 1 | -1): PlainDate => {
    let day = d;
    while (!isWorkingDay(day)) day = addDays(day, step);
    return day;
  };
  return {
    editionId: inForce.map((edition) => edition.id).join('+'),
    editions: inForce,
    firstDay: `${first.year}-01-01` as PlainDate,
    lastDay: `${last.year}-12-31` as PlainDate,
    kindOf,
    isWorkingDay,
    isCovered: (d) => years.has(d.slice(0, 4)),
    nextWorkingDay: (d) => seek(d, 1),
    previousWorkingDay: (d) => seek(d, -1),
  };
}

function latestPerYear(editions: readonly CalendarEdition[]): CalendarEdition[] {
  const ids = new Set<string>();
  const byYear = new Map<number, CalendarEdition>();
  for (const edition of editions) {
    checkEdition(edition);
    if (ids.has(edition.id)) throw new Error(`calendar edition ${edition.id} is given twice`);
    ids.add(edition.id);
    const rival = byYear.get(edition.year);
    if (!rival || isLater(edition, rival)) byYear.set(edition.year, edition);
  }
  return [...byYear.values()].sort((a, b) => a.year - b.year);
}

function isLater(edition: CalendarEdition, rival: CalendarEdition): boolean {
  if (edition.publishedOn !== rival.publishedOn) return edition.publishedOn > rival.publishedOn;
  return edition.id > rival.id;
}

/**
 * Refuses an edition that contradicts itself with CALENDAR_CONTRADICTION, listing every fault. A day of another year is a
 * fault too: a notice that moves days of December belongs into a further edition of that December's year.
 */
export function checkEdition(edition: CalendarEdition): void {
  const faults = [
    ...headFaults(edition),
    ...dayFaults(edition, 'daysOff'),
    ...dayFaults(edition, 'makeUpWorkdays'),
    ...edition.makeUpWorkdays.flatMap((day, i) => makeUpFaults(edition, day, i)),
  ];
  if (faults.length > 0) throw new Refusal('CALENDAR_CONTRADICTION', faults);
}

function headFaults(edition: CalendarEdition): Fault[] {
  const faults: Fault[] = [];
  if (!/^[A-Za-z0-9-]+$/.test(edition.id)) {
    faults.push({
      path: 'id',
      zh: '版本编号只能由字母、数字和连字符组成。',
      en: 'The id may hold letters, digits and hyphens only.',
    });
  }
  if (!Number.isInteger(edition.year) || edition.year < 1900 || edition.year > 2200) {
    faults.push({ path: 'year', zh: '年份须在1900至2200之间。', en: 'The year must lie between 1900 and 2200.' });
  }
  if (!isPlainDate(edition.publishedOn)) {
    faults.push({ path: 'publishedOn', zh: '发布日期不是有效日期。', en: 'The day of publication is not a day.' });
  }
  if (edition.source.trim() === '') {
    faults.push({ path: 'source', zh: '须注明依据的通知。', en: 'The notice it rests on must be named.' });
  }
  // No year has been without holidays; an empty list means the source had no data for it (C12 exists for that).
  if (edition.daysOff.length === 0) {
    faults.push({
      path: 'daysOff',
      zh: '没有任何放假日，数据不完整。',
      en: 'There is no day off at all: the data is missing.',
    });
  }
  return faults;
}

function dayFaults(edition: CalendarEdition, list: 'daysOff' | 'makeUpWorkdays'): Fault[] {
  const seen = new Set<string>();
  return edition[list].flatMap((day, i): Fault[] => {
    const path = `${list}.${i}`;
    if (!isPlainDate(day)) return [{ path, zh: `“${day}”不是有效日期。`, en: `"${day}" is not a day.` }];
    const faults: Fault[] = [];
    if (!day.startsWith(`${edition.year}-`)) {
      faults.push({ path, zh: `${day}不属于${edition.year}年。`, en: `${day} is not in ${edition.year}.` });
    }
    if (seen.has(day)) faults.push({ path, zh: `${day}重复列出。`, en: `${day} is listed twice.` });
    seen.add(day);
    return faults;
  });
}

function makeUpFaults(edition: CalendarEdition, day: PlainDate, i: number): Fault[] {
  const path = `makeUpWorkdays.${i}`;
  const faults: Fault[] = [];
  if (edition.daysOff.includes(day)) {
    faults.push({
      path,
      zh: `${day}既是放假日又是调休上班日。`,
      en: `${day} is both a day off and a make-up workday.`,
    });
  }
  if (isPlainDate(day) && dayOfWeek(day) <= 5) {
    faults.push({
      path,
      zh: `${day}是周一至周五，不可能是调休上班日。`,
      en: `${day} is a Monday–Friday and cannot be a make-up workday.`,
    });
  }
  return faults;
}
