import type pg from 'pg';

/** One transaction on one connection; whatever goes wrong rolls everything back and is thrown. */
export async function inTransaction<T>(db: pg.Pool, work: (tx: pg.PoolClient) => Promise<T>): Promise<T> {
  const tx = await db.connect();
  let broken: Error | undefined;
  try {
    await tx.query('BEGIN');
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
