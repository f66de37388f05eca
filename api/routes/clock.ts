import { z } from 'zod';
import { clockPage } from '../print/clock-page.ts';
import { proveCase } from '../read/clock-proof.ts';
import { clockProofSchema } from '../read/clock-schema.ts';
import { defineRoute } from '../route.ts';
import { acceptanceNo } from '../schemas.ts';
import { getVisibleCase } from './case.ts';

const params = z.strictObject({ acceptanceNo });

export const clockRoutes = [
  defineRoute({
    method: 'get',
    path: '/api/v1/cases/{acceptanceNo}/clock',
    id: 'clockProof',
    tag: '时限 / deadlines',
    summary: {
      zh: '时限计算说明：逐日列明计与不计的理由，谁用了多少天',
      en: 'every due day of a case, day by day with the reason, and whose days were used',
    },
    action: 'READ_CLOCK',
    params,
    answer: { status: 200, summary: { zh: '时限计算说明', en: 'the proof' }, schema: clockProofSchema },
    async handle(deps, { user, params: { acceptanceNo: no } }) {
      const { snapshot } = await getVisibleCase(deps, user, no, 'READ_CLOCK');
      return { json: await proveCase(deps, snapshot.caseId) };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/api/v1/cases/{acceptanceNo}/clock/page',
    id: 'printClockProof',
    tag: '时限 / deadlines',
    summary: { zh: '打印时限计算说明', en: 'the clock proof, to print' },
    action: 'READ_CLOCK',
    params,
    answer: { status: 200, summary: { zh: '可打印的网页', en: 'a page to print' }, mediaTypes: ['text/html'] },
    async handle(deps, { user, params: { acceptanceNo: no } }) {
      const { snapshot } = await getVisibleCase(deps, user, no, 'READ_CLOCK');
      return clockPage(await proveCase(deps, snapshot.caseId));
    },
  }),
];
