import type { IncidentError } from '../../domain/incidents.ts';

/** What went wrong, as far as it may be shown: one of the closed list, and a code that quotes nobody. */
export interface Classified {
  error: IncidentError;
  detail?: string;
}

/** SQL states by what they mean for whoever has to mend it; the first that fits counts. */
const SQL_STATES: readonly (readonly [RegExp, IncidentError])[] = [
  [/^(53100|58030)$/, 'STORE_FULL'],
  [/^(08...|57P0.)$/, 'STORE_UNREACHABLE'],
  [/^(53...|57014|40...|55P03|25P0.)$/, 'STORE_BUSY'],
  [/^[0-9A-Z]{5}$/, 'STORE_REFUSES'],
];
const SYSTEM: Readonly<Record<string, IncidentError>> = {
  ENOSPC: 'STORE_FULL',
  EDQUOT: 'STORE_FULL',
  ECONNREFUSED: 'STORE_UNREACHABLE',
  ECONNRESET: 'STORE_UNREACHABLE',
  EPIPE: 'STORE_UNREACHABLE',
  ENOTFOUND: 'STORE_UNREACHABLE',
  EAI_AGAIN: 'STORE_UNREACHABLE',
  ETIMEDOUT: 'STORE_UNREACHABLE',
  EHOSTUNREACH: 'STORE_UNREACHABLE',
  ENETUNREACH: 'STORE_UNREACHABLE',
};
/** `pg` says these with a sentence instead of a code. */
const PG_SENTENCES =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection)/;
/** gRPC: CANCELLED, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, ABORTED, UNAVAILABLE. */
const GRPC_OUTAGES: readonly unknown[] = [1, 4, 8, 10, 14];
const UNREADABLE = /a payload sealed under key (\d{1,18}|\?) (?:.*unknown key)?/;
const NAME = /^[A-Za-z]{1,40}$/;

/** Reads an error and its causes. Its own sentence is never taken over: it may hold a person's data. */
export function classify(problem: unknown, depth = 0): Classified {
  if (!(problem instanceof Error) || depth > 5) return { error: 'PROGRAM_ERROR' };
  const { code, constraint } = problem as { code?: unknown; constraint?: unknown };
  const unreadable = UNREADABLE.exec(problem.message);
  if (unreadable)
    return {
      error: /unknown key/.test(problem.message) ? 'KEY_UNKNOWN' : 'FIELD_UNREADABLE',
      detail: `key ${unreadable[1]}`,
    };
  if (problem.name === 'Unsealable') return { error: 'FIELD_UNREADABLE' };
  if (typeof code === 'string' && SYSTEM[code]) return { error: SYSTEM[code], detail: code };
  const state = typeof code === 'string' ? SQL_STATES.find(([pattern]) => pattern.test(code)) : undefined;
  if (state)
    return { error: state[1], detail: typeof constraint === 'string' ? `${String(code)} ${constraint}` : String(code) };
  if (PG_SENTENCES.test(problem.message)) return { error: 'STORE_UNREACHABLE' };
  if (GRPC_OUTAGES.includes(code)) return { error: 'ENGINE_UNREACHABLE', detail: `gRPC ${String(code)}` };
  if (problem.name === 'TimeoutError' || problem.name === 'CancelledFailure') return { error: 'TIMED_OUT' };
  if (problem.cause instanceof Error) return classify(problem.cause, depth + 1);
  return { error: 'PROGRAM_ERROR', ...(NAME.test(problem.name) ? { detail: problem.name } : {}) };
}
