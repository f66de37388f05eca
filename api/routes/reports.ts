import { z } from 'zod';
import { daysBetween } from '../../domain/plain-date.ts';
import { getProcess } from '../../domain/processes/index.ts';
import { Refusal } from '../../domain/refusal.ts';
import { termReport, termReportItemSchema } from '../read/term-report.ts';
import { defineRoute } from '../route.ts';
import { code, day, format } from '../schemas.ts';

/** Nobody compares offices over more than a year, and every case of it is read. */
const LONGEST_DAYS = 366;

export const reportRoutes = [
  defineRoute({
    method: 'get',
    path: '/api/v1/reports/term-use',
    id: 'termUse',
    tag: '督办 / supervision',
    summary: {
      zh: '各机构各环节用时：分配、已用、中止、结转、逾期',
      en: 'whose days were used: allotted, used, paused, passed on and late, by office and stage',
    },
    action: 'TERM_USE',
    query: z.strictObject({
      from: day.meta({ description: 'stages left from this day on' }),
      to: day.meta({ description: 'up to and including this day, at most a year later' }),
      processType: code.optional(),
      format,
    }),
    table: { name: 'term-use', row: termReportItemSchema },
    answer: {
      status: 200,
      summary: { zh: '按机构和环节汇总', en: 'one line per office and stage, the latest first' },
      schema: z.strictObject({ cases: z.int(), items: z.array(termReportItemSchema) }),
    },
    async handle(deps, { user, query }) {
      const length = daysBetween(query.from, query.to);
      if (length < 0 || length > LONGEST_DAYS) {
        throw new Refusal('BAD_REQUEST', [
          {
            path: 'query.to',
            zh: `不能早于 from，且不超过其后 ${LONGEST_DAYS} 日`,
            en: `not before \`from\` and at most ${LONGEST_DAYS} days after it`,
          },
        ]);
      }
      if (query.processType !== undefined) getProcess(query.processType);
      return { json: await termReport(deps.readDb, user, query, deps.now()) };
    },
  }),
];
