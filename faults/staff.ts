import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { CLIENT_ID, DEMO_PASSWORD } from '../embedded/demo-login.ts';
import { repeated } from '../embedded/wait.ts';
import { paper } from '../scripts/demo/papers.ts';
import type { Asked, Recorder } from './record.ts';

/**
 * People at their windows, as documented clients of the API: each request has a key, is written down, and is repeated with the
 * same key while nobody answers. Some people give up instead; what they asked for may or may not have happened.
 */
export type Outcome =
  | { kind: 'DONE'; acceptanceNo: string; version: number; currentStep: string; status: string }
  | { kind: 'REFUSED'; code: string }
  | { kind: 'UNKNOWN' };

export interface Request {
  username: string;
  path: string;
  body: object;
  about: Omit<Asked, 'what' | 'key' | 'username'>;
  /** default: a new one */
  key?: string;
  /** gives up when an attempt is not answered: always, or when the connection breaks, as if the client had died with it */
  givesUp?: 'ALWAYS' | 'BROKEN';
}

export interface Staff {
  send(request: Request): Promise<Outcome>;
  /** one attempt more under a key that was sent before; whatever comes is written down */
  again(request: Request & { key: string }): Promise<Outcome>;
  documents(username: string, types: readonly string[]): Promise<Array<{ type: string; documentId: string }>>;
  look(acceptanceNo: string): Promise<SeenCase>;
  forward(acceptanceNo: string, toDay: string): Promise<void>;
  /** acceptance numbers on the manager's list */
  stuckList(): Promise<Set<string>>;
}

const seenCase = z.object({
  acceptanceNo: z.string(),
  status: z.string(),
  currentStep: z.string(),
  version: z.number(),
  today: z.string(),
  facts: z.record(z.string(), z.unknown()),
});
export type SeenCase = z.infer<typeof seenCase>;

const stuckPage = z.object({
  items: z.array(z.object({ acceptanceNo: z.string() })),
  nextCursor: z.string().nullable(),
});

const done = z.object({ acceptanceNo: z.string(), version: z.number(), currentStep: z.string(), status: z.string() });
const problem = z.object({ code: z.string() }).loose();
const granted = z.object({ access_token: z.string() });

/** The city's manager sees every case and may move its clock in a rehearsal. */
const WATCHER = 'city.manager';
const ATTEMPT_MS = 25_000;
/** Longer than any outage that is made here with everything it costs to come back. */
const PATIENCE_MS = 180_000;
const PAUSE_MS = 300;
/** Wait, and repeat with the same key. 401: the API's clock may be wrong for a while, or its keys not fetched yet. */
const AGAIN = new Set([401, 408, 429, 502, 503, 504]);

export function createStaff(apis: readonly string[], issuer: string, record: Recorder): Staff {
  const tokens = new Map<string, Promise<string>>();
  let turn = 0;
  const api = (): string => apis[turn++ % apis.length] ?? '';

  async function tokenOf(username: string): Promise<string> {
    const known = tokens.get(username) ?? patiently(() => logIn(issuer, username));
    tokens.set(username, known);
    known.catch(() => tokens.delete(username));
    return known;
  }

  async function call(username: string, path: string, init: RequestInit): Promise<{ status: number; body: unknown }> {
    const headers = new Headers(init.headers);
    headers.set('Authorization', `Bearer ${await tokenOf(username)}`);
    const signal = AbortSignal.timeout(ATTEMPT_MS);
    const response = await fetch(`${api()}/api/v1${path}`, { ...init, headers, signal });
    const body: unknown = await response.json();
    if (response.status === 401) tokens.delete(username);
    return { status: response.status, body };
  }

  /** An answer to wait after, or none at all: the connection broke. */
  async function attempt({ username, path, body }: Request, key: string): Promise<Outcome | 'AGAIN' | 'BROKEN'> {
    const headers = { 'Idempotency-Key': key, 'Content-Type': 'application/json' };
    const init = { method: 'POST', headers, body: JSON.stringify(body) };
    const answer = await call(username, path, init).catch(() => undefined);
    if (!answer) return 'BROKEN';
    const { data } = done.safeParse(answer.body);
    const code = problem.safeParse(answer.body).data?.code;
    record.write({
      what: 'ANSWERED',
      key,
      status: answer.status,
      ...(code === undefined ? {} : { code }),
      ...(data ? { acceptanceNo: data.acceptanceNo, version: data.version, body: JSON.stringify(answer.body) } : {}),
    });
    if (data && answer.status < 300) return { kind: 'DONE', ...data };
    if (AGAIN.has(answer.status) || answer.status >= 500) return 'AGAIN';
    return { kind: 'REFUSED', code: code ?? String(answer.status) };
  }

  async function get(path: string): Promise<unknown> {
    return patiently(async () => {
      const { status, body } = await call(WATCHER, path, {});
      if (status !== 200) throw new Error(`${path} answered ${status}`);
      return body;
    });
  }

  const uploaded = new Map<string, Promise<string>>();
  function upload(username: string, type: string): Promise<string> {
    const name = `${username} ${type}`;
    const known = uploaded.get(name) ?? patiently(() => uploadOne(username, type));
    uploaded.set(name, known);
    known.catch(() => uploaded.delete(name));
    return known;
  }
  async function uploadOne(username: string, type: string): Promise<string> {
    const form = new FormData();
    form.append('file', new Blob([paper(type, randomUUID())], { type: 'application/pdf' }), `${type}.pdf`);
    const headers = { 'Idempotency-Key': randomUUID() };
    const { status, body } = await call(username, '/documents', { method: 'POST', body: form, headers });
    if (status >= 300) throw new Error(`uploading answered ${status}`);
    return z.object({ documentId: z.string() }).parse(body).documentId;
  }

  return {
    async send(request) {
      const key = request.key ?? randomUUID();
      record.write({ what: 'ASKED', key, username: request.username, ...request.about });
      const giveUpAt = Date.now() + PATIENCE_MS;
      for (;;) {
        const outcome = await attempt(request, key);
        if (typeof outcome !== 'string') return outcome;
        const gone = request.givesUp === 'ALWAYS' || (request.givesUp === 'BROKEN' && outcome === 'BROKEN');
        if (gone || Date.now() > giveUpAt) return { kind: 'UNKNOWN' };
        await pause(PAUSE_MS);
      }
    },
    async again(request) {
      const outcome = await attempt(request, request.key);
      return typeof outcome === 'string' ? { kind: 'UNKNOWN' } : outcome;
    },
    documents: (username, types) =>
      Promise.all(types.map(async (type) => ({ type, documentId: await upload(username, type) }))),
    look: async (acceptanceNo) => seenCase.parse(await get(`/cases/${acceptanceNo}`)),
    async forward(acceptanceNo, toDay) {
      const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ toDay }) };
      await call(WATCHER, `/rehearsal/cases/${acceptanceNo}/fast-forward`, init).catch(() => undefined);
    },
    async stuckList() {
      const found = new Set<string>();
      for (let cursor: string | null = ''; cursor !== null;) {
        const page: z.infer<typeof stuckPage> = stuckPage.parse(
          await get(`/stuck?limit=100${cursor && `&cursor=${cursor}`}`),
        );
        for (const { acceptanceNo } of page.items) found.add(acceptanceNo);
        cursor = page.nextCursor;
      }
      return found;
    },
  };
}

/** Repeats what only reads or may happen twice. */
const patiently = <T>(work: () => Promise<T>): Promise<T> =>
  repeated(work, { withinMs: PATIENCE_MS, pauseMs: PAUSE_MS });

async function logIn(issuer: string, username: string): Promise<string> {
  const form = { grant_type: 'password', client_id: CLIENT_ID, username, password: DEMO_PASSWORD };
  const signal = AbortSignal.timeout(ATTEMPT_MS);
  const response = await fetch(`${issuer}/token`, { method: 'POST', body: new URLSearchParams(form), signal });
  if (!response.ok) throw new Error(`${username} cannot log in: ${response.status}`);
  return granted.parse(await response.json()).access_token;
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
