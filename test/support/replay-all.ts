import type pg from 'pg';
import type { Vault } from '../../vault/vault.ts';
import type { TestEngine } from './engine.ts';
import { keepHistory, OTHERS, replay } from './histories.ts';

/** Whatever a test made happen must happen again when it is replayed: nothing in a procedure may hang on chance. */
export async function replayAll(db: pg.Pool, engine: TestEngine, vault: Vault): Promise<void> {
  const { rows } = await db.query<{ acceptance_no: string }>(
    'SELECT acceptance_no FROM case_file WHERE started_at IS NOT NULL',
  );
  const histories = await Promise.all(
    rows.map(async ({ acceptance_no: workflowId }) => ({
      workflowId,
      history: await engine.client.workflow.getHandle(workflowId).fetchHistory(),
    })),
  );
  for (const { workflowId, history } of histories) await keepHistory(workflowId, history, vault);
  await replay(histories, vault);
}

/** The procedures that are no case's: for `test/replay/record.ts` only, visibility hears of them a moment later. */
export async function keepOthers(engine: TestEngine, taskQueue: string, vault: Vault): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const types = OTHERS.map((type) => `'${type}'`);
  const query = `TaskQueue = '${taskQueue}' AND WorkflowType IN (${types.join(', ')})`;
  for await (const { workflowId, runId } of engine.client.workflow.list({ query }))
    await keepHistory(runId, await engine.client.workflow.getHandle(workflowId, runId).fetchHistory(), vault);
}
