import type { IncomingMessage } from 'node:http';
import type pg from 'pg';
import type { User } from '../../domain/case.ts';
import { Refusal } from '../../domain/refusal.ts';
import { findAccount } from '../accounts.ts';
import { bearerToken, verifyBearer, type BearerSettings, type TokenSubject } from './bearer.ts';
import { cookieNames, readCookies } from './cookies.ts';
import { refuseForgery } from './csrf.ts';
import { createIssuerKeys, type IssuerSettings } from './issuer-keys.ts';
import type { LiveSession, Sessions } from './sessions.ts';

/** Who is asking; `session` when it is a person at the console, missing for a bearer token. */
export interface Caller {
  user: User;
  session?: LiveSession;
}

export type RequestHead = Pick<IncomingMessage, 'headers' | 'headersDistinct' | 'method'>;

/**
 * Says who is asking, from the session's cookie or the bearer token. Refuses with NOT_AUTHENTICATED, TOKEN_EXPIRED,
 * AMBIGUOUS_LOGIN when both are there, CSRF, or NOT_PERMITTED for an account that is closed. `touch`: the request is the
 * person's own doing and keeps the session from falling idle. `known` is told who it is before anything else is refused, so that
 * the refusal can be written down.
 */
export type Authenticate = (request: RequestHead, touch?: boolean, known?: (caller: Caller) => void) => Promise<Caller>;

export type AuthSettings = BearerSettings & IssuerSettings & { publicUrl: string };

export function createAuthentication(
  db: pg.Pool,
  settings: AuthSettings,
  sessions: Sessions,
  now: () => number,
): Authenticate {
  const keys = createIssuerKeys(settings, now);
  const names = cookieNames(settings.publicUrl);
  return async (request, touch = true, known = () => undefined) => {
    const { headers, headersDistinct, method = 'GET' } = request;
    const cookie = readCookies(headers.cookie).get(names.session);
    // Node keeps the first of several such headers and a proxy may keep the last: then two programs see two people.
    const [authorization, ...others] = headersDistinct['authorization'] ?? [];
    if (others.length > 0) throw new Refusal('NOT_AUTHENTICATED');
    if (cookie !== undefined && authorization !== undefined) throw new Refusal('AMBIGUOUS_LOGIN');
    if (cookie !== undefined) {
      const found = await sessions.find(cookie, touch);
      known(found);
      refuseForgery(method, headers, settings.publicUrl);
      return found;
    }
    const token = bearerToken(authorization ?? '');
    const caller = { user: await bearerOf(db, await verifyBearer(token, keys, settings, now())) };
    known(caller);
    return caller;
  };
}

async function bearerOf(db: pg.Pool, { login, clientId }: TokenSubject): Promise<User> {
  const user = await findAccount(db, login);
  if (!user)
    throw new Refusal('NOT_PERMITTED', [{ zh: '该账号未登记或已停用', en: 'this account is unknown or disabled' }]);
  // A token a program got for itself is not a person's, and a person's is not a program's, whatever the issuer calls them.
  if (clientId !== undefined && (clientId === login) !== (user.service === true))
    throw new Refusal('NOT_AUTHENTICATED');
  return user;
}
