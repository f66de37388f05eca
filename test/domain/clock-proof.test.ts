/** The proofs of the worked examples, day by day, and what must hold of every proof. */
import fc from 'fast-check';
import { proveDueDay, type DueProof, type LedgerPeriod } from '../../domain/clock-proof.ts';
import { readClock } from '../../domain/clock.ts';
import { dueDate, remaining, type TimeLimit } from '../../domain/deadline.ts';
import { addDays, plainDate as day } from '../../domain/plain-date.ts';
import { timeLimit, type LimitId } from '../../domain/time-limits.ts';
import { calendar } from '../support/days.ts';
import { calendars, covered, ledgers, workingDayLimits } from './clock-arbitraries.ts';

const stop = (seq: number, suspendedOn: string, resumedOn?: string): LedgerPeriod => ({
  seq,
  suspendedOn: day(suspendedOn),
  ...(resumedOn ? { resumedOn: day(resumedOn) } : {}),
});
const prove = (id: LimitId, startOn: string, asOf: string, ...stops: LedgerPeriod[]): DueProof =>
  proveDueDay({ limit: timeLimit(id), startOn: day(startOn), asOf: day(asOf) }, stops, calendar);

const SHORT = { COUNTED: '', START: 'start', WEEKEND: 'weekend', DAY_OFF: 'off', MAKE_UP_WORKDAY: 'make-up' } as const;
const MORE = { SUSPENDED: 'stopped', BEYOND_EDITION: 'beyond', MOVED: 'moved' } as const;
/** '02-14 make-up 2', '02-15 off': day, reason, number of the counted day. */
const lines = (days: DueProof['days']): string[] =>
  days.map(({ day: d, why, n, suspensions }) =>
    [d.slice(5), { ...SHORT, ...MORE }[why], n ?? '', ...suspensions.map((seq) => `#${seq}`)]
      .filter((part) => part !== '')
      .join(' '),
  );

describe('the proof of a due day', () => {
  it('example 1: a weekend day off, a make-up Sunday counted', () => {
    const proof = prove('DL-08', '2025-09-22', '2025-09-25');
    expect(proof).toMatchObject({ dueOn: '2025-09-28', provisional: false, used: 3, left: 2, daysLate: 0 });
    expect(lines(proof.days)).toEqual([
      '09-22 start',
      '09-23 1',
      '09-24 2',
      '09-25 3',
      '09-26 4',
      '09-27 weekend',
      '09-28 make-up 5',
    ]);
  });

  it('example 1, the total: the holiday week by its days off, two make-up days', () => {
    const proof = prove('DL-11', '2025-09-22', '2025-10-21');
    expect(proof).toMatchObject({ dueOn: '2025-10-17', used: 15, left: 0, daysLate: 2 });
    expect(lines(proof.days)).toEqual([
      ...['09-22 start', '09-23 1', '09-24 2', '09-25 3', '09-26 4', '09-27 weekend', '09-28 make-up 5', '09-29 6'],
      ...['09-30 7', '10-01 off', '10-02 off', '10-03 off', '10-04 off', '10-05 off', '10-06 off', '10-07 off'],
      ...['10-08 off', '10-09 8', '10-10 9', '10-11 make-up 10', '10-12 weekend', '10-13 11', '10-14 12', '10-15 13'],
      ...['10-16 14', '10-17 15'],
    ]);
    // Example 18: late by the 20th and the 21st.
    expect(lines(proof.lateDays)).toEqual(['10-18 weekend', '10-19 weekend', '10-20 1', '10-21 2']);
  });

  it('example 11: the days between return and correction belong to their suspension', () => {
    const proof = prove('DL-08', '2026-02-11', '2026-02-28', stop(1, '2026-02-13', '2026-02-25'));
    expect(proof).toMatchObject({ dueOn: '2026-02-28', used: 5, left: 0 });
    const stopped = Array.from({ length: 12 }, (_, i) => `02-${14 + i} stopped #1`);
    expect(lines(proof.days)).toEqual([
      '02-11 start',
      '02-12 1',
      '02-13 2',
      ...stopped,
      '02-26 3',
      '02-27 4',
      '02-28 make-up 5',
    ]);
    expect(prove('DL-11', '2026-02-11', '2026-02-28', stop(1, '2026-02-13', '2026-02-25')).dueOn).toBe('2026-03-13');
  });

  it('example 11 while it waits: no due day, three days left, every day until today', () => {
    const proof = prove('DL-08', '2026-02-11', '2026-02-16', stop(1, '2026-02-13'));
    expect(proof).not.toHaveProperty('dueOn');
    expect(proof).toMatchObject({ used: 2, left: 3, daysLate: 0, lateDays: [] });
    expect(lines(proof.days)).toEqual([
      '02-11 start',
      '02-12 1',
      '02-13 2',
      '02-14 stopped #1',
      '02-15 stopped #1',
      '02-16 stopped #1',
    ]);
  });

  it('keeps the due day that had passed before the clock stopped, and no day of the stop is late', () => {
    const proof = prove('DL-08', '2025-10-09', '2025-10-22', stop(3, '2025-10-17'));
    expect(proof).toMatchObject({ dueOn: '2025-10-15', daysLate: 2, left: 0 });
    const stopped = ['18', '19', '20', '21', '22'].map((d) => `10-${d} stopped #3`);
    expect(lines(proof.lateDays)).toEqual(['10-16 1', '10-17 2', ...stopped]);
  });

  it('names both of two suspensions that cover one day', () => {
    const proof = prove(
      'DL-08',
      '2025-10-09',
      '2025-10-31',
      stop(1, '2025-10-10', '2025-10-14'),
      stop(2, '2025-10-13', '2025-10-15'),
    );
    expect(lines(proof.days).slice(1, 8)).toEqual([
      '10-10 1',
      ...['11', '12', '13'].map((d) => `10-${d} stopped #1`),
      '10-14 stopped #1 #2',
      '10-15 stopped #2',
      '10-16 2',
    ]);
  });

  it('says how far the calendar goes when the count goes further', () => {
    const proof = prove('DL-08', '2026-12-30', '2026-12-30');
    expect(proof).toMatchObject({ dueOn: '2027-01-06', provisional: true, provisionalBecause: '2026-12-31' });
    expect(lines(proof.days).slice(2, 5)).toEqual(['01-01 beyond 2', '01-02 beyond', '01-03 beyond']);
  });

  it('example 16: months are counted in calendar days and then moved over the holiday', () => {
    const proof = prove('DL-57', '2025-11-20', '2026-02-24');
    expect(proof.dueOn).toBe('2026-02-24');
    expect(lines(proof.days).slice(-5)).toEqual(['02-20 92', '02-21 off', '02-22 off', '02-23 off', '02-24 moved']);
  });

  it('example 13: backward limits are counted from the event to the last lawful day', () => {
    const proof = prove('DL-30', '2026-02-24', '2026-02-22');
    expect(proof).toMatchObject({ dueOn: '2026-02-21', daysLate: 1, left: 0 });
    expect(lines(proof.days)).toEqual(['02-24 start', '02-23 1', '02-22 2', '02-21 3']);
    expect(prove('DL-30', '2026-02-24', '2026-02-14')).toMatchObject({ daysLate: 0, left: 7 });
  });

  it('a day set per case is proved by itself', () => {
    const limit = timeLimit('DL-33');
    const set = { limit, startOn: day('2025-10-10'), setTo: day('2025-10-12'), asOf: day('2025-10-11') };
    const proof = proveDueDay(set, [stop(1, '2025-10-10')], calendar);
    expect(proof).toMatchObject({ dueOn: '2025-10-12', used: 1, left: 1 });
    expect(lines(proof.days)).toEqual(['10-10 start', '10-11 1', '10-12 2']);
  });

  it('an extension is a longer limit', () => {
    const limit: TimeLimit = { ...timeLimit('DL-08'), limit: 5 + 3 };
    const proof = proveDueDay({ limit, startOn: day('2025-09-22'), asOf: day('2025-09-22') }, [], calendar);
    expect(proof).toMatchObject({ dueOn: '2025-10-09', left: 8 });
  });
});

describe('every proof', () => {
  it('has exactly as many counted days as the limit, the last of them the due day, and none that is stopped', () => {
    fc.assert(
      fc.property(workingDayLimits, covered, calendars, ledgers, fc.nat(60), (limit, startOn, cal, ledger, later) => {
        const closed = ledger.filter((s) => s.resumedOn !== undefined);
        const proof = proveDueDay({ limit, startOn, asOf: addDays(startOn, later) }, closed, cal);
        const counted = proof.days.filter((d) => d.counted);
        expect(counted.map(({ n }) => n)).toEqual(Array.from({ length: limit.limit }, (_, i) => i + 1));
        expect(counted.at(-1)?.day).toBe(proof.dueOn);
        expect(proof.days.at(-1)?.day).toBe(dueDate(limit, startOn, cal, closed).dueOn);
        expect(proof.used + proof.left).toBe(limit.limit);
        for (const each of [...proof.days, ...proof.lateDays]) {
          expect(each.counted && each.suspensions.length > 0).toBe(false);
          expect(each.why === 'SUSPENDED').toBe(each.suspensions.length > 0);
        }
        // Day after day, none left out.
        expect(proof.days.every((d, i) => d.day === addDays(startOn, i))).toBe(true);
      }),
    );
  });

  it('says the same as the clock of the case, also while it stands', () => {
    fc.assert(
      fc.property(covered, calendars, ledgers, fc.nat(60), (startOn, cal, ledger, later) => {
        const asOf = addDays(startOn, later);
        fc.pre(ledger.every((s) => s.resumedOn !== undefined || s.suspendedOn <= asOf));
        const limit = timeLimit('DL-11');
        const proof = proveDueDay({ limit, startOn, asOf }, ledger, cal);
        const reading = readClock({ id: 'DL-11', startOn }, ledger, cal, asOf);
        expect(proof.dueOn).toBe(reading.dueOn);
        expect(proof.provisional).toBe(reading.provisional);
        if (reading.dueOn !== undefined) return;
        expect(proof.left).toBe(reading.daysLeft);
        expect({ used: proof.used, left: proof.left }).toEqual(remaining(limit, startOn, cal, ledger, asOf));
        expect(proof.days.at(-1)?.day).toBe(asOf);
      }),
    );
  });
});
