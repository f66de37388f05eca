import { z } from 'zod';
import { MOVED_CLOCKS } from '../../activities/recount/moves.ts';
import type { Recount } from '../../activities/recount/scan.ts';
import { editionsInForce, horizonOf } from '../../domain/calendar-edition.ts';
import { editionSchema } from '../../domain/calendar-file.ts';
import { Refusal } from '../../domain/refusal.ts';
import { withLengths } from '../../domain/time-limits.ts';
import { applyEdition, findRun, type CalendarRun } from '../../engine/calendar-run.ts';
import { previewEdition, type EditionPreview } from '../../engine/preview-edition.ts';
import { readStoredEditions } from '../../prisma/editions.ts';
import { defineRoute } from '../route.ts';
import { code, day, limit, queryFlag } from '../schemas.ts';

const runSchema = z
  .strictObject({
    editionId: z.string(),
    state: z.enum(['RUNNING', 'FINISHED']),
    startedAt: z.string().meta({ format: 'date-time' }),
    startedBy: z.string(),
    finishedAt: z.string().meta({ format: 'date-time' }).nullable(),
    pass: z.int().meta({ description: 'passes through the open cases; the run ends with one that asks nobody' }),
    total: z.int().meta({ description: 'open cases when the run began' }),
    done: z.int().meta({ description: 'of them, looked at in this pass' }),
    asked: z.int().meta({ description: 'times a case was asked to count again' }),
    moved: z.int().meta({ description: 'of them, with a day that moves' }),
    gone: z.int().meta({ description: 'of them, without a procedure in the engine' }),
  })
  .meta({ id: 'CalendarRun' });

const editionView = z
  .strictObject({
    id: z.string(),
    year: z.int(),
    source: z.string(),
    publishedOn: day,
    horizonOn: day,
    amends: z.string().nullable(),
    inForce: z.boolean(),
    amendedBy: z.string().nullable(),
    daysOff: z.array(day),
    makeUpWorkdays: z.array(day),
  })
  .meta({ id: 'StoredCalendarEdition' });

const move = z.strictObject({
  clock: z.enum(MOVED_CLOCKS),
  from: day.nullable(),
  to: day.nullable(),
  fromDaysLeft: z.int().nullable().meta({ description: 'working days, where the clock stands' }),
  daysLeft: z.int().nullable(),
  fromProvisional: z.boolean(),
  provisional: z.boolean(),
});
const touched = { touched: z.int().meta({ description: 'counted again' }), moving: z.int() };
const preview = z
  .strictObject({
    counts: z
      .strictObject({
        open: z.int(),
        ...touched,
        perOffice: z.array(z.strictObject({ officeId: z.string().nullable(), processType: z.string(), ...touched })),
      })
      .nullable()
      .meta({ description: 'over all open cases; with the first page only' }),
    items: z.array(z.strictObject({ acceptanceNo: z.string(), processType: z.string(), moves: z.array(move) })),
    next: z.string().nullable().meta({ description: '`after` of the next page' }),
  })
  .meta({ id: 'CalendarPreview' });

const FIRST_PAGE = 50;

export const calendarEditionRoutes = [
  defineRoute({
    method: 'get',
    path: '/api/v1/calendar/editions',
    id: 'listCalendarEditions',
    tag: '时限 / deadlines',
    summary: { zh: '工作日历的各个版本', en: 'the editions of the working-day calendar' },
    action: 'READ_REFERENCE',
    answer: {
      status: 200,
      summary: { zh: '按年度排列', en: 'by year, the yearly notice before its amendments' },
      schema: z.strictObject({ items: z.array(editionView) }),
    },
    async handle({ db }) {
      const stored = await readStoredEditions(db);
      const inForce = new Set(editionsInForce(stored).map(({ id }) => id));
      const items = stored
        .map((edition) => ({
          ...edition,
          horizonOn: horizonOf(edition),
          amends: edition.amends ?? null,
          inForce: inForce.has(edition.id),
          amendedBy: stored.find(({ amends }) => amends === edition.id)?.id ?? null,
        }))
        .sort((a, b) => a.year - b.year || Number(a.inForce) - Number(b.inForce));
      return { json: { items } };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/calendar/editions',
    id: 'applyCalendarEdition',
    tag: '时限 / deadlines',
    summary: {
      zh: '启用放假通知或年中修订；dryRun 时只试算',
      en: 'puts a holiday notice or an amendment in force; with dryRun tells which open cases would move',
    },
    action: 'APPLY_CALENDAR',
    query: z.strictObject({
      dryRun: queryFlag.optional(),
      after: z
        .string()
        .regex(/^[0-9]{1,18}$/)
        .optional()
        .meta({ description: 'dry run: `next` of the page before' }),
      limit,
    }),
    body: editionSchema,
    answer: {
      status: 200,
      summary: { zh: '启用后的重新计算进度，或试算结果', en: 'the run that counts open cases again, or the dry run' },
      schema: z.strictObject({
        isNew: z
          .boolean()
          .nullable()
          .meta({ description: 'false: stored before with the same content; null: dry run' }),
        run: runSchema.nullable(),
        preview: preview.nullable(),
      }),
    },
    async handle(deps, { user, query, body }) {
      if (query.dryRun) {
        const { limitLengths } = deps.config;
        const page = {
          ...{ after: query.after, size: query.limit ?? FIRST_PAGE, cityId: user.officeId },
          limits: limitLengths && withLengths(limitLengths),
        };
        return { json: { isNew: null, run: null, preview: viewOf(await previewEdition(deps.db, body, page)) } };
      }
      const { isNew, run } = await applyEdition(deps, body, user.id);
      return { json: { isNew, run: run ? runView(run) : null, preview: null } };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/api/v1/calendar/editions/{id}/run',
    id: 'calendarRun',
    tag: '时限 / deadlines',
    summary: { zh: '启用某版本时的重新计算进度', en: 'how far the open cases have been counted again' },
    action: 'CALENDAR_RUN',
    params: z.strictObject({ id: code }),
    answer: { status: 200, summary: { zh: '进度', en: 'the run' }, schema: runSchema },
    async handle({ db }, { params }) {
      const run = await findRun(db, params.id);
      if (!run) throw new Refusal('NOT_FOUND');
      return { json: runView(run) };
    },
  }),
];

const runView = ({ cursor: _place, ...run }: CalendarRun): z.output<typeof runSchema> => ({
  ...run,
  state: run.finishedAt ? 'FINISHED' : 'RUNNING',
  startedAt: run.startedAt.toISOString(),
  finishedAt: run.finishedAt?.toISOString() ?? null,
});

const viewOf = ({ counts, items, next }: EditionPreview): z.output<typeof preview> => ({
  counts: counts
    ? { ...counts, perOffice: counts.perOffice.map(({ process, ...group }) => ({ ...group, processType: process })) }
    : null,
  items: items.map(({ acceptanceNo, process, moves }: Recount) => ({ acceptanceNo, processType: process, moves })),
  next: next ?? null,
});
