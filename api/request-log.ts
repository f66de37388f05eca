import { randomUUID } from 'node:crypto';
import { SpanStatusCode } from '@opentelemetry/api';
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import { maskText } from '../domain/identifiers.ts';
import type { Meters } from '../telemetry/meters.ts';
import { inRequest } from '../telemetry/request.ts';
import { inServerSpan } from '../telemetry/tracing.ts';
import { traced } from './mount.ts';
import type { Response } from 'express';

/** An id a proxy gave is kept if it is one, so that both logs can be read together. */
const REQUEST_ID = /^[A-Za-z0-9_-]{8,64}$/;

/**
 * One line per request: which route, who, how it ended, how long it took. Never the address as typed, a header or a body: those
 * hold ID numbers and names.
 */
export function createRequestLog(log: Logger, meters: Meters): RequestHandler {
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
    const requestId = REQUEST_ID.test(given) && maskText(given) === given ? given : randomUUID();
    res.locals['requestId'] = requestId;
    res.set('X-Request-Id', requestId);
    logged(req, res);
    if (req.url === '/healthz' || req.url === '/readyz') return next();
    const from = performance.now();
    inServerSpan(req.method, (span) => {
      res.once('close', () => {
        const { route = 'none', code, acceptanceNo } = traced(res);
        const { method } = req;
        const status = `${Math.floor(res.statusCode / 100)}xx`;
        meters.observe(
          'jingban_http_request_duration_seconds',
          { method: ROUTED.includes(method) ? method : 'other', route, status },
          (performance.now() - from) / 1000,
        );
        span.updateName(`${method} ${route}`).setAttributes({
          'http.request.method': method,
          'http.route': route,
          'http.response.status_code': res.statusCode,
          'jingban.request_id': requestId,
        });
        if (acceptanceNo) span.setAttribute('jingban.acceptance_no', acceptanceNo);
        if (code) span.setAttribute('error.type', code);
        if (res.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      });
      inRequest(requestId, next);
    });
  };
}

/** Methods of the route table; what else somebody sends is one label, not many. */
const ROUTED = ['GET', 'HEAD', 'POST'];
