import type pg from 'pg';
import type { PlainDate } from '../domain/plain-date.ts';
import { keptFrom, RETENTION, type RecordKind, type RetentionRule } from '../domain/retention.ts';

/** One kind of record and what of it is older than its rule. */
export interface DueRecords {
  kind: RecordKind;
  rule: RetentionRule;
  /** older than this day */
  keptFrom: PlainDate;
  count: number;
}

/**
 * Where the records of a kind lie: their table, and the condition on being older than $1, a day. What is archived stays where it
 * is: rows of the log are never deleted by a program, and a file leaves the store only with its evidence bundle in the archive.
 */
const PLACES: Record<RecordKind, { table: string; older: string }> = {
  CASE_FILE: { table: 'case_file', older: 'ended_at < $1::date' },
  ACCESS_LOG: { table: 'access_log', older: 'at < $1::date' },
  DIGEST: { table: 'outbox', older: 'created_at < $1::date' },
  UNUSED_DOCUMENT: {
    table: 'document d',
    older:
      'd.uploaded_at < $1::date AND NOT EXISTS (SELECT 1 FROM case_document x WHERE x.document_id = d.document_id)',
  },
  // One that nobody ended has ended by itself.
  SESSION: { table: 'session', older: 'coalesce(ended_at, absolute_end_at) < $1::date' },
};

/** What is due by the rules on this day, kind by kind. Reads only. */
export async function dueRecords(db: pg.Pool, today: PlainDate): Promise<DueRecords[]> {
  const due: DueRecords[] = [];
  for (const [kind, rule] of Object.entries(RETENTION) as [RecordKind, RetentionRule][]) {
    const { table, older } = PLACES[kind];
    const from = keptFrom(rule, today);
    const { rows } = await db.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${table} WHERE ${older}`, [
      from,
    ]);
    due.push({ kind, rule, keptFrom: from, count: rows[0]?.count ?? 0 });
  }
  return due;
}

/** Deletes what the rules say goes, as the owner of the tables; answers how many rows, kind by kind. */
export async function deleteDue(owner: pg.Pool, today: PlainDate): Promise<Partial<Record<RecordKind, number>>> {
  const deleted: Partial<Record<RecordKind, number>> = {};
  for (const [kind, rule] of Object.entries(RETENTION) as [RecordKind, RetentionRule][]) {
    if (rule.then !== 'DELETE') continue;
    const { table, older } = PLACES[kind];
    const { rowCount } = await owner.query(`DELETE FROM ${table} WHERE ${older}`, [keptFrom(rule, today)]);
    deleted[kind] = rowCount ?? 0;
  }
  return deleted;
}
