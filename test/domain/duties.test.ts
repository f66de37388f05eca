import fc from 'fast-check';
import type { CalendarEdition } from '../../domain/calendar.ts';
import { createCalendar, type Calendar } from '../../domain/calendar.ts';
import { daysLate, payBy } from '../../domain/deadline.ts';
import {
  dutyAgenda,
  dutyDates,
  DUTIES,
  DUTY_LIMITS,
  dutyRule,
  LONGEST_BREAK_DAYS,
  nextPeriod,
  opensOn,
  periodOpenedBy,
  periodsToOpen,
  type DutyLimitId,
} from '../../domain/duties.ts';
import { checkDone, mayMarkDone, type DutyHolder, type DutyStanding } from '../../domain/duty.ts';
import type { User } from '../../domain/case.ts';
import {
  addDays,
  daysBetween,
  plainDate as day,
  plainDateAt,
  startOfDay,
  type PlainDate,
} from '../../domain/plain-date.ts';
import { timeLimit } from '../../domain/time-limits.ts';
import { calendar, cn2026 } from '../support/days.ts';

const dates = (id: DutyLimitId, period: string, by: Calendar = calendar) => dutyDates(dutyRule(id), period, by);
const COUNTY: DutyHolder = { kind: 'COUNTY', id: '441602', countyId: '441602', cityId: '441600' };

describe('the examples of deadlines.md', () => {
  it('8: the 25th is kept on a Saturday and reminded of on Friday; what comes after it is paid a month later', () => {
    expect(dates('DL-06', '2025-10')).toMatchObject({ dueOn: '2025-10-25', reminderOn: '2025-10-24' });
    expect(dates('DL-13', '2025-11')).toMatchObject({ dueOn: '2025-11-30', targetOn: '2025-11-28' });
    const paid = ['2025-10-24', '2025-10-25', '2025-10-27'].map((d) => payBy(day(d), calendar).dueOn);
    expect(paid).toEqual(['2025-10-31', '2025-10-31', '2025-11-30']);
  });

  it('9: the 5th of October is kept on a Sunday, reminded of before the holiday, four days late on the 9th', () => {
    expect(dates('DL-19', '2025-10')).toMatchObject({
      dueOn: '2025-10-05',
      reminderOn: '2025-09-30',
      provisional: false,
    });
    expect(daysLate(timeLimit('DL-19'), day('2025-10-05'), day('2025-10-09'), calendar)).toBe(4);
  });

  it('17: January 2026', () => {
    expect(dates('DL-04', '2026-01')).toMatchObject({ dueOn: '2026-01-10', reminderOn: '2026-01-09' });
    expect(dates('DL-06', '2026-01')).toMatchObject({ dueOn: '2026-01-25', reminderOn: '2026-01-23' });
    expect(dates('DL-13', '2026-01')).toMatchObject({ dueOn: '2026-01-31', targetOn: '2026-01-30' });
    expect(payBy(day('2026-01-26'), calendar).dueOn).toBe('2026-02-28');
  });
});

describe('the days of a duty', () => {
  it('month ends are those of leap years', () => {
    const ends = ['2024-02', '2026-02', '2028-02', '2100-02'].map((period) => dates('DL-13', period).dueOn);
    expect(ends).toEqual(['2024-02-29', '2026-02-28', '2028-02-29', '2100-02-28']);
  });

  it('the yearly one is due on 10 September of its year and open from 1 August', () => {
    expect(dates('DL-01', '2026')).toMatchObject({
      startOn: '2026-09-01',
      dueOn: '2026-09-10',
      reminderOn: '2026-09-10',
    });
    expect(opensOn(dutyRule('DL-01'), '2026')).toBe('2026-08-01');
    expect(periodOpenedBy(dutyRule('DL-01'), day('2026-07-31'))).toBe('2025');
    expect(periodOpenedBy(dutyRule('DL-01'), day('2026-12-31'))).toBe('2026');
  });

  it('are those of the table: the 5th, 10th, 20th, 24th, 25th, month end', () => {
    const march = Object.fromEntries(
      DUTY_LIMITS.map((id) => [id, DUTIES[id].every === 'MONTH' ? dates(id, '2026-03').dueOn.slice(8) : '']),
    );
    expect(march).toEqual({
      ...{ 'DL-19': '05', 'DL-04': '10', 'DL-05': '20', 'DL-07': '24', 'DL-06': '25' },
      ...{ 'DL-13': '31', 'DL-16': '31', 'DL-22': '31', 'DL-01': '' },
    });
  });

  it('are certain, while reminder and target hang on a calendar that is not there yet', () => {
    expect(dates('DL-19', '2027-10')).toMatchObject({ dueOn: '2027-10-05', provisional: true });
    // Due in a year that is covered, reminded of in one that is not.
    const only2026 = createCalendar([cn2026]);
    expect(dates('DL-19', '2026-01', only2026)).toMatchObject({ dueOn: '2026-01-05', provisional: false });
  });
});

/** A year with one very long holiday and some single days off, wherever they fall. */
const years = fc
  .tuple(
    fc.integer({ min: 0, max: 340 }),
    fc.integer({ min: 1, max: 14 }),
    fc.uniqueArray(fc.integer({ min: 0, max: 364 }), { maxLength: 8 }),
  )
  .map(([from, length, single]): Calendar => {
    const nth = (n: number): PlainDate => addDays(day('2026-01-01'), n);
    const off = new Set([...Array.from({ length }, (_, i) => from + i), ...single].filter((n) => n < 365));
    const edition: CalendarEdition = {
      ...cn2026,
      daysOff: [...off].sort((a, b) => a - b).map(nth),
      makeUpWorkdays: [],
    };
    return createCalendar([edition]);
  })
  .filter((by) => longestBreak(by) <= LONGEST_BREAK_DAYS);

function longestBreak(by: Calendar): number {
  let [longest, run] = [0, 0];
  for (let d = day('2025-12-01'); d < '2027-02-01'; d = addDays(d, 1)) {
    run = by.isWorkingDay(d) ? 0 : run + 1;
    longest = Math.max(longest, run);
  }
  return longest;
}

const limits = fc.constantFrom(...DUTY_LIMITS);
const months = fc.integer({ min: 1, max: 12 }).map((m) => `2026-${String(m).padStart(2, '0')}`);
const periodOf = (id: DutyLimitId, month: string): string => (DUTIES[id].every === 'MONTH' ? month : '2026');

describe('whatever the calendar', () => {
  it('a duty is open before the day of its reminder, through the longest break there has been', () => {
    fc.assert(
      fc.property(limits, months, years, (id, month, by) => {
        const period = periodOf(id, month);
        const { reminderOn, targetOn, dueOn } = dates(id, period, by);
        expect(opensOn(dutyRule(id), period) < reminderOn).toBe(true);
        expect(by.isWorkingDay(reminderOn)).toBe(true);
        expect(reminderOn === targetOn && targetOn <= dueOn).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('it is open at least 18 days ahead in every month of every year', () => {
    for (let year = 2024; year <= 2032; year++) {
      for (let m = 1; m <= 12; m++) {
        for (const id of DUTY_LIMITS) {
          const period = DUTIES[id].every === 'MONTH' ? `${year}-${String(m).padStart(2, '0')}` : String(year);
          const ahead = daysBetween(opensOn(dutyRule(id), period), dates(id, period).dueOn);
          expect([id, period, ahead > LONGEST_BREAK_DAYS]).toEqual([id, period, true]);
        }
      }
    }
  });

  it('the day does not move, and its rungs follow one another, the first not before the reminder', () => {
    fc.assert(
      fc.property(limits, months, years, fc.integer({ min: 0, max: 3600 }), (id, month, by, spreadSeconds) => {
        const period = periodOf(id, month);
        const own = dates(id, period, by);
        expect(own.dueOn).toBe(dates(id, period).dueOn);
        const clock = {
          limitId: id,
          period,
          holder: COUNTY,
          dates: own,
          openedOn: opensOn(dutyRule(id), period),
          spreadSeconds,
        };
        const agenda = dutyAgenda({ ...clock, fired: new Set() }, by);
        expect(new Set(agenda.map(({ key }) => key)).size).toBe(agenda.length);
        expect(agenda.map(({ at }) => at)).toEqual(agenda.map(({ at }) => at).sort((a, b) => a - b));
        expect((agenda[0]?.at ?? 0) >= startOfDay(own.reminderOn)).toBe(true);
        expect(plainDateAt(agenda.find(({ kind }) => kind === 'LIMIT_PASSED')?.at ?? 0) > own.dueOn).toBe(true);
        // What has happened is not on the agenda again.
        const fired = new Set(agenda.slice(0, 2).map(({ key }) => key));
        expect(dutyAgenda({ ...clock, fired }, by)).toEqual(agenda.slice(2));
      }),
    );
  });

  it('the period of a day is the last one opened: one later opens after it, and going on by one leaves none out', () => {
    fc.assert(
      fc.property(limits, fc.integer({ min: 0, max: 3_000 }), (id, n) => {
        const rule = dutyRule(id);
        const today = addDays(day('2024-01-01'), n);
        const period = periodOpenedBy(rule, today);
        expect(opensOn(rule, period) <= today && today < opensOn(rule, nextPeriod(rule, period))).toBe(true);
        expect(nextPeriod(rule, nextPeriod(rule, period), -1)).toBe(period);
      }),
    );
  });
});

describe('which periods a holder is given', () => {
  const rule = dutyRule('DL-05');
  const asked = { through: '2026-05', always: false, today: day('2026-05-10') };

  it('all that were missed since the last one, in their order', () => {
    expect(periodsToOpen(rule, { ...asked, last: '2026-01' }, calendar)).toEqual([
      '2026-02',
      '2026-03',
      '2026-04',
      '2026-05',
    ]);
    expect(periodsToOpen(rule, { ...asked, last: '2025-11', through: '2026-01' }, calendar)).toEqual([
      '2025-12',
      '2026-01',
    ]);
    expect(periodsToOpen(rule, { ...asked, last: '2026-05' }, calendar)).toEqual([]);
  });

  it('a new one begins with what can still be done in time', () => {
    expect(periodsToOpen(rule, { ...asked, last: undefined }, calendar)).toEqual(['2026-05']);
    expect(periodsToOpen(rule, { ...asked, last: undefined, today: day('2026-05-21') }, calendar)).toEqual([]);
  });

  it('the one that was named is opened whatever has passed', () => {
    const past = { last: '2026-07', through: '2026-05', always: true, today: day('2026-08-01') };
    expect(periodsToOpen(rule, past, calendar)).toEqual(['2026-05']);
    expect(periodsToOpen(rule, { ...past, last: undefined }, calendar)).toEqual(['2026-05']);
  });
});

describe('the ladder of a duty', () => {
  const clockOf = (holder: DutyHolder, openedOn = day('2026-01-01')) => ({
    ...{ limitId: 'DL-05' as const, period: '2026-01', holder, dates: dates('DL-05', '2026-01'), openedOn },
    ...{ fired: new Set<string>(), spreadSeconds: 0 },
  });
  const rungs = (holder: DutyHolder, openedOn?: PlainDate) =>
    dutyAgenda(clockOf(holder, openedOn), calendar).map(({ key }) => key);

  it('reaches whoever is above the holder, and nobody at his own level', () => {
    const until = ['REMINDER:2026-01-20', 'LIMIT_PASSED:2026-01-20'];
    expect(rungs(COUNTY)).toEqual([...until, 'ESCALATION:CITY:2026-01-20']);
    expect(rungs({ ...COUNTY, kind: 'CITY' })).toEqual(until);
    expect(rungs({ ...COUNTY, kind: 'HOSPITAL' })).toEqual([
      ...until,
      'ESCALATION:COUNTY:2026-01-20',
      'ESCALATION:CITY:2026-01-20',
    ]);
  });

  it('reminds nobody of a day that had passed when the duty was opened; its delay is told with the day it was due', () => {
    expect(rungs(COUNTY, day('2026-02-03'))).toEqual(['LIMIT_PASSED:2026-01-20', 'ESCALATION:CITY:2026-01-20']);
  });
});

describe('who may record a duty as done', () => {
  const duty: DutyStanding = { limitId: 'DL-05', holder: COUNTY, opensOn: day('2026-01-01') };
  const approver: User = { id: 'a', name: 'A', roles: ['COUNTY_APPROVER'], officeId: '441602', level: 'COUNTY' };
  const done =
    (user: User, doneOn: string, standing = duty) =>
    () =>
      checkDone(standing, { user, doneOn: day(doneOn), key: 'k', requestHash: 'h' }, day('2026-01-15'));

  it('the role at the holder’s own place, for a day from the opening to today', () => {
    for (const on of ['2026-01-01', '2026-01-15']) expect(done(approver, on)).not.toThrow();
    expect(done(approver, '2026-01-16')).toThrow('DATE_IN_FUTURE');
    expect(done(approver, '2025-12-31')).toThrow('DATE_OUT_OF_RANGE');
    expect(done({ ...approver, officeId: '441625' }, '2026-01-15')).toThrow('NOT_PERMITTED');
    expect(done({ ...approver, roles: ['MANAGER'] }, '2026-01-15')).toThrow('NOT_PERMITTED');
    expect(done(approver, '2026-01-15', { ...duty, doneOn: day('2026-01-02') })).toThrow('DUTY_DONE');
  });

  it('a hospital’s by its provider, not by an office of the same number', () => {
    const hospital: DutyStanding = { ...duty, limitId: 'DL-04', holder: { ...COUNTY, kind: 'HOSPITAL', id: 'H1' } };
    const affairs: User = { id: 'h', name: 'H', roles: ['HOSPITAL_MEDICAL_AFFAIRS'], providerId: 'H1' };
    expect(mayMarkDone(hospital, affairs)).toBe(true);
    const { providerId: _, ...nowhere } = affairs;
    expect(mayMarkDone(hospital, { ...nowhere, officeId: 'H1' })).toBe(false);
  });
});
