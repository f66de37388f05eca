import { z } from 'zod';
import type { CalendarEdition } from './calendar-edition.ts';
import { isPlainDate, type PlainDate } from './plain-date.ts';

const day = z
  .string()
  .refine(
    (value): value is PlainDate => isPlainDate(value),
    '日期须为真实存在的 YYYY-MM-DD / must be a real day, YYYY-MM-DD',
  )
  .meta({ format: 'date' });
/** More than a year has is a mistake, and no request should make the server look at it. */
const days = z.array(day).max(366);

/** An edition as a file and a request hold it; whether it makes sense is `checkEdition`'s matter. */
export const editionSchema = z
  .strictObject({
    id: z.string().min(1).max(40).meta({ description: '版本编号 / id of the edition, e.g. CN-2027-1' }),
    year: z.int(),
    source: z.string().min(1).max(200).meta({ description: '所依据的通知 / the notice it rests on' }),
    publishedOn: day,
    daysOff: days.meta({ description: '放假日，含周末 / whole holiday periods, weekend days included' }),
    makeUpWorkdays: days.meta({ description: '调休上班日 / Saturdays and Sundays that are worked' }),
    horizonOn: day.optional().meta({ description: '可确定的最后一日，默认 12-31 / the last day that is certain' }),
    amends: z
      .string()
      .min(1)
      .max(40)
      .optional()
      .meta({ description: '所修订（整体替换）的版本 / the edition it replaces' }),
  })
  .meta({ id: 'CalendarEdition' }) satisfies z.ZodType<CalendarEdition>;
