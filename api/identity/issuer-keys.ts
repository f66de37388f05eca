import { createLocalJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { Refusal } from '../../domain/refusal.ts';
import { discover } from './discovery.ts';

export interface IssuerSettings {
  oidcIssuer: string;
  oidcJwksUrl?: string | undefined;
}

/** A key the issuer has taken back is good for so long at most, while the issuer answers. */
const REFRESH_MS = 5 * 60_000;
/** An issuer that is away does not stop those who are logged in already; after this long we no longer know whether they are. */
const KEEP_MS = 60 * 60_000;
/** Tokens of invented keys make us ask the issuer this often at most. */
const COOLDOWN_MS = 5_000;
/** The same while there are no keys at all: then nobody can work, and a second is enough. */
const FIRST_COOLDOWN_MS = 1_000;

interface KeySet {
  getKey: JWTVerifyGetKey;
  fetchedAt: number;
}

/**
 * The issuer's signing keys as jose asks for them; fetched when first needed and kept. A key that is not among them is looked
 * for once more at the issuer, since it may be new. `now` is in epoch milliseconds.
 *
 * That the keys cannot be fetched is an outage (NOT_AVAILABLE), not the caller's mistake; that the issuer does not have the key
 * is one (jose's `JWKSNoMatchingKey`).
 */
export function createIssuerKeys(settings: IssuerSettings, now: () => number): JWTVerifyGetKey {
  let known: KeySet | undefined;
  let triedAt = Number.NEGATIVE_INFINITY;
  let trouble: unknown;
  let fetching: Promise<void> | undefined;

  /** Whoever asks while the keys are on their way waits for the same answer. */
  const refresh = (): Promise<void> =>
    (fetching ??= fetchKeys(settings)
      .then((getKey) => {
        known = { getKey, fetchedAt: now() };
        trouble = undefined;
      })
      .catch((problem: unknown) => void (trouble = problem))
      .finally(() => {
        triedAt = now();
        fetching = undefined;
      }));
  const mayAsk = (): boolean => fetching !== undefined || now() - triedAt >= (known ? COOLDOWN_MS : FIRST_COOLDOWN_MS);
  const current = (): KeySet => {
    if (!known || now() - known.fetchedAt > KEEP_MS) throw new IssuerUnreachable(trouble);
    return known;
  };

  return async (header, token) => {
    const old = !known || now() - known.fetchedAt >= REFRESH_MS;
    if (old && mayAsk()) await refresh();
    try {
      return await current().getKey(header, token);
    } catch (problem) {
      if (!(problem instanceof errors.JWKSNoMatchingKey)) throw problem;
      if (mayAsk()) await refresh();
      // Without an answer of the issuer nobody knows whether it has this key by now.
      if (trouble !== undefined) throw new IssuerUnreachable(trouble);
      return current().getKey(header, token);
    }
  };
}

/** Wrapped so that it is not taken for a fault of the token. */
export class IssuerUnreachable extends Refusal {
  constructor(cause: unknown) {
    super('NOT_AVAILABLE', [{ zh: '统一身份认证服务无法访问', en: 'the login service cannot be reached' }]);
    this.cause = cause;
  }
}

const keySet = z.looseObject({ keys: z.array(z.looseObject({ kty: z.string() })).max(100) });

async function fetchKeys(settings: IssuerSettings): Promise<JWTVerifyGetKey> {
  const address = settings.oidcJwksUrl ?? (await discover(settings.oidcIssuer)).jwks_uri;
  const response = await fetch(address, { signal: AbortSignal.timeout(5_000), redirect: 'error' });
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  const { keys } = keySet.parse(await response.json());
  // A secret that was published is no secret; the allow-list of algorithms says so too.
  return createLocalJWKSet({ keys: keys.filter(({ kty }) => kty !== 'oct') });
}
