import { createHash } from 'node:crypto';

/**
 * What was asked, as one hash: the same Idempotency-Key with another hash is a mistake, not a repetition. The order of fields
 * does not matter.
 */
export const requestHash = (address: string, body: unknown): string =>
  createHash('sha256').update(address).update('\n').update(canonical(body)).digest('hex');

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join(',')}}`;
  }
  return JSON.stringify(value ?? null);
}
