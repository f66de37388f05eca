import { z } from 'zod';
import { Refusal } from '../../domain/refusal.ts';
import type { ApiDeps } from '../deps.ts';
import { refuseToSkip, retry, type IncidentAct } from '../incidents.ts';
import { findIncident, incidentDetailSchema, incidentKind, incidentSchema, listIncidents } from '../read/incidents.ts';
import { defineRoute, type Asked } from '../route.ts';
import { acceptanceNo, cursor, freeText, limit, queryFlag } from '../schemas.ts';

const TAG = '系统故障 / incidents';

const params = z.strictObject({ incidentId: z.string().regex(/^\d{1,18}$/) });
const why = z.strictObject({ reason: freeText(500) });
const incident = {
  status: 200,
  summary: { zh: '故障、处理指引与已作的处理', en: 'the incident, what to do about it, and what was done' },
  schema: incidentDetailSchema,
};

const actOf = (
  deps: ApiDeps,
  { user, params: { incidentId }, body, requestId }: Asked<{ incidentId: string }, unknown, { reason: string }>,
): IncidentAct => ({ incidentId, by: user, reason: body.reason, at: deps.now(), requestId });

async function answer(deps: ApiDeps, incidentId: string) {
  const found = await findIncident(deps.db, incidentId);
  if (!found) throw new Refusal('NOT_FOUND');
  return { json: found };
}

/** The operators' list: what the system itself does not get done, and what they can do about it. */
export const incidentRoutes = [
  defineRoute({
    method: 'get',
    path: '/api/v1/incidents',
    id: 'listIncidents',
    tag: TAG,
    summary: { zh: '系统故障清单', en: 'what the system itself does not get done' },
    action: 'READ_INCIDENTS',
    query: z.strictObject({
      open: queryFlag.optional(),
      kind: incidentKind.optional(),
      acceptanceNo: acceptanceNo.optional(),
      limit,
      cursor,
    }),
    answer: {
      status: 200,
      summary: { zh: '一页故障，最新在前', en: 'a page of incidents, newest first' },
      schema: z.strictObject({ items: z.array(incidentSchema), nextCursor: z.string().nullable() }),
    },
    async handle(deps, { user, query }) {
      const { cursor: from, limit: size, ...filter } = query;
      const asked = `incidents ${user.id} ${JSON.stringify(filter)}`;
      const before = from === undefined ? undefined : (deps.cursors.open(asked, from)[0] ?? undefined);
      const { items, last } = await listIncidents(deps.db, filter, { size: size ?? 50, before });
      return { json: { items, nextCursor: last === undefined ? null : deps.cursors.seal(asked, [last]) } };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/api/v1/incidents/{incidentId}',
    id: 'getIncident',
    tag: TAG,
    summary: { zh: '故障详情与处理指引', en: 'an incident with guidance' },
    action: 'READ_INCIDENTS',
    params,
    answer: incident,
    handle: (deps, { params: { incidentId } }) => answer(deps, incidentId),
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/incidents/{incidentId}/retry',
    id: 'retryIncident',
    tag: TAG,
    summary: { zh: '再试（说明事由）', en: 'try again, with a reason' },
    action: 'MEND_INCIDENT',
    recorded: true,
    params,
    body: why,
    answer: incident,
    async handle(deps, asked) {
      await retry(deps, actOf(deps, asked));
      return answer(deps, asked.params.incidentId);
    },
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/incidents/{incidentId}/skip',
    id: 'skipIncident',
    tag: TAG,
    summary: {
      zh: '跳过：一律不允许，申请予以记录',
      en: 'skip: never possible, and that it was asked for is recorded',
    },
    action: 'MEND_INCIDENT',
    recorded: true,
    params,
    body: why,
    answer: incident,
    handle: (deps, asked) => refuseToSkip(deps, actOf(deps, asked)),
  }),
];
