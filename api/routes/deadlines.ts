import { z } from 'zod';
import { loadCalendar } from '../../activities/calendar.ts';
import type { Calendar } from '../../domain/calendar.ts';
import { addDays, dayOfWeek, type PlainDate } from '../../domain/plain-date.ts';
import { computedSchema, previewDeadlines, previewQuery } from '../read/preview-deadline.ts';
import { defineRoute } from '../route.ts';
import { day, queryInteger } from '../schemas.ts';

/** Days a year's edition treats otherwise than Monday–Friday. */
function specialDays(year: number, calendar: Calendar): { day: PlainDate; kind: 'DAY_OFF' | 'MAKE_UP_WORKDAY' }[] {
  const edition = calendar.editions.find((each) => each.year === year);
  return [
    ...(edition?.daysOff ?? []).map((d) => ({ day: d, kind: 'DAY_OFF' as const })),
    ...(edition?.makeUpWorkdays ?? []).map((d) => ({ day: d, kind: 'MAKE_UP_WORKDAY' as const })),
  ].sort((a, b) => (a.day < b.day ? -1 : 1));
}

function workingDaysPerMonth(year: number, calendar: Calendar): number[] {
  const counts = Array.from({ length: 12 }, () => 0);
  for (let d = `${year}-01-01` as PlainDate; d.startsWith(`${year}-`); d = addDays(d, 1)) {
    const month = Number(d.slice(5, 7)) - 1;
    if (calendar.isWorkingDay(d)) counts[month] = (counts[month] ?? 0) + 1;
  }
  return counts;
}

export const deadlineRoutes = [
  defineRoute({
    method: 'get',
    path: '/api/v1/deadlines/preview',
    id: 'previewDeadline',
    tag: '时限 / deadlines',
    summary: {
      zh: '推算到期日，逐日说明；按业务类型推算全程',
      en: 'what would be the due day, day by day with the reason; of a process all its limits in turn',
    },
    action: 'READ_REFERENCE',
    query: previewQuery,
    answer: {
      status: 200,
      summary: { zh: '推算结果', en: 'what was counted' },
      schema: z.strictObject({ items: z.array(computedSchema) }),
    },
    async handle(deps, { query }) {
      const calendar = await loadCalendar(deps.db);
      return { json: { items: previewDeadlines(query, calendar) } };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/api/v1/calendar',
    id: 'calendar',
    tag: '时限 / deadlines',
    summary: { zh: '工作日历', en: 'the working-day calendar of a year' },
    action: 'READ_REFERENCE',
    query: z.strictObject({ year: queryInteger(1900, 2199) }),
    answer: {
      status: 200,
      summary: { zh: '一年的放假与调休', en: 'days off and make-up workdays of the year' },
      schema: z.strictObject({
        year: z.int(),
        covered: z
          .boolean()
          .meta({ description: 'false: no notice is loaded, due days over this year are provisional' }),
        edition: z.strictObject({ id: z.string(), source: z.string(), publishedOn: day }).nullable(),
        days: z.array(z.strictObject({ day, kind: z.enum(['DAY_OFF', 'MAKE_UP_WORKDAY']), dayOfWeek: z.int() })),
        workingDays: z.int(),
        workingDaysPerMonth: z.array(z.int()),
      }),
    },
    async handle(deps, { query: { year } }) {
      const calendar = await loadCalendar(deps.db);
      const edition = calendar.editions.find((each) => each.year === year);
      const perMonth = workingDaysPerMonth(year, calendar);
      return {
        json: {
          year,
          covered: edition !== undefined,
          edition: edition ? { id: edition.id, source: edition.source, publishedOn: edition.publishedOn } : null,
          days: specialDays(year, calendar).map((each) => ({ ...each, dayOfWeek: dayOfWeek(each.day) })),
          workingDays: perMonth.reduce((sum, n) => sum + n, 0),
          workingDaysPerMonth: perMonth,
        },
      };
    },
  }),
];
