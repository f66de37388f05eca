import type { Client } from '@temporalio/client';

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
