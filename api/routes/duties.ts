import { z } from 'zod';
import { loadCalendar } from '../../activities/calendar.ts';
import { DUTY_LIMITS, dutyRule } from '../../domain/duties.ts';
import type { User } from '../../domain/case.ts';
import { Refusal } from '../../domain/refusal.ts';
import { timeLimit } from '../../domain/time-limits.ts';
import { findSchedule, scheduleIdOf } from '../../engine/duty-schedules.ts';
import type { ApiDeps } from '../deps.ts';
import { markDone } from '../duties/mark-done.ts';
import { instantText } from '../instant.ts';
import {
  dutyEventSchema,
  dutyFilter,
  dutySchema,
  listDuties,
  readDuty,
  readDutyEvents,
  type DutyReader,
} from '../read/duties.ts';
import { defineRoute } from '../route.ts';
import { day, freeText, instant, text } from '../schemas.ts';

const tag = '定期事项 / recurring duties';
const dutyId = z
  .string()
  .regex(/^[1-9][0-9]{0,17}$/)
  .meta({ description: 'number of the duty' });

const readerOf = async (deps: ApiDeps, user: User): Promise<DutyReader> => ({
  ...{ db: deps.db, user, now: deps.now(), spreadSeconds: deps.config.effectSpreadSeconds },
  calendar: await loadCalendar(deps.db),
});

const schedule = z
  .strictObject({
    scheduleId: z.string(),
    limitId: z.string(),
    title: text,
    article: z.string(),
    state: z.enum(['ACTIVE', 'PAUSED', 'MISSING']).meta({ description: 'MISSING: no worker has made it yet' }),
    note: z.string().nullable().meta({ description: 'why it is paused' }),
    lastRunAt: instant.nullable(),
    nextRunAt: instant.nullable().meta({ description: 'null while it is paused' }),
  })
  .meta({ id: 'DutySchedule' });

export const dutyRoutes = [
  defineRoute({
    method: 'get',
    path: '/api/v1/duties',
    id: 'listDuties',
    tag,
    summary: { zh: '每月、每年定期事项，按到期日排列', en: 'what is due every month and year, by due day' },
    action: 'LIST_DUTIES',
    query: dutyFilter,
    answer: {
      status: 200,
      summary: { zh: '本单位的事项；管理人员含下级', en: 'the duties of one’s place; for managers also those below' },
      schema: z.strictObject({ items: z.array(dutySchema), nextCursor: z.string().nullable() }),
    },
    async handle(deps, { user, query }) {
      const { cursor: from, limit: size, ...filter } = query;
      const asked = `duties ${user.id} ${JSON.stringify(filter)}`;
      const after = from === undefined ? {} : { after: deps.cursors.open(asked, from) };
      const reader = await readerOf(deps, user);
      const { items, last } = await listDuties(reader, filter, { size: size ?? 50, ...after });
      return { json: { items, nextCursor: last ? deps.cursors.seal(asked, last) : null } };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/api/v1/duties/{dutyId}',
    id: 'getDuty',
    tag,
    summary: { zh: '一项定期事项及其经过', en: 'one duty and what has happened to it' },
    action: 'LIST_DUTIES',
    params: z.strictObject({ dutyId }),
    answer: {
      status: 200,
      summary: { zh: '事项', en: 'the duty' },
      schema: z.strictObject({ ...dutySchema.shape, events: z.array(dutyEventSchema) }),
    },
    async handle(deps, { user, params }) {
      const duty = await readDuty(await readerOf(deps, user), params.dutyId);
      if (!duty) throw new Refusal('NOT_FOUND');
      return { json: { ...duty, events: await readDutyEvents(deps.db, params.dutyId) } };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/duties/{dutyId}/done',
    id: 'markDutyDone',
    tag,
    summary: { zh: '登记完成', en: 'record a duty as done' },
    action: 'MARK_DUTY_DONE',
    idempotent: true,
    params: z.strictObject({ dutyId }),
    body: z.strictObject({
      doneOn: day
        .optional()
        .meta({ description: 'default today; a duty done in time and entered later was done in time' }),
      note: freeText(500).optional(),
    }),
    answer: { status: 200, summary: { zh: '登记后的事项', en: 'the duty afterwards' }, schema: dutySchema },
    async handle(deps, { user, params, body, idempotency }) {
      const reader = await readerOf(deps, user);
      if (!(await readDuty(reader, params.dutyId))) throw new Refusal('NOT_FOUND');
      await markDone(deps, {
        ...params,
        user,
        ...idempotency,
        doneOn: body.doneOn,
        ...(body.note ? { note: body.note } : {}),
      });
      return { json: await readDuty(reader, params.dutyId) };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/api/v1/schedules',
    id: 'listSchedules',
    tag,
    summary: {
      zh: '定期生成计划及是否暂停（市级管理人员）',
      en: 'the schedules that open duties, and which are paused (city managers)',
    },
    action: 'LIST_SCHEDULES',
    answer: {
      status: 200,
      summary: { zh: '各时限的计划', en: 'one schedule per limit' },
      schema: z.strictObject({ items: z.array(schedule) }),
    },
    async handle(deps) {
      return { json: { items: await Promise.all(DUTY_LIMITS.map((limitId) => scheduleView(deps, limitId))) } };
    },
  }),
];

async function scheduleView(
  { temporal }: ApiDeps,
  limitId: (typeof DUTY_LIMITS)[number],
): Promise<z.output<typeof schedule>> {
  const found = await findSchedule(temporal, limitId);
  const paused = found?.state.paused ?? false;
  const last = found?.info.recentActions.at(-1)?.takenAt;
  const next = paused ? undefined : found?.info.nextActionTimes[0];
  return {
    scheduleId: scheduleIdOf(limitId),
    limitId,
    title: dutyRule(limitId).title,
    article: timeLimit(limitId).article,
    state: found ? (paused ? 'PAUSED' : 'ACTIVE') : 'MISSING',
    note: paused ? (found?.state.note ?? null) : null,
    lastRunAt: last ? instantText(last.getTime()) : null,
    nextRunAt: next ? instantText(next.getTime()) : null,
  };
}
