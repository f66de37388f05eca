import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import { traced } from './mount.ts';
import type { Response } from 'express';

/** An id a proxy gave is kept if it is one, so that both logs can be read together. */
const REQUEST_ID = /^[A-Za-z0-9_-]{8,64}$/;

/**
 * One line per request: which route, who, how it ended, how long it took. Never the address as typed, a header or a body: those
 * hold ID numbers and names.
 */
export function createRequestLog(log: Logger): RequestHandler {
  const logged = pinoHttp({
    logger: log,
    genReqId: (_req, res) => traced(res as Response).requestId,
    serializers: {
      req: (req: { id: string; method: string }) => ({ id: req.id, method: req.method }),
      res: (res: { statusCode: number }) => ({ status: res.statusCode }),
    },
    wrapSerializers: true,
    customLogLevel: (_req, res, error) =>
      error || res.statusCode >= 500 ? 'error' : res.statusCode >= 400 ? 'warn' : 'info',
    customProps: (_req, res) => {
      const { route, user, code, acceptanceNo } = traced(res as Response);
      return { route, user: user?.id, code, acceptanceNo };
    },
    customSuccessMessage: () => 'answered',
    customErrorMessage: () => 'not answered',
    autoLogging: { ignore: (req) => req.url === '/healthz' || req.url === '/readyz' },
  });
  return (req, res, next) => {
    const given = req.get('X-Request-Id') ?? '';
    // `locals` is what the whole request shares; its id goes into every problem document and every log line.
    res.locals['requestId'] = REQUEST_ID.test(given) ? given : randomUUID();
    res.set('X-Request-Id', traced(res).requestId);
    logged(req, res);
    next();
  };
}
