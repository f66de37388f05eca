import { z } from 'zod';
import { loadCalendar } from '../../activities/calendar.ts';
import type { Calendar } from '../../domain/calendar.ts';
import {
  backwardLimit,
  dueDate,
  explainDays,
  type ExplainedDay,
  type SuspensionPeriod,
  type TimeLimit,
} from '../../domain/deadline.ts';
import { addDays, dayOfWeek, type PlainDate } from '../../domain/plain-date.ts';
import { getProcess } from '../../domain/processes/index.ts';
import { Refusal } from '../../domain/refusal.ts';
import { TIME_LIMITS, timeLimit, type LimitId } from '../../domain/time-limits.ts';
import { defineRoute } from '../route.ts';
import { code, day, queryInteger, text } from '../schemas.ts';

const WHY = {
  START: { zh: '起始日不计', en: 'start day, not counted' },
  COUNTED: { zh: '计', en: 'counted' },
  WEEKEND: { zh: '周末', en: 'weekend' },
  DAY_OFF: { zh: '节假日', en: 'holiday' },
  MAKE_UP_WORKDAY: { zh: '调休上班', en: 'make-up workday' },
  SUSPENDED: { zh: '时限中止', en: 'clock stopped' },
  BEYOND_EDITION: { zh: '节假日安排尚未公布', en: 'beyond the calendar edition' },
  MOVED: { zh: '顺延', en: 'moved to a working day' },
} as const satisfies Record<ExplainedDay['why'], { zh: string; en: string }>;

const computed = z
  .strictObject({
    limitId: z.string(),
    article: z.string(),
    startEvent: text,
    limit: z.int(),
    unit: z.string(),
    direction: z.enum(['FORWARD', 'BACKWARD']),
    role: z.string().meta({ description: 'the limit itself, TOTAL, or the stage it belongs to' }),
    startOn: day,
    dueOn: day,
    reminderOn: day,
    targetOn: day,
    provisional: z.boolean(),
    provisionalBecause: day.nullable(),
    calendarEdition: z.string(),
    days: z.array(z.strictObject({ day, counted: z.boolean(), n: z.int().nullable(), why: z.string(), title: text })),
  })
  .meta({ id: 'ComputedLimit' });
type Computed = z.output<typeof computed>;

/** The counting is `domain/deadline.ts`'s; here it is only told. */
function compute(
  limit: TimeLimit,
  role: string,
  startOn: PlainDate,
  calendar: Calendar,
  suspensions: SuspensionPeriod[],
): Computed {
  const { startEvent, unit, direction } = limit;
  const about = {
    limitId: limit.id,
    article: limit.article,
    startEvent,
    limit: limit.limit,
    unit,
    direction,
    role,
    startOn,
  };
  if (direction === 'BACKWARD') {
    const { latestLawfulOn, targetOn } = backwardLimit(limit, startOn, calendar);
    const certain = { provisional: false, provisionalBecause: null, calendarEdition: calendar.editionId };
    return { ...about, dueOn: latestLawfulOn, reminderOn: targetOn, targetOn, ...certain, days: [] };
  }
  const due = dueDate(limit, startOn, calendar, suspensions);
  return {
    ...about,
    dueOn: due.dueOn,
    reminderOn: due.reminderOn,
    targetOn: due.targetOn,
    provisional: due.provisional,
    provisionalBecause: due.provisionalBecause ?? null,
    calendarEdition: due.calendarEdition,
    days: explainDays(limit, startOn, calendar, suspensions).map((each) => ({
      ...each,
      n: each.n ?? null,
      title: WHY[each.why],
    })),
  };
}

const preview = z.strictObject({
  limit: z.enum(Object.keys(TIME_LIMITS) as LimitId[]).optional(),
  from: day.optional().meta({ description: 'start of the count, with `limit`' }),
  processType: code.optional(),
  receivedOn: day.optional().meta({ description: 'with `processType`: first stage and total' }),
  suspendedOn: day.optional(),
  resumedOn: day.optional(),
});

const bad = (path: string, zh: string, en: string): Refusal =>
  new Refusal('BAD_REQUEST', [{ path: `query.${path}`, zh, en }]);

/** Limits of a process that count from the day the material came in. */
function limitsOf(processType: string): { limit: TimeLimit; role: string }[] {
  const definition = getProcess(processType);
  const stage = definition.steps[definition.filing.firstStep]?.stage ?? '';
  const first = definition.stages[stage]?.limits?.[0];
  const total = definition.totalLimit?.limit;
  return [
    ...(first ? [{ limit: timeLimit(first), role: stage }] : []),
    ...(total ? [{ limit: timeLimit(total), role: 'TOTAL' }] : []),
  ];
}

function askedLimits(query: z.output<typeof preview>): {
  from: PlainDate;
  limits: { limit: TimeLimit; role: string }[];
} {
  if (query.limit !== undefined && query.from !== undefined) {
    const limit = timeLimit(query.limit);
    if (limit.unit === 'DATE')
      throw bad('limit', '该时限按件确定，不能推算', 'this limit is set per case and cannot be counted');
    return { from: query.from, limits: [{ limit, role: limit.id }] };
  }
  if (query.processType !== undefined && query.receivedOn !== undefined) {
    return { from: query.receivedOn, limits: limitsOf(query.processType) };
  }
  throw bad(
    'limit',
    '请提供 limit 和 from，或 processType 和 receivedOn',
    'give limit and from, or processType and receivedOn',
  );
}

function askedSuspensions({ suspendedOn, resumedOn }: z.output<typeof preview>): SuspensionPeriod[] {
  if (suspendedOn === undefined && resumedOn === undefined) return [];
  if (suspendedOn === undefined || resumedOn === undefined || resumedOn < suspendedOn) {
    throw bad('resumedOn', '中止与恢复日期须同时提供且先后正确', 'give both days, in their order');
  }
  return [{ suspendedOn, resumedOn }];
}

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
    summary: { zh: '推算到期日，逐日说明', en: 'what would be the due day, day by day with the reason' },
    who: 'ANY',
    query: preview,
    answer: {
      status: 200,
      summary: { zh: '推算结果', en: 'what was counted' },
      schema: z.strictObject({ items: z.array(computed) }),
    },
    async handle(deps, { query }) {
      const calendar = await loadCalendar(deps.db);
      const { from, limits } = askedLimits(query);
      const suspensions = askedSuspensions(query);
      return { json: { items: limits.map(({ limit, role }) => compute(limit, role, from, calendar, suspensions)) } };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/api/v1/calendar',
    id: 'calendar',
    tag: '时限 / deadlines',
    summary: { zh: '工作日历', en: 'the working-day calendar of a year' },
    who: 'ANY',
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
