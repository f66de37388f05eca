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
/**
 * The engine's, when a procedure was ended from outside with a decision in hand (who may not go on hears so when they ask again), when
 * attempts of a case's workers died, were too slow or could not read its payloads, or when one ended its task and had overlooked what
 * came with it: the next one may come through.
 * The last is told a rehearsal whose fast-forward another one has overtaken.
 */
const ENGINE_SENTENCES =
  /Workflow Task in failed state|Workflow completed before the Update completed|unexpected workflow task failure|rejected because it wasn't processed by worker|fast_forward_id does not match the execution's current fast-forward/;
/** Prisma's own words for a server that cannot be reached (P1001), does not answer (P1008) or has gone (P1017). */
const PRISMA_OUTAGES = new Set(['P1001', 'P1008', 'P1017']);
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
  if (typeof code === 'string' && isOutageCode(code)) return true;
  const sqlState = sqlStateWithin(problem);
  if (sqlState !== undefined && SQL_OUTAGES.test(sqlState)) return true;
  if (typeof code === 'number' && GRPC_OUTAGES.has(code)) return true;
  if (typeof message === 'string' && (PG_SENTENCES.test(message) || ENGINE_SENTENCES.test(message))) return true;
  if (name === 'WorkflowUpdateRPCTimeoutOrCancelledError' || name === 'TimeoutError') return true;
  // Of several addresses tried (AggregateError), each has its own trouble.
  if (Array.isArray(errors) && errors.some((inner) => isOutage(inner, depth + 1))) return true;
  return isOutage(cause, depth + 1);
}

const isOutageCode = (code: string): boolean =>
  SYSTEM_OUTAGES.has(code) || SQL_OUTAGES.test(code) || PRISMA_OUTAGES.has(code);

/** What Postgres said, where Prisma has put a code of its own on it. */
function sqlStateWithin(problem: object): string | undefined {
  const { meta } = problem as { meta?: { driverAdapterError?: { cause?: { originalCode?: unknown } } } };
  const state = meta?.driverAdapterError?.cause?.originalCode;
  return typeof state === 'string' ? state : undefined;
}
