import { Context } from '@temporalio/activity';
import type { CaseActivities } from '../domain/turn.ts';
import { startCase } from '../engine/start-case.ts';
import { recordTurn, type TurnDeps } from './turn.ts';

/** Everything procedures can have done, with what it needs handed in: no module opens a connection by being imported. */
export const createActivities = (deps: TurnDeps): CaseActivities => ({
  turn: (turn) => recordTurn(deps, turn),
  startOpened(acceptanceNo) {
    const { client, info } = Context.current();
    return startCase({ db: deps.db, temporal: client, config: { temporalTaskQueue: info.taskQueue } }, acceptanceNo);
  },
});
