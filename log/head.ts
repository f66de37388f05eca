import type pg from 'pg';
import { contentHash, CHAIN_START } from '../activities/store/hash-chain.ts';
import type { HeadMark } from '../domain/log-head.ts';
import { isSignedBy, type PublicKeys, type SigningKey } from './keys.ts';

/** A head seals all rows of the log since the one before it; it is chained to that one and signed. */
export interface HeadContent {
  number: number;
  from_no: number;
  to_no: number;
  count: number;
  root: string;
  /** numbers up to `to_no` that were given out and not written yet: their transactions were still running */
  holes: number[];
  /** numbers of holes of the head before that were written since, sealed by this one */
  late: number[];
  /** the engine of the store had given out no transaction number from here on */
  horizon: number;
  /** ISO instant of the real clock */
  at: string;
  prev_hash: string;
}
export interface LogHead extends HeadContent {
  hash: string;
  key_id: string;
  signature: string;
}

export const FIRST_PREVIOUS = CHAIN_START;

export function sealHead(content: HeadContent, key: SigningKey): LogHead {
  const hash = hashOfHead(content);
  return { ...content, hash, key_id: key.id, signature: key.sign(hash) };
}

/** Over everything but itself, key and signature. */
export function hashOfHead(head: HeadContent): string {
  const { number, from_no, to_no, count, root, holes, late, horizon, at, prev_hash } = head;
  return contentHash({ number, from_no, to_no, count, root, holes, late, horizon, at, prev_hash });
}

export const isSigned = (head: LogHead, keys: PublicKeys): boolean =>
  isSignedBy(keys.get(head.key_id), head.hash, head.signature);

/** What the engine is told of a head. */
export const markOfHead = ({ number, hash, to_no, count, at }: LogHead): HeadMark => ({
  number,
  hash,
  toNo: to_no,
  count,
  at,
});

/** Heads with greater numbers, in their order, at most `limit`. */
export const readHeads = (db: pg.Pool | pg.ClientBase, after: number, limit = 1_000): Promise<LogHead[]> =>
  headsWhere(db, 'number > $1 ORDER BY log_head.number LIMIT $2', [after, limit]);

/** The heads that may seal rows of the log with these numbers, in their order: in their span, or come late to them. */
export const readHeadsOver = (db: pg.Pool | pg.ClientBase, logNos: readonly number[]): Promise<LogHead[]> =>
  headsWhere(
    db,
    `late && $1::bigint[] OR EXISTS (SELECT FROM unnest($1::bigint[]) AS w(no) WHERE w.no BETWEEN from_no AND to_no)
     ORDER BY log_head.number`,
    [logNos],
  );

async function headsWhere(db: pg.Pool | pg.ClientBase, where: string, values: unknown[]): Promise<LogHead[]> {
  const { rows } = await db.query<Record<string, unknown>>(
    `SELECT number::text, from_no::text, to_no::text, count, root, holes::text[], late::text[], horizon::text, at, prev_hash, hash, key_id, signature
     FROM log_head WHERE ${where}`,
    values,
  );
  return rows.map(headOf);
}

/** The newest head; undefined before the first. */
export async function lastHead(db: pg.Pool | pg.ClientBase): Promise<LogHead | undefined> {
  const { rows } = await db.query<{ number: string | null }>('SELECT max(number)::text AS number FROM log_head');
  const number = rows[0]?.number;
  return number ? (await readHeads(db, Number(number) - 1, 1))[0] : undefined;
}

const headOf = (row: Record<string, unknown>): LogHead => ({
  ...(row as unknown as LogHead),
  number: Number(row['number']),
  from_no: Number(row['from_no']),
  to_no: Number(row['to_no']),
  holes: (row['holes'] as string[]).map(Number),
  late: (row['late'] as string[]).map(Number),
  horizon: Number(row['horizon']),
  at: (row['at'] as Date).toISOString(),
});

export async function insertHead(tx: pg.ClientBase, head: LogHead): Promise<void> {
  await tx.query({
    name: 'insert-head',
    text: `INSERT INTO log_head (number, from_no, to_no, count, root, holes, late, horizon, at, prev_hash, hash, key_id, signature)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    values: [
      head.number,
      head.from_no,
      head.to_no,
      head.count,
      head.root,
      head.holes,
      head.late,
      head.horizon,
      head.at,
      head.prev_hash,
      head.hash,
      head.key_id,
      head.signature,
    ],
  });
}
