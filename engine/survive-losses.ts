import type pg from 'pg';

/**
 * A database that goes away takes its connections with it, idle ones and those just lent out between two statements.
 * Both tell it by an event that ends the process when nobody listens; the statement that follows fails anyway, and
 * that failure is what is retried. `say` gets the reason.
 */
export function surviveLosses(pool: pg.Pool, say: (reason: string) => void): void {
  pool.on('error', (error) => say(error.message));
  pool.on('connect', (client) => client.on('error', (error: Error) => say(error.message)));
}
