/** The calendar of 2025 and 2026 as it is seeded, and short ways to ask for days in tests about deadlines. */
import { readFileSync } from 'node:fs';
import type { CalendarEdition } from '../../domain/calendar.ts';
import type { SuspensionPeriod } from '../../domain/deadline.ts';
import { createCalendar } from '../../domain/calendar.ts';
import { plainDate as day } from '../../domain/plain-date.ts';

const edition = (id: string): CalendarEdition =>
  JSON.parse(
    readFileSync(new URL(`../../domain/calendar-editions/${id}.json`, import.meta.url), 'utf8'),
  ) as CalendarEdition;

export const cn2025 = edition('CN-2025-1');
export const cn2026 = edition('CN-2026-1');
export const calendar = createCalendar([cn2025, cn2026]);

/** A made-up edition of another year with the given days off ('MM-DD') and no make-up workdays. */
export const madeUpEdition = (year: number, ...daysOff: string[]): CalendarEdition => ({
  ...cn2026,
  id: `CN-${year}-1`,
  year,
  daysOff: daysOff.map((d) => day(`${year}-${d}`)),
  makeUpWorkdays: [],
});

/** A closed suspension. */
export const stopped = (suspendedOn: string, resumedOn: string): SuspensionPeriod => ({
  suspendedOn: day(suspendedOn),
  resumedOn: day(resumedOn),
});
