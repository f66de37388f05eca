import { jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { cookieNames, readCookies, setCookie } from '../../api/identity/cookies.ts';
import { Browser, openConsole, type Console } from './console.ts';

/** What another site can make a browser send, and what a program may not mix. */

let console_: Console;
let person: Browser;
beforeAll(async () => {
  jest.spyOn(console, 'warn').mockReturnValue(undefined);
  console_ = await openConsole();
  person = new Browser(console_.url);
  await person.logIn('town1.clerk');
});
afterAll(() => console_?.close());

const codeOf = async (response: Response): Promise<string> => ((await response.json()) as { code: string }).code;
/** A write that goes no further than its body: 422 means that it was let in. */
const file = (headers: Record<string, string>): Promise<Response> =>
  person.visit('/api/v1/cases', {
    json: { processType: 'NO_SUCH_PROCESS', form: {} },
    headers: { 'idempotency-key': randomUUID(), ...headers },
  });
const own = () => ({ origin: console_.url, 'x-requested-with': 'jingban' });

it('lets the console’s own page write', async () => {
  expect(await codeOf(await file(own()))).toBe('UNKNOWN_PROCESS');
  const { origin: _none, ...rest } = own();
  expect(await codeOf(await file({ ...rest, 'sec-fetch-site': 'same-origin' }))).toBe('UNKNOWN_PROCESS');
});

it.each<[string, (ours: Record<string, string>) => Record<string, string>]>([
  ['a page of another origin', (ours) => ({ ...ours, origin: 'https://evil.example' })],
  ['a page of the same host on another port', (ours) => ({ ...ours, origin: 'http://127.0.0.1:1' })],
  ['a sandboxed page', (ours) => ({ ...ours, origin: 'null' })],
  ['a sister site by its own word', (ours) => ({ ...ours, 'sec-fetch-site': 'same-site' })],
  [
    'another site by the browser’s word',
    ({ 'x-requested-with': header = '' }) => ({ 'x-requested-with': header, 'sec-fetch-site': 'cross-site' }),
  ],
  ['a form, which cannot set a header', ({ origin = '' }) => ({ origin })],
  ['a header of another value', (ours) => ({ ...ours, 'x-requested-with': 'XMLHttpRequest' })],
  ['somebody who says nothing of where the page is from', () => ({ 'x-requested-with': 'jingban' })],
])('refuses a write of %s', async (_who, change) => {
  const answer = await file(change(own()));
  expect([answer.status, await codeOf(answer)]).toEqual([403, 'CSRF']);
});

it('refuses a foreign log-out, and lets reads pass', async () => {
  const out = await person.visit('/auth/logout', { method: 'POST', headers: { origin: 'https://evil.example' } });
  expect(await codeOf(out)).toBe('CSRF');
  expect((await person.visit('/api/v1/me')).status).toBe(200);
});

it('writes refusals of known people down', async () => {
  await file({ origin: 'https://evil.example' });
  await console_.restart();
  const { rows } = await console_.office.deps.db.query(
    `SELECT user_id, route FROM access_log WHERE code = 'CSRF' AND route = '/api/v1/cases'`,
  );
  expect(rows).toContainEqual({ user_id: 's-town1.clerk', route: '/api/v1/cases' });
});

it('takes either a session or a token, and asks no preflight’s question', async () => {
  const both = await person.visit('/api/v1/me', { headers: { authorization: 'Bearer x.y.z' } });
  expect([both.status, await codeOf(both)]).toEqual([400, 'AMBIGUOUS_LOGIN']);
  const preflight = await fetch(`${console_.url}/api/v1/cases`, {
    method: 'OPTIONS',
    headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
  });
  expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([405, null]);
});

it('needs no such header of a bearer token, which no other site can make a browser send', async () => {
  const { access_token: token } = (await (
    await fetch(`${console_.issuer.url}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'password',
        client_id: 'jingban',
        username: 'town1.clerk',
        password: 'jingban-demo',
      }),
    })
  ).json()) as { access_token: string };
  const answer = await fetch(`${console_.url}/auth/logout`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
  });
  expect(await answer.json()).toEqual({ ended: false, endSessionUrl: null });
});

describe('cookies', () => {
  it('are bound to this very host wherever there is TLS', () => {
    const names = cookieNames('https://jingban.example.org');
    expect(names).toEqual({ session: '__Host-jingban_session', login: '__Host-jingban_login', secure: true });
    expect(setCookie(names.session, 'x', { secure: true, sameSite: 'Strict' })).toBe(
      '__Host-jingban_session=x; Path=/; HttpOnly; SameSite=Strict; Secure',
    );
  });

  it('that come twice are not taken at all', async () => {
    expect([...readCookies('a=1; b=2; a=3; c')]).toEqual([['b', '2']]);
    const secret = person.cookies.get('jingban_session') ?? '';
    const answer = await fetch(`${console_.url}/api/v1/me`, {
      headers: { cookie: `jingban_session=${secret}; jingban_session=${'p'.repeat(43)}` },
    });
    expect(answer.status).toBe(401);
  });
});
