import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { createApp, type Api } from '../../api/app.ts';
import { attemptLogin } from '../../api/identity/login-attempts.ts';
import { readConfig } from '../../config.ts';
import { CLIENT_ID, DEMO_PASSWORD } from '../../embedded/demo-login.ts';
import { createIssuer, type Account, type Issuer } from '../../embedded/issuer.ts';
import { findFreePorts } from '../../embedded/ports.ts';
import { DEMO_SERVICES } from '../../prisma/seed.ts';
import { TEST_VAULT } from '../support/keys.ts';
import { openOffice, type Office } from '../support/office.ts';

/** The API with the real embedded issuer before it, as `npm start` runs them, on a clock that can be moved. */
export interface Console {
  office: Office;
  issuer: Issuer;
  api: Api;
  url: string;
  /** how far the API's clock is ahead of the real one, in ms */
  clock: { aheadMs: number };
  /** the API again on the same store, as after a restart */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function openConsole(env: NodeJS.ProcessEnv = {}): Promise<Console> {
  const office = await openOffice({ worker: false });
  const { db } = office.deps;
  const folder = await mkdtemp(join(tmpdir(), 'jingban-console-'));
  const [port, issuerPort] = [await findFreePorts(1), await findFreePorts(1)];
  const url = `http://127.0.0.1:${port}`;
  const clock = { aheadMs: 0 };
  const now = (): number => Date.now() + clock.aheadMs;
  const issuer = await createIssuer({
    port: issuerPort,
    dataFolder: folder,
    audience: 'urn:jingban:api',
    nodeEnv: 'test',
    logIn: (username, right) => attemptLogin(db, username, right, now()),
    async findAccount(sub) {
      const { rows } = await db.query<Account>(
        'SELECT username, staff_id AS sub, name FROM staff WHERE staff_id = $1',
        [sub],
      );
      return rows[0];
    },
    publicUrl: url,
    services: DEMO_SERVICES,
  });
  const config = readConfig({
    NODE_ENV: 'test',
    DATABASE_URL: office.databaseUrl,
    TEMPORAL_ADDRESS: office.engine.address,
    OIDC_ISSUER: issuer.url,
    OIDC_AUDIENCE: 'urn:jingban:api',
    OIDC_CLIENT_ID: CLIENT_ID,
    PUBLIC_URL: url,
    FIELD_KEYS: TEST_VAULT.fieldKeys,
    DOCUMENT_FOLDER: folder,
    ...env,
  });
  const start = async (): Promise<{ api: Api; server: Server }> => {
    const api = createApp({ ...office.deps, now, config, log: pino({ level: 'silent' }), checkAnswers: true });
    const server = createServer(api.app);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return { api, server };
  };
  const stop = async ({ api, server }: { api: Api; server: Server }): Promise<void> => {
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
    await api.close();
  };
  let running = await start();
  return {
    office,
    issuer,
    url,
    clock,
    get api() {
      return running.api;
    },
    async restart() {
      await stop(running);
      running = await start();
      // The sockets our own client keeps must have heard that their other ends are gone.
      await new Promise((resolve) => setTimeout(resolve, 100));
    },
    async close() {
      await stop(running);
      await issuer.close();
      await office.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Visit {
  method?: 'GET' | 'POST';
  form?: Record<string, string>;
  json?: unknown;
  headers?: Record<string, string>;
}

/** What a browser does: keeps cookies, follows nothing by itself, says where its page is from. */
export class Browser {
  readonly cookies = new Map<string, string>();
  readonly #origin: string;
  constructor(origin: string) {
    this.#origin = origin;
  }

  async visit(address: string, { method, form, json, headers = {} }: Visit = {}): Promise<Response> {
    const body = form ? new URLSearchParams(form) : json === undefined ? null : JSON.stringify(json);
    const response = await fetch(new URL(address, this.#origin), {
      method: method ?? (body === null ? 'GET' : 'POST'),
      body,
      redirect: 'manual',
      headers: {
        ...(this.cookies.size > 0 ? { cookie: [...this.cookies].map((pair) => pair.join('=')).join('; ') } : {}),
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
    });
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    return response;
  }

  /** A request of a page of the console: same origin, with the header it always sends. */
  fetch(path: string, visit: Visit = {}): Promise<Response> {
    const own = { origin: this.#origin, 'sec-fetch-site': 'same-origin', 'x-requested-with': 'jingban' };
    return this.visit(path, { ...visit, headers: { ...own, ...visit.headers } });
  }

  /** From the console's login over the issuer's page back to the console; answers the page the callback showed. */
  async logIn(username: string, { password = DEMO_PASSWORD, returnTo = '/' } = {}): Promise<Response> {
    return this.visit(await this.toCallback(username, { password, returnTo }));
  }

  /** The same up to the address the issuer sends the browser back to. */
  async toCallback(username: string, { password = DEMO_PASSWORD, returnTo = '/' } = {}): Promise<string> {
    const begun = await this.visit(`/auth/login?${new URLSearchParams({ returnTo })}`);
    let at = locationOf(begun);
    for (let hops = 0; hops < 10 && !at.includes('/auth/callback'); hops++) {
      const page = await this.visit(at);
      if (page.status === 200) {
        const sent = await this.visit(at, { form: { username, password } });
        if (sent.status === 401) throw new Error('wrong user name or password');
        at = new URL(locationOf(sent), at).href;
      } else at = new URL(locationOf(page), at).href;
    }
    return at;
  }

  #keep(line: string): void {
    const [pair = '', ...attributes] = line.split(';');
    const name = pair.slice(0, pair.indexOf('='));
    const gone = attributes.some((each) => /^\s*(max-age=0|expires=thu, 01 jan 1970)/i.test(each));
    if (gone) this.cookies.delete(name);
    else this.cookies.set(name, pair.slice(pair.indexOf('=') + 1));
  }
}

export const locationOf = (response: Response): string => {
  const location = response.headers.get('location');
  if (location === null) throw new Error(`no redirect but ${response.status} from ${response.url}`);
  return location;
};
