import { DECISIONS, ENDED, type CaseSnapshot, type Decision, type DecisionInput, type User } from './case.ts';
import { CLOCK_OFFERS, hasLimits } from './clock-decisions.ts';
import { commonOffersOf } from './common-offers.ts';
import { missingDocuments } from './documents.ts';
import type { PlainDate } from './plain-date.ts';
import { decidesAs } from './permissions/permitted.ts';
import type { Guard, GuardContext, Offer, ProcessDefinition, StepDefinition } from './process.ts';
import { Refusal } from './refusal.ts';
import { checkSeparation } from './separation.ts';

/**
 * The one place that says whether a decision is possible. The workflow's validator refuses by it, the API lists by
 * it, the console draws its buttons from it.
 */

/** Everything on offer at the case's step in its present status, whoever asks. */
export function offersOf(definition: ProcessDefinition, snapshot: CaseSnapshot): Partial<Record<Decision, Offer>> {
  const step = definition.steps[snapshot.step];
  if (!step) return {};
  // Nobody applied for a case that another one opened: whoever gives up withdraws the other one.
  const applied = definition.filing.applicant && snapshot.facts['openedBy'] === undefined;
  const common: Partial<Record<Decision, Offer>> = applied ? commonOffersOf(definition) : {};
  const offers = withoutClock(step, snapshot, common);
  return ENDED.includes(snapshot.status) || !hasLimits(definition) ? offers : { ...offers, ...CLOCK_OFFERS };
}

function withoutClock(
  step: StepDefinition,
  snapshot: CaseSnapshot,
  common: Partial<Record<Decision, Offer>>,
): Partial<Record<Decision, Offer>> {
  if (ENDED.includes(snapshot.status)) {
    return step.decisions.CANCEL && snapshot.status === 'CLOSED' ? { CANCEL: step.decisions.CANCEL } : {};
  }
  if (snapshot.status === 'AWAITING_CORRECTION') {
    return {
      CORRECTION_RECEIVED: common.CORRECTION_RECEIVED,
      CLOSE_AS_WITHDRAWN: common.CLOSE_AS_WITHDRAWN,
      WITHDRAW: common.WITHDRAW,
    };
  }
  if (snapshot.status === 'AWAITING_VERIFICATION') return { WITHDRAW: common.WITHDRAW };
  return snapshot.status === 'APPROVED' ? step.decisions : { ...step.decisions, WITHDRAW: common.WITHDRAW };
}

/** Is this on offer here and now to this person, whatever they filled in? Asked before their form is looked at. */
export function chosenOffer(
  definition: ProcessDefinition,
  snapshot: CaseSnapshot,
  user: User,
  input: DecisionInput,
  lookedUp: CaseSnapshot['facts'] = {},
): Offer {
  const offers = offersOf(definition, snapshot);
  const offer = offers[input.decision];
  if (ENDED.includes(snapshot.status) && !offer) throw new Refusal('CASE_ENDED');
  if (input.step !== snapshot.step) throw new Refusal('STAGE_PASSED');
  if (input.ifVersion !== undefined && input.ifVersion !== snapshot.version) throw new Refusal('VERSION_CHANGED');
  if (!offer) throw new Refusal('DECISION_NOT_POSSIBLE');
  checkPerson(definition, snapshot, user, input.decision, lookedUp);
  return offer;
}

/** Refuses, with the reason a person can act on, or returns the offer that was chosen. */
export function checkDecision(
  definition: ProcessDefinition,
  snapshot: CaseSnapshot,
  user: User,
  input: DecisionInput,
  today: PlainDate,
  lookedUp: CaseSnapshot['facts'] = {},
): Offer {
  const offer = chosenOffer(definition, snapshot, user, input, lookedUp);
  const context = contextOf(snapshot, user, input, today, lookedUp);
  const unavailable = offer.when?.(context);
  if (unavailable) throw unavailable;
  checkContent(offer, input, context);
  return offer;
}

/** An amended file is held against what it was accepted by: a correction must not break what was right. */
export function checkAmendment(
  definition: ProcessDefinition,
  snapshot: CaseSnapshot,
  user: User,
  input: DecisionInput,
  today: PlainDate,
  lookedUp: CaseSnapshot['facts'],
): void {
  refuseFirst(definition.filing.guards, contextOf(snapshot, user, input, today, lookedUp));
}

function contextOf(
  snapshot: CaseSnapshot,
  user: User,
  input: DecisionInput,
  today: PlainDate,
  lookedUp: CaseSnapshot['facts'],
): GuardContext {
  return {
    case: snapshot,
    user,
    input,
    today,
    form: { ...snapshot.form, ...input.form },
    facts: { ...snapshot.facts, ...lookedUp },
  };
}

export interface AvailableDecision {
  step: string;
  decision: Decision;
  offer: Offer;
  /** why the caller cannot choose it although it is on offer at this step; absent when possible */
  refused?: Refusal;
}

/** All decisions on offer at the step, each with the reason why this caller cannot take it, if so. */
export function availableDecisions(
  definition: ProcessDefinition,
  snapshot: CaseSnapshot,
  user: User,
  today: PlainDate,
): AvailableDecision[] {
  return Object.entries(offersOf(definition, snapshot)).flatMap(([code, offer]) => {
    if (!offer) return [];
    const decision = code as Decision;
    const input: DecisionInput = { step: snapshot.step, decision };
    try {
      checkPerson(definition, snapshot, user, decision);
      const refused = offer.when?.({ case: snapshot, user, input, today, form: snapshot.form, facts: snapshot.facts });
      return [{ step: snapshot.step, decision, offer, ...(refused ? { refused } : {}) }];
    } catch (problem) {
      if (problem instanceof Refusal) return [{ step: snapshot.step, decision, offer, refused: problem }];
      throw problem;
    }
  });
}

/** Only what this caller can do now: part of every 409 answer. */
export function possibleNow(
  definition: ProcessDefinition,
  snapshot: CaseSnapshot,
  user: User,
  today: PlainDate,
): Decision[] {
  return availableDecisions(definition, snapshot, user, today).flatMap((a) => (a.refused ? [] : [a.decision]));
}

/**
 * May this user take this decision, whatever they filled in? By the table of rights, and by what separates duties: NOT_PERMITTED,
 * OWN_CASE, RELATIVES_CASE or SAME_PERSON. Asked by API and validator, and in the turn's transaction again, of the account as it is
 * then.
 */
export function checkPerson(
  definition: ProcessDefinition,
  snapshot: CaseSnapshot,
  user: User,
  decision: Decision,
  lookedUp: CaseSnapshot['facts'] = {},
): void {
  const as = decidesAs(definition, snapshot, user, snapshot.step, decision);
  if (!as) throw new Refusal('NOT_PERMITTED');
  if (as === 'STAFF') checkSeparation(definition, snapshot, user, decision, lookedUp);
}

const RETURNS_AND_REFUSALS: readonly Decision[] = ['RETURN_TO_APPLICANT', 'RETURN_TO_PREVIOUS', 'REJECT'];

function checkContent(offer: Offer, input: DecisionInput, context: GuardContext): void {
  const needsReason = offer.reasonRequired ?? RETURNS_AND_REFUSALS.includes(input.decision);
  if (needsReason && !input.reason?.trim()) {
    throw new Refusal('REASON_REQUIRED', [
      { path: 'reason', zh: `${DECISIONS[input.decision].zh}须填写理由`, en: 'a reason is required' },
    ]);
  }
  // 0.2-1: one return lists everything, so that a person does not come to the window twice.
  if (input.decision === 'RETURN_TO_APPLICANT' && !input.missing?.some((item) => item.trim())) {
    throw new Refusal('MISSING_ITEMS_REQUIRED', [
      { path: 'missing', zh: '请一次列明全部需补正的内容', en: 'list every missing or wrong item' },
    ]);
  }
  if (input.returnTo !== undefined && !offer.returnTo?.includes(input.returnTo)) {
    throw new Refusal('DECISION_NOT_POSSIBLE', [
      { path: 'returnTo', zh: '不能退回到该环节', en: `possible: ${(offer.returnTo ?? []).join(', ')}` },
    ]);
  }
  if (offer.documents) {
    const attached = [...context.case.documents, ...(input.documents ?? []).map((d) => d.type)];
    const missing = missingDocuments(offer.documents(context), attached);
    if (missing.length > 0) throw new Refusal('DOCUMENTS_MISSING', missing);
  }
  refuseFirst(offer.guards, context);
}

export function refuseFirst(guards: readonly Guard[] | undefined, context: GuardContext): void {
  for (const guard of guards ?? []) {
    const refusal = guard(context);
    if (refusal) throw refusal;
  }
}
