import { createHash } from 'node:crypto';
import type { Json } from '../../domain/case.ts';
import { commitOf, SEALED } from '../../vault/vault.ts';

/**
 * Per case, every event carries the hash of the one before it: editing, removing or swapping rows shows (I8).
 */

/** What the first event of a case is chained to. */
export const CHAIN_START = '0'.repeat(64);

/** Same content, same text: keys sorted, no spaces, `undefined` left out, of a sealed leaf what it commits to. */
export function canonical(value: Json | undefined): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item)).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const sealed = value[SEALED];
    if (typeof sealed === 'string' && Object.keys(value).length === 1)
      return `{"${SEALED}":${JSON.stringify(commitOf(sealed))}}`;
    const fields = Object.entries(value)
      .filter(([, v]) => v !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, v]) => `${JSON.stringify(k)}:${canonical(v)}`);
    return `{${fields.join(',')}}`;
  }
  return JSON.stringify(value ?? null);
}

/** SHA-256 over the previous hash and the canonical content, as 64 hexadecimal digits. */
export function chainHash(previous: string, content: Json): string {
  return createHash('sha256').update(previous).update(canonical(content)).digest('hex');
}

/** SHA-256 of the canonical content alone, as 64 hexadecimal digits. */
export const contentHash = (content: Json): string => chainHash('', content);
