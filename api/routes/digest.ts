import { z } from 'zod';
import { loadCalendar } from '../../activities/calendar.ts';
import { digestMessage } from '../../activities/digest/message.ts';
import { readDigest } from '../../activities/digest/read.ts';
import { noticeWindow } from '../../activities/digest/window.ts';
import { DUTY_EVENTS, type DutyEventKind } from '../../domain/duty.ts';
import { OUTBOX_STATES, outboxMessageSchema, readOutbox } from '../read/outbox.ts';
import { defineRoute } from '../route.ts';
import { cursor, day, limit, text } from '../schemas.ts';

const caseLine = {
  acceptanceNo: z.string(),
  processType: z.string(),
  processTitle: text,
  stage: z.string(),
  stageTitle: text,
};
const pileOf = <Line extends z.ZodObject>(line: Line) => z.strictObject({ total: z.int(), items: z.array(line) });
const dueCase = z.strictObject({
  ...caseLine,
  clock: z.enum(['STAGE', 'TOTAL']),
  limitId: z.string(),
  dueOn: day,
  provisional: z.boolean(),
  daysLate: z.int(),
});
const dutyLine = {
  dutyId: z.string(),
  limitId: z.string(),
  title: text,
  period: z.string(),
  dueOn: day,
  daysLate: z.int(),
};
const dueDuty = z.strictObject({
  ...dutyLine,
  provisional: z.boolean().meta({ description: 'the reminder is still to come and may move; the due day does not' }),
});
const dutyNotice = z.strictObject({
  ...dutyLine,
  kind: z.enum(Object.keys(DUTY_EVENTS) as DutyEventKind[]),
  holder: z.string(),
  doneOn: day.nullable(),
});
const digestSchema = z
  .strictObject({
    day,
    nextWorkingDay: day,
    overdue: pileOf(dueCase),
    dueToday: pileOf(dueCase),
    dueNext: pileOf(dueCase),
    stuck: pileOf(z.strictObject({ ...caseLine, since: day })),
    notices: pileOf(z.strictObject({ ...caseLine, kind: z.string(), title: text, dueOn: day.nullable() })),
    duties: z.strictObject({
      overdue: pileOf(dueDuty),
      dueToday: pileOf(dueDuty),
      dueNext: pileOf(dueDuty),
      told: pileOf(dutyNotice),
    }),
    message: z
      .strictObject({ subject: z.string(), body: z.string() })
      .meta({ description: 'as it would be sent now; it names no person' }),
  })
  .meta({ id: 'Digest' });

const TAG = '待办 / desk';

export const digestRoutes = [
  defineRoute({
    method: 'get',
    path: '/api/v1/digest',
    id: 'digest',
    tag: TAG,
    summary: {
      zh: '我此刻的每日提醒，与发出的内容相同',
      en: 'my daily digest as of now, by the function that is sent',
    },
    action: 'DIGEST',
    answer: {
      status: 200,
      summary: { zh: '到期、逾期、滞留与新通知', en: 'due, overdue, stuck and new notices' },
      schema: digestSchema,
    },
    async handle(deps, { user }) {
      const calendar = await loadCalendar(deps.db);
      const digest = await readDigest(deps.db, user, deps.now(), calendar, await noticeWindow(deps.db, user.id, 0));
      return { json: { ...digest, message: digestMessage(digest) } };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/api/v1/outbox',
    id: 'outbox',
    tag: '督办 / supervision',
    summary: {
      zh: '发给本辖区人员的消息及其发送状态，最新的在前',
      en: 'messages to the people of my area and what became of them, the youngest first',
    },
    action: 'OUTBOX',
    query: z.strictObject({ state: z.enum(OUTBOX_STATES).optional(), limit, cursor }),
    answer: {
      status: 200,
      summary: { zh: '消息', en: 'messages' },
      schema: z.strictObject({ items: z.array(outboxMessageSchema), nextCursor: z.string().nullable() }),
    },
    async handle(deps, { user, query }) {
      const { state, limit: size, cursor: from } = query;
      const asked = `outbox ${user.id} ${state ?? ''}`;
      const after = from === undefined ? {} : { after: deps.cursors.open(asked, from) };
      const { items, last } = await readOutbox(deps.db, user, state, { size: size ?? 50, ...after });
      return { json: { items, nextCursor: last ? deps.cursors.seal(asked, last) : null } };
    },
  }),
];
