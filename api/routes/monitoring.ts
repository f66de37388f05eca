import { z } from 'zod';
import { countOpen } from '../read/monitoring.ts';
import { countStuck, stuckCountsSchema } from '../read/stuck.ts';
import { defineRoute } from '../route.ts';

/** What a monitoring program asks. Numbers only: no case, no person, nobody's name. */
export const monitoringRoutes = [
  defineRoute({
    method: 'get',
    path: '/api/v1/monitoring',
    id: 'monitoring',
    tag: '督办 / supervision',
    summary: { zh: '监控：在办、滞留的件数', en: 'monitoring: how many cases are open and stuck' },
    action: 'MONITORING',
    answer: {
      status: 200,
      summary: { zh: '件数', en: 'counts' },
      schema: z.strictObject({
        open: z.array(z.strictObject({ processType: z.string(), stage: z.string(), total: z.int() })),
        stuck: stuckCountsSchema,
      }),
    },
    async handle(deps, { user }) {
      const [open, stuck] = await Promise.all([
        countOpen(deps.readDb, user),
        countStuck(deps.readDb, user, {}, deps.now(), 'MONITORING'),
      ]);
      return { json: { open, stuck } };
    },
  }),
];
