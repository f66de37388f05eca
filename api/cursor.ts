import { createHmac, timingSafeEqual } from 'node:crypto';
import { Refusal } from '../domain/refusal.ts';

/**
 * Marks the place where a page ended (keyset pagination). Signed, so that nobody makes one up; bound to the query it came from,
 * so that changed filters start at the first page instead of skipping rows silently.
 */
export type Cursors = {
  seal(query: string, position: readonly (string | null)[]): string;
  /** Refuses a foreign, altered or mismatched cursor with CURSOR_INVALID. */
  open(query: string, cursor: string): (string | null)[];
};

/** `secret` must be the same for every API process, or their pages do not fit together. */
export function createCursors(secret: string): Cursors {
  const key = createHmac('sha256', secret).update('jingban page cursor').digest();
  const sign = (query: string, body: string): Buffer =>
    createHmac('sha256', key).update(query).update('\n').update(body).digest().subarray(0, 16);
  return {
    seal(query, position) {
      const body = Buffer.from(JSON.stringify(position)).toString('base64url');
      return `${body}.${sign(query, body).toString('base64url')}`;
    },
    open(query, cursor) {
      const [body, signature, ...rest] = cursor.split('.');
      const given = Buffer.from(signature ?? '', 'base64url');
      const expected = sign(query, body ?? '');
      if (rest.length > 0 || given.length !== expected.length || !timingSafeEqual(given, expected)) {
        throw new Refusal('CURSOR_INVALID');
      }
      return JSON.parse(Buffer.from(body ?? '', 'base64url').toString()) as (string | null)[];
    },
  };
}
