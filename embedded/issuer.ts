import { createHash, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import Provider, { errors } from 'oidc-provider';
import type { TokenRequest } from 'oidc-provider';
import { CLIENT_ID, DEMO_PASSWORD, DEMO_SERVICE_SECRET } from './demo-login.ts';
import { StartProblem } from './problem.ts';
import { loginPage, logoutPages } from './login-page.ts';

/** Someone who may log in. `sub` is what the API knows the person by. */
export type Account = { username: string; sub: string; name: string };

export type IssuerOptions = {
  port: number;
  /** Keeps the signing key, so that tokens stay good over a restart. */
  dataFolder: string;
  audience: string;
  nodeEnv: string;
  /**
   * Counts the attempt and says who it is: undefined for a wrong password, a name nobody has, a closed account and a locked one.
   * The caller is told no more than that.
   */
  logIn: (username: string, passwordIsRight: boolean) => Promise<Account | undefined>;
  /** Resolves to undefined for an account that is closed. */
  findAccount: (sub: string) => Promise<Account | undefined>;
  /** Where the console is: it is called back at `/auth/callback` after a login and at `/` after a logout. */
  publicUrl: string;
  /** Ids of the clients that are programs; their tokens have the id as `sub`. */
  services: readonly string[];
};

export type Issuer = { url: string; close: () => Promise<void> };

const TOKEN_SECONDS = 8 * 60 * 60; // a working day at the window

/**
 * A real OIDC issuer on 127.0.0.1 for the embedded default: discovery, keys, authorisation code with PKCE and logout for a
 * browser, client credentials for programs, and the password grant, so that a token is one curl away. Access tokens are RS256
 * JWTs with `sub`, and for people `name`, `preferred_username`.
 * Refuses to start with `StartProblem` when NODE_ENV is production: everybody knows the password.
 */
export const createIssuer = async (options: IssuerOptions): Promise<Issuer> => {
  if (options.nodeEnv === 'production') throw refusedInProduction();
  const url = `http://127.0.0.1:${options.port}`;
  const provider = new Provider(url, await configuration(options));
  provider.registerGrantType('password', (request) => passwordGrant(provider, options, request), [
    'username',
    'password',
  ]);
  provider.on('server_error', (_context, error) => console.error(error));

  const logIn = loginPage(provider, (username, password) => authenticate(options, username, password));
  const others = provider.callback();
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/interaction/')) void logIn(request, response);
    else others(request, response);
  });
  await listen(server, options.port);
  return { url, close: () => closeServer(server) };
};

const refusedInProduction = (): StartProblem =>
  new StartProblem(
    '内置登录服务的演示密码人人皆知,NODE_ENV=production 时不启动;请设置 OIDC_ISSUER 指向正式的统一身份认证',
    'the embedded issuer has a password everybody knows and refuses NODE_ENV=production: set OIDC_ISSUER to a real provider',
  );

const configuration = async (options: IssuerOptions): Promise<object> => {
  const information = resourceInformation(options.audience);
  return {
    jwks: { keys: [await signingKey(join(options.dataFolder, 'issuer-key.json'))] },
    clients: [
      {
        client_id: CLIENT_ID,
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'password'],
        response_types: ['code'],
        redirect_uris: [new URL('/auth/callback', options.publicUrl).href],
        post_logout_redirect_uris: [new URL('/', options.publicUrl).href],
      },
      ...options.services.map((client_id) => ({
        client_id,
        client_secret: DEMO_SERVICE_SECRET,
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
      })),
    ],
    pkce: { required: () => true },
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'] },
    findAccount: async (_context: unknown, sub: string) => {
      const account = await options.findAccount(sub);
      return account && { accountId: sub, claims: () => claimsOf(account) };
    },
    extraTokenClaims: async (_context: unknown, { accountId }: { accountId?: string }) => {
      // A program's token has no account: its client is all there is to say.
      const account = accountId === undefined ? undefined : await options.findAccount(accountId);
      return account && claimsOf(account);
    },
    interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    // Our own console is not somebody else's application: whoever logs in has nothing more to consent to.
    loadExistingGrant: async (context: GrantContext) => {
      const grant = new context.oidc.provider.Grant({
        clientId: context.oidc.client.clientId,
        accountId: context.oidc.session.accountId,
      });
      grant.addOIDCScope('openid profile');
      grant.addResourceScope(options.audience, 'api');
      await grant.save();
      return grant;
    },
    features: {
      clientCredentials: { enabled: true },
      // The pages that come with it fetch a font from the internet.
      rpInitiatedLogout: { enabled: true, ...logoutPages },
      devInteractions: { enabled: false }, // they let everybody in with any password
      resourceIndicators: {
        enabled: true,
        defaultResource: () => options.audience,
        useGrantedResource: () => true,
        getResourceServerInfo: () => information,
      },
    },
    ttl: {
      AccessToken: TOKEN_SECONDS,
      IdToken: TOKEN_SECONDS,
      Session: TOKEN_SECONDS,
      Grant: TOKEN_SECONDS,
      Interaction: 3600,
    },
    clockTolerance: 60,
  };
};

type GrantContext = { oidc: { provider: Provider; client: { clientId: string }; session: { accountId: string } } };

const claimsOf = ({ sub, name, username }: Account) => ({ sub, name, preferred_username: username });

const resourceInformation = (audience: string): object => ({
  scope: 'api',
  audience,
  accessTokenTTL: TOKEN_SECONDS,
  accessTokenFormat: 'jwt',
  jwt: { sign: { alg: 'RS256' } },
});

const passwordGrant = async (provider: Provider, options: IssuerOptions, request: TokenRequest): Promise<void> => {
  const { username, password } = request.oidc.params;
  const account = await authenticate(options, String(username ?? ''), String(password ?? ''));
  if (account === undefined) throw new errors.InvalidGrant('wrong username or password');
  const token = new provider.AccessToken({ accountId: account.sub, client: request.oidc.client, gty: 'password' });
  token.resourceServer = new provider.ResourceServer(options.audience, resourceInformation(options.audience));
  const value = await token.save();
  request.body = { access_token: value, token_type: 'Bearer', expires_in: token.expiration };
};

const authenticate = (options: IssuerOptions, username: string, password: string): Promise<Account | undefined> => {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return options.logIn(username, timingSafeEqual(digest(password), digest(DEMO_PASSWORD)));
};

const signingKey = async (file: string): Promise<object> => {
  if (!existsSync(file)) {
    const { privateKey } = await generateKeyPair('RS256', { extractable: true });
    const key = { ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig' };
    writeFileSync(file, JSON.stringify(key), { mode: 0o600 });
  }
  return JSON.parse(readFileSync(file, 'utf8')) as object;
};

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });

const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
