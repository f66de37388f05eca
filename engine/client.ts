import { fileURLToPath } from 'node:url';
import { Client, type Connection } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { requestInterceptor } from '../telemetry/update-interceptor.ts';
import type { Vault } from '../vault/vault.ts';
import { createPayloadCodec } from './payload-codec.ts';

/** From here and from a bundle in `dist` it is the same file. */
const FAILURE_CONVERTER = fileURLToPath(new URL('../engine/failure-converter.cjs', import.meta.url));

/** How whatever goes to the engine is sealed, for clients and workers alike. */
export const sealedBy = (vault: Vault): DataConverter => ({
  failureConverterPath: FAILURE_CONVERTER,
  payloadCodecs: [createPayloadCodec(vault)],
});

/** The one way a client of the engine is made: one made otherwise would send people's data in the clear. */
export const createClient = (connection: Connection, namespace: string, vault: Vault): Client =>
  new Client({
    connection,
    namespace,
    dataConverter: sealedBy(vault),
    interceptors: { workflow: [requestInterceptor] },
  });
