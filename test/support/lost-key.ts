import { Client } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import { SEALED_ENCODING } from '../../engine/payload-codec.ts';
import type { TestEngine } from './engine.ts';

/** As if the key of this payload had been lost. */
const lost = (): Payload => ({
  metadata: { encoding: Buffer.from(SEALED_ENCODING), 'key-id': Buffer.from('424242') },
  data: Buffer.alloc(200, 7),
});

/** A client that seals all it sends under a key nobody has. */
export function withLostKey({ connection, namespace }: TestEngine): Client {
  const codec = {
    encode: (all: Payload[]) => Promise.resolve(all.map(lost)),
    decode: (all: Payload[]) => Promise.resolve(all),
  };
  return new Client({ connection, namespace, dataConverter: { payloadCodecs: [codec] } });
}
