import { createRemoteJWKSet, errors, jwtVerify, type JWTVerifyGetKey } from 'jose';
import type pg from 'pg';
import { z } from 'zod';
import type { User } from '../domain/case.ts';
import { Refusal } from '../domain/refusal.ts';
import { findAccount } from './accounts.ts';

/** Says who is asking, from the `Authorization` header; refuses with NOT_AUTHENTICATED, TOKEN_EXPIRED or NOT_PERMITTED. */
export type Authenticate = (authorization: string | undefined) => Promise<User>;

export interface AuthSettings {
  oidcIssuer: string;
  oidcAudience: string;
  oidcJwksUrl?: string | undefined;
}

/** Signatures by a private key only: a public key must never serve as the secret of an HMAC. */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];
/** Clocks of agency and issuer may differ so much, in seconds. */
const CLOCK_TOLERANCE = 30;

/** Verifies bearer tokens of the OIDC issuer and finds the account; keys are fetched when first needed and kept. */
export function createAuthentication(db: pg.Pool, settings: AuthSettings): Authenticate {
  const keys = issuerKeys(settings);
  return async (authorization) => {
    const token = bearerToken(authorization);
    const login = await verifiedLogin(token, keys, settings);
    const user = await findAccount(db, login);
    if (!user)
      throw new Refusal('NOT_PERMITTED', [{ zh: '该账号未登记或已停用', en: 'this account is unknown or disabled' }]);
    return user;
  };
}

function bearerToken(authorization: string | undefined): string {
  const token = /^Bearer +([A-Za-z0-9._~+/=-]+)$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) throw new Refusal('NOT_AUTHENTICATED');
  return token;
}

async function verifiedLogin(token: string, keys: JWTVerifyGetKey, settings: AuthSettings): Promise<string> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer: settings.oidcIssuer,
      audience: settings.oidcAudience,
      algorithms: ALGORITHMS,
      clockTolerance: CLOCK_TOLERANCE,
      requiredClaims: ['exp', 'sub'],
    });
    const login = payload.sub ?? '';
    if (!/^[\w@.:-]{1,200}$/.test(login)) throw new Refusal('NOT_AUTHENTICATED');
    return login;
  } catch (problem) {
    if (problem instanceof errors.JWTExpired) throw new Refusal('TOKEN_EXPIRED');
    if (problem instanceof errors.JOSEError) throw new Refusal('NOT_AUTHENTICATED');
    throw problem;
  }
}

/** The issuer's signing keys. That they cannot be fetched is an outage, not the caller's mistake. */
function issuerKeys(settings: AuthSettings): JWTVerifyGetKey {
  let remote: Promise<JWTVerifyGetKey> | undefined;
  return async (header, token) => {
    remote ??= jwksUrl(settings).then((url) =>
      createRemoteJWKSet(url, { cooldownDuration: 5_000, timeoutDuration: 5_000 }),
    );
    try {
      return await (
        await remote
      )(header, token);
    } catch (problem) {
      if (problem instanceof errors.JWKSNoMatchingKey || problem instanceof errors.JWKSMultipleMatchingKeys)
        throw problem;
      if (problem instanceof errors.JOSENotSupported) throw problem;
      remote = undefined;
      throw new IssuerUnreachable(problem);
    }
  };
}

/** Wrapped so that it is not taken for a fault of the token. */
class IssuerUnreachable extends Refusal {
  constructor(cause: unknown) {
    super('NOT_AVAILABLE', [{ zh: '统一身份认证服务无法访问', en: 'the login service cannot be reached' }]);
    this.cause = cause;
  }
}

const discovery = z.object({ jwks_uri: z.url() });

async function jwksUrl(settings: AuthSettings): Promise<URL> {
  if (settings.oidcJwksUrl) return new URL(settings.oidcJwksUrl);
  const address = `${settings.oidcIssuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await fetch(address, { signal: AbortSignal.timeout(5_000) });
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  return new URL(discovery.parse(await response.json()).jwks_uri);
}
