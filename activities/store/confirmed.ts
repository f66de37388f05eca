import type { ActorRecord, User } from '../../domain/case.ts';
import { checkPerson } from '../../domain/decisions.ts';
import type { ProcessDefinition } from '../../domain/process.ts';
import { Refusal } from '../../domain/refusal.ts';
import { actorsOf, dutyOfDecision } from '../../domain/separation.ts';
import type { Turn } from '../../domain/turn.ts';
import { actingUser, userOf } from '../reading/accounts.ts';
import { snapshotOf, type TurnRow } from './case-row.ts';

/**
 * The turn by the account as it is in the store at this moment, not as the request says it was: between asking and writing a role
 * may have been withdrawn, an account disabled, a relative declared, a deputyship ended – and an update sent to the engine
 * past the API may say of its sender whatever it likes. Throws what `checkPerson` refuses. What the clock does by itself is
 * nobody's.
 */
export function confirmed(
  definition: ProcessDefinition,
  turn: Turn,
  row: TurnRow,
): { turn: Turn; actors: readonly ActorRecord[] } {
  const { decision, request } = turn;
  if (!turn.user || !decision || !request) return { turn, actors: [] };
  const user = presentUser(turn.user, row);
  if (!user) throw new Refusal('NOT_PERMITTED');
  checkPerson(definition, snapshotOf(row), user, decision, request.facts);
  const duty = dutyOfDecision(definition, row.current_step, decision, user);
  return { turn: { ...turn, user, request: { ...request, user } }, actors: duty ? actorsOf(duty, user) : [] };
}

function presentUser(asked: User, { account, principal }: TurnRow): User | undefined {
  if (!account?.active) return undefined;
  return asked.actingFor ? actingUser(account, principal) : userOf(account);
}
