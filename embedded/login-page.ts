import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import type { Account } from './issuer.ts';

type Authenticate = (username: string, password: string) => Promise<Account | undefined>;

const LONGEST_FORM_BYTES = 10_000;

/** The one page of the local issuer: user name and password, shown when a browser is sent here to log in. */
export const loginPage =
  (provider: Provider, authenticate: Authenticate) =>
  async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      await provider.interactionDetails(request, response); // throws when nobody asked for this login
      if (request.method !== 'POST') return show(response, 200, '');
      const form = new URLSearchParams(await readBody(request));
      const account = await authenticate(form.get('username') ?? '', form.get('password') ?? '');
      if (account === undefined) return show(response, 401, '用户名或密码不正确 / wrong user name or password');
      await provider.interactionFinished(request, response, { login: { accountId: account.sub } });
    } catch {
      show(response, 400, '登录请求已失效,请从系统页面重新登录 / this login has expired, please start again');
    }
  };

const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > LONGEST_FORM_BYTES) throw new Error('the form is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

const show = (response: ServerResponse, status: number, message: string): void => {
  response.writeHead(status, HEADERS);
  response.end(
    page(`<h1>登录</h1>
<p role="alert">${message}</p>
<form method="post">
<label>用户名 <input name="username" autocomplete="username" required autofocus></label>
<label>密码 <input name="password" type="password" autocomplete="current-password" required></label>
<button>登录</button>
</form>`),
  );
};

/** The page that asks whether to log out, and the one that says it is done; `form` comes from the provider and holds its token. */
export const logoutPages = {
  logoutSource: (context: PageContext, form: string): void =>
    answer(
      context,
      `<h1>退出登录</h1>${form}<button form="op.logoutForm" name="logout" value="yes" autofocus>退出</button>`,
    ),
  postLogoutSuccessSource: (context: PageContext): void => answer(context, '<h1>已退出 / logged out</h1>'),
};

interface PageContext {
  set(headers: Record<string, string>): void;
  body: unknown;
}

const answer = (context: PageContext, content: string): void => {
  context.set(HEADERS);
  context.body = page(content);
};

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
};

const page = (content: string): string => `<!doctype html>
<html lang="zh-CN">
<title>登录 · 经办</title>
<style>body{font-family:sans-serif;max-width:20rem;margin:15vh auto}label,button{display:block;margin:1rem 0}input{width:100%}</style>
${content}
</html>`;
