import type { ErrorRequestHandler } from 'express';
import type { Logger } from 'pino';
import type { Meters } from '../telemetry/meters.ts';
import { Refusal } from '../domain/refusal.ts';
import { TooManyRequests } from './identity/rate-limits.ts';
import { errorForLog } from '../engine/error-for-log.ts';
import { traced } from './mount.ts';
import { isOutage } from './outage.ts';
import { internalProblem, problemOf, type Problem, type Standing } from './problems.ts';

/** A refused decision with where the case stands now, so that the reader learns what is possible (I2). */
export class RefusedDecision extends Error {
  readonly refusal: Refusal;
  readonly standing: Standing;
  constructor(refusal: Refusal, standing: Standing) {
    super(refusal.code);
    this.name = 'RefusedDecision';
    this.refusal = refusal;
    this.standing = standing;
  }
}

/** Seconds after which a repetition makes sense: a database or an engine is back in about two. */
const RETRY_AFTER = '2';

/**
 * The one place where trouble becomes an answer: a refusal is told with its code, an outage asks to repeat, a bug is loud in the
 * log and says nothing about itself outside.
 */
export function createErrorHandler(log: Logger, meters: Meters): ErrorRequestHandler {
  return (error: unknown, _req, res, _next) => {
    const trace = traced(res);
    const problem = problemFor(error, trace.requestId);
    trace.code = problem.code;
    meters.count('jingban_refusals_total', { code: problem.code });
    const { requestId, route, acceptanceNo } = trace;
    const about = { requestId, route, acceptanceNo, user: trace.user?.id };
    if (problem.code === 'INTERNAL')
      log.error({ bug: errorForLog(error), ...about }, 'a bug: the request could not be answered');
    if (problem.code === 'LOGIN_FAILED')
      log.warn({ refused: errorForLog(error), ...about }, 'a login was not completed');
    if (problem.code === 'NOT_AVAILABLE')
      log.warn({ outage: errorForLog(error), ...about }, 'an outage: the request could not be answered');
    if (res.headersSent) {
      // A file broke off in the middle; the reader must not take it for whole.
      res.destroy();
      return;
    }
    if (problem.status === 401) res.set('WWW-Authenticate', challenge(problem));
    if (error instanceof TooManyRequests) res.set('Retry-After', String(error.retryAfterSeconds));
    if (problem.status === 503) res.set('Retry-After', RETRY_AFTER);
    res.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  };
}

function problemFor(error: unknown, requestId: string): Problem {
  if (error instanceof RefusedDecision) return problemOf(error.refusal, requestId, error.standing);
  if (error instanceof Refusal) return problemOf(error, requestId);
  const unreadable = refusalOfParser(error);
  if (unreadable) return problemOf(unreadable, requestId);
  if (isOutage(error)) return problemOf(new Refusal('NOT_AVAILABLE'), requestId);
  return internalProblem(requestId);
}

/** What Express and its body parser could not read. Their own sentences quote the body and are not repeated. */
function refusalOfParser(error: unknown): Refusal | undefined {
  const { status, type } = error as { status?: unknown; type?: unknown };
  if (type === 'encoding.unsupported') return new Refusal('ENCODING_REFUSED');
  if (type === 'entity.too.large' || status === 413) return new Refusal('BODY_TOO_LARGE');
  if (typeof status !== 'number' || status < 400 || status > 499) return undefined;
  const broken = type === 'entity.parse.failed';
  return new Refusal('BAD_REQUEST', [
    broken
      ? { zh: '不是完整有效的 JSON', en: 'the body is not valid JSON' }
      : { zh: '请求无法读取', en: 'the request cannot be read' },
  ]);
}

const challenge = ({ code }: Problem): string =>
  code === 'TOKEN_EXPIRED'
    ? 'Bearer realm="jingban", error="invalid_token", error_description="expired"'
    : 'Bearer realm="jingban"';

/** Statuses at which the caller was refused something, for the access log. */
export const isRefused = (status: number): boolean => status >= 400 && status < 500;
