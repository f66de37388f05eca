import { clockView, type StoredLimit } from '../../api/read/clock-view.ts';
import { isStuck, stuckReasons, type StuckRow } from '../../api/read/stuck-reasons.ts';
import { plainDate } from '../../domain/plain-date.ts';
import { calendar } from '../support/days.ts';

const row = (change: Partial<StuckRow>): StuckRow => ({
  ended_at: null,
  stage_limit_id: null,
  stage_due_on: null,
  stage_provisional: false,
  total_limit_id: null,
  total_due_on: null,
  total_provisional: false,
  total_ended_on: null,
  stuck_on: null,
  correction_due_on: null,
  repair_due_on: null,
  stuck_from: null,
  suspensions: [],
  clock_ahead_ms: '0',
  incidents: [],
  ...change,
});
const on = (day: string, change: Partial<StuckRow>) =>
  stuckReasons(row(change), calendar, plainDate(day)).map(({ code, since, daysLate, unit }) => [
    code,
    since,
    daysLate,
    unit,
  ]);
const day = plainDate;

describe('a reason to be stuck', () => {
  const stage = { stage_limit_id: 'DL-08', stage_due_on: day('2025-09-30') };
  it('does not hold on the due day itself, and holds from the next', () => {
    expect(on('2025-09-30', stage)).toEqual([]);
    // National Day: the first working day after 2025-09-30 is 2025-10-09, yet whoever is late is late by one at least (C11).
    expect(on('2025-10-01', stage)).toEqual([['STAGE_LIMIT_PASSED', '2025-10-01', 1, 'WORKING_DAY']]);
    expect(on('2025-10-10', stage)).toEqual([['STAGE_LIMIT_PASSED', '2025-10-01', 2, 'WORKING_DAY']]);
  });
  it('is never a due day that is still uncertain (C12)', () => {
    expect(on('2025-10-10', { ...stage, stage_provisional: true })).toEqual([]);
  });
  it('is not a total that has ended, nor anything of a case that has', () => {
    const total = { total_limit_id: 'DL-11', total_due_on: day('2025-10-17') };
    expect(on('2025-10-21', total)).toEqual([['TOTAL_LIMIT_PASSED', '2025-10-18', 2, 'WORKING_DAY']]);
    expect(on('2025-10-21', { ...total, total_ended_on: day('2025-10-20') })).toEqual([]);
    expect(on('2025-10-21', { ...total, ended_at: new Date(0) })).toEqual([]);
  });
  it('counts the correction window in calendar days, silence and repair in working days', () => {
    expect(on('2025-10-09', { correction_due_on: day('2025-09-30') })).toEqual([
      ['CORRECTION_WINDOW_PASSED', '2025-10-01', 9, 'CALENDAR_DAY'],
    ]);
    expect(on('2025-10-09', { stuck_on: day('2025-09-30') })).toEqual([
      ['NO_PROGRESS', '2025-10-01', 1, 'WORKING_DAY'],
    ]);
    expect(on('2025-10-09', { repair_due_on: day('2025-09-30') })).toEqual([
      ['PAYMENT_NOT_REPAIRED', '2025-10-01', 1, 'WORKING_DAY'],
    ]);
  });
  it('is the system, in plain words, on the day of the case, beside whatever limit has passed', () => {
    const incident = {
      ...{ kind: 'STEP_FAILING' as const, error: 'STORE_FULL' as const, attempts: 3 },
      ...{ firstSeenAt: '2025-10-09T15:59:59Z', lastSeenAt: '2025-10-09T16:05:00Z' },
    };
    expect(on('2025-10-10', { ...stage, incidents: [incident] })).toEqual([
      ['STAGE_LIMIT_PASSED', '2025-10-01', 2, 'WORKING_DAY'],
      ['SYSTEM_PROBLEM', '2025-10-09', 2, 'CALENDAR_DAY'],
    ]);
    const ahead = row({ incidents: [incident], clock_ahead_ms: '1000' });
    const [reason] = stuckReasons(ahead, calendar, day('2025-10-10'));
    expect(reason).toMatchObject({
      since: '2025-10-10',
      problem: { error: { zh: '磁盘或数据库空间已满' }, firstSeenAt: '2025-10-09T23:59:59.000+08:00' },
    });
    expect(isStuck(ahead, day('2025-10-10'))).toBe(true);
    expect(stuckReasons(row({ incidents: [incident], ended_at: new Date(0) }), calendar, day('2025-10-10'))).toEqual(
      [],
    );
  });
  it('agrees with the day the store keeps for the list', () => {
    const stuck = { stuck_from: day('2025-10-01') };
    expect(isStuck(row(stuck), day('2025-09-30'))).toBe(false);
    expect(isStuck(row(stuck), day('2025-10-01'))).toBe(true);
    expect(isStuck(row({ ...stuck, ended_at: new Date(0) }), day('2025-10-01'))).toBe(false);
  });
});

describe('what a clock says', () => {
  const stored = (change: Partial<StoredLimit>): StoredLimit => ({
    limitId: 'DL-08',
    startOn: day('2025-09-24'),
    dueOn: day('2025-09-30'),
    daysLeft: null,
    provisional: false,
    calendarEdition: 'CN-2025-1',
    endedOn: null,
    daysLate: null,
    ...change,
  });
  it('counts the days left in the unit of the limit: working days here, make-up Sundays included', () => {
    expect(clockView(stored({}), calendar, day('2025-09-26'))).toMatchObject({
      state: 'RUNNING',
      daysLeft: 3,
      daysLate: 0,
      overdue: false,
    });
    expect(clockView(stored({}), calendar, day('2025-09-30'))).toMatchObject({ daysLeft: 0, overdue: false });
    expect(
      clockView(stored({ limitId: 'DL-13', dueOn: day('2025-10-31') }), calendar, day('2025-10-01')),
    ).toMatchObject({ daysLeft: 30 });
  });
  it('is overdue from the next day, unless the day is uncertain', () => {
    expect(clockView(stored({}), calendar, day('2025-10-01'))).toMatchObject({
      daysLeft: 0,
      daysLate: 1,
      overdue: true,
    });
    expect(clockView(stored({ provisional: true }), calendar, day('2025-10-01'))).toMatchObject({
      overdue: false,
      provisionalBecause: '2026-12-31',
    });
  });
  it('stands while the case waits, and keeps what was left', () => {
    expect(clockView(stored({ dueOn: null, daysLeft: 2 }), calendar, day('2026-01-30'))).toMatchObject({
      state: 'STOPPED',
      daysLeft: 2,
      daysLate: 0,
      overdue: false,
    });
  });
  it('has ended with its last stage, and keeps its lateness for ever', () => {
    const ended = stored({ limitId: 'DL-11', dueOn: day('2025-10-17'), endedOn: day('2025-10-21'), daysLate: 2 });
    expect(clockView(ended, calendar, day('2026-05-01'))).toMatchObject({
      state: 'ENDED',
      daysLeft: null,
      daysLate: 2,
      overdue: true,
      endedOn: '2025-10-21',
    });
  });
  it('says nothing where the sources give no limit', () => {
    expect(clockView(stored({ limitId: null }), calendar, day('2025-09-26'))).toBeNull();
  });
});
