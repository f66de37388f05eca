import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { createLocalJWKSet, createRemoteJWKSet, jwtVerify } from 'jose';
import type { JWK } from 'jose';
import { z } from 'zod';
import { DEMO_PASSWORD } from '../../embedded/demo-login.ts';
import { createIssuer } from '../../embedded/issuer.ts';
import type { Account, Issuer } from '../../embedded/issuer.ts';
import { findFreePorts } from '../../embedded/ports.ts';

const audience = 'urn:jingban:api';
const clerk: Account = { username: 'zhang.clerk', sub: 'staff-1', name: '张经办' };
const closed = new Set<string>();

let dataFolder: string;
let port: number;
let issuer: Issuer;

const start = (onPort = port, nodeEnv = 'test'): Promise<Issuer> =>
  createIssuer({
    ...{ port: onPort, dataFolder, audience, nodeEnv, publicUrl: `http://127.0.0.1:${port}`, services: ['svc.demo'] },
    logIn: async (username, passwordIsRight) =>
      passwordIsRight && username === clerk.username && !closed.has(username) ? clerk : undefined,
    findAccount: async (sub) => (sub === clerk.sub && !closed.has(clerk.username) ? clerk : undefined),
  });

beforeAll(async () => {
  jest.spyOn(console, 'warn').mockReturnValue(undefined); // oidc-provider warns of Node 20 and of its store in memory
  dataFolder = mkdtempSync(join(tmpdir(), 'jingban-issuer-'));
  port = await findFreePorts(1);
  issuer = await start();
});

afterEach(() => closed.clear());

afterAll(async () => {
  await issuer.close();
  rmSync(dataFolder, { recursive: true });
});

const answer = z.object({ access_token: z.string(), token_type: z.string(), expires_in: z.number() });

const requestToken = (username: string, password: string): Promise<Response> => {
  const body = new URLSearchParams({ grant_type: 'password', client_id: 'jingban', username, password });
  return fetch(`${issuer.url}/token`, { method: 'POST', body });
};

const getToken = async (): Promise<string> =>
  answer.parse(await (await requestToken(clerk.username, DEMO_PASSWORD)).json()).access_token;

const verify = async (token: string) => {
  const discovery = await fetch(`${issuer.url}/.well-known/openid-configuration`);
  const { jwks_uri: keys } = z.object({ jwks_uri: z.string() }).parse(await discovery.json());
  return jwtVerify(token, createRemoteJWKSet(new URL(keys)), { issuer: issuer.url, audience });
};

describe('the local issuer', () => {
  it('hands out a token for eight hours that an API can verify by discovery alone', async () => {
    const response = await requestToken(clerk.username, DEMO_PASSWORD);
    expect(response.status).toBe(200);
    const { access_token: token, token_type: type, expires_in: seconds } = answer.parse(await response.json());
    expect([type, seconds]).toEqual(['Bearer', 8 * 60 * 60]);
    const { payload, protectedHeader } = await verify(token);
    expect(protectedHeader.alg).toBe('RS256');
    expect(payload).toMatchObject({ sub: 'staff-1', name: '张经办', preferred_username: 'zhang.clerk' });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(8 * 60 * 60);
  });

  it.each([
    ['a wrong password', clerk.username, 'not the password'],
    ['an unknown user', 'nobody', DEMO_PASSWORD],
    ['no password at all', clerk.username, ''],
  ])('refuses %s', async (_what, username, password) => {
    const response = await requestToken(username, password);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: 'invalid_grant' });
  });

  it('refuses an account that was closed', async () => {
    closed.add(clerk.username);
    expect((await requestToken(clerk.username, DEMO_PASSWORD)).status).toBe(400);
  });

  it('keeps its key in the data folder, so that a token stays good when the issuer is started again', async () => {
    const token = await getToken();
    const again = await start(await findFreePorts(1));
    const { keys } = z.object({ keys: z.array(z.unknown()) }).parse(await (await fetch(`${again.url}/jwks`)).json());
    await again.close();
    const known = createLocalJWKSet({ keys: keys as JWK[] });
    await expect(jwtVerify(token, known, { issuer: issuer.url, audience })).resolves.toBeDefined();
  });

  it('lets a browser log in by authorisation code with PKCE, and not without', async () => {
    const request = {
      client_id: 'jingban',
      response_type: 'code',
      redirect_uri: `http://127.0.0.1:${port}/auth/callback`,
    };
    const plain = await fetch(`${issuer.url}/auth?${new URLSearchParams({ ...request, scope: 'openid' })}`, {
      redirect: 'manual',
    });
    expect(plain.headers.get('location')).toContain('error=invalid_request');

    const tokens = await logInWithBrowser(issuer.url, request);
    const { payload } = await verify(tokens.access_token);
    expect(payload.sub).toBe('staff-1');
  });

  it('does not start where NODE_ENV is production, because everybody knows the password', async () => {
    await expect(start(port, 'production')).rejects.toThrow('OIDC_ISSUER');
  });
});

/** What a browser does: follow redirects with cookies, fill in the form, come back with a code and exchange it. */
const logInWithBrowser = async (url: string, request: Record<string, string>) => {
  const verifier = 'a'.repeat(43);
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  const challenge = Buffer.from(digest).toString('base64url');
  const cookies = new Map<string, string>();
  const visit = async (path: string, form?: Record<string, string>): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const body = form && new URLSearchParams(form);
    const response = await fetch(new URL(path, url), {
      method: form ? 'POST' : 'GET',
      body,
      headers: { cookie },
      redirect: 'manual',
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    return response;
  };
  const query = new URLSearchParams({
    ...request,
    scope: 'openid',
    code_challenge: challenge,
    code_challenge_method: 'S256',
  });
  const loginPath = (await visit(`/auth?${query}`)).headers.get('location') ?? '';
  expect(await (await visit(loginPath)).text()).toContain('密码');
  expect((await visit(loginPath, { username: clerk.username, password: 'wrong' })).status).toBe(401);
  const resumed = await visit(loginPath, { username: clerk.username, password: DEMO_PASSWORD });
  const back = (await visit(resumed.headers.get('location') ?? '')).headers.get('location') ?? '';
  const code = new URL(back).searchParams.get('code') ?? '';
  const { client_id: clientId = '', redirect_uri: redirectUri = '' } = request;
  const exchange = {
    grant_type: 'authorization_code',
    client_id: clientId,
    redirect_uri: redirectUri,
    code,
    code_verifier: verifier,
  };
  return answer.parse(await (await visit('/token', exchange)).json());
};
