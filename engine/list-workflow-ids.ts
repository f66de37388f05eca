import type { Client } from '@temporalio/client';
import { PROCESSES } from '../domain/processes/index.ts';

/**
 * The workflow ids of all procedures the engine shows for a query, page by page.
 * Memos are left sealed: a procedure whose payloads nobody here can open – another key, another suite – is listed like any other,
 * and whoever looks for what is wrong gets to see it instead of failing on it.
 */
export async function* listWorkflowIds({ workflowService, options }: Client, query: string): AsyncGenerator<string> {
  let nextPageToken: Uint8Array | null | undefined;
  do {
    const page = await workflowService.listWorkflowExecutions({
      ...{ namespace: options.namespace, query, pageSize: 1_000 },
      ...(nextPageToken ? { nextPageToken } : {}),
    });
    for (const { execution } of page.executions) if (execution?.workflowId) yield execution.workflowId;
    ({ nextPageToken } = page);
  } while (nextPageToken?.length);
}

/** Acceptance numbers of the cases' procedures of one task queue: all that the engine still has, or those that run. */
export function listProcedures(
  temporal: Client,
  { taskQueue, running = false }: { taskQueue: string; running?: boolean },
): AsyncGenerator<string> {
  const types = Object.keys(PROCESSES).map((code) => `'${code}'`);
  const status = running ? ` AND ExecutionStatus = 'Running'` : '';
  return listWorkflowIds(temporal, `TaskQueue = '${taskQueue}' AND WorkflowType IN (${types.join(', ')})${status}`);
}
