import type { IncomingHttpHeaders } from 'node:http';
import { Refusal } from '../../domain/refusal.ts';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);
/** Any value would do; a fixed one is easier to find in a log. */
export const REQUESTED_WITH = 'jingban';

/**
 * Whether a request that came with the session's cookie was made by our own page: refuses with CSRF.
 *
 * Three walls. The cookie is SameSite=Strict. `Origin`, which browsers send with every POST and no script can set, must be ours;
 * where it is missing, `Sec-Fetch-Site` must say same-origin. And the header `X-Requested-With: jingban` must be there: a form
 * cannot send it, and a script of another origin only after a preflight that this API never answers. A header was chosen instead
 * of a token per session because it needs no second secret that could leak into a page, a log or a cache.
 */
export function refuseForgery(method: string, headers: IncomingHttpHeaders, publicUrl: string): void {
  if (SAFE.has(method)) return;
  const { origin, 'sec-fetch-site': site } = headers;
  const ours = origin === undefined ? site === 'same-origin' : origin === new URL(publicUrl).origin;
  // Both are the browser's word: a page of another origin cannot make them agree with us.
  const foreign = site !== undefined && site !== 'same-origin';
  if (!ours || foreign || headers['x-requested-with'] !== REQUESTED_WITH) throw new Refusal('CSRF');
}
