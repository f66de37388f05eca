import type { Logger } from 'pino';
import type pg from 'pg';
import { errorForLog } from '../error-for-log.ts';
import { scanIncidents, type ScanDeps } from './scan.ts';

const EVERY_MS = 30_000;
/** The number by which the processes agree who looks. */
const LOCK = 7_301_995;

export interface Watch {
  stop(): Promise<void>;
}

/**
 * Looks for incidents twice a minute. It runs in the API, so that a missing worker is noticed; of several processes the one that
 * gets the lock looks, the others do nothing.
 */
export function watchIncidents(deps: ScanDeps & { log: Logger }): Watch {
  let looking: Promise<void> = Promise.resolve();
  let busy = false;
  const look = (): void => {
    if (busy) return;
    busy = true;
    looking = asOnlyOne(deps.db, () => scanIncidents(deps))
      .catch((problem: unknown) =>
        deps.log.warn(
          { problem: errorForLog(problem) },
          'incidents could not be looked for; trying again in half a minute',
        ),
      )
      .finally(() => {
        busy = false;
      });
  };
  const timer = setInterval(look, EVERY_MS);
  look();
  return {
    stop() {
      clearInterval(timer);
      return looking;
    },
  };
}

async function asOnlyOne(db: pg.Pool, work: () => Promise<void>): Promise<void> {
  const client = await db.connect();
  // One that is lost takes the lock with it.
  let lost: Error | undefined;
  try {
    const { rows } = await client.query<{ mine: boolean }>('SELECT pg_try_advisory_lock($1) AS mine', [LOCK]);
    if (!rows[0]?.mine) return;
    try {
      await work();
    } finally {
      await client.query('SELECT pg_advisory_unlock($1)', [LOCK]);
    }
  } catch (problem) {
    lost = problem as Error;
    throw problem;
  } finally {
    client.release(lost);
  }
}
