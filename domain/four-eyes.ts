import type { ActorRecord, Decision, User } from './case.ts';
import type { ProcessDefinition } from './process.ts';

/** The duty in the chain of four eyes that a decision on the merits gives; counter work gives none (0.2-3). */
export function dutyHeldBy(
  definition: ProcessDefinition,
  step: string,
  decision: Decision,
  user: User,
): ActorRecord | undefined {
  const { duty, decisions } = definition.steps[step] ?? {};
  return duty && decisions?.[decision] ? { chain: duty.chain, duty: duty.duty, userId: user.id } : undefined;
}
