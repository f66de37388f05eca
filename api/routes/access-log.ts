import { z } from 'zod';
import { accessEntrySchema, listAccess } from '../read/access-log.ts';
import { defineRoute } from '../route.ts';
import { acceptanceNo, cursor, day, limit, staffId } from '../schemas.ts';

export const accessLogRoutes = [
  defineRoute({
    method: 'get',
    path: '/api/v1/access-log',
    id: 'accessLog',
    tag: '审计 / audit trail',
    summary: {
      zh: '访问记录：谁看过哪件业务、谁被拒绝了什么；查阅本身也被记录',
      en: 'who looked at which case and who was refused what; reading it is written down too',
    },
    action: 'READ_ACCESS_LOG',
    recorded: true,
    query: z.strictObject({
      userId: staffId.optional(),
      acceptanceNo: acceptanceNo.optional(),
      day: day.optional().meta({ description: 'Asia/Shanghai' }),
      limit,
      cursor,
    }),
    answer: {
      status: 200,
      summary: { zh: '一页记录，最新在前', en: 'a page of entries, newest first' },
      schema: z.strictObject({ items: z.array(accessEntrySchema), nextCursor: z.string().nullable() }),
    },
    async handle(deps, { user, query }) {
      const { cursor: from, limit: size, ...filter } = query;
      const asked = `access-log ${user.id} ${JSON.stringify(filter)}`;
      const before = from === undefined ? undefined : (deps.cursors.open(asked, from)[0] ?? undefined);
      const { items, last } = await listAccess(deps.db, filter, { size: size ?? 50, before });
      return { json: { items, nextCursor: last === undefined ? null : deps.cursors.seal(asked, [last]) } };
    },
  }),
];
