/** Every row of deadlines.md §4, under its number. */
import type { DueDate, SuspensionPeriod } from '../../domain/deadline.ts';
import type { LimitId } from '../../domain/time-limits.ts';
import { backwardLimit, daysLate, dueDate, explainDays, payBy } from '../../domain/deadline.ts';
import { daysBetween, plainDate as day } from '../../domain/plain-date.ts';
import { timeLimit } from '../../domain/time-limits.ts';
import { calendar, stopped } from '../support/days.ts';

const due = (id: LimitId, startOn: string, ...suspensions: SuspensionPeriod[]): DueDate =>
  dueDate(timeLimit(id), day(startOn), calendar, suspensions);
const dueOn = (id: LimitId, startOn: string, ...suspensions: SuspensionPeriod[]): string =>
  due(id, startOn, ...suspensions).dueOn;
/** The counted days as 'MM-DD', '(m)' for make-up workdays, as deadlines.md §4 writes them. */
const counted = (id: LimitId, startOn: string, ...suspensions: SuspensionPeriod[]): string =>
  explainDays(timeLimit(id), day(startOn), calendar, suspensions)
    .filter((d) => d.counted)
    .map((d) => d.day.slice(5) + (d.why === 'MAKE_UP_WORKDAY' ? '(m)' : ''))
    .join(' ');
const late = (id: LimitId, dueDay: string, completedOn: string): number =>
  daysLate(timeLimit(id), day(dueDay), day(completedOn), calendar);

describe('the worked examples of deadlines.md §4', () => {
  it('1: a reimbursement received on 2025-09-22 is due on a make-up Sunday, the whole of it on 10-17', () => {
    expect(counted('DL-08', '2025-09-22')).toBe('09-23 09-24 09-25 09-26 09-28(m)');
    expect(dueOn('DL-08', '2025-09-22')).toBe('2025-09-28');
    expect(counted('DL-11', '2025-09-22')).toBe(
      '09-23 09-24 09-25 09-26 09-28(m) 09-29 09-30 10-09 10-10 10-11(m) 10-13 10-14 10-15 10-16 10-17',
    );
    expect(dueOn('DL-11', '2025-09-22')).toBe('2025-10-17');
  });

  it('2: three offices that each use their whole limit reach the total limit exactly', () => {
    expect(counted('DL-09', '2025-09-28')).toBe('09-29 09-30 10-09 10-10 10-11(m)');
    expect(dueOn('DL-09', '2025-09-28')).toBe('2025-10-11');
    expect(dueOn('DL-10', '2025-10-11')).toBe('2025-10-17');
  });

  it('3: received the day before the National Day holiday', () => {
    expect(counted('DL-08', '2025-09-30')).toBe('10-09 10-10 10-11(m) 10-13 10-14');
    expect(dueOn('DL-08', '2025-09-30')).toBe('2025-10-14');
    expect(dueOn('DL-11', '2025-09-30')).toBe('2025-10-28');
  });

  it('4: received on-line in the holiday, day 1 is the first working day', () => {
    expect(dueOn('DL-08', '2025-10-03')).toBe('2025-10-14');
    expect(dueOn('DL-11', '2025-10-03')).toBe('2025-10-28');
  });

  it('5: an audit that ended on 2025-09-29', () => {
    expect(counted('DL-31', '2025-09-29')).toBe('09-30 10-09 10-10 10-11(m) 10-13');
    expect(dueOn('DL-31', '2025-09-29')).toBe('2025-10-13');
    expect(dueOn('DL-32', '2025-09-29')).toBe('2025-10-20');
  });

  it('6: the notice of an audit on 2025-10-09 is lawful until a holiday and targeted before it', () => {
    const notice = backwardLimit(timeLimit('DL-30'), day('2025-10-09'), calendar);
    expect(notice).toEqual({ latestLawfulOn: '2025-10-06', targetOn: '2025-09-30' });
    expect(daysBetween(day('2025-10-07'), day('2025-10-09'))).toBe(2);
    const moved = backwardLimit(timeLimit('DL-30'), day('2025-10-10'), calendar);
    expect(moved.latestLawfulOn).toBe('2025-10-07');
  });

  it('7: bank feedback on a payment of 2025-09-30, same bank and other bank', () => {
    expect(dueOn('DL-14', '2025-09-30')).toBe('2025-10-09');
    expect(counted('DL-15', '2025-09-30')).toBe('10-09 10-10 10-11(m)');
    expect(dueOn('DL-15', '2025-09-30')).toBe('2025-10-11');
  });

  it('8: handed over on the 24th or 25th it is paid this month, after the 25th in the next', () => {
    expect(payBy(day('2025-10-24'), calendar).dueOn).toBe('2025-10-31');
    expect(payBy(day('2025-10-25'), calendar).dueOn).toBe('2025-10-31');
    expect(payBy(day('2025-10-27'), calendar)).toMatchObject({ dueOn: '2025-11-30', targetOn: '2025-11-28' });
    // The 25th is a Saturday: the date is kept, the reminder is not.
    expect(due('DL-06', '2025-10-20')).toMatchObject({ dueOn: '2025-10-25', reminderOn: '2025-10-24' });
  });

  it("9: the request for September's payments, received late, and the transfer after it", () => {
    expect(due('DL-19', '2025-10-01')).toMatchObject({ dueOn: '2025-10-05', reminderOn: '2025-09-30' });
    expect(late('DL-19', '2025-10-05', '2025-10-09')).toBe(4);
    expect(counted('DL-20', '2025-10-09')).toBe('10-10 10-11(m) 10-13 10-14 10-15');
    expect(dueOn('DL-20', '2025-10-09')).toBe('2025-10-15');
  });

  it('10: received on 2026-02-12, before Spring Festival', () => {
    expect(counted('DL-08', '2026-02-12')).toBe('02-13 02-14(m) 02-24 02-25 02-26');
    expect(dueOn('DL-08', '2026-02-12')).toBe('2026-02-26');
    expect(dueOn('DL-11', '2026-02-12')).toBe('2026-03-11');
  });

  it('11: returned to the applicant over Spring Festival, the day of return counts, that of the correction does not', () => {
    const away = stopped('2026-02-13', '2026-02-25');
    expect(counted('DL-08', '2026-02-11', away)).toBe('02-12 02-13 02-26 02-27 02-28(m)');
    expect(dueOn('DL-08', '2026-02-11', away)).toBe('2026-02-28');
    expect(dueOn('DL-11', '2026-02-11', away)).toBe('2026-03-13');
  });

  it('12: an internal return renews the stage limit and leaves the total limit alone', () => {
    expect(dueOn('DL-08', '2025-09-24')).toBe('2025-09-30');
    expect(dueOn('DL-08', '2025-09-30')).toBe('2025-10-14');
    expect(dueOn('DL-09', '2025-10-13')).toBe('2025-10-20');
    expect(dueOn('DL-10', '2025-10-17')).toBe('2025-10-24');
    expect(dueOn('DL-11', '2025-09-24')).toBe('2025-10-21');
    expect(late('DL-11', '2025-10-21', '2025-10-23')).toBe(2);
    expect(late('DL-10', '2025-10-24', '2025-10-23')).toBe(0);
  });

  it('13: the notice of an audit on the first day after Spring Festival', () => {
    const notice = backwardLimit(timeLimit('DL-30'), day('2026-02-24'), calendar);
    expect(notice).toEqual({ latestLawfulOn: '2026-02-21', targetOn: '2026-02-14' });
  });

  it('14: an audit that ended on 2026-02-13', () => {
    expect(counted('DL-32', '2026-02-13')).toBe('02-14(m) 02-24 02-25 02-26 02-27 02-28(m) 03-02 03-03 03-04 03-05');
    expect(dueOn('DL-31', '2026-02-13')).toBe('2026-02-27');
    expect(dueOn('DL-32', '2026-02-13')).toBe('2026-03-05');
  });

  it('15: three months from a birth, moved off a holiday, kept on a make-up workday, cut to a short month', () => {
    expect(dueOn('DL-36', '2025-11-17')).toBe('2026-02-24');
    expect(dueOn('DL-36', '2025-11-28')).toBe('2026-02-28');
    expect(dueOn('DL-36', '2025-11-30')).toBe('2026-02-28');
  });

  it('16: three months from the receipt of suspicious records', () => {
    expect(dueOn('DL-57', '2025-07-01')).toBe('2025-10-09');
    expect(dueOn('DL-57', '2025-11-20')).toBe('2026-02-24');
  });

  it('17: January 2026, when the 10th, the 25th and the month end are weekend days', () => {
    expect(due('DL-04', '2026-01-01')).toMatchObject({ dueOn: '2026-01-10', reminderOn: '2026-01-09' });
    expect(due('DL-06', '2026-01-12')).toMatchObject({ dueOn: '2026-01-25', reminderOn: '2026-01-23' });
    expect(payBy(day('2026-01-26'), calendar).dueOn).toBe('2026-02-28');
    expect(payBy(day('2026-01-25'), calendar)).toMatchObject({ dueOn: '2026-01-31', targetOn: '2026-01-30' });
  });

  it('18: a list printed two working days after the total limit is 2 days late', () => {
    expect(late('DL-11', '2025-10-17', '2025-10-21')).toBe(2);
  });
});
