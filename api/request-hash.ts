import type { Vault } from '../vault/vault.ts';

/**
 * What was asked, as one hash: the same Idempotency-Key with another hash is a mistake, not a repetition. The order of fields
 * does not matter. Keyed: of a plain hash the ID number in it could be guessed.
 */
export const requestHash = (vault: Vault, address: string, body: unknown): Promise<string> =>
  vault.blindIndex('request', `${address}\n${canonical(body)}`);

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join(',')}}`;
  }
  return JSON.stringify(value ?? null);
}
