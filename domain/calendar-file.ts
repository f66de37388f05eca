import { z } from 'zod';
import type { CalendarEdition } from './calendar-edition.ts';
import { formDate, formText } from './form.ts';

const id = (zh: string, en: string) => formText(zh, en, 40);
/** More days than a year has are a mistake, and no request should make the server look at them. */
const days = (zh: string, en: string) => z.array(formDate('日期', 'day')).max(366).meta({ title: zh, description: en });

/** An edition as a file and a request hold it; whether it makes sense is `checkEdition`'s matter. */
export const editionSchema = z
  .strictObject({
    id: id('版本编号', 'id of the edition, e.g. CN-2027-1'),
    year: z.int().meta({ title: '年度', description: 'the year' }),
    source: formText('所依据的通知', 'the notice it rests on'),
    publishedOn: formDate('发布日期', 'day of publication'),
    daysOff: days('放假日，含其中的周末', 'whole holiday periods, weekend days included'),
    makeUpWorkdays: days('调休上班日', 'Saturdays and Sundays that are worked'),
    horizonOn: formDate(
      '可确定的最后一日，默认年末',
      'the last day it is certain of; the end of the year by default',
    ).optional(),
    amends: id('所修订（整体替换）的版本', 'the edition of the year that it replaces as a whole').optional(),
  })
  .meta({ id: 'CalendarEdition' }) satisfies z.ZodType<CalendarEdition>;
