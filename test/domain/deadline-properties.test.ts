/** What must hold for every limit, start, calendar and suspension, not only for the examples. */
import fc from 'fast-check';
import type { Calendar, CalendarEdition } from '../../domain/calendar.ts';
import type { SuspensionPeriod, TimeLimit } from '../../domain/deadline.ts';
import type { PlainDate } from '../../domain/plain-date.ts';
import { createCalendar } from '../../domain/calendar.ts';
import { daysLate, dueDate, explainDays, remaining, workingDaysAfter } from '../../domain/deadline.ts';
import { addDays, dayOfWeek, plainDate } from '../../domain/plain-date.ts';
import { TIME_LIMITS, timeLimit } from '../../domain/time-limits.ts';
import { cn2025, cn2026 } from '../support/days.ts';

const JANUARY_2025 = plainDate('2025-01-01');
/** Days of 2024 to 2027: in front of, inside and beyond the editions. */
const days = fc.integer({ min: -200, max: 900 }).map((n) => addDays(JANUARY_2025, n));
const covered = fc.integer({ min: 0, max: 600 }).map((n) => addDays(JANUARY_2025, n));

const workingDayLimits = fc.integer({ min: 1, max: 30 }).map((limit): TimeLimit => ({ ...timeLimit('DL-08'), limit }));
const calendarDayLimits = fc
  .tuple(fc.integer({ min: 1, max: 40 }), fc.constantFrom<TimeLimit['nonWorkingDayPolicy']>('NEXT_WORKING_DAY', 'KEEP'))
  .map(([limit, nonWorkingDayPolicy]): TimeLimit => ({
    ...timeLimit('DL-30'),
    limit,
    direction: 'FORWARD',
    nonWorkingDayPolicy,
  }));
const forwardLimits = fc.oneof(
  workingDayLimits,
  calendarDayLimits,
  fc.constantFrom(
    ...Object.values<TimeLimit>(TIME_LIMITS).filter((row) => row.direction === 'FORWARD' && row.unit !== 'DATE'),
  ),
);

/** Calendars with invented holidays and make-up days, so that nothing holds only by the luck of two real years. */
const editionOf = (base: CalendarEdition): fc.Arbitrary<CalendarEdition> =>
  fc
    .record({
      off: fc.uniqueArray(fc.integer({ min: 0, max: 364 }), { minLength: 1, maxLength: 40 }),
      makeUp: fc.uniqueArray(fc.integer({ min: 0, max: 364 }), { maxLength: 40 }),
    })
    .map(({ off, makeUp }) => {
      const nth = (n: number): PlainDate => addDays(plainDate(`${base.year}-01-01`), n);
      const daysOff = off.map(nth);
      const weekend = makeUp.map(nth).filter((d) => dayOfWeek(d) > 5 && !daysOff.includes(d));
      return { ...base, daysOff, makeUpWorkdays: weekend };
    });
const editions = fc.oneof(fc.constant([cn2025, cn2026]), fc.tuple(editionOf(cn2025), editionOf(cn2026)));
const calendars = editions.map((list) => createCalendar(list));

const suspension = fc
  .tuple(days, fc.integer({ min: 0, max: 40 }))
  .map(([suspendedOn, n]): Required<SuspensionPeriod> => ({ suspendedOn, resumedOn: addDays(suspendedOn, n) }));
const suspensions = fc.array(suspension, { maxLength: 4 });

/** Counted without the code under test: working days `d` with `after < d ≤ upTo`. */
const workingDaysIn = (after: PlainDate, upTo: PlainDate, calendar: Calendar): number => {
  let n = 0;
  for (let d = addDays(after, 1); d <= upTo; d = addDays(d, 1)) if (calendar.isWorkingDay(d)) n++;
  return n;
};
describe('a count of working days', () => {
  it('never ends on a non-working day, nor before its start, and reminds a working day ahead', () => {
    fc.assert(
      fc.property(workingDayLimits, days, calendars, suspensions, (limit, startOn, calendar, periods) => {
        const due = dueDate(limit, startOn, calendar, periods);
        expect(calendar.isWorkingDay(due.dueOn)).toBe(true);
        expect(due.dueOn > startOn).toBe(true);
        expect(due.targetOn).toBe(due.dueOn);
        expect(workingDaysIn(due.reminderOn, due.dueOn, calendar)).toBe(1);
        expect(calendar.isWorkingDay(due.reminderOn)).toBe(true);
      }),
    );
  });

  it('without suspension holds exactly as many working days as the limit says', () => {
    fc.assert(
      fc.property(workingDayLimits, days, calendars, (limit, startOn, calendar) => {
        const { dueOn } = dueDate(limit, startOn, calendar);
        expect(workingDaysIn(startOn, dueOn, calendar)).toBe(limit.limit);
        expect(dueOn).toBe(workingDaysAfter(startOn, limit.limit, calendar));
      }),
    );
  });

  it('never ends later because a weekend day became a make-up workday', () => {
    fc.assert(
      fc.property(workingDayLimits, covered, editions, suspensions, fc.nat(364), (limit, startOn, list, periods, n) => {
        const extra = addDays(plainDate(`${startOn.slice(0, 4)}-01-01`), n);
        const known = list.some((e) => e.daysOff.includes(extra) || e.makeUpWorkdays.includes(extra));
        fc.pre(dayOfWeek(extra) > 5 && !known);
        const more = list.map((e) =>
          extra.startsWith(`${e.year}-`) ? { ...e, makeUpWorkdays: [...e.makeUpWorkdays, extra] } : e,
        );
        const before = dueDate(limit, startOn, createCalendar(list), periods).dueOn;
        const after = dueDate(limit, startOn, createCalendar(more), periods).dueOn;
        expect(after <= before).toBe(true);
      }),
    );
  });

  it('never ends earlier for a later start', () => {
    fc.assert(
      fc.property(forwardLimits, days, days, calendars, (limit, a, b, calendar) => {
        const [first, second] = a <= b ? [a, b] : [b, a];
        expect(dueDate(limit, first, calendar).dueOn <= dueDate(limit, second, calendar).dueOn).toBe(true);
      }),
    );
  });
});

describe('the working days between two days', () => {
  it('are those that a walk from the one to the other meets, over the ends of years too', () => {
    fc.assert(
      fc.property(calendars, days, days, (calendar, after, upTo) => {
        let met = 0;
        for (let day = addDays(after, 1); day <= upTo; day = addDays(day, 1)) if (calendar.isWorkingDay(day)) met++;
        expect(calendar.workingDaysBetween(after, upTo)).toBe(met);
      }),
    );
  });
});

describe('a suspension', () => {
  it('that covers k working days of a running limit moves its due date by exactly k working days', () => {
    fc.assert(
      fc.property(
        workingDayLimits,
        days,
        calendars,
        fc.nat(60),
        fc.nat(40),
        (limit, startOn, calendar, wait, length) => {
          const suspendedOn = addDays(startOn, wait);
          const resumedOn = addDays(suspendedOn, length);
          const plain = dueDate(limit, startOn, calendar).dueOn;
          const moved = dueDate(limit, startOn, calendar, [{ suspendedOn, resumedOn }]).dueOn;
          const k = suspendedOn < plain ? workingDaysIn(suspendedOn, resumedOn, calendar) : 0;
          expect(moved).toBe(workingDaysAfter(plain, k, calendar));
        },
      ),
    );
  });

  it('counts once, in whatever order and pieces it is recorded', () => {
    fc.assert(
      fc.property(
        workingDayLimits,
        days,
        calendars,
        suspensions,
        fc.nat(40),
        (limit, startOn, calendar, periods, cut) => {
          const once = dueDate(limit, startOn, calendar, periods);
          expect(dueDate(limit, startOn, calendar, [...periods].reverse())).toEqual(once);
          const pieces = periods.flatMap((p) => {
            const middle = addDays(p.suspendedOn, cut);
            if (middle > p.resumedOn) return [p, p];
            return [
              { ...p, suspendedOn: middle },
              { ...p, resumedOn: middle },
            ];
          });
          expect(dueDate(limit, startOn, calendar, pieces)).toEqual(once);
        },
      ),
    );
  });

  it('leaves used and left days adding up to the limit, with none left from the due day on', () => {
    fc.assert(
      fc.property(
        workingDayLimits,
        days,
        calendars,
        suspensions,
        fc.nat(120),
        (limit, startOn, calendar, periods, n) => {
          const asOf = addDays(startOn, n);
          const { used, left } = remaining(limit, startOn, calendar, periods, asOf);
          expect(used + left).toBe(limit.limit);
          expect(left === 0).toBe(asOf >= dueDate(limit, startOn, calendar, periods).dueOn);
        },
      ),
    );
  });

  it('while open leaves the count where it was on the day it began', () => {
    fc.assert(
      fc.property(workingDayLimits, days, calendars, fc.nat(30), fc.nat(60), (limit, startOn, calendar, wait, n) => {
        const suspendedOn = addDays(startOn, wait);
        const then = remaining(limit, startOn, calendar, [], suspendedOn);
        const now = remaining(limit, startOn, calendar, [{ suspendedOn }], addDays(suspendedOn, n));
        expect(now).toEqual(then);
      }),
    );
  });
});

describe('the proof of a due date', () => {
  it('runs day by day from the start to the very due date and counts up to the limit', () => {
    fc.assert(
      fc.property(forwardLimits, days, calendars, suspensions, (limit, startOn, calendar, periods) => {
        const due = dueDate(limit, startOn, calendar, periods);
        const proof = explainDays(limit, startOn, calendar, periods);
        expect(proof[0]).toEqual({ day: startOn, counted: false, why: 'START' });
        expect(proof.map((d) => d.day)).toEqual(proof.map((_, i) => addDays(startOn, i)));
        expect(proof.at(-1)?.day).toBe(due.dueOn);
        const counted = proof.filter((d) => d.counted);
        expect(counted.map((d) => d.n)).toEqual(counted.map((_, i) => i + 1));
        if (limit.unit === 'WORKING_DAY' || limit.unit === 'CALENDAR_DAY') expect(counted).toHaveLength(limit.limit);
        if (limit.unit === 'WORKING_DAY') {
          expect(due.provisional).toBe(proof.some((d) => d.why === 'BEYOND_EDITION'));
        }
      }),
    );
  });
});

describe('lateness', () => {
  it('with the limit is what a recount from the start to the day of completion counts, stopped days left out', () => {
    fc.assert(
      fc.property(
        workingDayLimits,
        days,
        calendars,
        suspensions,
        fc.nat(60),
        (limit, startOn, calendar, periods, n) => {
          const { dueOn } = dueDate(limit, startOn, calendar, periods);
          const completedOn = addDays(dueOn, n + 1);
          const late = daysLate(limit, dueOn, completedOn, calendar, periods);
          const stopped = (d: PlainDate) => periods.some((p) => p.suspendedOn < d && d <= p.resumedOn);
          let counted = 0;
          for (let d = addDays(startOn, 1); d <= completedOn; d = addDays(d, 1))
            if (calendar.isWorkingDay(d) && !stopped(d)) counted++;
          // Done on a day that does not count it is late all the same, by one at least (C11).
          expect(late).toBe(Math.max(1, counted - limit.limit));
        },
      ),
    );
  });

  it('is 0 up to the due day, then grows by one with every working day', () => {
    fc.assert(
      fc.property(workingDayLimits, days, calendars, fc.integer({ min: 1, max: 30 }), (limit, startOn, calendar, n) => {
        const { dueOn } = dueDate(limit, startOn, calendar);
        expect(daysLate(limit, dueOn, startOn, calendar)).toBe(0);
        expect(daysLate(limit, dueOn, dueOn, calendar)).toBe(0);
        expect(daysLate(limit, dueOn, addDays(dueOn, 1), calendar)).toBe(1);
        expect(daysLate(limit, dueOn, workingDaysAfter(dueOn, n, calendar), calendar)).toBe(n);
        expect(daysLate(limit, dueOn, addDays(dueOn, n), calendar)).toBeGreaterThanOrEqual(1);
      }),
    );
  });
});
