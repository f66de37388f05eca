import type { ActorRecord, CaseSnapshot, Decision, JsonObject, User } from './case.ts';
import type { ProcessDefinition } from './process.ts';
import { Refusal } from './refusal.ts';

/**
 * Separation of duties (S0 Art. 27(二)6; processes.md 0.2-3), of natural persons, not of accounts: nobody holds two duties of one
 * chain of a case, nobody handles a case of their own or of a declared relative (回避), and who stands in for somebody is bound
 * by what binds either of the two.
 */

/** The duty of four eyes that a decision gives whoever takes it; none for counter work. */
export function dutyOfDecision(
  definition: ProcessDefinition,
  step: string,
  decision: Decision,
  user: User,
): Pick<ActorRecord, 'chain' | 'duty'> | undefined {
  const { duty, decisions } = definition.steps[step] ?? {};
  if (duty && decisions?.[decision]) return duty;
  // A correction is entered as the application was: whoever enters it may not review it afterwards.
  // Requests in histories from before natural persons were known are judged as they were then.
  const entered = decision === 'CORRECTION_RECEIVED' && user.officeId !== undefined && user.identity !== undefined;
  return entered ? ENTRY : undefined;
}
/** Filing at a window is the first duty of every chain of reviews. */
export const ENTRY = { chain: 'REVIEW', duty: 'ENTRY' } as const;

interface Natural {
  id: string;
  identity?: string | undefined;
}

/** The natural persons behind a user: themselves, and whoever they stand in for. */
const personsBehind = (user: User): Natural[] => [user, ...(user.actingFor ? [user.actingFor] : [])];

/** Old records have no person; there the account stands for it. */
const isSamePerson = (one: Natural, other: Natural): boolean =>
  one.id === other.id || (one.identity ?? one.id) === (other.identity ?? other.id);

/** The records a decision leaves: one for each person behind it. */
export const actorsOf = (duty: Pick<ActorRecord, 'chain' | 'duty'>, user: User): ActorRecord[] =>
  personsBehind(user).map(({ id, identity }) => ({
    chain: duty.chain,
    duty: duty.duty,
    userId: id,
    ...(identity !== undefined ? { identity } : {}),
  }));

/** Whom a case is about, and who brought it in their place (代办人). */
const personsOf = (personId: string | undefined, facts: JsonObject): string[] =>
  [personId, (facts['proxy'] as { personId?: string } | null | undefined)?.personId].filter((id) => id !== undefined);

/** Refuses with OWN_CASE or RELATIVES_CASE what a user has to keep away from. */
export function checkAvoidance(user: User, personId: string | undefined, facts: JsonObject): void {
  const about = personsOf(personId, facts);
  if (user.personId !== undefined && about.includes(user.personId)) throw new Refusal('OWN_CASE');
  if (about.some((id) => user.relatives?.includes(id))) throw new Refusal('RELATIVES_CASE');
}

/** Refuses with OWN_CASE, RELATIVES_CASE or SAME_PERSON. Whoever held a duty in an earlier round stays bound by it. */
export function checkSeparation(
  definition: ProcessDefinition,
  snapshot: CaseSnapshot,
  user: User,
  decision: Decision,
  lookedUp: JsonObject,
): void {
  checkAvoidance(user, snapshot.personId, { ...snapshot.facts, ...lookedUp });
  const duty = dutyOfDecision(definition, snapshot.step, decision, user);
  if (!duty) return;
  const others = snapshot.actors.filter((actor) => actor.chain === duty.chain && actor.duty !== duty.duty);
  const held = others.some(({ userId: id, identity }) =>
    personsBehind(user).some((person) => isSamePerson(person, { id, identity })),
  );
  if (held) throw new Refusal('SAME_PERSON');
}
