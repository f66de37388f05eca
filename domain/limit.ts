import type { PlainDate } from './plain-date.ts';

/** What a time limit is, as data; the rows are in `time-limits.ts`, the counting in `deadline.ts`. */

/** `YEAR` runs from day to day (C5); `YEAR_END` ends on 31 December of the start's year (DL-37); `DATE` is set per case. */
export type LimitUnit =
  'WORKING_DAY' | 'CALENDAR_DAY' | 'MONTH' | 'YEAR' | 'YEAR_END' | 'DAY_OF_MONTH' | 'MONTH_END' | 'DATE';

export type NonWorkingDayPolicy = 'NEXT_WORKING_DAY' | 'PREVIOUS_WORKING_DAY' | 'KEEP';

/** One row of the table of time limits. */
export interface TimeLimit {
  /** 'DL-08' */
  id: string;
  /** In `unit`; the day's number for DAY_OF_MONTH, whole months or years later for MONTH_END and YEAR_END, 0 for DATE. */
  limit: number;
  unit: LimitUnit;
  direction: 'FORWARD' | 'BACKWARD';
  startEvent: { zh: string; en: string };
  nonWorkingDayPolicy: NonWorkingDayPolicy;
  /** For DAY_OF_MONTH: 1–12 when the day comes once a year, in this month only (DL-01). */
  month?: number;
  /** For MONTH_END: a start after this day of the month belongs to the next month (DL-12). */
  cutOffDay?: number;
  article: string;
  effectiveFrom: PlainDate;
  effectiveTo?: PlainDate;
}
