import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportSPKI, generateKeyPair, importJWK, SignJWT, UnsecuredJWT } from 'jose';
import request from 'supertest';
import { createAuthentication } from '../../api/auth.ts';
import { openAgency, type Agency } from './agency.ts';

let agency: Agency;
beforeAll(async () => {
  agency = await openAgency();
});
afterAll(() => agency?.close());

const me = (authorization?: string): request.Test => {
  const asked = request(agency.server).get('/api/v1/me');
  return authorization === undefined ? asked : asked.set('Authorization', authorization);
};
const claims = (): { iss: string; aud: string; sub: string } => ({
  iss: agency.issuer.url,
  aud: agency.issuer.audience,
  sub: 'town1.clerk',
});

it('knows a person by the token’s subject, be it user name or staff number', async () => {
  for (const sub of ['town1.clerk', 's-town1.clerk']) {
    const answer = await me(`Bearer ${await agency.issuer.token(sub)}`).expect(200);
    expect(answer.body).toMatchObject({
      id: 's-town1.clerk',
      roles: ['TOWNSHIP_CLERK'],
      officeId: '441602001',
      level: 'TOWNSHIP',
    });
  }
});

it('takes roles and office from the staff table, whatever the token claims', async () => {
  const boast = await agency.issuer.token('town1.clerk', {
    claims: { roles: ['CITY_LEADER'], officeId: '441600', level: 'CITY' },
  });
  const { body } = await me(`Bearer ${boast}`).expect(200);
  expect(body).toMatchObject({ roles: ['TOWNSHIP_CLERK'], officeId: '441602001' });
});

const REFUSED: [string, () => Promise<string | undefined>, string][] = [
  ['no token', async () => undefined, 'NOT_AUTHENTICATED'],
  ['another scheme', async () => 'Basic dG93bjE6cGFzcw==', 'NOT_AUTHENTICATED'],
  ['an empty token', async () => 'Bearer ', 'NOT_AUTHENTICATED'],
  ['something that is no token', async () => 'Bearer not.a.token', 'NOT_AUTHENTICATED'],
  [
    'two tokens in one header',
    async () => `Bearer ${await agency.issuer.token('a')} ${await agency.issuer.token('b')}`,
    'NOT_AUTHENTICATED',
  ],
  [
    'an expired token',
    async () => `Bearer ${await agency.issuer.token('town1.clerk', { expiresIn: -120 })}`,
    'TOKEN_EXPIRED',
  ],
  [
    'a token of the future',
    async () => `Bearer ${await agency.issuer.token('town1.clerk', { notBeforeIn: 120 })}`,
    'NOT_AUTHENTICATED',
  ],
  [
    'a token of another issuer',
    async () => `Bearer ${await agency.issuer.token('town1.clerk', { issuer: 'https://evil.example' })}`,
    'NOT_AUTHENTICATED',
  ],
  [
    'a token for another audience',
    async () => `Bearer ${await agency.issuer.token('town1.clerk', { audience: 'jingban-console' })}`,
    'NOT_AUTHENTICATED',
  ],
  [
    'a token signed by another key under our key’s name',
    async () =>
      `Bearer ${await agency.issuer.token('town1.clerk', { key: (await generateKeyPair('RS256')).privateKey })}`,
    'NOT_AUTHENTICATED',
  ],
  [
    'a token of an unknown key',
    async () => `Bearer ${await agency.issuer.token('town1.clerk', { kid: 'k9' })}`,
    'NOT_AUTHENTICATED',
  ],
  [
    'a token without signature',
    async () => `Bearer ${new UnsecuredJWT(claims()).setExpirationTime('1h').encode()}`,
    'NOT_AUTHENTICATED',
  ],
  [
    'a token whose HMAC secret is our public key',
    async () => `Bearer ${await hmacWithPublicKey()}`,
    'NOT_AUTHENTICATED',
  ],
  ['a token that never expires', async () => `Bearer ${await withoutExpiry()}`, 'NOT_AUTHENTICATED'],
  [
    'a subject that is no name',
    async () => `Bearer ${await agency.issuer.token("town1.clerk' OR '1'='1")}`,
    'NOT_AUTHENTICATED',
  ],
];

async function hmacWithPublicKey(): Promise<string> {
  const key = await importJWK(agency.issuer.publicJwk, 'RS256', { extractable: true });
  const secret = new TextEncoder().encode(await exportSPKI(key as Parameters<typeof exportSPKI>[0]));
  return new SignJWT(claims()).setProtectedHeader({ alg: 'HS256', kid: 'k1' }).setExpirationTime('1h').sign(secret);
}
const withoutExpiry = (): Promise<string> =>
  new SignJWT(claims()).setProtectedHeader({ alg: 'RS256', kid: 'k1' }).sign(agency.issuer.key);

it.each(REFUSED)('refuses %s with 401 and a challenge', async (_what, authorization, code) => {
  const answer = await me(await authorization()).expect(401);
  expect(answer.body).toMatchObject({ code });
  expect(answer.headers['www-authenticate']).toMatch(/^Bearer realm="jingban"/);
  expect(answer.headers['www-authenticate']?.includes('invalid_token')).toBe(code === 'TOKEN_EXPIRED');
});

it('refuses a login without an account, and a closed account with the very next request', async () => {
  const stranger = await me(`Bearer ${await agency.issuer.token('nobody')}`).expect(403);
  expect(stranger.body).toMatchObject({
    code: 'NOT_PERMITTED',
    faults: [{ en: 'this account is unknown or disabled' }],
  });

  const token = `Bearer ${await agency.issuer.token('town4.clerk')}`;
  await me(token).expect(200);
  await agency.office.owner.query(`UPDATE staff SET active = false WHERE username = 'town4.clerk'`);
  expect((await me(token).expect(403)).body).toMatchObject({ code: 'NOT_PERMITTED' });
});

it('withdraws a right with the very next request', async () => {
  await agency.get('county2.manager', '/api/v1/stuck').expect(200);
  await agency.office.owner.query(`UPDATE staff SET roles = '{COUNTY_CLERK}' WHERE username = 'county2.manager'`);
  await agency.get('county2.manager', '/api/v1/stuck').expect(403);
});

it('lets nobody in when one person’s user name is another’s staff number', async () => {
  await agency.office.owner.query(`UPDATE staff SET username = 's-city.leader' WHERE username = 'town3.clerk'`);
  await me(`Bearer ${await agency.issuer.token('s-city.leader')}`).expect(403);
});

it('takes an issuer that cannot be reached for an outage, and its return for the end of it', async () => {
  const { issuer } = agency;
  let away = true;
  const flaky = createServer((_req, res) => {
    if (away) res.writeHead(502).end();
    else res.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [issuer.publicJwk] }));
  });
  await new Promise<void>((resolve) => flaky.listen(0, '127.0.0.1', resolve));
  const oidcJwksUrl = `http://127.0.0.1:${(flaky.address() as AddressInfo).port}/`;
  const authenticate = createAuthentication(agency.office.deps.db, {
    oidcIssuer: issuer.url,
    oidcAudience: issuer.audience,
    oidcJwksUrl,
  });
  const authorization = `Bearer ${await issuer.token('town1.clerk')}`;
  await expect(authenticate(authorization)).rejects.toMatchObject({ code: 'NOT_AVAILABLE' });
  away = false;
  await expect(authenticate(authorization)).resolves.toMatchObject({ id: 's-town1.clerk' });
  await new Promise((resolve) => flaky.close(resolve));
});
