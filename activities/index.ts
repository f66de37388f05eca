import { Context } from '@temporalio/activity';
import type { DutyActivities } from '../domain/duty.ts';
import type { CaseActivities } from '../domain/turn.ts';
import { openDuties } from '../engine/duties.ts';
import { startCase } from '../engine/start-case.ts';
import { recordDutyStep } from './duties/step.ts';
import { recordTurn, type TurnDeps } from './turn.ts';

/** Everything procedures can have done, with what it needs handed in: no module opens a connection by being imported. */
export const createActivities = (deps: TurnDeps): CaseActivities & DutyActivities => ({
  turn: (turn) => recordTurn(deps, turn),
  startOpened(acceptanceNo) {
    const { client, info } = Context.current();
    return startCase({ ...deps, temporal: client, config: { temporalTaskQueue: info.taskQueue } }, acceptanceNo);
  },
  dutyStep: (step) => recordDutyStep(deps, step),
  openDuties(opening) {
    const { client, info } = Context.current();
    const config = { temporalTaskQueue: info.taskQueue, effectSpreadSeconds: deps.spreadSeconds };
    return openDuties({ db: deps.db, temporal: client, config }, opening);
  },
});
