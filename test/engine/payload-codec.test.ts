import { randomBytes } from 'node:crypto';
import { ApplicationFailure, defaultPayloadConverter, type Payload } from '@temporalio/common';
import { encodeErrorToFailure, loadDataConverter } from '@temporalio/common/lib/internal-non-workflow/index.js';
import fc from 'fast-check';
import { sealedBy } from '../../engine/client.ts';
import { createPayloadCodec, isSealedPayload, UnreadablePayload } from '../../engine/payload-codec.ts';
import type { DataKey } from '../../vault/data-keys.ts';
import { intl } from '../../vault/intl.ts';
import { Unsealable } from '../../vault/suite.ts';
import { createVault } from '../../vault/vault.ts';

/** Keys in memory: the table they come from is the vault's own matter. */
const keys = (...ids: string[]) => {
  const all = new Map(ids.map((keyId): [string, DataKey] => [keyId, { keyId, suite: intl, key: randomBytes(32) }]));
  const newest = (): DataKey => all.get([...all.keys()].at(-1) ?? '') as DataKey;
  return {
    all,
    current: () => Promise.resolve(newest()),
    byId: (keyId: string) => {
      const key = all.get(keyId);
      return key ? Promise.resolve(key) : Promise.reject(new Unsealable('unknown key'));
    },
    refresh: () => Promise.resolve(),
  };
};
const known = keys('1');
const codec = createPayloadCodec(createVault(known));
const payloadOf = (value: unknown): Payload => defaultPayloadConverter.toPayload(value);
const ROW = { idCardNo: '441602199001011234', diagnosis: '尿毒症', items: [{ account: '6217000000000001234' }] };

describe('a payload', () => {
  it('comes back as it was, whatever it held', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(fc.jsonValue(), fc.constant(undefined), fc.uint8Array())), async (values) => {
        const payloads = values.map(payloadOf);
        const sealed = await codec.encode(payloads);
        expect(sealed.every(isSealedPayload)).toBe(true);
        const opened = await codec.decode(sealed);
        expect(opened.map((payload) => defaultPayloadConverter.fromPayload(payload))).toEqual(
          payloads.map((payload) => defaultPayloadConverter.fromPayload(payload)),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('says outside only that it is sealed, and under which key', async () => {
    const [sealed] = await codec.encode([payloadOf(ROW)]);
    expect(Object.keys(sealed?.metadata ?? {}).sort()).toEqual(['encoding', 'key-id']);
    const outside = Buffer.from(sealed?.data ?? []).toString('latin1');
    for (const secret of ['441602199001011234', '尿毒症', 'json/plain', 'idCardNo'])
      expect(outside).not.toContain(Buffer.from(secret).toString('latin1'));
    const [again] = await codec.encode([payloadOf(ROW)]);
    expect(Buffer.from(again?.data ?? []).equals(Buffer.from(sealed?.data ?? []))).toBe(false);
  });

  it('of a history from before passes as it is, and one that is sealed is not sealed twice', async () => {
    const plain = payloadOf(ROW);
    expect(await codec.decode([plain])).toEqual([plain]);
    const sealed = await codec.encode([plain]);
    expect(await codec.encode(sealed)).toEqual(sealed);
  });

  it('sealed under an older key still opens when there is a newer one', async () => {
    const [sealed] = await codec.encode([payloadOf(ROW)]);
    known.all.set('2', { keyId: '2', suite: intl, key: randomBytes(32) });
    const [opened] = await codec.decode(sealed ? [sealed] : []);
    expect(defaultPayloadConverter.fromPayload(opened as Payload)).toEqual(ROW);
    const [newer] = await codec.encode([payloadOf(ROW)]);
    expect(Buffer.from(newer?.metadata?.['key-id'] ?? []).toString()).toBe('2');
  });

  it.each([
    ['whose key is missing', (payload: Payload) => ({ ...payload.metadata, 'key-id': Buffer.from('77') })],
    ['whose key id is a text', (payload: Payload) => ({ ...payload.metadata, 'key-id': Buffer.from("1' OR 1") })],
    ['without a key id', ({ metadata }: Payload) => ({ encoding: metadata?.['encoding'] as Uint8Array })],
  ])('%s is told from an outage, by one sentence that quotes nothing', async (_name, metadataOf) => {
    const [sealed] = await codec.encode([payloadOf(ROW)]);
    if (!sealed) throw new Error('nothing was sealed');
    const opening = codec.decode([{ ...sealed, metadata: metadataOf(sealed) }]);
    await expect(opening).rejects.toThrow(UnreadablePayload);
    await expect(opening).rejects.toThrow(/^a payload sealed under key (77|\?) cannot be opened: /);
  });

  it('of which one bit is another, or the end is missing, does not open', async () => {
    const [sealed] = await codec.encode([payloadOf(ROW)]);
    const data = Buffer.from(sealed?.data ?? []);
    const flipped = (at: number) => Buffer.from(data.map((byte, i) => (i === at ? byte ^ 1 : byte)));
    for (const other of [flipped(0), flipped(20), flipped(data.length - 1), data.subarray(0, -1), Buffer.alloc(0)])
      await expect(codec.decode([{ metadata: sealed?.metadata, data: other }])).rejects.toThrow(UnreadablePayload);
  });

  it('that cannot be opened because the store is away is an outage, not unreadable', async () => {
    const away = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const other = createPayloadCodec({ sealBytes: () => Promise.reject(away), openBytes: () => Promise.reject(away) });
    await expect(other.decode(await codec.encode([payloadOf(1)]))).rejects.toBe(away);
    await expect(other.encode([payloadOf(1)])).rejects.toBe(away);
  });
});

it('a failure says nothing outside: message, stack and details are sealed with their causes', async () => {
  const converter = loadDataConverter(sealedBy(createVault(known)));
  const cause = new Error('Key (id_card_no)=(441602199001011234) already exists.');
  const failure = await encodeErrorToFailure(
    converter,
    ApplicationFailure.create({ message: '尿毒症 is refused', type: 'Refusal', details: [ROW], cause }),
  );
  const text = JSON.stringify(failure, (_key, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
  );
  for (const secret of ['441602199001011234', '尿毒症', '6217', 'id_card_no', 'payload-codec.test'])
    expect(text).not.toContain(secret);
  expect(failure.cause?.message).toBe('Encoded failure');
});
