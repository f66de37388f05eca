import { errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { STAFF_ID } from '../../domain/accounts.ts';
import { Refusal } from '../../domain/refusal.ts';

export interface BearerSettings {
  oidcIssuer: string;
  oidcAudience: string;
}

/** Whom a token speaks of; `clientId` when it says which client it was given to. */
export interface TokenSubject {
  login: string;
  clientId?: string;
}

/** Signatures by a private key only: a public key must never serve as the secret of an HMAC. */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];
/** RFC 9068 §2.1, and what issuers write that do not know it. */
const TYPES = ['at+jwt', 'application/at+jwt', 'jwt', 'application/jwt'];
/** Clocks of agency and issuer may differ so much, in seconds. */
const CLOCK_TOLERANCE = 30;
/** Real ones take 1 to 2 kB; whoever sends more wants us to work. */
const LONGEST_TOKEN = 8 * 1024;
/** What an ID token (OpenID Connect Core §2, §3.1.3.6) or a logout token carries and an access token does not. */
const NOT_OF_ACCESS_TOKENS = ['nonce', 'at_hash', 'c_hash', 's_hash', 'events'];
/** Keycloak's own word for the use of a token, in the payload. */
const OTHER_USES = ['ID', 'Refresh', 'Offline', 'Logout'];

/** The token of an `Authorization` header; anything else in it is refused with NOT_AUTHENTICATED. */
export function bearerToken(authorization: string): string {
  const token = /^Bearer +([A-Za-z0-9._~+/=-]+)$/i.exec(authorization)?.[1];
  if (token === undefined || token.length > LONGEST_TOKEN) throw new Refusal('NOT_AUTHENTICATED');
  return token;
}

/**
 * Whom a bearer token speaks of. Refuses with TOKEN_EXPIRED one that was good, with NOT_AUTHENTICATED every other one, whatever
 * is wrong with it: the difference would help only whoever makes tokens up. Keys come from the issuer alone; `jku`, `x5u` and
 * `jwk` in the token's header are not looked at. `now` in epoch milliseconds.
 */
export async function verifyBearer(
  token: string,
  keys: JWTVerifyGetKey,
  settings: BearerSettings,
  now: number,
): Promise<TokenSubject> {
  try {
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      issuer: settings.oidcIssuer,
      audience: settings.oidcAudience,
      algorithms: ALGORITHMS,
      clockTolerance: CLOCK_TOLERANCE,
      currentDate: new Date(now),
      requiredClaims: ['exp', 'iat', 'sub'],
    });
    if (!TYPES.includes((protectedHeader.typ ?? '').toLowerCase()) || !isAccessToken(payload, now))
      throw new Refusal('NOT_AUTHENTICATED');
    return subjectOf(payload);
  } catch (problem) {
    if (problem instanceof errors.JWTExpired) throw new Refusal('TOKEN_EXPIRED');
    if (problem instanceof errors.JOSEError) throw new Refusal('NOT_AUTHENTICATED');
    throw problem;
  }
}

function isAccessToken(payload: JWTPayload, now: number): boolean {
  if (NOT_OF_ACCESS_TOKENS.some((claim) => claim in payload)) return false;
  if (OTHER_USES.includes(String(payload['typ']))) return false;
  return typeof payload.iat === 'number' && payload.iat * 1000 <= now + CLOCK_TOLERANCE * 1000;
}

function subjectOf(payload: JWTPayload): TokenSubject {
  // jose checks that it is there, not that it is text.
  const login: unknown = payload.sub;
  if (typeof login !== 'string' || !STAFF_ID.test(login)) throw new Refusal('NOT_AUTHENTICATED');
  const client = payload['client_id'] ?? payload['azp'];
  return { login, ...(typeof client === 'string' ? { clientId: client } : {}) };
}
