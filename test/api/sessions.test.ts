import { jest } from '@jest/globals';
import { Browser, locationOf, openConsole, type Console } from './console.ts';

/** The console's login and its sessions, with cookies by hand against the real embedded issuer. */

const MINUTE = 60_000;
let console_: Console;
beforeAll(async () => {
  jest.spyOn(console, 'warn').mockReturnValue(undefined); // oidc-provider warns of Node 20 and of its store in memory
  console_ = await openConsole();
});
beforeEach(() => (console_.clock.aheadMs = 0));
afterAll(() => console_?.close());

const db = () => console_.office.deps.db;
const browser = (): Browser => new Browser(console_.url);
const codeOf = async (response: Response): Promise<string> => ((await response.json()) as { code: string }).code;
const session = 'jingban_session';

async function loggedIn(username = 'town1.clerk'): Promise<Browser> {
  const person = browser();
  expect((await person.logIn(username)).status).toBe(200);
  return person;
}

describe('logging in', () => {
  it('goes over the issuer by code, PKCE, state and nonce, and comes back with a cookie no script can read', async () => {
    const person = browser();
    const begun = await person.visit('/auth/login?returnTo=/cases');
    expect(begun.status).toBe(302);
    const asked = new URL(locationOf(begun));
    expect(asked.origin).toBe(console_.issuer.url);
    expect(Object.fromEntries(asked.searchParams)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/) as string,
      state: expect.stringMatching(/^[\w-]{43}$/) as string,
      nonce: expect.stringMatching(/^[\w-]{43}$/) as string,
      redirect_uri: `${console_.url}/auth/callback`,
    });
    expect(begun.headers.get('set-cookie')).toMatch(/^jingban_login=.*HttpOnly; SameSite=Lax; Max-Age=600$/);

    const page = await person.logIn('town1.clerk', { returnTo: '/cases?stage=REVIEW' });
    const [kept = '', gone = ''] = page.headers.getSetCookie();
    expect(kept).toMatch(/^jingban_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(gone).toMatch(/^jingban_login=; .*Max-Age=0$/);
    // A redirect would be the issuer's navigation still, and the Strict cookie would stay behind.
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('http-equiv="refresh" content="0;url=/cases?stage=REVIEW"');
    expect(page.headers.get('cache-control')).toBe('no-store');

    const me = await person.visit('/api/v1/me');
    expect(await me.json()).toMatchObject({ id: 's-town1.clerk', roles: ['TOWNSHIP_CLERK'] });
  });

  it('stores the hash of the secret only, and that of 256 random bits', async () => {
    const person = await loggedIn();
    const { rows } = await db().query<{ row: string }>('SELECT to_jsonb(s)::text AS row FROM session s');
    const secret = person.cookies.get(session) ?? '';
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    expect(rows.some(({ row }) => row.includes(secret))).toBe(false);
    expect(rows.some(({ row }) => row.includes(Buffer.from(secret, 'base64url').toString('hex')))).toBe(false);
  });

  it.each([
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '/%0d%0aX',
    '/a\\b',
    '',
  ])('sends nobody to %j afterwards', async (returnTo) => {
    const answer = await browser().visit(`/auth/login?${new URLSearchParams({ returnTo })}`);
    if (returnTo === '/%0d%0aX') return expect(answer.status).toBe(302); // a path that holds a percent sign is a path
    expect([answer.status, await codeOf(answer)]).toEqual([400, 'BAD_REQUEST']);
  });

  it('writes the place to go on to as text, not as a page', async () => {
    const page = await browser().logIn('town1.clerk', { returnTo: '/"><script>alert(1)</script>' });
    expect(await page.text()).not.toContain('<script>');
  });

  it('takes no answer of the issuer that it did not ask for', async () => {
    const victim = browser();
    await victim.visit('/auth/login');
    const stranger = browser();
    const foreign = await stranger.toCallback('town2.clerk');
    // Somebody else's code in my browser (login CSRF), no transaction at all, an altered one, a second time.
    expect(await codeOf(await victim.visit(foreign))).toBe('LOGIN_FAILED');
    expect(await codeOf(await browser().visit(foreign))).toBe('LOGIN_FAILED');
    const right = stranger.cookies.get('jingban_login') ?? '';
    stranger.cookies.set('jingban_login', `${right.slice(0, -2)}xx`);
    expect(await codeOf(await stranger.visit(foreign))).toBe('LOGIN_FAILED');
    stranger.cookies.set('jingban_login', right);
    expect((await stranger.visit(foreign)).status).toBe(200);
    stranger.cookies.set('jingban_login', right);
    expect(await codeOf(await stranger.visit(foreign))).toBe('LOGIN_FAILED');
    expect(victim.cookies.has(session)).toBe(false);
  });

  it('takes no answer that comes later than ten minutes, and tells a login the issuer refused', async () => {
    const slow = browser();
    const callback = await slow.toCallback('town1.clerk');
    console_.clock.aheadMs = 10 * MINUTE;
    expect(await codeOf(await slow.visit(callback))).toBe('LOGIN_FAILED');
    console_.clock.aheadMs = 0;
    const { state } = Object.fromEntries(new URL(locationOf(await slow.visit('/auth/login'))).searchParams);
    const refused = new URLSearchParams({ error: 'access_denied', state: state ?? '', iss: console_.issuer.url });
    expect(await codeOf(await slow.visit(`/auth/callback?${refused}`))).toBe('LOGIN_FAILED');
  });

  it('gives a new secret to whoever logs in with an old or a planted one (fixation)', async () => {
    const person = await loggedIn('county1.first');
    const before = person.cookies.get(session) ?? '';
    await person.logIn('county1.second');
    expect(person.cookies.get(session)).not.toBe(before);
    const thief = browser();
    thief.cookies.set(session, before);
    expect(await codeOf(await thief.visit('/api/v1/me'))).toBe('NOT_AUTHENTICATED');

    const planted = browser();
    planted.cookies.set(session, 'p'.repeat(43));
    await planted.logIn('county1.approver');
    expect(planted.cookies.get(session)).not.toBe('p'.repeat(43));
    thief.cookies.set(session, 'p'.repeat(43));
    expect(await codeOf(await thief.visit('/api/v1/me'))).toBe('NOT_AUTHENTICATED');
  });

  it('ends the session somebody has elsewhere, also when two logins come at the same moment', async () => {
    const [first, second] = [await loggedIn('city.leader'), browser()];
    await second.logIn('city.leader');
    expect((await first.visit('/api/v1/me')).status).toBe(401);
    const [a, b] = [browser(), browser()];
    const callbacks = [await a.toCallback('city.leader'), await b.toCallback('city.leader')];
    await Promise.all([a.visit(callbacks[0] ?? ''), b.visit(callbacks[1] ?? '')]);
    const statuses = await Promise.all([a, b].map(async (each) => (await each.visit('/api/v1/me')).status));
    expect(statuses.sort()).toEqual([200, 401]);
    const { rows } = await db().query<{ open: number }>(
      `SELECT count(*)::int AS open FROM session WHERE staff_id = 's-city.leader' AND ended_at IS NULL`,
    );
    expect(rows).toEqual([{ open: 1 }]);
  });
});

describe('the life of a session', () => {
  it('ends after fifteen minutes without activity, and not while something is done', async () => {
    const person = await loggedIn();
    for (let minutes = 0; minutes < 60; minutes += 14) {
      console_.clock.aheadMs = minutes * MINUTE;
      expect((await person.visit('/api/v1/me')).status).toBe(200);
    }
    console_.clock.aheadMs += 15 * MINUTE - 1_000;
    expect((await person.visit('/auth/session')).status).toBe(200);
    // Asking how long it lasts is the page's doing, not the person's.
    console_.clock.aheadMs += 2_000;
    const late = await person.visit('/api/v1/me');
    expect([late.status, await codeOf(late)]).toEqual([401, 'TOKEN_EXPIRED']);
    console_.clock.aheadMs = 0;
    expect(await codeOf(await person.visit('/api/v1/me'))).toBe('NOT_AUTHENTICATED');
    const { rows } = await db().query(`SELECT ended_how FROM session ORDER BY session_id DESC LIMIT 1`);
    expect(rows).toEqual([{ ended_how: 'IDLE' }]);
  });

  it('ends after eight hours whatever is done', async () => {
    const person = await loggedIn();
    for (let minutes = 0; minutes < 8 * 60; minutes += 10) {
      console_.clock.aheadMs = minutes * MINUTE;
      expect((await person.visit('/api/v1/me')).status).toBe(200);
    }
    console_.clock.aheadMs = 8 * 60 * MINUTE + 1_000;
    expect(await codeOf(await person.visit('/api/v1/me'))).toBe('TOKEN_EXPIRED');
  });

  it('says who, and when it will end', async () => {
    const person = await loggedIn();
    const told = (await (await person.visit('/auth/session')).json()) as { session: Record<string, string> };
    const at = (name: string): number => Date.parse(told.session[name] ?? '');
    expect(told).toMatchObject({ id: 's-town1.clerk' });
    expect(at('idleEndsAt') - at('since')).toBe(15 * MINUTE);
    expect(at('absoluteEndsAt') - at('since')).toBe(8 * 60 * MINUTE);
  });

  it('outlives a restart, and holds for many requests at once', async () => {
    const person = await loggedIn();
    await console_.restart();
    console_.clock.aheadMs = MINUTE;
    const answers = await Promise.all(Array.from({ length: 40 }, () => person.visit('/api/v1/me')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });

  it('is over with the next request when the account is closed, and follows its roles at once', async () => {
    const person = await loggedIn('county2.manager');
    expect((await person.visit('/api/v1/stuck')).status).toBe(200);
    await db().query(`UPDATE staff SET roles = '{COUNTY_CLERK}' WHERE username = 'county2.manager'`);
    expect((await person.visit('/api/v1/stuck')).status).toBe(403);
    await db().query(`UPDATE staff SET active = false WHERE username = 'county2.manager'`);
    expect(await codeOf(await person.visit('/api/v1/me'))).toBe('NOT_PERMITTED');
    await db().query(`UPDATE staff SET active = true WHERE username = 'county2.manager'`);
    expect(await codeOf(await person.visit('/api/v1/me'))).toBe('NOT_AUTHENTICATED');
  });

  it('ends with a log-out for good, and the issuer’s own session with it', async () => {
    const person = await loggedIn();
    const secret = person.cookies.get(session) ?? '';
    const out = await person.fetch('/auth/logout', { method: 'POST' });
    expect(out.status).toBe(200);
    expect(out.headers.get('clear-site-data')).toBe('"cache", "cookies", "storage"');
    expect(person.cookies.has(session)).toBe(false);
    person.cookies.set(session, secret);
    expect(await codeOf(await person.visit('/api/v1/me'))).toBe('NOT_AUTHENTICATED');
    person.cookies.delete(session);

    // At the issuer the person is still known until its own page has been left too.
    const { endSessionUrl } = (await out.json()) as { endSessionUrl: string };
    const page = await person.visit(endSessionUrl);
    const html = await page.text();
    expect(html).not.toMatch(/https?:\/\/(?!127\.0\.0\.1)/);
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(html)?.[1] ?? '';
    const action = /action="([^"]+)"/.exec(html)?.[1] ?? '';
    const done = await person.visit(action, { form: { xsrf, logout: 'yes' } });
    expect(locationOf(done)).toBe(`${console_.url}/`);
    const again = await person.visit(locationOf(await person.visit('/auth/login')));
    expect(locationOf(again)).toContain('/interaction/');
  });
});
