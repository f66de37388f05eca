import { z } from 'zod';
import type { Calendar } from '../../domain/calendar.ts';
import { backwardLimit, dueDate, explainDays, type SuspensionPeriod, type TimeLimit } from '../../domain/deadline.ts';
import { isPlainDate, type PlainDate } from '../../domain/plain-date.ts';
import { getProcess } from '../../domain/processes/index.ts';
import { Refusal } from '../../domain/refusal.ts';
import { TIME_LIMITS, timeLimit, type LimitId } from '../../domain/time-limits.ts';
import { code, day, text } from '../schemas.ts';
import { explainedDay, explainedDaySchema } from './day-reasons.ts';

/** What if filed on this day: one limit, or all of a process when each office uses its whole limit. Nothing is stored. */

const MOST = 10;
/** A parameter that may come once or several times. */
const several = <T extends z.ZodType>(each: T) => z.union([each, z.array(each).max(MOST)]).optional();
const limitIds = Object.keys(TIME_LIMITS) as LimitId[];

export const previewQuery = z.strictObject({
  limit: z.enum(limitIds).optional(),
  from: day.optional().meta({ description: 'start of the count, with `limit`' }),
  processType: code.optional(),
  receivedOn: day
    .optional()
    .meta({ description: 'with `processType`: each office uses its whole limit, and the total' }),
  suspendedOn: several(day).meta({ description: 'the clock stands from the day after; may be repeated' }),
  resumedOn: several(day).meta({
    description: 'last day on which it stands; as many as `suspendedOn`, in their order',
  }),
  extend: several(z.string().regex(/^DL-\d{2}:[1-9]\d?$/)).meta({
    description: 'working days granted on top of a limit, DL-09:2; may be repeated',
  }),
});
type Query = z.output<typeof previewQuery>;

export const computedSchema = z
  .strictObject({
    limitId: z.string(),
    article: z.string(),
    startEvent: text,
    limit: z.int(),
    extendedBy: z.int().meta({ description: 'working days granted on top' }),
    unit: z.string(),
    direction: z.enum(['FORWARD', 'BACKWARD']),
    role: z.string().meta({ description: 'the limit itself, TOTAL, or the stage it belongs to' }),
    startOn: day,
    dueOn: day,
    reminderOn: day,
    targetOn: day,
    provisional: z.boolean(),
    provisionalBecause: day.nullable().meta({ description: 'last day the loaded calendar covers' }),
    calendarEdition: z.string(),
    days: z.array(explainedDaySchema),
  })
  .meta({ id: 'ComputedLimit' });
export type Computed = z.output<typeof computedSchema>;

const bad = (path: string, zh: string, en: string): Refusal =>
  new Refusal('BAD_REQUEST', [{ path: `query.${path}`, zh, en }]);

/** Counting is `domain/deadline.ts`'s; here it is asked and told. */
export function previewDeadlines(query: Query, calendar: Calendar): Computed[] {
  const suspensions = askedSuspensions(query);
  const extensions = askedExtensions(query);
  const count = (limit: TimeLimit, role: string, startOn: PlainDate): Computed =>
    withinReach(compute(limit, extensions.get(limit.id) ?? 0, role, startOn, calendar, suspensions));
  const items = counted(query, count);
  const foreign = [...extensions.keys()].find((id) => !items.some(({ limitId }) => limitId === id));
  if (foreign) throw bad('extend', `所问的时限中没有 ${foreign}`, `${foreign} is none of the limits asked for`);
  return items;
}

function counted(
  { limit: id, from, processType, receivedOn }: Query,
  count: (limit: TimeLimit, role: string, startOn: PlainDate) => Computed,
): Computed[] {
  const ofLimit = id !== undefined && from !== undefined;
  const ofProcess = processType !== undefined && receivedOn !== undefined;
  const other = ofLimit ? (processType ?? receivedOn) : (id ?? from);
  if ((!ofLimit && !ofProcess) || other !== undefined) {
    throw bad(
      'limit',
      '请提供 limit 和 from，或 processType 和 receivedOn，二者择一',
      'give limit and from, or processType and receivedOn, not both',
    );
  }
  if (!ofLimit) return ofProcess ? chain(processType, receivedOn, count) : [];
  const limit = timeLimit(id);
  if (limit.unit === 'DATE')
    throw bad('limit', '该时限按件确定，不能推算', 'this limit is set per case and cannot be counted');
  return [count(limit, limit.id, from)];
}

/**
 * Stage after stage as the procedure passes them, each starting on the last day of the one before (example 2), and the
 * total. It ends where a stage has no limit: nobody can say how long that takes.
 */
function chain(
  processType: string,
  receivedOn: PlainDate,
  count: (limit: TimeLimit, role: string, startOn: PlainDate) => Computed,
): Computed[] {
  const definition = getProcess(processType);
  const first = definition.steps[definition.filing.firstStep]?.stage;
  const stages = Object.entries(definition.stages);
  const items: Computed[] = [];
  let startOn = receivedOn;
  for (const [stage, { limits = [] }] of stages.slice(stages.findIndex(([name]) => name === first))) {
    const own = limits.map((id) => timeLimit(id)).filter((limit) => limit.direction === 'FORWARD');
    if (own.length === 0 || own.some((limit) => limit.unit === 'DATE')) break;
    const reached = own.map((limit) => count(limit, stage, startOn));
    items.push(...reached);
    startOn = reached[0]?.dueOn ?? startOn;
  }
  const total = definition.totalLimit?.limit;
  return total ? [...items, count(timeLimit(total), 'TOTAL', receivedOn)] : items;
}

function compute(
  limit: TimeLimit,
  extendedBy: number,
  role: string,
  startOn: PlainDate,
  calendar: Calendar,
  suspensions: SuspensionPeriod[],
): Computed {
  const { startEvent, unit, direction, article } = limit;
  const about = {
    limitId: limit.id,
    article,
    startEvent,
    limit: limit.limit,
    extendedBy,
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
  const inForce = { ...limit, limit: limit.limit + extendedBy };
  const due = dueDate(inForce, startOn, calendar, suspensions);
  return {
    ...about,
    dueOn: due.dueOn,
    reminderOn: due.reminderOn,
    targetOn: due.targetOn,
    provisional: due.provisional,
    provisionalBecause: due.provisionalBecause ?? null,
    calendarEdition: due.calendarEdition,
    days: explainDays(inForce, startOn, calendar, suspensions).map(explainedDay),
  };
}

/** Days are of the years 1900–2200: what would be due outside of them cannot be said. */
function withinReach(computed: Computed): Computed {
  const { dueOn, reminderOn, targetOn, days } = computed;
  if ([dueOn, reminderOn, targetOn, ...days.map(({ day }) => day)].every(isPlainDate)) return computed;
  throw new Refusal('DATE_OUT_OF_RANGE', [
    { path: 'query', zh: '到期日须在 1900 年至 2200 年之间', en: 'the due day must lie in the years 1900 to 2200' },
  ]);
}

const list = <T>(asked: T | T[] | undefined): T[] => (asked === undefined ? [] : ([asked].flat() as T[]));

function askedSuspensions({ suspendedOn, resumedOn }: Query): SuspensionPeriod[] {
  const begins = list(suspendedOn);
  const ends = list(resumedOn);
  if (begins.length !== ends.length) {
    throw bad('resumedOn', '中止与恢复日期须成对提供', 'give as many resumedOn as suspendedOn, in their order');
  }
  return begins.map((begin, i) => {
    const end = ends[i] as PlainDate;
    if (end < begin) throw bad('resumedOn', `${end} 早于 ${begin}`, `${end} lies before ${begin}`);
    return { suspendedOn: begin, resumedOn: end };
  });
}

function askedExtensions({ extend }: Query): Map<string, number> {
  const extensions = new Map<string, number>();
  for (const asked of list(extend)) {
    const [id = '', days = ''] = asked.split(':');
    const limit = limitIds.includes(id as LimitId) ? timeLimit(id as LimitId) : undefined;
    if (limit?.unit !== 'WORKING_DAY') throw bad('extend', `${id} 不是工作日时限`, `${id} is no limit in working days`);
    if (extensions.has(id)) throw bad('extend', `${id} 重复`, `${id} is given twice`);
    extensions.set(id, Number(days));
  }
  return extensions;
}
