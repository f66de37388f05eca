import { createHmac, generateKeyPairSync, randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  exportJWK,
  exportSPKI,
  generateKeyPair,
  importJWK,
  SignJWT,
  UnsecuredJWT,
  type CryptoKey,
  type JWTPayload,
} from 'jose';
import request from 'supertest';
import { openAgency, type Agency } from './agency.ts';
import type { TokenChange } from './issuer.ts';

/** Tokens that are not what they seem. Whatever is wrong with one, the answer is the same. */

let agency: Agency;
beforeAll(async () => {
  agency = await openAgency();
});
afterAll(() => agency?.close());

const me = (authorization?: string): request.Test => {
  const asked = request(agency.server).get('/api/v1/me');
  return authorization === undefined ? asked : asked.set('Authorization', authorization);
};
const now = (): number => Math.floor(Date.now() / 1000);
const claims = (): JWTPayload => ({
  iss: agency.issuer.url,
  aud: agency.issuer.audience,
  sub: 'town1.clerk',
  iat: now(),
  exp: now() + 3600,
});
const changed = (change: TokenChange) => () => agency.issuer.token('town1.clerk', change);
const withClaims = (more: JWTPayload) => changed({ claims: more });
const withHeader = (header: Record<string, unknown>) => changed({ header });
const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signed by the issuer, with exactly these claims. */
const signed = (payload: JWTPayload): Promise<string> =>
  new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: 'k1', typ: 'at+jwt' }).sign(agency.issuer.key);
const without = (claim: string) => () =>
  signed(Object.fromEntries(Object.entries(claims()).filter(([name]) => name !== claim)));
const replaced = (change: JWTPayload) => () => signed({ ...claims(), ...change });

/** A key of the attacker's own, offered in the token's header in every way there is. */
async function ownKey(offer: 'jwk' | 'jku' | 'x5u' | 'x5c'): Promise<string> {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k9', alg: 'RS256' };
  const header = {
    jwk: { jwk },
    jku: { jku: `${agency.issuer.url}/jwks` },
    x5u: { x5u: 'https://evil.example/cert.pem' },
    x5c: { x5c: ['MIIB'] },
  }[offer];
  return new SignJWT(claims())
    .setProtectedHeader({ alg: 'RS256', kid: 'k9', typ: 'at+jwt', ...header })
    .sign(privateKey);
}
const publicPem = async (): Promise<string> => {
  const key = await importJWK(agency.issuer.publicJwk, 'RS256', { extractable: true });
  return exportSPKI(key as Parameters<typeof exportSPKI>[0]);
};
const hmac = async (alg: 'HS256' | 'HS512', secret: string): Promise<string> => {
  const head = `${base64({ alg, kid: 'k1', typ: 'at+jwt' })}.${base64(claims())}`;
  return `${head}.${createHmac(alg === 'HS256' ? 'sha256' : 'sha512', secret)
    .update(head)
    .digest('base64url')}`;
};
const pieces = async (change: (parts: string[]) => string): Promise<string> =>
  change((await agency.issuer.token('town1.clerk')).split('.'));
const critical = (): Promise<string> =>
  new SignJWT(claims())
    .setProtectedHeader({ alg: 'RS256', kid: 'k1', typ: 'at+jwt', crit: ['exp2'], exp2: true })
    .sign(agency.issuer.key, { crit: { exp2: false } });
const none = (alg: string) => async () => `${base64({ alg, typ: 'at+jwt' })}.${base64(claims())}.`;
const ed25519 = generateKeyPairSync('ed25519').privateKey;

const REFUSED: [string, () => Promise<string>][] = [
  ['alg none', async () => new UnsecuredJWT(claims()).encode()],
  ['alg None, in other letters', none('None')],
  ['alg nOnE with a signature', async () => `${await none('nOnE')()}${randomBytes(256).toString('base64url')}`],
  ['no alg at all', async () => `${base64({ typ: 'at+jwt' })}.${base64(claims())}.AAAA`],
  ['HS256 with our public key as the secret', async () => hmac('HS256', await publicPem())],
  ['HS512 with the modulus as the secret', async () => hmac('HS512', String(agency.issuer.publicJwk['n']))],
  ['HS256 with an empty secret', () => hmac('HS256', '')],
  [
    'an algorithm our key is not for',
    async () => new SignJWT(claims()).setProtectedHeader({ alg: 'EdDSA', kid: 'k1', typ: 'at+jwt' }).sign(ed25519),
  ],
  [
    'the right key under PS256, which it is not published for',
    async () =>
      new SignJWT(claims()).setProtectedHeader({ alg: 'PS256', kid: 'k1', typ: 'at+jwt' }).sign(await ps256()),
  ],
  ['another issuer', changed({ issuer: 'https://evil.example' })],
  ['our issuer with a slash more', () => agency.issuer.token('town1.clerk', { issuer: `${agency.issuer.url}/` })],
  ['no issuer', without('iss')],
  ['another audience', changed({ audience: 'jingban-console' })],
  ['no audience', without('aud')],
  ['an audience in other letters', changed({ audience: 'JINGBAN-API' })],
  ['valid only later than the clocks may differ', changed({ notBeforeIn: 60 })],
  ['issued in the future', replaced({ iat: now() + 120 })],
  ['no issue time', without('iat')],
  ['an issue time that is no number', replaced({ iat: 'now' } as unknown as JWTPayload)],
  ['no expiry', without('exp')],
  ['an expiry that is text', replaced({ exp: '9999999999' } as unknown as JWTPayload)],
  ['no subject', without('sub')],
  ['a subject with SQL in it', replaced({ sub: "x' OR '1'='1" })],
  ['a subject that is an array', replaced({ sub: ['town1.clerk'] } as unknown as JWTPayload)],
  ['an ID token: a nonce', withClaims({ nonce: 'n' })],
  ['an ID token: at_hash', withClaims({ at_hash: 'h' })],
  ['an ID token by its typ', withClaims({ typ: 'ID' })],
  ['a refresh token by its typ', withClaims({ typ: 'Refresh' })],
  ['a logout token', withClaims({ events: {} })],
  ['typ of something else', withHeader({ typ: 'dpop+jwt' })],
  ['no typ', withHeader({ typ: undefined })],
  ['a critical extension nobody knows', critical],
  [
    'a payload that is not encoded (b64)',
    () =>
      pieces(
        ([, body = '', sign = '']) =>
          `${base64({ alg: 'RS256', kid: 'k1', typ: 'at+jwt', b64: false, crit: ['b64'] })}.${body}.${sign}`,
      ),
  ],
  ['a key in its own header (jwk)', () => ownKey('jwk')],
  ['an address of keys in its header (jku)', () => ownKey('jku')],
  ['an address of a certificate (x5u)', () => ownKey('x5u')],
  ['a certificate (x5c)', () => ownKey('x5c')],
  ['a kid that is a path', changed({ kid: '../../../../dev/null' })],
  ['a kid that is SQL', changed({ kid: "k1' UNION SELECT 'k" })],
  ['a kid that is a name of the prototype', changed({ kid: '__proto__' })],
  [
    'another key under our kid',
    async () => agency.issuer.token('town1.clerk', { key: (await generateKeyPair('RS256')).privateKey }),
  ],
  [
    'a payload that was altered',
    () => pieces(([head = '', , sign = '']) => `${head}.${base64({ ...claims(), sub: 'city.leader' })}.${sign}`),
  ],
  [
    'a signature that was cut',
    () => pieces(([head = '', body = '', sign = '']) => `${head}.${body}.${sign.slice(0, 40)}`),
  ],
  ['no signature', () => pieces(([head = '', body = '']) => `${head}.${body}.`)],
  ['two parts', () => pieces(([head = '', body = '']) => `${head}.${body}`)],
  ['five parts, as if encrypted', () => pieces((parts) => [...parts, 'AAAA', 'AAAA'].join('.'))],
  ['a header that is no JSON', () => pieces(([, body = '', sign = '']) => `bm90IGpzb24.${body}.${sign}`)],
  ['a payload that is an array', () => pieces(([head = '', , sign = '']) => `${head}.${base64([1])}.${sign}`)],
  ['more than 8 kB, although well signed', withClaims({ padding: 'x'.repeat(7_000) })],
  ['a program’s own token for a person', replaced({ client_id: 'town1.clerk' })],
  [
    'a person’s token that names a program',
    async () => signed({ ...claims(), sub: 'svc.intake', client_id: 'jingban' }),
  ],
];

/** The issuer's key as a PS256 key: an RSA key does not say which padding it is for, the published set does. */
async function ps256(): Promise<CryptoKey> {
  const { privateKey } = await generateKeyPair('PS256');
  return privateKey;
}

it.each(REFUSED)('refuses %s, with the same answer as no token at all', async (_what, make) => {
  const nobody = await me().expect(401);
  const answer = await me(`Bearer ${await make()}`).expect(401);
  const told = ({ body, headers }: request.Response) => ({
    body: { ...(body as object), requestId: '' },
    challenge: headers['www-authenticate'] as unknown,
  });
  expect(told(answer)).toEqual(told(nobody));
  expect(answer.body).toMatchObject({ code: 'NOT_AUTHENTICATED', faults: [] });
});

it('counts them: no fewer than thirty', () => expect(REFUSED.length).toBeGreaterThanOrEqual(30));

it('says of a token that was good that it has expired, once its signature is known to be right', async () => {
  const expired = await me(`Bearer ${await changed({ expiresIn: -60 })()}`).expect(401);
  expect(expired.body).toMatchObject({ code: 'TOKEN_EXPIRED' });
  const { privateKey } = await generateKeyPair('RS256');
  const forged = await me(`Bearer ${await changed({ expiresIn: -60, key: privateKey })()}`).expect(401);
  expect(forged.body).toMatchObject({ code: 'NOT_AUTHENTICATED' });
});

it('bears clocks that differ by less than half a minute, either way', async () => {
  await me(`Bearer ${await changed({ expiresIn: -20 })()}`).expect(200);
  await me(`Bearer ${await changed({ notBeforeIn: 20 })()}`).expect(200);
  await me(`Bearer ${await replaced({ iat: now() + 20 })()}`).expect(200);
});

it.each(['at+jwt', 'AT+JWT', 'application/at+jwt', 'JWT', 'application/jwt'])(
  'takes an access token of typ %s',
  async (typ) => {
    await me(`Bearer ${await withHeader({ typ })()}`).expect(200);
  },
);

it('takes one of several audiences, and a program’s own token for the program', async () => {
  await me(`Bearer ${await replaced({ aud: ['account', agency.issuer.audience] })()}`).expect(200);
  const answer = await me(`Bearer ${await replaced({ sub: 'svc.intake', client_id: 'svc.intake' })()}`).expect(200);
  expect(answer.body).toMatchObject({ id: 's-svc.intake', service: true });
});

it('refuses two Authorization headers, of which two programs might each read another', async () => {
  const tokens = [await agency.issuer.token('town1.clerk'), await agency.issuer.token('city.leader')];
  const { port } = agency.server.address() as AddressInfo;
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const asked = httpRequest({ port, host: '127.0.0.1', path: '/api/v1/me' }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asked.setHeader(
      'Authorization',
      tokens.map((token) => `Bearer ${token}`),
    );
    asked.on('error', reject).end();
  });
  expect(status).toBe(401);
});
