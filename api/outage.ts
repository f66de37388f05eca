import { Refusal } from '../domain/refusal.ts';

/** Postgres states in which a repetition can succeed: connection (08), shutdown, resources (53), locks, time-outs, read-only standby. */
const SQL_OUTAGES = /^(08...|53...|57P0.|57014|40001|40P01|55P03|25006|58030)$/;
const SYSTEM_OUTAGES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOSPC',
  'EDQUOT',
  'EMFILE',
  'ENFILE',
  'EROFS',
]);
/** `pg` says these with a sentence instead of a code. */
const PG_SENTENCES =
  /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client has encountered a connection error|Cannot use a pool after calling end|Client was closed)/;
/** gRPC: CANCELLED, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, ABORTED, UNAVAILABLE. */
const GRPC_OUTAGES = new Set([1, 4, 8, 10, 14]);

/**
 * Whether the trouble is an outage: something outside us is not there now, and the same request may succeed later. Everything
 * else that is not a refusal is a bug and must be loud.
 */
export function isOutage(problem: unknown, depth = 0): boolean {
  if (problem instanceof Refusal) return problem.code === 'NOT_AVAILABLE';
  if (typeof problem !== 'object' || problem === null || depth > 5) return false;
  const { code, name, message, errors, cause } = problem as Partial<
    Record<'code' | 'name' | 'message' | 'errors' | 'cause', unknown>
  >;
  if (typeof code === 'string' && (SYSTEM_OUTAGES.has(code) || SQL_OUTAGES.test(code))) return true;
  if (typeof code === 'number' && GRPC_OUTAGES.has(code)) return true;
  if (typeof message === 'string' && PG_SENTENCES.test(message)) return true;
  if (name === 'WorkflowUpdateRPCTimeoutOrCancelledError' || name === 'TimeoutError') return true;
  // Of several addresses tried (AggregateError), each has its own trouble.
  if (Array.isArray(errors) && errors.some((inner) => isOutage(inner, depth + 1))) return true;
  return isOutage(cause, depth + 1);
}
