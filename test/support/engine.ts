import { Connection, type Client } from '@temporalio/client';
import { createClient } from '../../engine/client.ts';
import { fastForward as fastForwardWorkflow } from '../../engine/fast-forward.ts';
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
