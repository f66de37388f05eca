import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { surviveLosses } from '../engine/survive-losses.ts';

/**
 * A worker that cannot reach the store, or only one that takes nothing, would go on asking for work, and the cases it takes would stand
 * still in it while other workers could carry on with them. Nor could it tell of that, since what is told stands in the store. So it
 * watches, and steps back.
 */
export interface StoreWatch {
  /** resolves when the store has answered for the first time, and takes what is written */
  there: Promise<void>;
  /** resolves when it has been there and has taken nothing for too long */
  lost: Promise<void>;
  /** why it did not answer the last time; undefined: it did */
  readonly problem: string | undefined;
  end(): Promise<void>;
}

export interface WatchTimes {
  everyMs: number;
  /** how long an answer may take */
  patienceMs: number;
  /** a store that restarts or changes over is back sooner, and cases in memory are dear */
  lostAfterMs: number;
}
export const WATCH_TIMES: WatchTimes = { everyMs: 2_000, patienceMs: 5_000, lostAfterMs: 30_000 };

/** A worker that was itself stopped for a minute has seen one question fail; so many in a row are the store's doing. */
const FAILED_AT_LEAST = 3;
const TOO_MANY_CONNECTIONS = '53300';

export function watchStore(connectionString: string, times: WatchTimes = WATCH_TIMES): StoreWatch {
  const { everyMs, patienceMs, lostAfterMs } = times;
  // A connection of its own: the worker's may all be with cases that wait for a lock, which is no loss.
  const patience = { connectionTimeoutMillis: patienceMs, query_timeout: patienceMs };
  const db = new pg.Pool({ connectionString, max: 1, ...patience, application_name: 'jingban-worker-watch' });
  // The question that follows fails and says why.
  surviveLosses(db, () => undefined);
  const ask = (): Promise<string | undefined> =>
    db.query<{ transaction_read_only: 'on' | 'off' }>('SHOW transaction_read_only').then(
      // A primary of before, to which a name may still lead, answers and takes nothing.
      ({ rows }) => (rows[0]?.transaction_read_only === 'off' ? undefined : 'it can only be read'),
      // One that has no connection to give away is there as well.
      (problem: Error & { code?: string }) => (problem.code === TOO_MANY_CONNECTIONS ? undefined : reasonOf(problem)),
    );
  let problem: string | undefined;

  const [there, lost] = [happening(), happening()];
  const ended = new AbortController();
  const watching = (async () => {
    let [wasThere, failed, failingSince] = [false, 0, 0];
    while (!ended.signal.aborted) {
      const begun = performance.now();
      problem = await ask();
      if (problem === undefined) {
        there.happen();
        [wasThere, failed] = [true, 0];
      } else {
        if (failed++ === 0) failingSince = begun;
        const tooLong = performance.now() - failingSince >= lostAfterMs;
        if (wasThere && tooLong && failed >= FAILED_AT_LEAST) lost.happen();
      }
      await pause(everyMs, undefined, { signal: ended.signal }).catch(() => undefined);
    }
    await db.end();
  })();
  const end = (): Promise<void> => {
    ended.abort();
    return watching;
  };
  return {
    there: there.promise,
    lost: lost.promise,
    get problem() {
      return problem;
    },
    end,
  };
}

/** Of several addresses tried, what is known is in the code alone. */
const reasonOf = ({ message, code }: Error & { code?: string }): string => message || (code ?? 'unknown');

function happening(): { promise: Promise<void>; happen: () => void } {
  let happen = (): void => undefined;
  const promise = new Promise<void>((resolve) => {
    happen = resolve;
  });
  return { promise, happen };
}
