/**
 * The editions of the calendar, as the State Council publishes them: a yearly notice, and now and then an amendment in the
 * middle of the year. An amendment is a whole edition that replaces the one it names, so that a due day always rests on
 * one list of days and never on a chain of corrections.
 */
import type { PlainDate } from './plain-date.ts';
import type { Fault } from './refusal.ts';
import { dayOfWeek, isPlainDate } from './plain-date.ts';
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
  /** The last day the edition is certain of, in its year; 31 December when it says nothing. Later days are undecided (C12). */
  horizonOn?: PlainDate | undefined;
  /** The edition of the same year that this one replaces as a whole. */
  amends?: string | undefined;
}

export const horizonOf = ({ year, horizonOn }: CalendarEdition): PlainDate =>
  horizonOn ?? (`${year}-12-31` as PlainDate);

/** Whether both say the same of every day, whatever the order of their lists. */
export function sameContent(a: CalendarEdition, b: CalendarEdition): boolean {
  const text = (edition: CalendarEdition): string =>
    JSON.stringify([
      ...[edition.id, edition.year, edition.source, edition.publishedOn, horizonOf(edition), edition.amends ?? null],
      ...[[...edition.daysOff].sort(), [...edition.makeUpWorkdays].sort()],
    ]);
  return text(a) === text(b);
}

/**
 * The edition in force of each year, by year: the one that no other of the given ones amends. Two for one year of which
 * neither amends the other are refused with CALENDAR_YEAR_TAKEN.
 */
export function editionsInForce(editions: readonly CalendarEdition[]): CalendarEdition[] {
  const amended = new Set(editions.map(({ amends }) => amends));
  const byYear = new Map<number, CalendarEdition>();
  for (const edition of editions) {
    if (amended.has(edition.id)) continue;
    const rival = byYear.get(edition.year);
    if (rival) throw new Refusal('CALENDAR_YEAR_TAKEN', [takenBy(rival)]);
    byYear.set(edition.year, edition);
  }
  return [...byYear.values()].sort((a, b) => a.year - b.year);
}

/**
 * Whether `edition` may follow what is stored; throws CALENDAR_CONTRADICTION, CALENDAR_YEAR_TAKEN or
 * CALENDAR_EDITION_DIFFERS. Answers what is to be done: nothing for an edition that is stored with the same content.
 */
export function checkSuccession(edition: CalendarEdition, stored: readonly CalendarEdition[]): 'NEW' | 'KNOWN' {
  const known = stored.find(({ id }) => id === edition.id);
  if (known) {
    if (sameContent(known, edition)) return 'KNOWN';
    throw new Refusal('CALENDAR_EDITION_DIFFERS', [
      {
        path: 'id',
        zh: `版本 ${edition.id} 已存在且内容不同，更正须使用新的编号。`,
        en: `calendar edition ${edition.id} is stored with other content: load the correction under a new id`,
      },
    ]);
  }
  const inForce = editionsInForce(stored).find(({ year }) => year === edition.year);
  if (inForce && edition.amends !== inForce.id) throw new Refusal('CALENDAR_YEAR_TAKEN', [takenBy(inForce)]);
  const faults: Fault[] = [];
  if (!inForce && edition.amends !== undefined) {
    faults.push({
      path: 'amends',
      zh: `${edition.year}年没有可以修订的版本。`,
      en: `There is no edition of ${edition.year} to amend.`,
    });
  }
  if (inForce && edition.publishedOn < inForce.publishedOn) {
    faults.push({
      path: 'publishedOn',
      zh: `修订不能早于其所修订版本的发布日期 ${inForce.publishedOn}。`,
      en: `An amendment is not published before what it amends (${inForce.publishedOn}).`,
    });
  }
  if (faults.length > 0) throw new Refusal('CALENDAR_CONTRADICTION', faults);
  return 'NEW';
}

const takenBy = ({ id, year }: CalendarEdition): Fault => ({
  path: 'amends',
  zh: `${year}年的现行版本是 ${id}；修订须在 amends 中指明它。`,
  en: `The edition of ${year} in force is ${id}; an amendment names it in "amends".`,
});

/**
 * Refuses an edition that contradicts itself with CALENDAR_CONTRADICTION, listing every fault. A day of another year is a
 * fault too: a notice that moves days of December belongs into an amendment of that December's year.
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
  if (edition.horizonOn !== undefined && !isInYear(edition.horizonOn, edition)) {
    faults.push({
      path: 'horizonOn',
      zh: `截止日须是${edition.year}年中的一天。`,
      en: `The horizon must be a day of ${edition.year}.`,
    });
  }
  if (edition.amends === edition.id) {
    faults.push({ path: 'amends', zh: '不能修订自身。', en: 'An edition cannot amend itself.' });
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
    if (!isInYear(day, edition)) {
      faults.push({ path, zh: `${day}不属于${edition.year}年。`, en: `${day} is not in ${edition.year}.` });
    } else if (day > horizonOf(edition)) {
      faults.push({
        path,
        zh: `${day}晚于截止日 ${horizonOf(edition)}。`,
        en: `${day} lies after the horizon ${horizonOf(edition)}.`,
      });
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

const isInYear = (day: string, { year }: CalendarEdition): boolean => isPlainDate(day) && day.startsWith(`${year}-`);
