import { z } from 'zod';
import { Refusal } from '../../domain/refusal.ts';
import { collect } from '../../evidence/collect.ts';
import { bundleShape } from '../../evidence/read.ts';
import { signBundle } from '../../evidence/sign.ts';
import { signingKeyOf, type SigningKey } from '../../log/keys.ts';
import type { ApiDeps } from '../deps.ts';
import { REVEAL_REASONS } from '../read/reveal.ts';
import { defineRoute } from '../route.ts';
import { acceptanceNo } from '../schemas.ts';
import { getVisibleCase } from './case.ts';
import { recordReveal } from './reveal.ts';

const EVIDENCE = '/api/v1/cases/{acceptanceNo}/evidence';
const TAG = '业务 / cases';

/** A code, since it stands in the address; a sentence about a person would not belong there. Without one values stay sealed. */
const reason = z
  .enum(Object.keys(REVEAL_REASONS) as (keyof typeof REVEAL_REASONS)[])
  .meta({ description: 'GET /api/v1/reveal-reasons' });

export const evidenceRoutes = [
  defineRoute({
    method: 'get',
    path: EVIDENCE,
    id: 'evidence',
    limited: 'REVEAL',
    tag: TAG,
    summary: {
      zh: '导出证据包：全部经过、时限、日历、标准、材料摘要与签名，可离线核验（npm run verify-bundle）',
      en: 'the evidence of a case in one signed file, to be checked without this system (npm run verify-bundle)',
    },
    action: 'EVIDENCE',
    params: z.strictObject({ acceptanceNo }),
    query: z.strictObject({ reason: reason.optional() }),
    answer: {
      status: 200,
      summary: { zh: '证据包', en: 'the bundle' },
      schema: bundleShape.meta({ id: 'EvidenceBundle' }),
    },
    async handle(deps, { user, params: { acceptanceNo: no }, query, requestId }) {
      const { snapshot } = await getVisibleCase(deps, user, no, 'EVIDENCE');
      const key = keyOf(deps);
      const reveal = query.reason && { reason: query.reason, what: ['evidence'], method: 'GET' as const };
      if (reveal) await recordReveal(deps, snapshot, { user, requestId, route: EVIDENCE, ...reveal });
      const madeBy = { userId: user.id, name: user.name, reason: query.reason ?? null };
      return {
        json: signBundle(await collect({ ...deps, program: PROGRAM }, no, madeBy), key),
        headers: { 'Content-Disposition': `attachment; filename="evidence-${no}.json"` },
      };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/api/v1/evidence-keys',
    id: 'evidenceKeys',
    tag: TAG,
    summary: { zh: '核验证据包与日志封条的公钥', en: 'the public keys bundles and heads of the log are signed with' },
    action: 'SYSTEM_STATUS',
    answer: {
      status: 200,
      summary: { zh: '公钥', en: 'public keys' },
      schema: z.strictObject({ items: z.array(z.string().meta({ description: 'Ed25519 or SM2, SPKI in base64' })) }),
    },
    async handle(deps) {
      return { json: { items: [keyOf(deps).publicKey, ...(deps.config.logPublicKeys ?? [])] } };
    },
  }),
];

/** What a bundle says of the program that made it. */
const PROGRAM = 'jingban 0.1.0';

/** Refuses where nobody has set a key: a key made up here would be known to nobody. */
function keyOf({ config }: ApiDeps): SigningKey {
  if (config.nodeEnv === 'production' && !config.logSigningKey)
    throw new Refusal('NOT_AVAILABLE', [{ zh: '未设置 LOG_SIGNING_KEY', en: 'LOG_SIGNING_KEY is not set' }]);
  return signingKeyOf(config);
}
