import express, { type Express, type RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import { Refusal } from '../domain/refusal.ts';
import { createAccessLog } from './access-log.ts';
import { codecCors } from './codec-cors.ts';
import { createCursors } from './cursor.ts';
import type { ApiDeps, AppDeps } from './deps.ts';
import { docsPage } from './docs-page.ts';
import { createScan } from './documents/malware.ts';
import { createFolderStore } from './documents/store.ts';
import { createAuthentication } from './identity/authenticate.ts';
import { createLogin } from './identity/login.ts';
import { createRateLimits } from './identity/rate-limits.ts';
import { createSessions } from './identity/sessions.ts';
import { createErrorHandler, isRefused } from './error-handler.ts';
import { mountRoutes, refuseLongAddress, traced } from './mount.ts';
import { createMeters } from '../telemetry/meters.ts';
import { createRequestLog } from './request-log.ts';
import type { Route } from './route.ts';
import { createRoutes } from './routes.ts';
import { securityHeaders } from './security-headers.ts';

export interface Api {
  app: Express;
  routes: readonly Route[];
  accepting(): boolean;
  /** readiness is off from now on: nothing new should be sent here */
  drain(): void;
  /** writes what is still waiting; call when the last request has been answered and before the pool is ended */
  close(): Promise<void>;
}

/** The whole HTTP API on one page. */
export function createApp(given: AppDeps): Api {
  let accepting = true;
  const meters = given.meters ?? createMeters('api', given.db);
  const accessLog = createAccessLog(given.db, given.log);
  const now = (): number => given.now();
  const sessions = createSessions(given.db, given.config, now);
  const deps: ApiDeps = {
    ...given,
    readDb: given.readDb ?? given.db,
    accessLog,
    sessions,
    authenticate: createAuthentication(given.db, given.config, sessions, now),
    countAct: createRateLimits(given.db, given.config, now),
    documents: createFolderStore(given.config.documentFolder),
    ...(given.config.clamdAddress === undefined ? {} : { scan: createScan(given.config.clamdAddress) }),
    // The same for every process on one store, and secret, since the address of the store holds its password.
    cursors: createCursors(given.config.databaseUrl),
  };
  const { oidcClientId } = given.config;
  const login = oidcClientId === undefined ? undefined : createLogin({ ...given.config, oidcClientId }, now);
  const routes = createRoutes(given.config, () => accepting, login);

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  // An address a caller wrote itself into X-Forwarded-For is not an address.
  app.set('trust proxy', given.config.trustProxy);
  app.use(createRequestLog(given.log, meters));
  app.use(...securityHeaders(given.config.publicUrl.startsWith('https:')));
  app.use('/docs', docsPage());
  app.use('/codec', codecCors(given.config.codecOrigins));
  app.use(accessLogged(deps), slowDownGuessing(given.config.failedLoginsAMinute));
  mountRoutes(app, routes, deps);
  app.use(refuseLongAddress, () => {
    throw new Refusal('ROUTE_NOT_FOUND');
  });
  app.use(createErrorHandler(given.log, meters));

  return {
    app,
    routes,
    accepting: () => accepting,
    drain() {
      accepting = false;
    },
    close: () => accessLog.close(),
  };
}

/** Who was refused what, and who looked at which case (I3). */
function accessLogged(deps: ApiDeps): RequestHandler {
  return (req, res, next) => {
    res.once('close', () => {
      const { user, route, acceptanceNo, code, requestId, recorded } = traced(res);
      const looked = recorded === true || (req.method === 'GET' && acceptanceNo !== undefined);
      if (!user || !route || !(looked || isRefused(res.statusCode))) return;
      deps.accessLog.record({
        at: deps.now(),
        userId: user.id,
        method: req.method,
        route,
        acceptanceNo,
        status: res.statusCode,
        code,
        requestId,
        actingFor: user.actingFor?.id,
      });
    });
    next();
  };
}

/** Logins that fail: many are guesses. Everything else is held back by the database's pool. */
const slowDownGuessing = (failedLoginsAMinute: number): RequestHandler =>
  rateLimit({
    windowMs: 60_000,
    limit: failedLoginsAMinute,
    skipSuccessfulRequests: true,
    requestWasSuccessful: (_req, res) => res.statusCode !== 401,
    standardHeaders: false,
    legacyHeaders: false,
    validate: { xForwardedForHeader: false },
    handler: (_req, res, next) => {
      res.set('Retry-After', '60');
      next(new Refusal('TOO_MANY_REQUESTS'));
    },
  });
