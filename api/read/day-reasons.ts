import { z } from 'zod';
import type { Text } from '../../domain/case.ts';
import type { ExplainedDay } from '../../domain/deadline.ts';
import { day, text } from '../schemas.ts';

/** Why a day counts or doesn't, in the words of the agency. */
export const WHY = {
  START: { zh: '起始日不计', en: 'start day, not counted' },
  COUNTED: { zh: '计', en: 'counted' },
  WEEKEND: { zh: '周末', en: 'weekend' },
  DAY_OFF: { zh: '节假日', en: 'holiday' },
  MAKE_UP_WORKDAY: { zh: '调休上班', en: 'make-up workday' },
  SUSPENDED: { zh: '时限中止', en: 'clock stopped' },
  BEYOND_EDITION: { zh: '节假日安排尚未公布', en: 'beyond the calendar edition' },
  MOVED: { zh: '顺延', en: 'moved to a working day' },
} as const satisfies Record<ExplainedDay['why'], Text>;

export const explainedDayShape = {
  day,
  counted: z.boolean(),
  n: z.int().nullable().meta({ description: 'number of the counted day' }),
  why: z.string(),
  title: text,
};
export const explainedDaySchema = z.strictObject(explainedDayShape);

export const explainedDay = ({ day: on, counted, n, why }: ExplainedDay): z.output<typeof explainedDaySchema> => ({
  day: on,
  counted,
  n: n ?? null,
  why,
  title: WHY[why],
});
