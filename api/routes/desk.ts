import { z } from 'zod';
import { loadCalendar } from '../../activities/calendar.ts';
import type { User } from '../../domain/case.ts';
import type { ApiDeps } from '../deps.ts';
import { caseHeaderSchema } from '../read/case-header.ts';
import { COUNTED_TO, readDesk, type DeskScope } from '../read/desk.ts';
import { noticeSchema, readNotices } from '../read/notices.ts';
import { defineRoute } from '../route.ts';
import { cursor, limit } from '../schemas.ts';

const pile = z.strictObject({
  total: z.int().meta({
    description: `数到 ${COUNTED_TO} 为止，即“${COUNTED_TO} 件或以上” / counted up to ${COUNTED_TO}, which means as many or more`,
  }),
  items: z.array(caseHeaderSchema),
  nextCursor: z.string().nullable(),
});
const NOTICES = 30;

/** One pile of the desk; a cursor belongs to the pile it came from. */
async function readPile(
  deps: ApiDeps,
  user: User,
  scope: DeskScope,
  size: number,
  from?: string,
): Promise<z.output<typeof pile>> {
  const asked = `desk ${scope} ${user.id}`;
  const after = from === undefined ? {} : { after: deps.cursors.open(asked, from) };
  const calendar = await loadCalendar(deps.db);
  const { total, items, last } = await readDesk(deps.db, user, scope, { size, ...after }, deps.now(), calendar);
  return { total, items, nextCursor: last ? deps.cursors.seal(asked, last) : null };
}

export const deskRoutes = [
  defineRoute({
    method: 'get',
    path: '/api/v1/desk',
    id: 'desk',
    tag: '待办 / desk',
    summary: { zh: '我的待办与本单位待办，按到期日排列', en: 'what waits for me and for my office, by due day' },
    action: 'DESK',
    query: z.strictObject({
      limit,
      mineCursor: cursor,
      officeCursor: cursor,
    }),
    answer: {
      status: 200,
      summary: { zh: '待办与通知', en: 'work and notices' },
      schema: z.strictObject({ mine: pile, office: pile, notices: z.array(noticeSchema) }),
    },
    async handle(deps, { user, query }) {
      const size = query.limit ?? 50;
      const [mine, office, notices] = await Promise.all([
        readPile(deps, user, 'mine', size, query.mineCursor),
        readPile(deps, user, 'office', size, query.officeCursor),
        readNotices(deps.db, user, NOTICES),
      ]);
      return { json: { mine, office, notices } };
    },
  }),
];
