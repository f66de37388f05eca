import type { Payload } from '@temporalio/common';
import { z } from 'zod';
import type { Json } from '../../domain/case.ts';
import { Refusal, type Fault } from '../../domain/refusal.ts';
import { createPayloadCodec, isSealedPayload, UnreadablePayload } from '../../engine/payload-codec.ts';
import type { ApiDeps } from '../deps.ts';
import { maskJson } from '../read/mask.ts';
import { defineRoute, type Asked } from '../route.ts';

/**
 * The codec server of the Temporal UI and command line (docs.temporal.io/codec-server): proto JSON, so every value of the metadata
 * and the data are base64, and the namespace comes in a header. It shows how a case ran, not whom it concerns: what is opened is
 * masked as everywhere else, since these pages cannot ask for a reason. Persons are shown by `POST …/reveal` alone.
 */
const base64 = z.base64().max(1_400_000);
const payload = z.object({
  metadata: z.record(z.string().max(100), base64).optional(),
  data: base64.optional(),
});
const payloads = z.strictObject({ payloads: z.array(payload).max(1000) }).meta({ id: 'Payloads' });
type WirePayload = z.output<typeof payload>;

const shared = {
  method: 'post',
  tag: '系统 / system',
  // Whoever sees the city's cases anyway; those who run the system are not to see what is in them.
  action: 'OPEN_PAYLOADS',
  body: payloads,
} as const;

export const codecRoutes = [
  defineRoute({
    ...shared,
    path: '/codec/decode',
    id: 'decodePayloads',
    summary: {
      zh: '供 Temporal 页面解密案件历史（个人信息已遮盖）',
      en: 'for the Temporal UI: opens payloads, the persons in them masked',
    },
    answer: { status: 200, summary: { zh: '解密结果', en: 'the payloads, opened' }, schema: payloads },
    async handle(deps, asked) {
      const namespace = checkNamespace(deps, asked);
      const given = asked.body.payloads;
      await deps.accessLog.recordNow({
        ...{ at: deps.now(), userId: asked.user.id, method: 'POST', route: '/codec/decode', status: 200 },
        requestId: asked.requestId,
        reason: `[${given.length} payloads of ${namespace}]`,
      });
      const opened = await Promise.all(given.map((each, i) => openMasked(deps, fromWire(each), `payloads.${i}`)));
      const faults = opened.flatMap((each) => ('zh' in each ? [each] : []));
      if (faults.length > 0) throw new Refusal('BAD_REQUEST', faults);
      return { json: { payloads: opened.map((each) => toWire(each as Payload)) } };
    },
  }),
  defineRoute({
    ...shared,
    path: '/codec/encode',
    id: 'encodePayloads',
    summary: { zh: '供 Temporal 页面加密输入', en: 'for the Temporal UI: seals payloads' },
    answer: { status: 200, summary: { zh: '加密结果', en: 'the payloads, sealed' }, schema: payloads },
    async handle(deps, asked) {
      checkNamespace(deps, asked);
      const sealed = await createPayloadCodec(deps.vault).encode(asked.body.payloads.map(fromWire));
      return { json: { payloads: sealed.map(toWire) } };
    },
  }),
];

/** Another namespace has other keys, or none: nothing of it is opened here. */
function checkNamespace({ config }: ApiDeps, { header }: Pick<Asked, 'header'>): string {
  const namespace = header('X-Namespace');
  if (namespace === config.temporalNamespace) return namespace;
  throw new Refusal('BAD_REQUEST', [
    { path: 'X-Namespace', zh: '不是本系统的命名空间', en: 'not the namespace of this system' },
  ]);
}

/** The payload with the persons in it masked, or why it cannot be opened. One that was never sealed is masked all the same. */
async function openMasked({ vault }: ApiDeps, given: Payload, path: string): Promise<Payload | Fault> {
  try {
    const [opened = given] = await createPayloadCodec(vault).decode([given]);
    return masked(opened);
  } catch (problem) {
    if (!(problem instanceof UnreadablePayload)) throw problem;
    return { path, zh: '无法解密：密钥不存在或内容被改动', en: 'cannot be opened: no such key, or altered' };
  }
}

function masked(opened: Payload): Payload {
  const encoding = Buffer.from(opened.metadata?.['encoding'] ?? []).toString();
  if (encoding === 'json/plain') return { ...opened, data: Buffer.from(JSON.stringify(maskJson(jsonOf(opened.data)))) };
  // The converters of this system make JSON or nothing; what is neither came from elsewhere and is not shown.
  return encoding === 'binary/null' || isSealedPayload(opened) ? opened : { ...opened, data: Buffer.alloc(0) };
}

function jsonOf(data: Uint8Array | null | undefined): Json {
  try {
    return JSON.parse(Buffer.from(data ?? []).toString('utf8')) as Json;
  } catch {
    return null;
  }
}

const fromWire = ({ metadata, data }: WirePayload): Payload => ({
  metadata: Object.fromEntries(
    Object.entries(metadata ?? {}).map(([key, value]) => [key, Buffer.from(value, 'base64')]),
  ),
  data: data === undefined ? undefined : Buffer.from(data, 'base64'),
});

const toWire = ({ metadata, data }: Payload): WirePayload => ({
  metadata: Object.fromEntries(
    Object.entries(metadata ?? {}).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
  ),
  ...(data ? { data: Buffer.from(data).toString('base64') } : {}),
});
