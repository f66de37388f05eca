import { createHash } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { listWorkflowIds } from '../../engine/list-workflow-ids.ts';
import type { CaseRecord } from './invariants.ts';
import { isRepeatable } from './repeatable.ts';

/** What the engine's histories say, held against the rows. */

const AT_ONCE = 8;
/** Values of temporal.api.enums.v1.WorkflowExecutionStatus. */
const RUNNING = 1;
const COMPLETED = 2;

/**
 * Every decision that a history answers as done is a row; an open case has a procedure that runs; none has failed; and there is no
 * procedure of a case that the store does not know.
 */
export async function historiesAgree(
  temporal: Client,
  records: readonly CaseRecord[],
  types: readonly string[],
): Promise<string[]> {
  const queue = [...records];
  const found: string[] = [];
  const look = async (): Promise<void> => {
    for (let next = queue.pop(); next; next = queue.pop()) found.push(...(await historyAgrees(temporal, next)));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, look));
  return [...found, ...(await nobodyElsesProcedures(temporal, records, types))];
}

async function historyAgrees(temporal: Client, { row, turns }: CaseRecord): Promise<string[]> {
  const no = row.acceptance_no;
  const handle = temporal.workflow.getHandle(no);
  try {
    const { status } = await handle.describe();
    const events = (await handle.fetchHistory()).events ?? [];
    const ids = new Set(
      turns.flatMap(({ user_id, request_key }) => (request_key === null ? [] : [updateId(user_id, request_key)])),
    );
    const problems: string[] = [];
    let notRepeated: string | undefined;
    for (const {
      workflowExecutionUpdateCompletedEventAttributes: completed,
      workflowTaskFailedEventAttributes: failed,
    } of events) {
      const id = completed?.meta?.updateId;
      if (id && completed.outcome?.success && !ids.has(id))
        problems.push(`${no}: its history answers a decision (update ${id}) that is not in the store`);
      if (failed?.failure?.message?.includes('Nondeterminism')) notRepeated = failed.failure.message;
    }
    if (notRepeated !== undefined && !(await isRepeatable(temporal, no, events)))
      problems.push(`${no}: its procedure could not be replayed: ${notRepeated}`);
    if (!row.ended && status.code !== RUNNING) problems.push(`${no} is open, its procedure ${status.name}`);
    if (row.ended && status.code !== RUNNING && status.code !== COMPLETED)
      problems.push(`${no} has ended, its procedure ${status.name}`);
    return problems;
  } catch (problem) {
    return [
      `${no}: the engine does not know its procedure (${problem instanceof Error ? problem.message : String(problem)})`,
    ];
  }
}

const updateId = (userId: string | null, key: string): string =>
  createHash('sha256').update(`${userId}\n${key}`).digest('hex').slice(0, 40);

async function nobodyElsesProcedures(
  temporal: Client,
  records: readonly CaseRecord[],
  types: readonly string[],
): Promise<string[]> {
  const known = new Set(records.map(({ row }) => row.acceptance_no));
  const strange: string[] = [];
  const query = types.map((type) => `WorkflowType = '${type}'`).join(' OR ');
  for await (const workflowId of listWorkflowIds(temporal, query))
    if (!known.has(workflowId)) strange.push(`${workflowId}: a procedure of a case that is not in the store`);
  return strange;
}
