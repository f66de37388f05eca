import type { DueDate, SuspensionPeriod, TimeLimit } from '../../domain/deadline.ts';
import type { LimitId } from '../../domain/time-limits.ts';
import { createCalendar } from '../../domain/calendar.ts';
import {
  backwardLimit,
  daysLate,
  dueDate,
  dueOnDate,
  explainDays,
  payBy,
  remaining,
  workingDaysAfter,
} from '../../domain/deadline.ts';
import { plainDate as day } from '../../domain/plain-date.ts';
import { TIME_LIMITS, timeLimit } from '../../domain/time-limits.ts';
import { calendar, cn2025, cn2026, madeUpEdition, stopped } from '../support/days.ts';

const due = (id: LimitId, startOn: string, ...suspensions: SuspensionPeriod[]): DueDate =>
  dueDate(timeLimit(id), day(startOn), calendar, suspensions);
const dueOn = (id: LimitId, startOn: string, ...suspensions: SuspensionPeriod[]): string =>
  due(id, startOn, ...suspensions).dueOn;
const late = (id: LimitId, dueDay: string, completedOn: string): number =>
  daysLate(timeLimit(id), day(dueDay), day(completedOn), calendar);

describe('a due date', () => {
  it('carries its limit, article, start, reminder and calendar edition', () => {
    expect(due('DL-08', '2026-02-12')).toEqual({
      limitId: 'DL-08',
      article: 'S0 Art. 15',
      startOn: '2026-02-12',
      dueOn: '2026-02-26',
      reminderOn: '2026-02-25',
      targetOn: '2026-02-26',
      provisional: false,
      calendarEdition: 'CN-2025-1+CN-2026-1',
    });
  });

  it('reminds one working day ahead, across a holiday', () => {
    expect(due('DL-14', '2025-09-30').reminderOn).toBe('2025-09-30');
    expect(due('DL-36', '2025-11-17')).toMatchObject({ dueOn: '2026-02-24', reminderOn: '2026-02-14' });
  });

  it('C4: moves a calendar-day limit off a holiday, forward or back as the row says, or keeps it', () => {
    const threeDays: TimeLimit = { ...timeLimit('DL-30'), direction: 'FORWARD' };
    const ends = (nonWorkingDayPolicy: TimeLimit['nonWorkingDayPolicy']): string =>
      dueDate({ ...threeDays, nonWorkingDayPolicy }, day('2025-09-30'), calendar).dueOn;
    expect(ends('NEXT_WORKING_DAY')).toBe('2025-10-09');
    expect(ends('PREVIOUS_WORKING_DAY')).toBe('2025-09-30');
    expect(ends('KEEP')).toBe('2025-10-03');
  });

  it('C9: the 25th itself is in time, the 26th waits for the next month', () => {
    expect(dueOn('DL-06', '2026-03-25')).toBe('2026-03-25');
    expect(dueOn('DL-06', '2026-03-26')).toBe('2026-04-25');
    expect(dueOn('DL-06', '2026-12-31')).toBe('2027-01-25');
  });

  it('C9, C10: chained monthly dates remind on the working day itself, not a day ahead', () => {
    expect(due('DL-06', '2026-03-02')).toMatchObject({ dueOn: '2026-03-25', reminderOn: '2026-03-25' });
    expect(payBy(day('2026-03-02'), calendar)).toMatchObject({ dueOn: '2026-03-31', reminderOn: '2026-03-31' });
  });

  it('DL-12: a hand-over after 25 December is paid by the end of January', () => {
    expect(payBy(day('2025-12-25'), calendar).dueOn).toBe('2025-12-31');
    expect(payBy(day('2025-12-26'), calendar).dueOn).toBe('2026-01-31');
    expect(payBy(day('2026-01-31'), calendar).dueOn).toBe('2026-02-28');
  });

  it('DL-37: cost of a newborn counts to the end of the year of birth', () => {
    expect(dueOn('DL-37', '2025-01-01')).toBe('2025-12-31');
    expect(dueOn('DL-37', '2025-12-31')).toBe('2025-12-31');
  });

  it('DL-03: evidence may be a year old on the day of the application', () => {
    const oldest = (applied: string): string =>
      backwardLimit(timeLimit('DL-03'), day(applied), calendar).latestLawfulOn;
    expect(oldest('2026-03-15')).toBe('2025-03-15');
    expect(oldest('2024-02-29')).toBe('2023-02-28');
  });

  it('DL-33: the day set in the audit opinion is kept, with a working day before it as reminder', () => {
    expect(dueOnDate(timeLimit('DL-33'), day('2025-10-05'), calendar, day('2025-09-15'))).toMatchObject({
      startOn: '2025-09-15',
      dueOn: '2025-10-05',
      reminderOn: '2025-09-30',
      targetOn: '2025-09-30',
      provisional: false,
    });
    expect(dueOnDate(timeLimit('DL-33'), day('2025-11-14'), calendar).reminderOn).toBe('2025-11-13');
  });

  it('is not asked of a limit that runs backward, is set per case, or still stands', () => {
    expect(() => due('DL-30', '2025-10-09')).toThrow(/backward/);
    expect(() => due('DL-33', '2025-10-09')).toThrow(/cannot be counted/);
    expect(() => dueOnDate(timeLimit('DL-08'), day('2025-10-09'), calendar)).toThrow(/not set per case/);
    expect(() => backwardLimit(timeLimit('DL-08'), day('2025-10-09'), calendar)).toThrow(/forward/);
    expect(() => due('DL-08', '2025-10-09', { suspendedOn: day('2025-10-10') })).toThrow(/not resumed/);
    expect(() => due('DL-08', '2025-10-09', stopped('2025-10-10', '2025-10-09'))).toThrow(/but resumed/);
  });
});

describe('C7 suspension', () => {
  it('takes nothing off the count when it ends on the day it began', () => {
    expect(dueOn('DL-08', '2026-03-02', stopped('2026-03-04', '2026-03-04'))).toBe(dueOn('DL-08', '2026-03-02'));
  });

  it('moves the due date by no more days than overlapping suspensions really cover', () => {
    const one = stopped('2026-03-04', '2026-03-10');
    expect(dueOn('DL-08', '2026-03-02', one)).toBe('2026-03-13');
    expect(dueOn('DL-08', '2026-03-02', one, stopped('2026-03-05', '2026-03-09'))).toBe('2026-03-13');
    expect(dueOn('DL-08', '2026-03-02', stopped('2026-03-06', '2026-03-10'), stopped('2026-03-04', '2026-03-06'))).toBe(
      '2026-03-13',
    );
  });

  it('leaves fixed dates and months alone, also while it is open', () => {
    const open: SuspensionPeriod = { suspendedOn: day('2026-01-05') };
    expect(dueOn('DL-06', '2026-01-05', open)).toBe('2026-01-25');
    expect(dueOn('DL-36', '2025-11-17', open)).toBe('2026-02-24');
  });

  it('shows what is used and left while the clock stands, and goes on from there', () => {
    const at = (asOf: string, ...suspensions: SuspensionPeriod[]): { used: number; left: number } =>
      remaining(timeLimit('DL-08'), day('2026-02-11'), calendar, suspensions, day(asOf));
    const open: SuspensionPeriod = { suspendedOn: day('2026-02-13') };
    expect(at('2026-02-11')).toEqual({ used: 0, left: 5 });
    expect(at('2026-02-13', open)).toEqual({ used: 2, left: 3 });
    expect(at('2026-02-27', open)).toEqual({ used: 2, left: 3 });
    const closed = stopped('2026-02-13', '2026-02-25');
    expect(at('2026-02-25', closed)).toEqual({ used: 2, left: 3 });
    expect(at('2026-02-26', closed)).toEqual({ used: 3, left: 2 });
    expect(at('2026-02-28', closed)).toEqual({ used: 5, left: 0 });
    expect(at('2026-04-01', closed)).toEqual({ used: 5, left: 0 });
  });

  it('counts what is left of other limits in calendar days', () => {
    const at = (asOf: string): { used: number; left: number } =>
      remaining(timeLimit('DL-06'), day('2026-01-12'), calendar, [], day(asOf));
    expect(at('2026-01-10')).toEqual({ used: 0, left: 13 });
    expect(at('2026-01-20')).toEqual({ used: 8, left: 5 });
    expect(at('2026-02-20')).toEqual({ used: 13, left: 0 });
  });
});

describe('C11 lateness', () => {
  it('is 0 on the due day and at least 1 after it, also on a weekend', () => {
    expect(late('DL-08', '2026-03-06', '2026-03-06')).toBe(0);
    expect(late('DL-08', '2026-03-06', '2026-03-07')).toBe(1);
    expect(late('DL-08', '2026-03-06', '2026-03-09')).toBe(1);
    expect(late('DL-08', '2026-03-06', '2026-03-10')).toBe(2);
  });

  it('is counted in calendar days for day-of-month, month-end and month limits', () => {
    expect(late('DL-13', '2025-11-30', '2025-12-01')).toBe(1);
    expect(late('DL-36', '2026-02-24', '2026-03-02')).toBe(6);
  });
});

describe('C12 days beyond the last calendar edition', () => {
  it('are counted Monday to Friday and make the due date provisional, with the last covered day as reason', () => {
    expect(due('DL-08', '2026-12-28')).toMatchObject({
      dueOn: '2027-01-04',
      provisional: true,
      provisionalBecause: '2026-12-31',
    });
    expect(due('DL-08', '2026-12-24')).toMatchObject({ dueOn: '2026-12-31', provisional: false });
    expect(due('DL-08', '2026-12-24')).not.toHaveProperty('provisionalBecause');
  });

  it('are shown as such in the proof, weekends too, for a weekend may become a make-up workday', () => {
    const beyond = explainDays(timeLimit('DL-08'), day('2026-12-28'), calendar).filter((d) => d.day > '2026-12-31');
    expect(beyond.map((d) => [d.day.slice(5), d.counted, d.why])).toEqual([
      ['01-01', true, 'BEYOND_EDITION'],
      ['01-02', false, 'BEYOND_EDITION'],
      ['01-03', false, 'BEYOND_EDITION'],
      ['01-04', true, 'BEYOND_EDITION'],
    ]);
  });

  it('become certain, and the due date moves, when the next edition is loaded', () => {
    const cn2027 = madeUpEdition(2027, '01-01', '01-02', '01-03');
    const later = dueDate(timeLimit('DL-08'), day('2026-12-28'), createCalendar([cn2026, cn2027]));
    expect(later).toMatchObject({ dueOn: '2027-01-05', provisional: false, calendarEdition: 'CN-2026-1+CN-2027-1' });
  });

  it('do not matter while the clock stands', () => {
    const away = stopped('2026-12-28', '2027-01-10');
    const gap = createCalendar([cn2026, madeUpEdition(2028, '01-03')]);
    expect(due('DL-14', '2026-12-28', away)).toMatchObject({ dueOn: '2027-01-11', provisional: true });
    const throughout = stopped('2026-12-28', '2027-12-31');
    expect(dueDate(timeLimit('DL-08'), day('2026-12-25'), gap, [throughout])).toMatchObject({
      dueOn: '2028-01-07',
      provisional: false,
    });
  });

  it('make months provisional only when the day they end on is unknown, and never a date that is kept', () => {
    expect(due('DL-36', '2026-10-08')).toMatchObject({ dueOn: '2027-01-08', provisional: true });
    expect(due('DL-36', '2026-09-30')).toMatchObject({ dueOn: '2026-12-30', provisional: false });
    expect(due('DL-06', '2026-12-28')).toMatchObject({ dueOn: '2027-01-25', provisional: false });
    expect(payBy(day('2026-12-28'), calendar)).toMatchObject({ dueOn: '2027-01-31', provisional: false });
  });

  it('in a gap between editions or before the first name the covered day next to them', () => {
    const gapped = createCalendar([cn2025, madeUpEdition(2027, '01-01')]);
    const reasonFor = (startOn: string): string | undefined =>
      dueDate(timeLimit('DL-08'), day(startOn), gapped).provisionalBecause;
    expect(reasonFor('2026-05-04')).toBe('2025-12-31');
    expect(reasonFor('2028-05-04')).toBe('2027-12-31');
    expect(reasonFor('2024-05-06')).toBe('2025-01-01');
    expect(reasonFor('2025-05-06')).toBeUndefined();
  });
});

describe('the proof of a due date', () => {
  it('says of every day why it counts or does not', () => {
    const proof = explainDays(timeLimit('DL-08'), day('2026-02-11'), calendar, [stopped('2026-02-13', '2026-02-15')]);
    expect(proof.map((d) => `${d.day.slice(5)} ${d.why}${d.n ? ` ${d.n}` : ''}`)).toEqual([
      ...['02-11 START', '02-12 COUNTED 1', '02-13 COUNTED 2', '02-14 SUSPENDED', '02-15 SUSPENDED'],
      ...['02-16 DAY_OFF', '02-17 DAY_OFF', '02-18 DAY_OFF', '02-19 DAY_OFF', '02-20 DAY_OFF', '02-21 DAY_OFF'],
      ...['02-22 DAY_OFF', '02-23 DAY_OFF', '02-24 COUNTED 3', '02-25 COUNTED 4', '02-26 COUNTED 5'],
    ]);
  });

  it('shows over which days a month limit was moved', () => {
    const proof = explainDays(timeLimit('DL-57'), day('2025-07-01'), calendar);
    expect(proof.filter((d) => d.day >= '2025-09-30').map((d) => [d.day.slice(5), d.why, d.n])).toEqual([
      ['09-30', 'COUNTED', 91],
      ['10-01', 'COUNTED', 92],
      ...['02', '03', '04', '05', '06', '07', '08'].map((d) => [`10-${d}`, 'DAY_OFF', undefined]),
      ['10-09', 'MOVED', undefined],
    ]);
  });
});

describe('the table of limits', () => {
  it('holds every row under its own id, with a positive limit where days are counted', () => {
    for (const [id, row] of Object.entries<TimeLimit>(TIME_LIMITS)) {
      expect(row.id).toBe(id);
      expect(row.limit > 0).toBe(!['DATE', 'MONTH_END', 'YEAR_END'].includes(row.unit));
      expect(row.article).toMatch(/^S[02] /);
      expect(row.startEvent.zh && row.startEvent.en).toBeTruthy();
    }
  });

  it('says what table 1a of deadlines.md says', () => {
    const rows = Object.values<TimeLimit>(TIME_LIMITS).map(
      (row) => `${row.id} ${row.direction} ${row.limit} ${row.unit} ${row.nonWorkingDayPolicy}`,
    );
    const workingDays = { 'DL-08': 5, 'DL-09': 5, 'DL-10': 5, 'DL-11': 15, 'DL-14': 1, 'DL-15': 3, 'DL-20': 5 };
    const ofAudits = { 'DL-31': 5, 'DL-32': 10 };
    const daysOfMonth = { 'DL-01': 10, 'DL-04': 10, 'DL-05': 20, 'DL-06': 25, 'DL-07': 24, 'DL-19': 5 };
    const each = (limits: Record<string, number>, rest: string): string[] =>
      Object.entries(limits).map(([id, limit]) => `${id} FORWARD ${limit} ${rest}`);
    const expected = [
      ...each({ ...workingDays, ...ofAudits }, 'WORKING_DAY NEXT_WORKING_DAY'),
      ...each(daysOfMonth, 'DAY_OF_MONTH KEEP'),
      ...each({ 'DL-36': 3, 'DL-57': 3 }, 'MONTH NEXT_WORKING_DAY'),
      ...['DL-13', 'DL-16', 'DL-22'].map((id) => `${id} FORWARD 0 MONTH_END KEEP`),
      ...['DL-33 FORWARD 0 DATE KEEP', 'DL-37 FORWARD 0 YEAR_END KEEP'],
      ...['DL-03 BACKWARD 1 YEAR KEEP', 'DL-30 BACKWARD 3 CALENDAR_DAY PREVIOUS_WORKING_DAY'],
    ];
    expect(rows.sort()).toEqual(expected.sort());
  });

  it('has the limits of Art. 15 add up to its total', () => {
    const [township, county, city, total] = (['DL-08', 'DL-09', 'DL-10', 'DL-11'] as const).map(timeLimit);
    expect((township?.limit ?? 0) + (county?.limit ?? 0) + (city?.limit ?? 0)).toBe(total?.limit);
  });

  it('counts working days for the stuck thresholds as for limits', () => {
    expect(workingDaysAfter(day('2025-09-30'), 5, calendar)).toBe('2025-10-14');
    expect(workingDaysAfter(day('2025-10-03'), 2, calendar)).toBe('2025-10-10');
    expect(workingDaysAfter(day('2025-10-03'), 0, calendar)).toBe('2025-10-03');
  });
});
