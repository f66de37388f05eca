import type { DutyDeps } from '../../engine/duties.ts';
import { startCase, type StartDeps } from '../../engine/start-case.ts';
import type { Difference } from './compare.ts';
import { restartDuty } from './duties.ts';

export type CheckDeps = StartDeps & Pick<DutyDeps, 'config'>;

/**
 * Only what goes on the way it would have gone by itself: a procedure is started from its filing, or asked to look whether the
 * store knows more than it does. Nothing is decided by it: a count of the days is all it adds to the log. Once more is harmless.
 */
export async function mendCase(deps: CheckDeps, { acceptanceNo, dutyId, kind }: Difference): Promise<void> {
  if (dutyId !== undefined) await restartDuty(deps, dutyId);
  else if (kind === 'NOT_STARTED' || kind === 'NO_PROCEDURE') await startCase(deps, acceptanceNo);
  else if (kind === 'ENGINE_BEHIND') await deps.temporal.workflow.getHandle(acceptanceNo).signal('recount');
}
