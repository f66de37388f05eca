import type { Decision, Role } from '../case.ts';
import { CLOCK_OFFERS, hasLimits } from '../clock-decisions.ts';
import { commonOffersOf } from '../common-offers.ts';
import type { Offer, OfficeRelation, ProcessDefinition, StepDefinition } from '../process.ts';

/** One row: who may take a decision at a step, and how they have to stand to the case. */
export interface DecisionRule {
  action: 'DECIDE';
  roles: readonly Role[];
  relation: OfficeRelation;
  process: string;
  stage: string;
  step: string;
  decision: Decision;
}

/** What is on offer at a step besides its own decisions: with an applicant the common ones, with a limit the clock's. */
export const offersBesides = (definition: ProcessDefinition): Partial<Record<Decision, Offer>> => ({
  ...(definition.filing.applicant ? commonOffersOf(definition) : {}),
  ...(hasLimits(definition) ? CLOCK_OFFERS : {}),
});

const made = new WeakMap<ProcessDefinition, Map<string, DecisionRule[]>>();

/**
 * A definition says who decides (`by`, `at`), the step where the decision itself does not; here it becomes rows. Made once for
 * each definition: a decision asks several times.
 */
function rulesByDecision(definition: ProcessDefinition): Map<string, DecisionRule[]> {
  const known = made.get(definition);
  if (known) return known;
  const rules = new Map<string, DecisionRule[]>();
  for (const [step, each] of Object.entries(definition.steps))
    for (const [decision, offer] of Object.entries({ ...offersBesides(definition), ...each.decisions }))
      rules.set(`${step}/${decision}`, rowsOf(definition, step, each, decision as Decision, offer));
  made.set(definition, rules);
  return rules;
}

function rowsOf(
  { code: process }: ProcessDefinition,
  step: string,
  { stage, by: stepBy, at: stepAt }: StepDefinition,
  decision: Decision,
  { by = stepBy, at = stepAt }: Offer,
): DecisionRule[] {
  const row = (roles: readonly Role[], relation: OfficeRelation): DecisionRule[] =>
    roles.length > 0 ? [{ action: 'DECIDE', roles, relation, process, stage, step, decision }] : [];
  // Whoever applied decides about their own case only, at whatever desk it lies.
  const staff = by.filter((role) => role !== 'INSURED_PERSON');
  const person = by.filter((role) => role === 'INSURED_PERSON');
  return [...[at].flat().flatMap((relation) => row(staff, relation)), ...row(person, 'PERSON')];
}

/** Every row of one process. */
export const decisionRules = (definition: ProcessDefinition): DecisionRule[] =>
  [...rulesByDecision(definition).values()].flat();

/** The rows of one decision at one step; none where it is never on offer. */
export const rulesOfDecision = (definition: ProcessDefinition, step: string, decision: Decision): DecisionRule[] =>
  rulesByDecision(definition).get(`${step}/${decision}`) ?? [];
