import type pg from 'pg';
import type { Armed, Effect } from './side.ts';

/** What the witness in the store has seen of these limits. */
export const armed = (db: pg.Pool, ids: string[]): Armed => ({
  ids,
  async count() {
    const { rows } = await db.query<{ n: number }>('SELECT count(*)::int AS n FROM witness.effect WHERE id = ANY($1)', [
      ids,
    ]);
    return rows[0]?.n ?? 0;
  },
  async effects() {
    const { rows } = await db.query<Effect>(
      `SELECT id, extract(epoch FROM due_at)::float8 * 1000 AS "dueAt", extract(epoch FROM committed_at)::float8 * 1000 AS "committedAt"
       FROM witness.effect WHERE id = ANY($1) ORDER BY committed_at`,
      [ids],
    );
    return rows;
  },
});
