import type { Connection } from '@temporalio/client';
import { findCase } from '../../activities/store/case-row.ts';
import { fastForward } from '../../engine/fast-forward.ts';
import { Refusal } from '../../domain/refusal.ts';
import { startCase } from '../../engine/start-case.ts';
import type { CaseDeps } from './deps.ts';

/**
 * Rehearsals only: lets the time of one case pass until its own clock shows `until` (epoch ms); all its timers fire on
 * the way. The store keeps how far the case is ahead, so that lists say of it what its own day says.
 */
export async function fastForwardCase(deps: CaseDeps, acceptanceNo: string, until: number): Promise<void> {
  const row = await findCase(deps, acceptanceNo);
  if (!row) throw new Refusal('CASE_NOT_FOUND');
  if (!row.started) await startCase(deps, acceptanceNo);
  const durationMs = until - (deps.now() + Number(row.clock_ahead_ms));
  if (durationMs <= 0)
    throw new Refusal('DATE_OUT_OF_RANGE', [{ zh: '只能快进到将来', en: 'time only moves forward' }]);
  await fastForward(deps.temporal.connection as Connection, deps.temporal.options.namespace, acceptanceNo, durationMs);
  // The clock that was asked for, not so much more than before: who asks twice at once would move the row's clock twice.
  await deps.db.query({
    name: 'clock-ahead',
    text: 'UPDATE case_file SET clock_ahead_ms = greatest(clock_ahead_ms, $2) WHERE case_id = $1',
    values: [row.case_id, Number(row.clock_ahead_ms) + durationMs],
  });
}
