import { z } from 'zod';
import { addDays, startOfDay } from '../../domain/plain-date.ts';
import { Refusal } from '../../domain/refusal.ts';
import { isNotFound } from '../../engine/not-found.ts';
import { fastForwardCase } from '../cases/fast-forward-case.ts';
import { instantText } from '../instant.ts';
import { defineRoute } from '../route.ts';
import { acceptanceNo, day, instant } from '../schemas.ts';
import { getVisibleCase } from './case.ts';

/** Nine in the morning: the spread of midnight's effects is over, the office opens. */
const MORNING_MS = 9 * 3_600_000;

const toDay = day.meta({ description: 'Asia/Shanghai, on the clock of the case' });
const days = z.int().min(1).max(3650).meta({ description: 'calendar days instead of a day' });

/** Only mounted when the settings say this is a rehearsal, which production refuses. */
export const rehearsalRoutes = [
  defineRoute({
    method: 'post',
    path: '/api/v1/rehearsal/cases/{acceptanceNo}/fast-forward',
    id: 'fastForward',
    tag: '演练 / rehearsal',
    summary: {
      zh: '演练：单个案件快进到某日上午九时',
      en: 'rehearsal: let time pass for one case, to nine in the morning of a day',
    },
    action: 'FAST_FORWARD',
    params: z.strictObject({ acceptanceNo }),
    body: z.strictObject({ toDay: toDay.optional(), days: days.optional() }),
    bodyDoc: z.union([z.strictObject({ toDay }), z.strictObject({ days })]),
    answer: {
      status: 200,
      summary: { zh: '案件的新时间', en: 'the new time of the case' },
      schema: z.strictObject({ acceptanceNo, today: day, at: instant }),
    },
    async handle(deps, { user, params, body }) {
      const { today } = await getVisibleCase(deps, user, params.acceptanceNo, 'FAST_FORWARD');
      const target = body.toDay ?? (body.days !== undefined ? addDays(today, body.days) : undefined);
      if (target === undefined || (body.toDay !== undefined && body.days !== undefined)) {
        throw new Refusal('BAD_REQUEST', [
          { path: 'toDay', zh: '请提供 toDay 或 days 之一', en: 'give either toDay or days' },
        ]);
      }
      const until = startOfDay(target) + MORNING_MS;
      await fastForwardCase(deps, params.acceptanceNo, until).catch((problem: unknown) => {
        // Its procedure has come to its end.
        throw isNotFound(problem) ? new Refusal('CASE_ENDED') : problem;
      });
      return { json: { acceptanceNo: params.acceptanceNo, today: target, at: instantText(until) } };
    },
  }),
];
