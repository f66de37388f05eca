import type { Decision, Role, User } from '../case.ts';
import type { ProcessDefinition } from '../process.ts';
import type { Action } from './actions.ts';
import { rulesOfDecision } from './decision-rules.ts';
import { stands, type Placed, type Relation, type Target } from './relations.ts';
import { APART, effectiveRoles } from './roles.ts';
import { RULES, type Rule } from './rules.ts';

const byAction = new Map<Action, Rule[]>();
for (const rule of RULES) byAction.set(rule.action, [...(byAction.get(rule.action) ?? []), rule]);

export const rulesOf = (action: Action): readonly Rule[] => byAction.get(action) ?? [];

/** Every role that has a row of the action. */
export const rolesOf = (action: Action): Role[] => [...new Set(rulesOf(action).flatMap(({ roles }) => [...roles]))];

/** May it be called without a login? */
export const isPublic = (action: Action): boolean => rulesOf(action).some(({ relation }) => relation === 'PUBLIC');

/**
 * May this user do it to that? Without a target: is there anything at all they may do it to – asked of every request before its
 * body is read.
 */
export function permitted(user: User, action: Action, target?: Target): boolean {
  const roles = effectiveRoles(user.roles);
  return rulesOf(action).some(
    (rule) =>
      rule.relation === 'PUBLIC' || (holds(rule, roles) && fits(rule, target) && stands(rule.relation, user, target)),
  );
}

const holds = (rule: Rule, roles: readonly Role[]): boolean => rule.roles.some((role) => roles.includes(role));

function fits(rule: Rule, target: Target | undefined): boolean {
  if (!target) return true;
  if ('case' in target) return concerns(rule, target.case.process);
  if ('process' in target) return concerns(rule, target.process);
  return !('duty' in target && 'limitId' in rule) || rule.limitId === target.duty.limitId;
}
const concerns = (rule: Rule, process: string): boolean => rule.process === undefined || rule.process === process;

/** How the user would decide: as one of the staff, as the person who applied, or not at all. */
export function decidesAs(
  definition: ProcessDefinition,
  placed: Placed,
  user: User,
  step: string,
  decision: Decision,
): 'STAFF' | 'PERSON' | undefined {
  const roles = effectiveRoles(user.roles);
  if (user.service || roles.some((role) => APART.includes(role))) return undefined;
  const held = rulesOfDecision(definition, step, decision).filter((rule) => holds(rule, roles));
  const asStaff = held.filter(({ relation, roles: by }) => relation !== 'PERSON' || !by.includes('INSURED_PERSON'));
  // Somebody with a post acts in their post, also towards a case of their own: there it forbids more.
  const [rules, as] = asStaff.length > 0 ? ([asStaff, 'STAFF'] as const) : ([held, 'PERSON'] as const);
  return rules.some(({ relation }) => stands(relation, user, { case: placed })) ? as : undefined;
}

/** A part of all cases: those with this office, hospital or person in that place. */
export interface Area {
  column: 'agency_id' | 'township_id' | 'county_id' | 'city_id' | 'provider_id' | 'person_id' | 'filed_by';
  id: string;
  /** only cases of these processes */
  processes?: string[];
}

/** The cases to which a user may do something; the same rows as `permitted`, said as conditions that SQL understands. */
export function areas(user: User, action: Action): Area[] {
  const roles = effectiveRoles(user.roles);
  const found = new Map<Area['column'], Area>();
  for (const rule of rulesOf(action)) {
    const place = holds(rule, roles) ? columnOf(rule.relation, user) : undefined;
    if (!place) continue;
    const known = found.get(place.column);
    if (rule.process === undefined || (known && !known.processes)) found.set(place.column, place);
    else found.set(place.column, { ...place, processes: [...(known?.processes ?? []), rule.process] });
  }
  return [...found.values()];
}

function columnOf(relation: Relation, { id: userId, officeId, level, providerId, personId }: User): Area | undefined {
  const area = (column: Area['column'], id: string | undefined): Area | undefined =>
    id === undefined ? undefined : { column, id };
  switch (relation) {
    // What a county or the city received itself lies in its county or city anyway; one column is found faster than two.
    case 'RECEIVING':
      return level === 'TOWNSHIP' ? area('agency_id', officeId) : undefined;
    case 'TOWNSHIP':
      return level === 'TOWNSHIP' ? area('township_id', officeId) : undefined;
    case 'COUNTY':
      return level === 'COUNTY' ? area('county_id', officeId) : undefined;
    case 'CITY':
      return level === 'CITY' ? area('city_id', officeId) : undefined;
    case 'HOSPITAL':
      return area('provider_id', providerId);
    case 'PERSON':
      return area('person_id', personId);
    case 'FILER':
      return area('filed_by', userId);
    default:
      return undefined;
  }
}

/** The recurring duties a user may read: of their own place; for managers also of what lies beneath. */
export function dutyAreas(user: User): { column: 'office_id' | 'provider_id' | 'county_id' | 'city_id'; id: string }[] {
  const roles = effectiveRoles(user.roles);
  const relations = new Set(
    rulesOf('LIST_DUTIES')
      .filter((rule) => holds(rule, roles))
      .map(({ relation }) => relation),
  );
  const { officeId, providerId, level } = user;
  const beneath = level === 'COUNTY' ? 'county_id' : level === 'CITY' ? 'city_id' : undefined;
  return [
    ...(relations.has('HOLDER') && providerId !== undefined
      ? [{ column: 'provider_id' as const, id: providerId }]
      : []),
    ...(relations.has('HOLDER') && officeId !== undefined ? [{ column: 'office_id' as const, id: officeId }] : []),
    ...(relations.has('BELOW') && officeId !== undefined && beneath
      ? [{ column: beneath, id: officeId } as const]
      : []),
  ];
}
