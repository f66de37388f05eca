import { DOCUMENT_TYPES } from './document-types.ts';
import type { DocumentRule } from './process.ts';
import type { Fault } from './refusal.ts';

/** Every line of the check list that nothing attached satisfies, all at once (0.2-1); empty when complete. */
export function missingDocuments(rules: readonly DocumentRule[], attached: readonly string[]): Fault[] {
  return rules
    .filter((rule) => !rule.anyOf.some((type) => attached.includes(type)))
    .map((rule) => ({
      path: 'documents',
      zh: `缺少${rule.anyOf.map((type) => DOCUMENT_TYPES[type].zh).join('或')}（${rule.source}）`,
      en: `missing ${rule.anyOf.map((type) => `${DOCUMENT_TYPES[type].en} [${type}]`).join(' or ')} (${rule.source})`,
    }));
}
