import { z } from 'zod';
import { Refusal } from '../../domain/refusal.ts';
import { findAccount } from '../accounts.ts';
import { cookieNames, setCookie } from '../identity/cookies.ts';
import { LOGIN_SECONDS, type Login } from '../identity/login.ts';
import type { LiveSession } from '../identity/sessions.ts';
import { instantText } from '../instant.ts';
import { defineRoute, type Answer } from '../route.ts';
import { instant } from '../schemas.ts';

const TAG = '登录 / login';

/** A path of this system: one slash, no second one and no backslash behind it, which browsers take for the beginning of a host. */
const localPath = z
  .string()
  .max(500)
  .regex(
    /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/,
    '只能是本系统的路径，如 /cases / must be a path of this system, such as /cases',
  )
  .meta({ description: 'path of this system to go on to; default /' });

const word = z.string().max(500).optional();
/** What issuers send back, and nothing besides: RFC 6749 §4.1.2, RFC 9207, OpenID Connect Session Management. */
const callbackQuery = z.strictObject({
  code: z.string().max(2_000).optional(),
  state: word,
  iss: word,
  session_state: word,
  error: word,
  error_description: word,
  error_uri: word,
});

const sessionTimes = z
  .strictObject({ since: instant, idleEndsAt: instant, absoluteEndsAt: instant })
  .meta({ id: 'Session' });
const timesOf = (session: LiveSession): z.output<typeof sessionTimes> => ({
  since: instantText(session.createdAt),
  idleEndsAt: instantText(session.idleEndsAt),
  absoluteEndsAt: instantText(session.absoluteEndsAt),
});

/**
 * The browser came from the issuer, another site, and sends no Strict cookie along until a page of ours has been loaded: so it is
 * answered with one, which goes on by itself.
 */
const goOn = (to: string): string => {
  const address = to.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return `<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta http-equiv="refresh" content="0;url=${address}">
<title>经办</title>
<p><a href="${address}">继续 / continue</a></p>
</html>
`;
};

/** The console's login; mounted when it has a client at the issuer (OIDC_CLIENT_ID). */
export const sessionRoutes = (login: Login) => [
  defineRoute({
    method: 'get',
    path: '/auth/login',
    id: 'logIn',
    tag: TAG,
    summary: { zh: '登录：转到统一身份认证', en: 'log in: on to the issuer' },
    action: 'LOG_IN',
    query: z.strictObject({ returnTo: localPath.optional() }),
    answer: { status: 302, summary: { zh: '转到签发者', en: 'on to the issuer' }, mediaTypes: ['text/html'] },
    async handle(deps, { query }) {
      const { url, transaction } = await login.begin(query.returnTo ?? '/');
      const names = cookieNames(deps.config.publicUrl);
      const { secure } = names;
      const cookie = setCookie(names.login, transaction, { secure, sameSite: 'Lax', maxAgeSeconds: LOGIN_SECONDS });
      return { headers: { Location: url, 'Set-Cookie': cookie }, html: '' };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/auth/callback',
    id: 'finishLogin',
    tag: TAG,
    summary: { zh: '登录完成：由统一身份认证转回', en: 'back from the issuer' },
    action: 'LOG_IN',
    query: callbackQuery,
    answer: { status: 200, summary: { zh: '已登录', en: 'logged in' }, mediaTypes: ['text/html'] },
    async handle(deps, { query, cookies }): Promise<Answer> {
      const names = cookieNames(deps.config.publicUrl);
      const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
      const { subject, returnTo } = await login.finish(Object.fromEntries(given), cookies.get(names.login));
      const user = await findAccount(deps.db, subject);
      if (!user || user.service)
        throw new Refusal('NOT_PERMITTED', [{ zh: '该账号未登记或已停用', en: 'this account is unknown or disabled' }]);
      const { token } = await deps.sessions.begin(user.id, cookies.get(names.session));
      const { secure } = names;
      return {
        headers: {
          'Set-Cookie': [
            setCookie(names.session, token, { secure, sameSite: 'Strict' }),
            setCookie(names.login, '', { secure, sameSite: 'Lax', maxAgeSeconds: 0 }),
          ],
        },
        html: goOn(returnTo),
      };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/auth/session',
    id: 'session',
    tag: TAG,
    summary: { zh: '登录会话：何人、何时到期', en: 'the session: who, and when it ends' },
    action: 'OWN_ACCOUNT',
    passive: true,
    answer: {
      status: 200,
      summary: { zh: '当前登录人；用令牌访问时 session 为空', en: 'who; session is null for a bearer token' },
      schema: z.strictObject({ id: z.string(), name: z.string(), session: sessionTimes.nullable() }),
    },
    async handle(_deps, { user, session }) {
      return { json: { id: user.id, name: user.name, session: session ? timesOf(session) : null } };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/auth/logout',
    id: 'logOut',
    tag: TAG,
    summary: { zh: '退出登录', en: 'log out' },
    action: 'OWN_ACCOUNT',
    passive: true,
    answer: {
      status: 200,
      summary: {
        zh: '会话已结束；endSessionUrl 为统一身份认证的退出地址',
        en: 'the session has ended; endSessionUrl is where the issuer’s own session ends',
      },
      schema: z.strictObject({ ended: z.boolean(), endSessionUrl: z.string().nullable() }),
    },
    async handle(deps, { session }) {
      if (!session) return { json: { ended: false, endSessionUrl: null } };
      await deps.sessions.end(session.sessionId, 'LOGOUT');
      const { session: name, secure } = cookieNames(deps.config.publicUrl);
      return {
        headers: {
          'Set-Cookie': setCookie(name, '', { secure, sameSite: 'Strict', maxAgeSeconds: 0 }),
          'Clear-Site-Data': '"cache", "cookies", "storage"',
        },
        json: { ended: true, endSessionUrl: (await login.endSessionUrl()) ?? null },
      };
    },
  }),
];
