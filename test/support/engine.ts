import { Connection, type Client } from '@temporalio/client';
import { createClient } from '../../engine/client.ts';
import { fastForward as fastForwardWorkflow } from '../../engine/fast-forward.ts';
import { fetchHistory } from '../../log/verify/engine.ts';
import type { Vault } from '../../vault/vault.ts';
import { getTestEnvironment } from './environment.ts';

export type TestEngine = {
  address: string;
  namespace: string;
  connection: Connection;
  client: Client;
  close: () => Promise<void>;
};

/** Connects to the engine of this test run. Tests share it, so each uses its own task queue and workflow ids. */
export const connect = async (vault: Vault): Promise<TestEngine> => {
  const { temporalAddress: address, namespace } = getTestEnvironment();
  const connection = await Connection.connect({ address });
  return {
    address,
    namespace,
    connection,
    client: createClient(connection, namespace, vault),
    close: () => connection.close(),
  };
};

/** Lets `durationMs` milliseconds of one workflow's time pass, with every timer on the way. */
export const fastForward = (client: Client, workflowId: string, durationMs: number): Promise<void> =>
  fastForwardWorkflow(client.connection as Connection, client.options.namespace, workflowId, durationMs);

/** The engine loses a procedure with all it knew of it. */
export async function forget({ client, namespace }: TestEngine, workflowId: string): Promise<void> {
  await client.workflowService.deleteWorkflowExecution({ namespace, workflowExecution: { workflowId } });
  for (let tries = 0; (await fetchHistory(client, workflowId)) !== undefined; tries++) {
    if (tries > 200) throw new Error(`the engine still knows ${workflowId}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
