import type pg from 'pg';

/** One transaction on one connection; whatever goes wrong rolls everything back and is thrown. */
export const inTransaction = <T>(db: pg.Pool, work: (tx: pg.PoolClient) => Promise<T>): Promise<T> =>
  between(db, 'BEGIN', work);

/** Everything `work` reads is as it was at one moment, and it writes nothing. */
export const inSnapshot = <T>(db: pg.Pool, work: (tx: pg.PoolClient) => Promise<T>): Promise<T> =>
  between(db, 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', work);

async function between<T>(db: pg.Pool, begin: string, work: (tx: pg.PoolClient) => Promise<T>): Promise<T> {
  const tx = await db.connect();
  let broken: Error | undefined;
  try {
    await tx.query(begin);
    const result = await work(tx);
    await tx.query('COMMIT');
    return result;
  } catch (problem) {
    await tx.query('ROLLBACK').catch((error: Error) => {
      broken = error;
    });
    throw problem;
  } finally {
    tx.release(broken);
  }
}
