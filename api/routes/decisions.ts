import { z } from 'zod';
import type { DecisionInput, User } from '../../domain/case.ts';
import { possibleNow } from '../../domain/decisions.ts';
import { getProcess } from '../../domain/processes/index.ts';
import { Refusal } from '../../domain/refusal.ts';
import { decideCase, loadSnapshot } from '../cases/decide-case.ts';
import type { ApiDeps } from '../deps.ts';
import { refuseForeignDocuments } from '../documents/access.ts';
import { RefusedDecision } from '../error-handler.ts';
import { defineRoute } from '../route.ts';
import { acceptanceNo, attachedDocuments, code, decision, freeText, jsonObject } from '../schemas.ts';
import { sees } from '../visibility.ts';
import { decisionAnswer } from './decision-answer.ts';

const input = z.strictObject({
  step: code.meta({ description: 'the step you were looking at; if the case has moved on, the decision is refused' }),
  decision,
  ifVersion: z.int().min(0).optional().meta({ description: 'refuse if the case has changed since this version' }),
  reason: freeText(2000).optional(),
  missing: z
    .array(freeText(500))
    .max(100)
    .optional()
    .meta({ description: 'every missing or wrong item at once (0.2-1)' }),
  returnTo: code.optional(),
  form: jsonObject.optional().meta({ description: 'what the decision asks for, see `possible` of the case' }),
  documents: attachedDocuments.optional(),
});

export const decisionRoutes = [
  defineRoute({
    method: 'post',
    path: '/api/v1/cases/{acceptanceNo}/decisions',
    id: 'decide',
    tag: '业务 / cases',
    summary: { zh: '办理：作出决定', en: 'decide a case at its step' },
    action: 'DECIDE',
    idempotent: true,
    params: z.strictObject({ acceptanceNo }),
    body: input,
    answer: { status: 200, summary: { zh: '办理后的业务', en: 'the case after the decision' }, schema: decisionAnswer },
    async handle(deps, { user, params, body, idempotency }) {
      await refuseForeignDocuments(deps.prisma, user, body.documents ?? []);
      const request = { user, acceptanceNo: params.acceptanceNo, input: body as DecisionInput, ...idempotency };
      try {
        return { json: await decideCase(deps, request) };
      } catch (problem) {
        throw problem instanceof Refusal ? await explained(deps, user, params.acceptanceNo, problem) : problem;
      }
    },
  }),
];

/** A refused decision is answered with where the case stands and what this caller can do now (style.md 20). */
async function explained(deps: ApiDeps, user: User, no: string, refusal: Refusal): Promise<Error> {
  if (refusal.code === 'CASE_NOT_FOUND' || refusal.code === 'NOT_AVAILABLE') return refusal;
  const loaded = await loadSnapshot(deps, no);
  if (!loaded || !sees(user, loaded.snapshot)) return refusal;
  const { snapshot, today } = loaded;
  return new RefusedDecision(refusal, {
    possible: possibleNow(getProcess(snapshot.process), snapshot, user, today),
    currentStage: snapshot.stage,
    currentStep: snapshot.step,
    caseStatus: snapshot.status,
    version: snapshot.version,
  });
}
