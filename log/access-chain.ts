import type pg from 'pg';
import type { JsonObject } from '../domain/case.ts';
import { chainHash, CHAIN_START } from '../activities/store/hash-chain.ts';
import { inTransaction } from '../activities/store/in-transaction.ts';

/**
 * The access log as one chain without gaps, across all processes that write it: whoever appends holds one lock until the
 * commit, so the numbers follow each other in the order of the commits. Within it each entry about a case names the one
 * before it about the same case.
 */

/** A row as it is hashed, under the names of the columns; optional columns are left out when null. */
export type AccessRow = JsonObject & { at: string; acceptance_no: string | null };

/** One number in the store, taken by nobody else. */
const ACCESS_LOCK = 7_301_992;

/** The columns an entry is made of, in the order of the insert; those behind `optional` came later. */
export const ACCESS_COLUMNS = {
  always: ['at', 'user_id', 'method', 'route', 'acceptance_no', 'status', 'code', 'request_id'],
  optional: ['reason', 'acting_for'] as readonly string[],
} as const;

/** What the hash of a row covers; a column of later programs counts only where it holds something. */
export function accessContent(seq: number, casePrevHash: string | null, row: JsonObject): JsonObject {
  const content: JsonObject = { seq, case_prev_hash: casePrevHash };
  for (const column of ACCESS_COLUMNS.always) content[column] = row[column] ?? null;
  for (const column of ACCESS_COLUMNS.optional) {
    const value = row[column];
    if (value !== null && value !== undefined) content[column] = value;
  }
  return content;
}

/** Appends entries in their order, all or none. */
export const appendAccesses = (db: pg.Pool, entries: readonly AccessRow[]): Promise<void> =>
  inTransaction(db, (tx) => append(tx, entries));

async function append(tx: pg.ClientBase, entries: readonly AccessRow[]): Promise<void> {
  await tx.query({ name: 'lock-access-log', text: `SELECT pg_advisory_xact_lock(${ACCESS_LOCK})` });
  const cases = [...new Set(entries.flatMap(({ acceptance_no: no }) => (no === null ? [] : [no])))];
  const end = await tx.query<{ seq: string; hash: string }>({
    name: 'end-of-access-log',
    text: 'SELECT seq::text, hash FROM access_log WHERE seq IS NOT NULL ORDER BY access_log.seq DESC LIMIT 1',
  });
  const ofCases = await tx.query<{ acceptance_no: string; hash: string }>({
    name: 'ends-of-cases',
    text: `SELECT c.acceptance_no, l.hash FROM unnest($1::text[]) AS c(acceptance_no),
             LATERAL (SELECT hash FROM access_log a WHERE a.acceptance_no = c.acceptance_no AND a.seq IS NOT NULL ORDER BY a.seq DESC LIMIT 1) l`,
    values: [cases],
  });
  const lastOf = new Map(ofCases.rows.map((row) => [row.acceptance_no, row.hash]));
  let seq = Number(end.rows[0]?.seq ?? 0);
  let previous = end.rows[0]?.hash ?? CHAIN_START;
  const rows = entries.map((entry) => {
    seq += 1;
    const casePrevHash = (entry.acceptance_no !== null && lastOf.get(entry.acceptance_no)) || null;
    const content = accessContent(seq, casePrevHash, entry);
    const hash = chainHash(previous, content);
    const row = { ...content, prev_hash: previous, hash };
    previous = hash;
    if (entry.acceptance_no !== null) lastOf.set(entry.acceptance_no, hash);
    return row;
  });
  const columns = [...ACCESS_COLUMNS.always, ...ACCESS_COLUMNS.optional, 'seq', 'case_prev_hash', 'prev_hash', 'hash'];
  await tx.query({
    name: 'append-accesses',
    text: `INSERT INTO access_log (${columns.join(', ')})
           SELECT ${columns.join(', ')} FROM jsonb_populate_recordset(NULL::access_log, $1) ORDER BY seq`,
    values: [JSON.stringify(rows)],
  });
}
