import { z } from 'zod';
import { loadCalendar } from '../../activities/calendar.ts';
import type { User } from '../../domain/case.ts';
import { PROCESSES } from '../../domain/processes/index.ts';
import { fileCase } from '../cases/file-case.ts';
import { refuseForeignDocuments } from '../documents/access.ts';
import { caseHeaderSchema } from '../read/case-header.ts';
import { caseQuery, caseSearch, listCases, type CaseFilter } from '../read/case-list.ts';
import type { ApiDeps } from '../deps.ts';
import { defineRoute } from '../route.ts';
import { attachedDocuments, code, day, format, jsonObject } from '../schemas.ts';
import { decisionAnswer } from './decision-answer.ts';

const filing = z.strictObject({
  processType: code,
  form: jsonObject.meta({ description: 'what the process asks for, see GET /api/v1/processes' }),
  documents: attachedDocuments.default([]),
  receivedOn: day.optional().meta({ description: 'day the complete material came in (0.2-8); default today' }),
});

/** For the document: the form of each process, as its definition has it. */
const filingDoc = () => {
  const each = Object.values(PROCESSES).map((process) =>
    filing.extend({
      processType: z.literal(process.code),
      form: process.filing.form.meta({
        id: `${process.code}_FORM`,
        title: process.title.zh,
        description: process.title.en,
      }),
    }),
  );
  const [first, ...rest] = each;
  return first ? z.union([first, ...rest]) : filing;
};

const SEARCH = '/api/v1/cases/search';
const pageOfCases = {
  status: 200,
  summary: { zh: '一页业务，最新在前', en: 'a page of cases, newest first' },
  schema: z.strictObject({ items: z.array(caseHeaderSchema), nextCursor: z.string().nullable() }),
};

export const caseRoutes = [
  defineRoute({
    method: 'post',
    path: '/api/v1/cases',
    id: 'fileCase',
    tag: '业务 / cases',
    summary: { zh: '受理业务', en: 'file a case' },
    action: 'FILE_CASE',
    limited: 'FILING',
    idempotent: true,
    body: filing,
    bodyDoc: filingDoc(),
    answer: { status: 201, summary: { zh: '已受理', en: 'accepted' }, schema: decisionAnswer },
    async handle(deps, { user, body, idempotency }) {
      await refuseForeignDocuments(deps.prisma, user, body.documents);
      const { answer } = await fileCase(deps, {
        user,
        processType: body.processType,
        form: body.form,
        documents: body.documents,
        ...(body.receivedOn !== undefined ? { receivedOn: body.receivedOn } : {}),
        ...idempotency,
      });
      return { headers: { Location: `/api/v1/cases/${answer.acceptanceNo}` }, json: answer };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/api/v1/cases',
    id: 'listCases',
    tag: '业务 / cases',
    summary: { zh: '业务列表', en: 'list cases' },
    action: 'LIST_CASES',
    query: caseQuery.extend({ format }),
    table: { name: 'cases', row: caseHeaderSchema },
    answer: pageOfCases,
    handle: async (deps, { user, query: { format: _format, ...query } }) => ({ json: await page(deps, user, query) }),
  }),
  defineRoute({
    method: 'post',
    path: SEARCH,
    id: 'searchCases',
    tag: '业务 / cases',
    summary: {
      zh: '按姓名或身份证号码等查询业务',
      en: 'search cases, also for a name or an ID number: neither stands in an address',
    },
    action: 'LIST_CASES',
    limited: 'SEARCH',
    body: caseSearch,
    answer: pageOfCases,
    async handle(deps, { user, body, requestId }) {
      const by = (['idCardNo', 'q'] as const).filter((field) => body[field] !== undefined);
      // Who looks for a person is looking at one; for whom is not written down.
      if (by.length > 0)
        deps.accessLog.record({
          ...{ at: deps.now(), userId: user.id, method: 'POST', route: SEARCH, status: 200, requestId },
          reason: `[${by.join(', ')}]`,
        });
      return { json: await page(deps, user, body) };
    },
  }),
];

async function page(deps: ApiDeps, user: User, given: CaseFilter) {
  const { cursor, limit: _size, ...filters } = given;
  const asked = `cases ${user.id} ${JSON.stringify(filters)}`;
  const before = cursor === undefined ? undefined : (deps.cursors.open(asked, cursor)[0] ?? undefined);
  const reading = { ...deps, db: deps.readDb };
  const { items, last } = await listCases(reading, user, given, before, deps.now(), await loadCalendar(deps.db));
  return { items, nextCursor: last === undefined ? null : deps.cursors.seal(asked, [last]) };
}
