import { createHmac, timingSafeEqual } from 'node:crypto';
import * as client from 'openid-client';
import { z } from 'zod';
import { Refusal } from '../../domain/refusal.ts';
import { discover } from './discovery.ts';
import { isOutage } from '../outage.ts';
import { IssuerUnreachable } from './issuer-keys.ts';

export interface LoginSettings {
  oidcIssuer: string;
  oidcClientId: string;
  oidcClientSecret?: string | undefined;
  publicUrl: string;
  /** what the transaction cookie is signed with is derived from it */
  databaseUrl: string;
}

/** How long somebody may take at the issuer's page, in seconds. */
export const LOGIN_SECONDS = 10 * 60;
const CALLBACK = '/auth/callback';

/** The code flow of the console (RFC 6749, PKCE of RFC 7636, OpenID Connect Core §3.1). */
export interface Login {
  /** Where to send the browser, and what it must bring back in the transaction cookie. Throws NOT_AVAILABLE. */
  begin(returnTo: string): Promise<{ url: string; transaction: string }>;
  /**
   * The subject the issuer vouches for, and where the person wanted to go. Refuses with LOGIN_FAILED whatever does not fit the
   * transaction (another state, nonce, verifier, a late or a second answer) and what the issuer itself refused.
   */
  finish(
    answer: Record<string, string>,
    transaction: string | undefined,
  ): Promise<{ subject: string; returnTo: string }>;
  /** Where the browser ends the issuer's own session, when the issuer has such a place and can be reached. */
  endSessionUrl(): Promise<string | undefined>;
}

export function createLogin(settings: LoginSettings, now: () => number): Login {
  const seal = createSeal(settings.databaseUrl);
  const configuration = (): Promise<client.Configuration> =>
    configure(settings).catch((problem: unknown) => {
      throw new IssuerUnreachable(problem);
    });
  const address = new URL(CALLBACK, settings.publicUrl).href;
  return {
    async begin(returnTo) {
      const config = await configuration();
      const [state, nonce, verifier] = [client.randomState(), client.randomNonce(), client.randomPKCECodeVerifier()];
      const url = client.buildAuthorizationUrl(config, {
        redirect_uri: address,
        scope: 'openid',
        response_type: 'code',
        state,
        nonce,
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      });
      const expiresAt = now() + LOGIN_SECONDS * 1000;
      return { url: url.href, transaction: seal.close({ state, nonce, verifier, returnTo, expiresAt }) };
    },
    async finish(answer, sealed) {
      const transaction = sealed === undefined ? undefined : seal.open(sealed);
      if (!transaction || transaction.expiresAt <= now()) throw loginFailed('登录请求已失效', 'this login has expired');
      const config = await configuration();
      const url = new URL(address);
      for (const [name, value] of Object.entries(answer)) url.searchParams.set(name, value);
      const tokens = await client
        .authorizationCodeGrant(config, url, {
          pkceCodeVerifier: transaction.verifier,
          expectedState: transaction.state,
          expectedNonce: transaction.nonce,
          idTokenExpected: true,
        })
        .catch((problem: unknown) => {
          throw isIssuerAway(problem)
            ? new IssuerUnreachable(problem)
            : loginFailed('登录未完成', 'the login was not completed', problem);
        });
      const subject = tokens.claims()?.sub;
      if (subject === undefined) throw loginFailed('登录未完成', 'the login was not completed');
      return { subject, returnTo: transaction.returnTo };
    },
    async endSessionUrl() {
      // Logging out of the agency must work while the issuer is away.
      const config = await configure(settings).catch(() => undefined);
      if (config?.serverMetadata().end_session_endpoint === undefined) return undefined;
      return client.buildEndSessionUrl(config, {
        client_id: settings.oidcClientId,
        post_logout_redirect_uri: new URL('/', settings.publicUrl).href,
      }).href;
    },
  };
}

/** The cause is for the log: a wrong secret or redirect address is the operator's mistake, and only there can it be seen. */
const loginFailed = (zh: string, en: string, cause?: unknown): Refusal =>
  Object.assign(new Refusal('LOGIN_FAILED', [{ zh, en }]), { cause });

/** What openid-client says of an issuer that answered nonsense or too late. */
const NO_ANSWER = ['OAUTH_TIMEOUT', 'OAUTH_RESPONSE_IS_NOT_CONFORM', 'OAUTH_RESPONSE_IS_NOT_JSON'];
const ISSUERS_TROUBLE = ['server_error', 'temporarily_unavailable'];

/** The issuer could not answer: an outage. It refused, or its answer does not fit what was asked: the caller's matter. */
function isIssuerAway(problem: unknown): boolean {
  if (problem instanceof client.AuthorizationResponseError || problem instanceof client.ResponseBodyError)
    return ISSUERS_TROUBLE.includes(problem.error);
  if (problem instanceof client.ClientError) return NO_ANSWER.includes(problem.code ?? '') || isOutage(problem.cause);
  return isOutage(problem);
}

/** Asked anew for every login: there are few, and what the issuer has changed holds at once. */
async function configure(settings: LoginSettings): Promise<client.Configuration> {
  const { jwks_uri, authorization_endpoint, token_endpoint, end_session_endpoint } = await discover(
    settings.oidcIssuer,
  );
  const { oidcClientId, oidcClientSecret } = settings;
  const authentication = oidcClientSecret === undefined ? client.None() : client.ClientSecretPost(oidcClientSecret);
  const config = new client.Configuration(
    {
      issuer: settings.oidcIssuer,
      jwks_uri,
      ...(authorization_endpoint === undefined ? {} : { authorization_endpoint }),
      ...(token_endpoint === undefined ? {} : { token_endpoint }),
      ...(end_session_endpoint === undefined ? {} : { end_session_endpoint }),
    },
    oidcClientId,
    { [client.clockTolerance]: 30 },
    authentication,
  );
  config.timeout = 5;
  // The ID token comes over TLS from the issuer itself; its signature is checked all the same.
  client.enableNonRepudiationChecks(config);
  // Without TLS only the issuer on one's own machine (config/identity.ts refuses it in production).
  if (settings.oidcIssuer.startsWith('http:')) client.allowInsecureRequests(config);
  return config;
}

const transactionShape = z.strictObject({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  returnTo: z.string(),
  expiresAt: z.number(),
});
type Transaction = z.output<typeof transactionShape>;

/** Signed, so that nobody can hand a browser a transaction of their own making and have it finished there (login CSRF). */
function createSeal(secret: string) {
  const key = createHmac('sha256', secret).update('jingban login transaction').digest();
  const sign = (body: string): Buffer => createHmac('sha256', key).update(body).digest();
  return {
    close(transaction: Transaction): string {
      const body = Buffer.from(JSON.stringify(transaction)).toString('base64url');
      return `${body}.${sign(body).toString('base64url')}`;
    },
    open(text: string): Transaction | undefined {
      const [body = '', signature = ''] = text.split('.');
      const given = Buffer.from(signature, 'base64url');
      const right = sign(body);
      if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
      return transactionShape.parse(JSON.parse(Buffer.from(body, 'base64url').toString()));
    },
  };
}
