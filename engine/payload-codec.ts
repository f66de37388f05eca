import type { Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import { Unsealable } from '../vault/suite.ts';
import type { Vault } from '../vault/vault.ts';

/**
 * Everything the engine keeps of a case – arguments, answers, failures, memos – lies sealed in its histories: the engine, its
 * database and whoever looks at them see which procedure took which step, and nothing of whom it concerns. A sealed payload
 * carries the id of its data key; one that is not ours (histories from before) passes as it is.
 */
export const SEALED_ENCODING = 'binary/jingban-sealed';
const KEY_ID = 'key-id';

const { Payload: PayloadMessage } = proto.temporal.api.common.v1;

/** A payload that was sealed and cannot be opened; whichever case it belongs to waits until it can. Never says what it holds. */
export class UnreadablePayload extends Error {
  constructor(keyId: string, cause: Unsealable) {
    super(`a payload sealed under key ${/^\d{1,18}$/.test(keyId) ? keyId : '?'} ${cause.message}`);
    this.name = 'UnreadablePayload';
  }
}

/** What was read, or why it cannot be opened: for whoever looks at many and goes on past one that is sealed for good. */
export async function orUnreadable<T>(reading: Promise<T>): Promise<T | UnreadablePayload> {
  try {
    return await reading;
  } catch (problem) {
    if (problem instanceof UnreadablePayload) return problem;
    throw problem;
  }
}

/**
 * Seals and opens payloads with the vault's data keys. `decode` throws `UnreadablePayload` when key or bytes are not those of
 * the payload; whatever else it throws is an outage of the store the keys lie in.
 */
export function createPayloadCodec(vault: Pick<Vault, 'sealBytes' | 'openBytes'>): PayloadCodec {
  const seal = async (payload: Payload): Promise<Payload> => {
    if (isSealedPayload(payload)) return payload;
    // Its metadata, too: which converter made it is nobody's business, and null must look like everything else.
    const { keyId, box } = await vault.sealBytes(Buffer.from(PayloadMessage.encode(payload).finish()));
    return { metadata: { encoding: Buffer.from(SEALED_ENCODING), [KEY_ID]: Buffer.from(keyId) }, data: box };
  };
  const open = async (payload: Payload): Promise<Payload> => {
    if (!isSealedPayload(payload)) return payload;
    const keyId = textOf(payload.metadata?.[KEY_ID]);
    try {
      return PayloadMessage.decode(await vault.openBytes(keyId, bytesOf(payload.data)));
    } catch (problem) {
      throw problem instanceof Unsealable ? new UnreadablePayload(keyId, problem) : problem;
    }
  };
  return {
    encode: (payloads) => Promise.all(payloads.map(seal)),
    decode: (payloads) => Promise.all(payloads.map(open)),
  };
}

export const isSealedPayload = ({ metadata }: Payload): boolean => textOf(metadata?.['encoding']) === SEALED_ENCODING;

const bytesOf = (bytes: Uint8Array | null | undefined): Buffer =>
  bytes ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) : Buffer.alloc(0);
const textOf = (bytes: Uint8Array | null | undefined): string => bytesOf(bytes).toString('utf8');
