import { z } from 'zod';

const document = z.looseObject({
  issuer: z.string(),
  jwks_uri: z.url(),
  authorization_endpoint: z.url().optional(),
  token_endpoint: z.url().optional(),
  end_session_endpoint: z.url().optional(),
});
export type IssuerDocument = z.output<typeof document>;

/**
 * The discovery document of the issuer (OpenID Connect Discovery 1.0 §4). Throws when it cannot be had or is not this issuer's:
 * a document that names another one would let that one say who our users are.
 */
export async function discover(issuer: string): Promise<IssuerDocument> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await fetch(address, { signal: AbortSignal.timeout(5_000), redirect: 'error' });
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  const found = document.parse(await response.json());
  if (found.issuer !== issuer) throw new Error(`${address} is the document of ${found.issuer.slice(0, 200)}`);
  return found;
}
