/** Cookies of the console. Nothing a script could read, nothing another host could set. */

export interface CookieNames {
  session: string;
  login: string;
  /** sent over TLS only, as everywhere but on one's own machine */
  secure: boolean;
}

/**
 * Over https the names carry the prefix `__Host-`: a browser takes such a cookie only with Secure, Path=/ and no Domain, so that
 * neither a sister host nor a page without TLS can put one there (RFC 6265bis §4.1.3).
 */
export function cookieNames(publicUrl: string): CookieNames {
  const secure = publicUrl.startsWith('https:');
  const prefix = secure ? '__Host-' : '';
  return { session: `${prefix}jingban_session`, login: `${prefix}jingban_login`, secure };
}

/** The cookies of a request by name; a name that was sent twice is not taken at all, since nobody knows which one is ours. */
export function readCookies(header: string | undefined): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const twice = new Set<string>();
  for (const pair of (header ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at < 1) continue;
    const name = pair.slice(0, at).trim();
    if (found.has(name)) twice.add(name);
    found.set(name, pair.slice(at + 1).trim());
  }
  for (const name of twice) found.delete(name);
  return found;
}

export interface CookieShape {
  secure: boolean;
  /** Lax comes along on the way back from the issuer, which is another site; Strict does not */
  sameSite: 'Strict' | 'Lax';
  /** left out: until the browser is closed; 0 removes it */
  maxAgeSeconds?: number;
}

/** The value of a `Set-Cookie` header; `value` is base64url and dots only. */
export const setCookie = (name: string, value: string, { secure, sameSite, maxAgeSeconds }: CookieShape): string =>
  [
    `${name}=${value}`,
    'Path=/',
    'HttpOnly',
    `SameSite=${sameSite}`,
    ...(secure ? ['Secure'] : []),
    ...(maxAgeSeconds === undefined ? [] : [`Max-Age=${maxAgeSeconds}`]),
  ].join('; ');
