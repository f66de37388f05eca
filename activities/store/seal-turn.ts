import type { Json } from '../../domain/case.ts';
import type { Vault } from '../../vault/vault.ts';
import { caseSubject } from '../../vault/vault.ts';
import type { TurnToWrite } from './turn-events.ts';

/**
 * The turn as it may lie in the store: every sensitive field sealed, in the case, in the request, in papers and in what is
 * answered. The log is made from this, so its hashes cover what is sealed and can be checked without keys.
 */
export async function sealTurn(vault: Vault, toWrite: TurnToWrite): Promise<TurnToWrite> {
  const { turn, next, result } = toWrite;
  const subject = caseSubject(turn.acceptanceNo);
  const seal = <T>(value: T): Promise<T> => vault.sealJson(subject, value as Json) as Promise<T>;
  const sealedTurn = {
    ...turn,
    ...(turn.form ? { form: await seal(turn.form) } : {}),
    ...(turn.request ? { request: await seal(turn.request) } : {}),
    consequence: await seal(turn.consequence),
  };
  // Form and facts of the case are written only by a turn that changes them (`writeCaseAndLog`).
  const sealedNext = {
    ...next,
    ...(turn.form ? { form: await seal(next.form) } : {}),
    ...(changesFacts(result) ? { facts: await seal(next.facts) } : {}),
  };
  return { ...toWrite, turn: sealedTurn, next: sealedNext, result: await seal(result) };
}

export const changesFacts = ({ facts }: Pick<TurnToWrite['result'], 'facts'>): boolean => Object.keys(facts).length > 0;

/** What a turn left in the store, opened. */
export async function openTurn<T extends { result: unknown; request: unknown }>(
  vault: Vault,
  acceptanceNo: string,
  stored: T,
): Promise<T> {
  const subject = caseSubject(acceptanceNo);
  const open = <V>(value: V): Promise<V> => vault.openJson(subject, value as Json) as Promise<V>;
  return { ...stored, result: await open(stored.result), request: await open(stored.request) };
}
