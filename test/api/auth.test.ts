import request from 'supertest';
import { createAuthentication } from '../../api/identity/authenticate.ts';
import { createSessions } from '../../api/identity/sessions.ts';
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

const REFUSED: [string, () => Promise<string | undefined>][] = [
  ['no token', async () => undefined],
  ['another scheme', async () => 'Basic dG93bjE6cGFzcw=='],
  ['an empty token', async () => 'Bearer '],
  ['something that is no token', async () => 'Bearer not.a.token'],
  [
    'two tokens in one header',
    async () => `Bearer ${await agency.issuer.token('a')} ${await agency.issuer.token('b')}`,
  ],
];

it.each(REFUSED)('refuses %s with 401 and a challenge', async (_what, authorization) => {
  const answer = await me(await authorization()).expect(401);
  expect(answer.body).toMatchObject({ code: 'NOT_AUTHENTICATED' });
  expect(answer.headers['www-authenticate']).toBe('Bearer realm="jingban"');
});

it('says in the challenge that a token has expired', async () => {
  const answer = await me(`Bearer ${await agency.issuer.token('town1.clerk', { expiresIn: -120 })}`).expect(401);
  expect(answer.body).toMatchObject({ code: 'TOKEN_EXPIRED' });
  expect(answer.headers['www-authenticate']).toContain('invalid_token');
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
  const { db } = agency.office.deps;
  let clock = Date.now();
  const settings = { oidcIssuer: issuer.url, oidcAudience: issuer.audience, publicUrl: 'http://127.0.0.1:8080' };
  const sessions = createSessions(
    db,
    { sessionIdleMinutes: 15, sessionHours: 8, sessionsPerAccount: 'one' },
    () => clock,
  );
  const authenticate = createAuthentication(db, settings, sessions, () => clock);
  const authorization = `Bearer ${await issuer.token('town1.clerk')}`;
  const head = { method: 'GET', headers: { authorization }, headersDistinct: { authorization: [authorization] } };
  issuer.away = true;
  await expect(authenticate(head)).rejects.toMatchObject({ code: 'NOT_AVAILABLE' });
  issuer.away = false;
  clock += 1_000;
  await expect(authenticate(head)).resolves.toMatchObject({ user: { id: 's-town1.clerk' } });
});
