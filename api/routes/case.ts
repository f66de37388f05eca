import { z } from 'zod';
import { loadCalendar } from '../../activities/calendar.ts';
import type { User } from '../../domain/case.ts';
import type { Action } from '../../domain/permissions/actions.ts';
import { getProcess } from '../../domain/processes/index.ts';
import { Refusal } from '../../domain/refusal.ts';
import { loadSnapshot, type LoadedCase } from '../cases/decide-case.ts';
import type { ApiDeps } from '../deps.ts';
import { caseDocumentSchema, caseViewShape, documentsOf, readCase } from '../read/case-view.ts';
import { isOwn } from '../read/mask.ts';
import { possibleDecisions, possibleDecisionSchema } from '../read/possible.ts';
import { eventSchema, eventsOf } from '../read/timeline.ts';
import { defineRoute } from '../route.ts';
import { acceptanceNo } from '../schemas.ts';
import { sees } from '../visibility.ts';

const params = z.strictObject({ acceptanceNo });

/** The case, for those who may do this to it; for everybody else there is none. */
export async function getVisibleCase(deps: ApiDeps, user: User, no: string, action: Action): Promise<LoadedCase> {
  const loaded = await loadSnapshot(deps, no);
  if (!loaded || !sees(user, { ...loaded.snapshot, filedBy: loaded.filedBy }, action))
    throw new Refusal('CASE_NOT_FOUND');
  return loaded;
}

const caseDetail = z.strictObject({ ...caseViewShape, possible: z.array(possibleDecisionSchema) }).meta({ id: 'Case' });

export const caseDetailRoutes = [
  defineRoute({
    method: 'get',
    path: '/api/v1/cases/{acceptanceNo}',
    id: 'getCase',
    tag: '业务 / cases',
    summary: {
      zh: '业务详情：时限、经过、材料、可作的决定',
      en: 'one case: clock, timeline, documents, possible decisions',
    },
    action: 'READ_CASE',
    params,
    answer: { status: 200, summary: { zh: '业务', en: 'the case' }, schema: caseDetail },
    async handle(deps, { user, params: { acceptanceNo: no } }) {
      const { snapshot, today } = await getVisibleCase(deps, user, no, 'READ_CASE');
      const definition = getProcess(snapshot.process);
      const view = await readCase(deps, snapshot, user, definition, await loadCalendar(deps.db), deps.now());
      return { json: { ...view, possible: possibleDecisions(definition, snapshot, user, today) } };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/api/v1/cases/{acceptanceNo}/events',
    id: 'listEvents',
    tag: '业务 / cases',
    summary: { zh: '业务经过', en: 'history of a case' },
    action: 'READ_EVENTS',
    params,
    answer: {
      status: 200,
      summary: { zh: '全部经过', en: 'every entry' },
      schema: z.strictObject({ items: z.array(eventSchema) }),
    },
    async handle(deps, { user, params: { acceptanceNo: no } }) {
      const { snapshot } = await getVisibleCase(deps, user, no, 'READ_EVENTS');
      const whole = isOwn(user, snapshot.personId);
      return { json: { items: await eventsOf(deps, snapshot, getProcess(snapshot.process), whole) } };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/api/v1/cases/{acceptanceNo}/documents',
    id: 'listDocuments',
    tag: '业务 / cases',
    summary: { zh: '业务材料', en: 'documents of a case' },
    action: 'READ_DOCUMENTS',
    params,
    answer: {
      status: 200,
      summary: { zh: '全部材料', en: 'every document' },
      schema: z.strictObject({ items: z.array(caseDocumentSchema) }),
    },
    async handle(deps, { user, params: { acceptanceNo: no } }) {
      const { snapshot } = await getVisibleCase(deps, user, no, 'READ_DOCUMENTS');
      return { json: { items: await documentsOf(deps, snapshot.caseId, isOwn(user, snapshot.personId)) } };
    },
  }),
];
