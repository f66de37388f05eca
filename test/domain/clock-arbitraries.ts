/** Random limits, days, calendars and suspensions for property tests about proofs and terms. */
import fc from 'fast-check';
import { createCalendar, type CalendarEdition } from '../../domain/calendar.ts';
import type { LedgerPeriod } from '../../domain/clock-proof.ts';
import type { TimeLimit } from '../../domain/deadline.ts';
import { addDays, dayOfWeek, plainDate, type PlainDate } from '../../domain/plain-date.ts';
import { timeLimit } from '../../domain/time-limits.ts';
import { cn2025, cn2026 } from '../support/days.ts';

const JANUARY_2025 = plainDate('2025-01-01');
export const covered = fc.integer({ min: 0, max: 600 }).map((n) => addDays(JANUARY_2025, n));
export const workingDayLimits = fc
  .integer({ min: 1, max: 30 })
  .map((limit): TimeLimit => ({ ...timeLimit('DL-08'), limit }));

/** Invented holidays and make-up days, so that nothing holds only by the luck of two real years. */
const invented = (base: CalendarEdition): fc.Arbitrary<CalendarEdition> =>
  fc
    .record({
      off: fc.uniqueArray(fc.integer({ min: 0, max: 364 }), { minLength: 1, maxLength: 40 }),
      makeUp: fc.uniqueArray(fc.integer({ min: 0, max: 364 }), { maxLength: 40 }),
    })
    .map(({ off, makeUp }) => {
      const nth = (n: number): PlainDate => addDays(plainDate(`${base.year}-01-01`), n);
      const daysOff = off.map(nth);
      const makeUpWorkdays = makeUp.map(nth).filter((d) => dayOfWeek(d) > 5 && !daysOff.includes(d));
      return { ...base, daysOff, makeUpWorkdays };
    });
export const calendars = fc
  .oneof(fc.constant([cn2025, cn2026]), fc.tuple(invented(cn2025), invented(cn2026)))
  .map((editions) => createCalendar(editions));

/** Up to four suspensions, nested, touching or apart; each may still be open. */
export const ledgers: fc.Arbitrary<LedgerPeriod[]> = fc
  .array(fc.tuple(covered, fc.option(fc.integer({ min: 0, max: 40 }), { nil: undefined })), { maxLength: 4 })
  .map((periods) =>
    periods.map(([suspendedOn, n], i) => ({
      seq: i + 1,
      suspendedOn,
      ...(n === undefined ? {} : { resumedOn: addDays(suspendedOn, n) }),
    })),
  );
