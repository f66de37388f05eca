import { z } from 'zod';
import { addDays, dayOfWeek, type PlainDate } from '../../domain/plain-date.ts';
import type { Client } from './client.ts';

/**
 * Due days counted once more, by hand and on purpose without `domain/deadline.ts`: from the calendar the API shows. What
 * system and demonstration agree on is then no echo.
 */
export interface Days {
  /** the day on which `count` working days after `start` are reached; the start itself is not counted (C1, C2) */
  workingDaysAfter(start: PlainDate, count: number): Promise<PlainDate>;
}

const calendar = z.object({
  days: z.array(z.object({ day: z.string(), kind: z.enum(['DAY_OFF', 'MAKE_UP_WORKDAY']) })),
});
const SATURDAY = 6;

export function createDays(client: Client, username: string): Days {
  const years = new Map<string, Promise<Map<string, string>>>();
  const specialDays = (year: string): Promise<Map<string, string>> => {
    const known =
      years.get(year) ??
      client
        .get(username, `/calendar?year=${year}`, calendar)
        .then(({ days }) => new Map(days.map(({ day, kind }) => [day, kind])));
    years.set(year, known);
    return known;
  };
  const isWorkingDay = async (day: PlainDate): Promise<boolean> => {
    const kind = (await specialDays(day.slice(0, 4))).get(day);
    return kind === undefined ? dayOfWeek(day) < SATURDAY : kind === 'MAKE_UP_WORKDAY';
  };
  return {
    async workingDaysAfter(start, count) {
      let day = start;
      for (let counted = 0; counted < count;) {
        day = addDays(day, 1);
        if (await isWorkingDay(day)) counted += 1;
      }
      return day;
    },
  };
}

/** DL-06: the 25th still counts, a later day belongs to the next month; not moved when it falls on a holiday (C9). */
export const next25th = (day: PlainDate): PlainDate =>
  Number(day.slice(8)) <= 25 ? (`${day.slice(0, 8)}25` as PlainDate) : (`${monthAfter(day)}-25` as PlainDate);

/** DL-12, DL-13: handed over by the 25th, paid by the end of this month, else of the next (C10). */
export function payBy(handedOverOn: PlainDate): PlainDate {
  const month = next25th(handedOverOn).slice(0, 7);
  return addDays(`${monthAfter(`${month}-01` as PlainDate)}-01` as PlainDate, -1);
}

function monthAfter(day: PlainDate): string {
  const [year = 0, month = 0] = day.split('-').map(Number);
  return month === 12 ? `${year + 1}-01` : `${year}-${String(month + 1).padStart(2, '0')}`;
}
