import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { CLIENT_ID, DEMO_PASSWORD } from '../../embedded/demo-login.ts';
import { paper } from './papers.ts';

/** The API as anybody outside would use it: HTTP, a token of each demo account, an Idempotency-Key for what must happen once. */
export interface Client {
  get<Answer>(username: string, path: string, schema: z.ZodType<Answer>): Promise<Answer>;
  post<Answer>(username: string, path: string, body: object, schema: z.ZodType<Answer>): Promise<Answer>;
  /** uploads one generated PDF for each type; answers what a filing or a decision hands in */
  upload(username: string, types: readonly string[]): Promise<{ type: string; documentId: string }[]>;
}

/** The API refused; `code` is one of its stable codes. */
export class Refused extends Error {
  readonly code: string;
  constructor(what: string, code: string, detail: string) {
    super(`${what}: ${code} ${detail}`);
    this.code = code;
  }
}

const problem = z.object({ code: z.string() }).loose();
const OUTAGE = 503;
const TRIES = 20;
const PAUSE_MS = 500;

export function createClient(apiUrl: string, issuerUrl: string): Client {
  const tokens = new Map<string, Promise<string>>();
  const tokenOf = (username: string): Promise<string> => {
    const known = tokens.get(username) ?? logIn(issuerUrl, username);
    tokens.set(username, known);
    return known;
  };

  /** While the API says that it cannot answer, the same request is repeated: with the same key nothing is done twice. */
  const call = async (username: string, path: string, init: RequestInit = {}): Promise<unknown> => {
    const headers = new Headers(init.headers);
    headers.set('Authorization', `Bearer ${await tokenOf(username)}`);
    for (let tries = 1; ; tries += 1) {
      const response = await fetch(`${apiUrl}/api/v1${path}`, { ...init, headers });
      const body: unknown = await response.json();
      if (response.ok) return body;
      if (response.status !== OUTAGE || tries === TRIES) {
        const { code } = problem.safeParse(body).data ?? { code: String(response.status) };
        throw new Refused(`${username} ${init.method ?? 'GET'} ${path}`, code, JSON.stringify(body));
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  };

  const send = (username: string, path: string, body: string | FormData): Promise<unknown> => {
    const headers = new Headers({ 'Idempotency-Key': randomUUID() });
    if (typeof body === 'string') headers.set('Content-Type', 'application/json');
    return call(username, path, { method: 'POST', body, headers });
  };

  return {
    get: async (username, path, schema) => schema.parse(await call(username, path)),
    post: async (username, path, body, schema) => schema.parse(await send(username, path, JSON.stringify(body))),
    async upload(username, types) {
      const attached = [];
      for (const type of types) {
        const form = new FormData();
        form.append('file', new Blob([paper(type, randomUUID())], { type: 'application/pdf' }), `${type}.pdf`);
        const { documentId } = z.object({ documentId: z.uuid() }).parse(await send(username, '/documents', form));
        attached.push({ type, documentId });
      }
      return attached;
    },
  };
}

const discovery = z.object({ token_endpoint: z.url() });
const granted = z.object({ access_token: z.string() });

async function logIn(issuerUrl: string, username: string): Promise<string> {
  const found = await fetch(`${issuerUrl}/.well-known/openid-configuration`).catch((cause: unknown) => {
    throw new Error(`no login service answers at ${issuerUrl}`, { cause });
  });
  const { token_endpoint } = discovery.parse(await found.json());
  const form = { grant_type: 'password', client_id: CLIENT_ID, username, password: DEMO_PASSWORD };
  const response = await fetch(token_endpoint, { method: 'POST', body: new URLSearchParams(form) });
  if (!response.ok) throw new Error(`${username} cannot log in at ${issuerUrl}: ${response.status}`);
  return granted.parse(await response.json()).access_token;
}
