import type pg from 'pg';
import type { Logger } from 'pino';
import { appendAccesses, type AccessRow } from '../log/access-chain.ts';
import { Refusal } from '../domain/refusal.ts';

/** One thing somebody was refused, or one case somebody looked at. Holds no personal data. */
export interface AccessEntry {
  /** epoch milliseconds */
  at: number;
  userId: string;
  method: string;
  /** the route's pattern, never the address as typed: that may hold an ID number */
  route: string;
  acceptanceNo?: string | undefined;
  status: number;
  code?: string | undefined;
  requestId: string;
  /** why somebody asked to be shown what lists hide, in their words */
  reason?: string | undefined;
  /** staff id of whoever is represented */
  actingFor?: string | undefined;
}

export interface AccessLog {
  record(entry: AccessEntry): void;
  /** Resolves when it is in the store; refuses with NOT_AVAILABLE when it cannot be put there now. For what must not happen unseen. */
  recordNow(entry: AccessEntry): Promise<void>;
  /** Writes what is waiting; resolves when it is in the store. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** Entries are gathered so long and then written together: a page of reads must not cost a write each. */
const GATHER_MS = 200;
/** More than minutes of an outage; beyond it entries go to the log file only. */
const MOST_WAITING = 50_000;

/** One transaction holds the end of the chain; after an outage the others shall not wait long for it. */
const MOST_AT_ONCE = 1_000;

/** Gathers entries and writes them in batches; an unreachable database is waited out, and closing writes the rest. */
export function createAccessLog(db: pg.Pool, log: Logger): AccessLog {
  let waiting: AccessEntry[] = [];
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  const schedule = (delayMs: number): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      void flush();
    }, delayMs).unref();
  };
  const write = async (): Promise<void> => {
    const batch = waiting.splice(0, MOST_AT_ONCE);
    if (batch.length === 0) return;
    try {
      await appendAccesses(db, batch.map(rowOf));
      await write();
    } catch (problem) {
      waiting = [...batch, ...waiting];
      const { message } = problem as Error;
      log.error({ waiting: waiting.length, message }, 'the access log could not be written; it will be tried again');
      schedule(2_000);
    }
  };
  const flush = (): Promise<void> => (writing = writing.then(write));

  return {
    record(entry) {
      if (waiting.length >= MOST_WAITING) {
        log.error({ entry }, 'the access log is full; this entry is only here');
        return;
      }
      waiting.push(entry);
      schedule(GATHER_MS);
    },
    flush,
    async recordNow(entry) {
      waiting.push(entry);
      await flush();
      if (waiting.includes(entry)) throw new Refusal('NOT_AVAILABLE');
    },
    async close() {
      clearTimeout(timer);
      await flush();
      for (const entry of waiting)
        log.error({ entry }, 'not written to the access log before the end; it is only here');
    },
  };
}

const rowOf = (entry: AccessEntry): AccessRow => ({
  at: new Date(entry.at).toISOString(),
  user_id: entry.userId,
  method: entry.method,
  route: entry.route,
  acceptance_no: entry.acceptanceNo ?? null,
  status: entry.status,
  code: entry.code ?? null,
  request_id: entry.requestId,
  reason: entry.reason ?? null,
  acting_for: entry.actingFor ?? null,
});
