import { z } from 'zod';
import { loadCalendar } from '../../activities/calendar.ts';
import { countStuck, listStuck, stuckCaseSchema, stuckCountsSchema } from '../read/stuck.ts';
import { defineRoute } from '../route.ts';
import { code, cursor, format, limit } from '../schemas.ts';

export const stuckRoutes = [
  defineRoute({
    method: 'get',
    path: '/api/v1/stuck',
    id: 'stuck',
    tag: '督办 / supervision',
    summary: {
      zh: '督办：滞留件及其原因、逾期天数、下一步',
      en: 'stuck cases: why, since when, how late, what fires next',
    },
    action: 'STUCK',
    query: z.strictObject({
      processType: code.optional(),
      stage: code.optional(),
      officeId: code.optional(),
      limit,
      cursor,
      format,
    }),
    table: { name: 'stuck', row: stuckCaseSchema },
    answer: {
      status: 200,
      summary: { zh: '滞留件，最久的在前', en: 'stuck cases, the longest first' },
      schema: z.strictObject({
        counts: stuckCountsSchema,
        items: z.array(stuckCaseSchema),
        nextCursor: z.string().nullable(),
      }),
    },
    async handle(deps, { user, query }) {
      const { cursor: from, limit: size, format: _format, ...filter } = query;
      const asked = `stuck ${user.id} ${JSON.stringify(filter)}`;
      const after = from === undefined ? {} : { after: deps.cursors.open(asked, from) };
      const now = deps.now();
      const [counts, { items, last }] = await Promise.all([
        countStuck(deps.readDb, user, filter, now),
        listStuck(deps.readDb, user, filter, { size: size ?? 50, ...after }, now, await loadCalendar(deps.db)),
      ]);
      return { json: { counts, items, nextCursor: last ? deps.cursors.seal(asked, last) : null } };
    },
  }),
];
