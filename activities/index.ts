import type { CaseActivities } from '../domain/turn.ts';
import { recordTurn, type TurnDeps } from './turn.ts';

/** Everything procedures can have done, with what it needs handed in: no module opens a connection by being imported. */
export const createActivities = (deps: TurnDeps): CaseActivities => ({
  turn: (turn) => recordTurn(deps, turn),
});
