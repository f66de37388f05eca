import { WorkflowNotFoundError } from '@temporalio/client';
import { findDuty } from '../../activities/duties/duty-row.ts';
import type { DutyLimitId } from '../../domain/duties.ts';
import { dutyWorkflowId, startDuty, type DutyDeps } from '../../engine/duties.ts';
import { atOnce } from '../at-once.ts';
import type { Difference } from './compare.ts';

interface OpenDuty {
  dutyId: string;
  limit_id: DutyLimitId;
  holder_id: string;
  period: string;
  version: number;
}
const PAGE = 500;
const AT_ONCE = 8;

/**
 * Open duties that have no running procedure, all or of those named; what a procedure does with a duty it works out from the row
 * each time, so there is nothing else to compare. Answers how many were looked at, too.
 */
export async function lookAtDuties(
  { db, temporal }: Pick<DutyDeps, 'db' | 'temporal'>,
  dutyIds?: readonly string[],
): Promise<{ duties: number; differences: Difference[] }> {
  const differences: Difference[] = [];
  let duties = 0;
  const look = async (duty: OpenDuty): Promise<void> => {
    const acceptanceNo = dutyWorkflowId(duty);
    const status = await temporal.workflow
      .getHandle(acceptanceNo)
      .describe()
      .then((described) => described.status.name)
      .catch((problem: unknown) => {
        if (problem instanceof WorkflowNotFoundError) return undefined;
        throw problem;
      });
    if (status === 'RUNNING') return;
    const kind = status === undefined ? 'NO_PROCEDURE' : 'PROCEDURE_ENDED';
    const { dutyId, version } = duty;
    differences.push({ acceptanceNo, dutyId, kind, store: `open ${version}`, engine: status ?? '–' });
  };
  for (let after = '0'; ;) {
    const { rows } = await db.query<OpenDuty>(
      `SELECT duty_id::text AS "dutyId", limit_id, holder_id, period, version FROM duty
       WHERE done_on IS NULL AND started_at IS NOT NULL AND duty_id > $1::bigint AND ($2::bigint[] IS NULL OR duty_id = ANY($2))
       ORDER BY duty_id LIMIT $3`,
      [after, dutyIds ?? null, PAGE],
    );
    if (rows.length === 0) return { duties, differences };
    await atOnce(AT_ONCE, rows, look);
    duties += rows.length;
    after = rows.at(-1)?.dutyId ?? after;
  }
}

/** Starts the procedure of a duty where its row is. */
export async function restartDuty(deps: DutyDeps, dutyId: string): Promise<void> {
  const row = await findDuty(deps.db, dutyId);
  if (row) await startDuty(deps, row);
}
