import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type CryptoKey } from 'jose';
import { verifyBearer } from '../../api/identity/bearer.ts';
import { discover } from '../../api/identity/discovery.ts';
import { createIssuerKeys } from '../../api/identity/issuer-keys.ts';
import { openIssuer, type TestIssuer } from './issuer.ts';

/** Keys come and go, issuers are away; the clock here is moved by hand. */

let issuer: TestIssuer;
let clock: number;
beforeEach(async () => {
  issuer = await openIssuer();
  clock = Date.now();
});
afterEach(() => issuer.close());

const MINUTE = 60_000;
function verifier() {
  const keys = createIssuerKeys({ oidcIssuer: issuer.url }, () => clock);
  const settings = { oidcIssuer: issuer.url, oidcAudience: issuer.audience };
  // The tokens are judged by the real clock, the age of the keys by the moved one.
  return async (token: string): Promise<string> => (await verifyBearer(token, keys, settings, Date.now())).login;
}
async function another(kid: string): Promise<{ key: CryptoKey; jwk: object }> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  return { key: privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } };
}
const refusal = (code: string) => expect.objectContaining({ code }) as Error;

it('fetches the keys once for many tokens, also when they come at the same moment', async () => {
  const verify = verifier();
  const token = await issuer.token('town1.clerk');
  await Promise.all(Array.from({ length: 50 }, () => verify(token)));
  await verify(token);
  expect(issuer.fetched()).toBe(1);
});

it('finds a new key as soon as a token names it, and forgets an old one within five minutes', async () => {
  const verify = verifier();
  const old = await issuer.token('town1.clerk');
  await verify(old);
  const fresh = await another('k2');
  issuer.publish([fresh.jwk]);
  clock += 10_000;
  await expect(verify(await issuer.token('town1.clerk', { key: fresh.key, kid: 'k2' }))).resolves.toBe('town1.clerk');
  await expect(verify(old)).rejects.toEqual(refusal('NOT_AUTHENTICATED'));
});

it('asks again after five minutes even when nobody names an unknown key, so that a withdrawn one is refused', async () => {
  const verify = verifier();
  const token = await issuer.token('town1.clerk');
  await verify(token);
  issuer.publish([(await another('k2')).jwk]);
  clock += 4 * MINUTE;
  await expect(verify(token)).resolves.toBe('town1.clerk');
  clock += MINUTE;
  await expect(verify(token)).rejects.toEqual(refusal('NOT_AUTHENTICATED'));
});

it('cannot be made to ask the issuer for every key somebody invents', async () => {
  const verify = verifier();
  await verify(await issuer.token('town1.clerk'));
  clock += 10_000;
  for (let i = 0; i < 200; i++) {
    const invented = await issuer.token('town1.clerk', { kid: `invented-${i}` });
    await expect(verify(invented)).rejects.toEqual(refusal('NOT_AUTHENTICATED'));
  }
  expect(issuer.fetched()).toBe(2);
});

it('goes on with the keys it has while the issuer is away, for an hour; an unknown key is then nobody’s fault', async () => {
  const verify = verifier();
  const known = await issuer.token('town1.clerk');
  await verify(known);
  issuer.away = true;
  clock += 10 * MINUTE;
  await expect(verify(known)).resolves.toBe('town1.clerk');
  const unknown = await issuer.token('town1.clerk', { kid: 'k2' });
  await expect(verify(unknown)).rejects.toEqual(refusal('NOT_AVAILABLE'));
  clock += 51 * MINUTE;
  await expect(verify(known)).rejects.toEqual(refusal('NOT_AVAILABLE'));
  issuer.away = false;
  clock += 5_000;
  await expect(verify(known)).resolves.toBe('town1.clerk');
  await expect(verify(unknown)).rejects.toEqual(refusal('NOT_AUTHENTICATED'));
});

it('is an outage while there were never any keys, and asks once a second at most', async () => {
  issuer.away = true;
  const verify = verifier();
  const token = await issuer.token('town1.clerk');
  for (let i = 0; i < 20; i++) await expect(verify(token)).rejects.toEqual(refusal('NOT_AVAILABLE'));
  issuer.away = false;
  await expect(verify(token)).rejects.toEqual(refusal('NOT_AVAILABLE'));
  clock += 1_000;
  await expect(verify(token)).resolves.toBe('town1.clerk');
});

it('takes no secret for a key, even if the issuer should publish one', async () => {
  issuer.publish([issuer.publicJwk, { kty: 'oct', kid: 'k3', k: 'c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0' }]);
  const verify = verifier();
  await expect(verify(await issuer.token('town1.clerk', { kid: 'k3' }))).rejects.toEqual(refusal('NOT_AUTHENTICATED'));
});

it('takes no discovery document that names another issuer, and follows no redirect to one', async () => {
  const impostor = createServer((req, res) => {
    if (req.url?.startsWith('/moved')) return void res.writeHead(302, { location: issuer.url }).end();
    res
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify({ issuer: issuer.url, jwks_uri: `${issuer.url}/jwks` }));
  });
  await new Promise<void>((resolve) => impostor.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(impostor.address() as AddressInfo).port}`;
  await expect(discover(url)).rejects.toThrow('is the document of');
  await expect(discover(`${url}/moved`)).rejects.toThrow();
  await expect(discover(issuer.url)).resolves.toMatchObject({ issuer: issuer.url });
  await new Promise((resolve) => impostor.close(resolve));
});
