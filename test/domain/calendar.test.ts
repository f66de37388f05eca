import { readdirSync, readFileSync } from 'node:fs';
import chineseDays from 'chinese-days';
import type { CalendarEdition } from '../../domain/calendar.ts';
import type { PlainDate } from '../../domain/plain-date.ts';
import { checkEdition, createCalendar } from '../../domain/calendar.ts';
import { addDays, addMonths, monthEnd, plainDate } from '../../domain/plain-date.ts';
import { Refusal } from '../../domain/refusal.ts';
import { editionText, makeEdition } from '../../scripts/make-calendar-editions.ts';
import { calendar, cn2025, cn2026, madeUpEdition } from '../support/days.ts';

const folder = new URL('../../domain/calendar-editions/', import.meta.url);
const day = plainDate;

const eachDay = (from: PlainDate, to: PlainDate): PlainDate[] => {
  const all: PlainDate[] = [];
  for (let d = from; d <= to; d = addDays(d, 1)) all.push(d);
  return all;
};
const workingDays = (from: PlainDate, to: PlainDate): number =>
  eachDay(from, to).filter((d) => calendar.isWorkingDay(d)).length;

describe('the editions of 2025 and 2026', () => {
  it('agree with chinese-days on every single day', () => {
    const all = eachDay(day('2025-01-01'), day('2026-12-31'));
    expect(all).toHaveLength(730);
    expect(all.filter((d) => calendar.isWorkingDay(d) !== chineseDays.isWorkday(d))).toEqual([]);
  });

  it.each([
    [2025, [19, 19, 21, 22, 19, 20, 23, 21, 23, 18, 20, 23]],
    [2026, [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23]],
  ])('have the working days per month of deadlines.md §3 in %i, 248 in all', (year, perMonth) => {
    const counted = perMonth.map((_, month) => {
      const first = addMonths(day(`${year}-01-01`), month);
      return workingDays(first, monthEnd(first));
    });
    expect(counted).toEqual(perMonth);
    expect(counted.reduce((sum, n) => sum + n)).toBe(248);
  });

  it('list the Monday-Friday days off and make-up workdays of deadlines.md §3', () => {
    const offOnWeekdays = (e: CalendarEdition): string[] =>
      e.daysOff.filter((d) => ![0, 6].includes(new Date(`${d}T00:00:00Z`).getUTCDay())).map((d) => d.slice(5));
    expect(offOnWeekdays(cn2025)).toEqual([
      ...['01-01', '01-28', '01-29', '01-30', '01-31', '02-03', '02-04', '04-04', '05-01', '05-02', '05-05', '06-02'],
      ...['10-01', '10-02', '10-03', '10-06', '10-07', '10-08'],
    ]);
    expect(cn2025.makeUpWorkdays).toEqual(['2025-01-26', '2025-02-08', '2025-04-27', '2025-09-28', '2025-10-11']);
    expect(offOnWeekdays(cn2026)).toEqual([
      ...['01-01', '01-02', '02-16', '02-17', '02-18', '02-19', '02-20', '02-23', '04-06', '05-01', '05-04', '05-05'],
      ...['06-19', '09-25', '10-01', '10-02', '10-05', '10-06', '10-07'],
    ]);
    expect(cn2026.makeUpWorkdays).toEqual([
      ...['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10'],
    ]);
  });

  it('stand in their files exactly as the script makes them', async () => {
    const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
    expect(files.sort()).toEqual(['CN-2025-1.json', 'CN-2026-1.json']);
    for (const year of [2025, 2026]) {
      const text = readFileSync(new URL(`CN-${year}-1.json`, folder), 'utf8');
      expect(text).toBe(await editionText(makeEdition(year)));
    }
  });

  it('are not made for a year the package answers with plain weekdays', () => {
    expect(chineseDays.isWorkday('2030-10-01')).toBe(true);
    expect(() => makeEdition(2030)).toThrow(/no holidays for 2030/);
  });

  it('are not made for a year whose notice nobody has named', () => {
    expect(() => makeEdition(2024)).toThrow(/name the notice for 2024/);
  });
});

describe('a calendar', () => {
  it('tells holiday, weekend, workday and make-up workday apart', () => {
    expect(
      ['2026-02-13', '2026-02-14', '2026-02-15', '2026-02-16', '2026-03-01'].map((d) => calendar.kindOf(day(d))),
    ).toEqual(['WORKDAY', 'MAKE_UP_WORKDAY', 'DAY_OFF', 'DAY_OFF', 'WEEKEND']);
  });

  it('finds the working day on or after, and on or before', () => {
    expect(calendar.nextWorkingDay(day('2025-10-01'))).toBe('2025-10-09');
    expect(calendar.nextWorkingDay(day('2025-10-11'))).toBe('2025-10-11');
    expect(calendar.previousWorkingDay(day('2026-02-21'))).toBe('2026-02-14');
    expect(calendar.previousWorkingDay(day('2025-10-05'))).toBe('2025-09-30');
  });

  it('names its editions by year and the days it covers, in whatever order they are loaded', () => {
    expect(calendar.editionId).toBe('CN-2025-1+CN-2026-1');
    expect([calendar.firstDay, calendar.lastDay]).toEqual(['2025-01-01', '2026-12-31']);
    expect(createCalendar([cn2025, cn2026]).editionId).toBe(calendar.editionId);
  });

  it('counts days of a year without an edition as plain Monday to Friday and says it does not cover them', () => {
    const gapped = createCalendar([cn2025, madeUpEdition(2028, '01-03')]);
    for (const d of ['2024-10-01', '2026-10-01', '2027-10-01', '2029-10-01'].map(day)) {
      expect([gapped.isWorkingDay(d), gapped.isCovered(d)]).toEqual([true, false]);
    }
    expect(gapped.isWorkingDay(day('2027-10-02'))).toBe(false);
    expect(gapped.isCovered(day('2028-10-02'))).toBe(true);
    expect(gapped.editionId).toBe('CN-2025-1+CN-2028-1');
  });

  it('takes the edition of a year that no other amends, whatever the order', () => {
    const without = cn2026.makeUpWorkdays.filter((d) => d !== '2026-02-28');
    const corrected = { ...cn2026, id: 'CN-2026-2', amends: 'CN-2026-1', makeUpWorkdays: without };
    for (const order of [
      [cn2025, cn2026, corrected],
      [corrected, cn2026, cn2025],
    ]) {
      const later = createCalendar(order);
      expect(later.editionId).toBe('CN-2025-1+CN-2026-2');
      expect(later.isWorkingDay(day('2026-02-28'))).toBe(false);
    }
    const again = { ...cn2026, id: 'CN-2026-3', amends: 'CN-2026-2' };
    expect(createCalendar([again, corrected, cn2026]).editionId).toBe('CN-2026-3');
    // A calendar of named editions is the one of its time: what amended them later is not among them.
    expect(createCalendar([cn2025, cn2026]).isWorkingDay(day('2026-02-28'))).toBe(true);
    expect(createCalendar([corrected]).editionId).toBe('CN-2026-2');
  });

  it('refuses two editions of one year of which neither amends the other', () => {
    expect(() => createCalendar([cn2026, { ...cn2026, id: 'CN-2026-2' }])).toThrow('CALENDAR_YEAR_TAKEN');
  });

  it('is not built from nothing, nor from one edition given twice', () => {
    expect(() => createCalendar([])).toThrow(/at least one edition/);
    expect(() => createCalendar([cn2026, cn2026])).toThrow(/given twice/);
  });
});

describe('checking an edition', () => {
  const faultsOf = (changes: Partial<CalendarEdition>): string[] => {
    try {
      checkEdition({ ...cn2026, ...changes });
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'CALENDAR_CONTRADICTION') throw error;
      for (const fault of error.faults) expect(fault.zh).not.toBe('');
      return error.faults.map((fault) => `${fault.path} ${fault.en}`);
    }
    return [];
  };
  // Unchecked text is what this check exists for.
  const unchecked = (...texts: string[]): PlainDate[] => texts as PlainDate[];

  it('accepts the editions in use, weekend days of a holiday included', () => {
    expect(faultsOf({})).toEqual([]);
    expect(() => checkEdition(cn2025)).not.toThrow();
    expect(cn2026.daysOff).toContain('2026-02-21');
  });

  it('lists every fault at once, each with its place', () => {
    expect(
      faultsOf({
        daysOff: unchecked('2026-01-01', '2026-01-01', '2026-02-30', '2027-01-01', '2026-02-14'),
        makeUpWorkdays: unchecked('2026-02-14', '2026-02-11', '2025-12-27', 'soon'),
      }),
    ).toEqual([
      'daysOff.1 2026-01-01 is listed twice.',
      'daysOff.2 "2026-02-30" is not a day.',
      'daysOff.3 2027-01-01 is not in 2026.',
      'makeUpWorkdays.2 2025-12-27 is not in 2026.',
      'makeUpWorkdays.3 "soon" is not a day.',
      'makeUpWorkdays.0 2026-02-14 is both a day off and a make-up workday.',
      'makeUpWorkdays.1 2026-02-11 is a Monday–Friday and cannot be a make-up workday.',
    ]);
  });

  it('refuses a wrong head, and a year without any day off as missing data', () => {
    expect(faultsOf({ id: 'CN+2026' })).toEqual([expect.stringMatching(/^id /)]);
    expect(faultsOf({ source: '  ' })).toEqual([expect.stringMatching(/^source /)]);
    expect(faultsOf({ publishedOn: unchecked('2025-11-31')[0] })).toEqual([expect.stringMatching(/^publishedOn /)]);
    expect(faultsOf({ year: 1.5, daysOff: [], makeUpWorkdays: [] }).map((f) => f.split(' ')[0])).toEqual([
      'year',
      'daysOff',
    ]);
  });

  it('is made before a calendar is built', () => {
    expect(() => createCalendar([{ ...cn2026, makeUpWorkdays: unchecked('2026-02-11') }])).toThrow(Refusal);
  });
});
