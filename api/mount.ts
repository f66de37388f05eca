import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import { pipeline } from 'node:stream/promises';
import { STAFF_ID } from '../domain/accounts.ts';
import type { User } from '../domain/case.ts';
import { BY_DEPUTY } from '../domain/permissions/actions.ts';
import { isPublic, permitted } from '../domain/permissions/permitted.ts';
import { plainDateAt } from '../domain/plain-date.ts';
import { Refusal, type Fault } from '../domain/refusal.ts';
import { z } from 'zod';
import { findAccount } from './accounts.ts';
import { asksForTable, tableAnswer } from './csv.ts';
import type { ApiDeps } from './deps.ts';
import { readCookies } from './identity/cookies.ts';
import type { LiveSession } from './identity/sessions.ts';
import { createUpload, type ReceiveUpload } from './documents/upload.ts';
import { faultsOf } from './faults.ts';
import { guardJson, JSON_LIMITS } from './json-guard.ts';
import { requestHash } from './request-hash.ts';
import { NOBODY, type Answer, type Asked, type Route } from './route.ts';

/** What the log and the error handler know of a request. Holds no personal data. */
export interface Traced {
  requestId: string;
  route?: string;
  user?: User;
  session?: LiveSession;
  acceptanceNo?: string;
  /** every call of this route is written to the access log */
  recorded?: boolean;
  code?: string;
}
export const traced = (res: Response): Traced => res.locals as Traced;

/** Visible ASCII, so that it can be a header, an update id and a row's key unchanged. */
const KEY = /^[\x21-\x7e]{1,128}$/;

/** An office, a day and a number. What is none may be an ID number or a name, and is written down nowhere. */
const ACCEPTANCE_NO = /^[A-Za-z0-9]{1,12}-\d{8}-\d{1,20}$/;

/** Puts every row of the table into the router, and 405 with the right `Allow` behind it. */
export function mountRoutes(router: Router, routes: readonly Route[], deps: ApiDeps): void {
  // Compressed bodies are refused (415): a few kilobytes could unfold into gigabytes, and no form of ours needs it.
  const json = express.json({ limit: JSON_LIMITS.bytes, inflate: false, verify: guardJson });
  const upload = createUpload(deps.documents, deps.config.maxDocumentBytes, deps.scan);
  for (const path of new Set(routes.map((route) => route.path))) {
    const rows = routes.filter((route) => route.path === path);
    const place = router.route(path.replaceAll(/\{(\w+)\}/g, ':$1'));
    for (const route of rows) {
      const steps: RequestHandler[] = [
        refuseLongAddress,
        begin(route, deps),
        ...(route.body ? [json] : []),
        answerWith(route, deps, upload),
      ];
      if (route.method === 'get') place.get(...steps);
      else place.post(...steps);
    }
    const allowed = rows.flatMap((row) => (row.method === 'get' ? ['GET', 'HEAD'] : ['POST']));
    place.all((_req, res) => {
      res.setHeader('Allow', allowed.join(', '));
      throw new Refusal('METHOD_NOT_ALLOWED');
    });
  }
}

/** `[not in the sources]` The longest address of ours, with every filter and a cursor, has about 900 characters. */
const LONGEST_ADDRESS = 4_096;

/** Behind the method, which is refused as such where it is not one of its route's. */
export const refuseLongAddress: RequestHandler = (req, _res, next) => {
  if (req.originalUrl.length > LONGEST_ADDRESS) throw new Refusal('ADDRESS_TOO_LONG');
  next();
};

/** Who is asking and whether they may, before a single byte of the body is read. */
function begin(route: Route, deps: ApiDeps): RequestHandler {
  return async (req, res, next) => {
    const trace = traced(res);
    trace.route = route.path;
    if (route.recorded) trace.recorded = true;
    const { acceptanceNo } = req.params;
    if (typeof acceptanceNo === 'string') trace.acceptanceNo = ACCEPTANCE_NO.test(acceptanceNo) ? acceptanceNo : '?';
    if (!isPublic(route.action)) {
      const { user } = await deps.authenticate(req, route.passive !== true, (caller) => Object.assign(trace, caller));
      trace.user = await inWhosePlace(deps, route, user, req.get(ACTING_FOR));
      if (!permitted(trace.user, route.action)) throw new Refusal('NOT_PERMITTED');
      if (route.limited) await deps.countAct(user.id, route.limited);
    }
    next();
  };
}

/** Names the person (staff id) in whose place the caller acts. */
const ACTING_FOR = 'X-Acting-For';

/** The caller, or the caller in the place of somebody: only where a deputy may act at all, and while the deputyship is in force. */
async function inWhosePlace(deps: ApiDeps, route: Route, user: User, principal: string | undefined): Promise<User> {
  if (principal === undefined) return user;
  const acting =
    BY_DEPUTY.includes(route.action) && STAFF_ID.test(principal)
      ? await findAccount(deps.db, user.id, principal)
      : undefined;
  if (!acting)
    throw new Refusal('NOT_PERMITTED', [
      { path: ACTING_FOR, zh: '没有有效的代办委托', en: 'no deputyship is in force' },
    ]);
  return acting;
}

const NOTHING = z.strictObject({});

function answerWith(route: Route, deps: ApiDeps, upload: ReceiveUpload): RequestHandler {
  return async (req, res) => {
    const asked = await readRequest(route, deps, req, res);
    if (route.upload) asked.file = await upload(req, res);
    const answer = await route.handle(deps, asked);
    if (answer.about !== undefined) traced(res).acceptanceNo = answer.about;
    if (deps.checkAnswers) checkAnswer(route, answer);
    if (asksForTable(route, asked.query)) sendTable(req, res, route, answer, deps.now());
    else await send(res, route, answer);
  };
}

/** Everything that is wrong with the form of a request, told at once. */
async function readRequest(route: Route, deps: ApiDeps, req: Request, res: Response): Promise<Asked> {
  const faults: Fault[] = [];
  const read = (schema: z.ZodType | undefined, value: unknown, prefix: string): unknown => {
    const result = (schema ?? NOTHING).safeParse(value);
    if (!result.success) faults.push(...faultsOf(result.error, value, prefix));
    return result.data;
  };
  const params = read(route.params, req.params, 'path') as Asked['params'];
  const query = read(route.query, { ...req.query }, 'query') as Asked['query'];
  const body = route.body ? read(route.body, jsonBody(req), '') : undefined;
  if (faults.length > 0) throw new Refusal('BAD_REQUEST', faults);
  const trace = traced(res);
  const key = route.idempotent ? idempotencyKey(req) : '';
  return {
    user: trace.user ?? NOBODY,
    ...(trace.session ? { session: trace.session } : {}),
    cookies: readCookies(req.headers.cookie),
    params,
    query,
    body,
    requestId: trace.requestId,
    header: (name) => req.get(name),
    idempotency: { key, requestHash: key ? await requestHash(deps.vault, `${req.method} ${req.path}`, req.body) : '' },
  };
}

function jsonBody(req: Request): unknown {
  if (req.is('application/json') === false || req.body === undefined) {
    const fault = { zh: '请以 application/json 提交', en: 'send application/json' };
    throw new Refusal('BAD_REQUEST', [fault]);
  }
  return req.body as unknown;
}

function idempotencyKey(req: Request): string {
  const key = req.get('Idempotency-Key')?.trim();
  if (!key) throw new Refusal('IDEMPOTENCY_KEY_REQUIRED');
  if (KEY.test(key)) return key;
  const fault = {
    path: 'Idempotency-Key',
    zh: '须为 1 至 128 个可见的 ASCII 字符',
    en: '1 to 128 visible ASCII characters',
  };
  throw new Refusal('BAD_REQUEST', [fault]);
}

async function send(res: Response, route: Route, answer: Answer): Promise<void> {
  res.status(answer.status ?? route.answer.status).set(answer.headers ?? {});
  if (answer.bytes) await pipeline(answer.bytes, res);
  else if (answer.html !== undefined) res.type('html').send(answer.html);
  else res.json(answer.json);
}

/** The answer as a file to save, named for its day; the address of the next page is in the header, as in RFC 8288. */
function sendTable(req: Request, res: Response, { table }: Route, { json }: Answer, now: number): void {
  if (!table) throw new Error('a table was asked of a route without one');
  const { csv, next } = tableAnswer(table, json);
  if (next !== null) {
    const query = new URLSearchParams({ ...(req.query as Record<string, string>), cursor: next });
    res.set('Link', `<${req.path}?${query}>; rel="next"`);
  }
  res
    .set('Content-Disposition', `attachment; filename="${table.name}-${plainDateAt(now)}.csv"`)
    .type('text/csv; charset=utf-8; header=present')
    .send(csv);
}

/** Only in tests: an answer other than documented is a bug of ours. */
function checkAnswer(route: Route, { json }: Answer): void {
  if (!('schema' in route.answer)) return;
  const result = route.answer.schema.safeParse(JSON.parse(JSON.stringify(json)));
  if (!result.success) throw new Error(`${route.id} answers other than documented: ${result.error.message}`);
}
