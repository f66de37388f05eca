import { ApplicationFailure } from '@temporalio/workflow';
import type { CaseSnapshot, Decision, DecisionRequest, JsonObject, User } from '../domain/case.ts';
import { isClockDecision } from '../domain/clock-decisions.ts';
import type { ProcessDefinition } from '../domain/process.ts';
import { Refusal } from '../domain/refusal.ts';
import { actorsOf, dutyOfDecision } from '../domain/separation.ts';
import type { Consequence, VerificationOutcome } from '../domain/turn.ts';

/** What makes a case move – a person's decision, or the outcome of another case – and the turn it becomes. */

/** A decision the procedure has to act upon; it was checked, and is checked again when taken. */
export interface Decided {
  kind: 'DECISION';
  decision: Decision;
  user: User;
  form: JsonObject;
  reason?: string;
  returnTo?: string;
  request: DecisionRequest;
}
export function decidedBy(request: DecisionRequest): Decided {
  const { decision, form, reason, returnTo } = request.input;
  return {
    kind: 'DECISION',
    decision,
    user: request.user,
    form: form ?? {},
    request,
    ...(reason ? { reason } : {}),
    ...(returnTo ? { returnTo } : {}),
  };
}

/** A case this one waited for has ended. */
export interface Verified {
  kind: 'VERIFIED';
  outcome: VerificationOutcome;
}

export function fromDecision(cause: Decided, consequence: Consequence) {
  const { input, user, facts } = cause.request;
  return {
    kind: 'DECIDED' as const,
    user,
    decision: cause.decision,
    reason: input.reason,
    missing: input.missing,
    // What is decided about the clock is no part of the file.
    form: isClockDecision(cause.decision) ? undefined : input.form,
    documents: input.documents,
    request: cause.request,
    consequence: facts ? { ...consequence, facts: { ...facts, ...consequence.facts } } : consequence,
  };
}

/** The store knows it by now; the procedure keeps it, too, so that the next decision is held against it without asking. */
export function rememberActors(
  definition: ProcessDefinition,
  snapshot: CaseSnapshot,
  step: string,
  { decision, user }: Decided,
): void {
  const duty = dutyOfDecision(definition, step, decision, user);
  for (const actor of duty ? actorsOf(duty, user) : [])
    if (!snapshot.actors.some((a) => a.chain === actor.chain && a.userId === actor.userId)) snapshot.actors.push(actor);
}

export function fromVerification(cause: Verified, consequence: Consequence) {
  return { kind: 'VERIFICATION_RESULT' as const, reason: cause.outcome.acceptanceNo, consequence };
}

/** With the version it was refused at: whoever has seen a later one in the store knows that this procedure is behind. */
export function asFailure(problem: unknown, { version }: Pick<CaseSnapshot, 'version'>): unknown {
  if (!(problem instanceof Refusal)) return problem;
  const { code, faults } = problem;
  return ApplicationFailure.create({
    message: code,
    type: 'Refusal',
    nonRetryable: true,
    details: [{ code, faults, version }],
  });
}
