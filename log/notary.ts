import type pg from 'pg';
import type { HeadMark } from '../domain/log-head.ts';
import { COVERED, readLog, readNumbers } from './covered.ts';
import { FIRST_PREVIOUS, insertHead, lastHead, markOfHead, readHeads, sealHead, type LogHead } from './head.ts';
import type { SigningKey } from './keys.ts';
import { createMerkleRoot } from './merkle.ts';
import { appendHeads, lastWitnessed } from './witness-file.ts';

/** Who writes heads, and where they are written besides the store. */
export interface NotaryDeps {
  db: pg.Pool;
  key: SigningKey;
  witnessFolder: string;
  /** heard when the file lacks more than a crash can explain */
  warn: (about: object, message: string) => void;
  now: () => number;
}

/** One notary at a time, whatever the number of workers. */
const NOTARY_LOCK = 7_301_993;
/** A crash between the commit and the file loses one line; more than this were taken away, and stay away. */
const MOST_MENDED = 10;
/** More numbers than this are never under way at once: somebody has moved the sequence. */
const MOST_HOLES = 100_000;

/**
 * Seals what was written since the last head, if anything was, in store and file; answers all heads after `after`, which the
 * engine then keeps. Whoever is killed at any point leaves at most a head that the next one completes.
 */
export async function writeHead(deps: NotaryDeps, after: number): Promise<HeadMark[]> {
  const client = await deps.db.connect();
  let broken: Error | undefined;
  try {
    await client.query('SELECT pg_advisory_lock($1)', [NOTARY_LOCK]);
    await seal(deps, client, after);
    await bringFileUpToDate(deps, client);
    return (await readHeads(client, after)).map(markOfHead);
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [NOTARY_LOCK]).catch((error: Error) => (broken = error));
    client.release(broken);
  }
}

/** One snapshot for all tables: what is committed is sealed, what is not yet is a hole. */
async function seal({ key, now }: NotaryDeps, tx: pg.ClientBase, after: number): Promise<void> {
  await tx.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
  try {
    const [before, last] = await lastTwo(tx);
    const { to, oldest, horizon } = await readSnapshot(tx, last?.to_no ?? 0);
    const root = createMerkleRoot();
    const late: number[] = [];
    for (const row of await readNumbers(tx, last?.holes ?? [])) {
      late.push(row.no);
      root.add(row.leaf);
    }
    const holes: number[] = [];
    let next = (last?.to_no ?? 0) + 1;
    for await (const rows of readLog(tx, next - 1, to)) {
      for (const row of rows) {
        for (; next < row.no; next++) holes.push(next);
        if (holes.length > MOST_HOLES) throw new Error('the numbers of the log have been moved');
        root.add(row.leaf);
        next = row.no + 1;
      }
    }
    if (root.count() > 0) {
      const open = (last?.holes ?? []).filter((no) => !late.includes(no) && !isDead(no, before, last, oldest));
      const head = sealHead(
        {
          // A store that is older than its witnesses leaves the numbers they know, so that this is seen for ever.
          number: Math.max(last?.number ?? 0, after) + 1,
          from_no: (last?.to_no ?? 0) + 1,
          to_no: next - 1,
          count: root.count(),
          root: root.root(),
          holes: [...open, ...holes],
          late,
          horizon,
          at: new Date(now()).toISOString(),
          prev_hash: last?.hash ?? FIRST_PREVIOUS,
        },
        key,
      );
      await insertHead(tx, head);
    }
    await tx.query('COMMIT');
  } catch (problem) {
    await tx.query('ROLLBACK');
    throw problem;
  }
}

async function lastTwo(tx: pg.ClientBase): Promise<[LogHead | undefined, LogHead | undefined]> {
  const last = await lastHead(tx);
  if (!last) return [undefined, undefined];
  const { rows } = await tx.query<{ n: string | null }>(
    'SELECT max(number)::text AS n FROM log_head WHERE number < $1',
    [last.number],
  );
  const n = rows[0]?.n;
  return [n ? (await readHeads(tx, Number(n) - 1, 1))[0] : undefined, last];
}

/**
 * A number is taken a moment before its transaction has a number of its own, so a hole is given up only when it has stood
 * in two heads and every transaction that was known at the second has ended.
 */
const isDead = (no: number, before: LogHead | undefined, last: LogHead | undefined, oldest: number): boolean =>
  before !== undefined && last !== undefined && before.holes.includes(no) && oldest >= last.horizon;

async function readSnapshot(
  tx: pg.ClientBase,
  sealedTo: number,
): Promise<{ to: number; oldest: number; horizon: number }> {
  const ends = COVERED.map(({ table }) => `SELECT max(log_no) AS no FROM ${table}`).join(' UNION ALL ');
  const { rows } = await tx.query<{ to: string | null; oldest: string; horizon: string }>(
    `SELECT (SELECT max(no)::text FROM (${ends}) e) AS to, pg_snapshot_xmin(pg_current_snapshot())::text AS oldest,
            pg_snapshot_xmax(pg_current_snapshot())::text AS horizon`,
  );
  const [{ to, oldest, horizon }] = rows as [{ to: string | null; oldest: string; horizon: string }];
  return { to: Math.max(Number(to ?? 0), sealedTo), oldest: Number(oldest), horizon: Number(horizon) };
}

async function bringFileUpToDate({ witnessFolder, warn }: NotaryDeps, tx: pg.ClientBase): Promise<void> {
  const last = await lastHead(tx);
  if (!last) return;
  const written = await lastWitnessed(witnessFolder);
  const missing = await readHeads(tx, written);
  if (missing.length <= MOST_MENDED) return appendHeads(witnessFolder, missing);
  warn({ written, last: last.number }, 'the witness file lacks heads; only the newest is added, run npm run verify');
  await appendHeads(witnessFolder, [last]);
}
