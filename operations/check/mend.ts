import { startCase, type StartDeps } from '../../engine/start-case.ts';
import type { Difference } from './compare.ts';

/**
 * Only what goes on the way it would have gone by itself: a procedure is started from its filing, or asked to look whether the
 * store knows more than it does. Neither writes anything into the store that was not decided. Once more is harmless.
 */
export async function mendCase(deps: StartDeps, { acceptanceNo, kind }: Difference): Promise<void> {
  if (kind === 'NOT_STARTED' || kind === 'NO_PROCEDURE') await startCase(deps, acceptanceNo);
  if (kind === 'ENGINE_BEHIND') await deps.temporal.workflow.getHandle(acceptanceNo).signal('recount');
}
