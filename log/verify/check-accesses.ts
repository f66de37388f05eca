import type pg from 'pg';
import type { JsonObject } from '../../domain/case.ts';
import { ACCESS_COLUMNS, accessContent } from '../access-chain.ts';
import { instantSql } from '../case-rows.ts';
import { BEFORE_FIRST, checkLink } from './check-chain.ts';
import type { Finding } from './finding.ts';

const PAGE = 5_000;

/** Walks the chain of accesses from its beginning; answers what is wrong and how many there are. */
export async function checkAccesses(
  db: pg.Pool,
  say: (done: number) => void,
): Promise<{ findings: Finding[]; count: number }> {
  const columns = [...ACCESS_COLUMNS.always, ...ACCESS_COLUMNS.optional].filter((column) => column !== 'at');
  const findings: Finding[] = await outOfChain(db);
  let previous = BEFORE_FIRST;
  let count = 0;
  for (;;) {
    const { rows } = await db.query<JsonObject & { seq: string; prev_hash: string; hash: string }>(
      `SELECT seq::text, ${columns.join(', ')}, ${instantSql('at')} AS at, case_prev_hash, prev_hash, hash
       FROM access_log WHERE seq > $1 ORDER BY access_log.seq LIMIT ${PAGE}`,
      [previous.seq],
    );
    for (const row of rows) {
      const seq = Number(row.seq);
      const about = `${String(row['acceptance_no'] ?? '')} access ${seq}`.trim();
      const content = accessContent(seq, row['case_prev_hash'] as string | null, row);
      const link = { seq, prev_hash: row.prev_hash, hash: row.hash, content };
      findings.push(...checkLink(about, 'access', previous, link));
      previous = link;
    }
    count += rows.length;
    say(count);
    if (rows.length < PAGE) return { findings, count };
  }
}

/** Entries of earlier programs have no place in the chain, and lower numbers than everything in it. */
async function outOfChain(db: pg.Pool): Promise<Finding[]> {
  const { rows } = await db.query<{ log_no: string }>(
    `SELECT log_no::text FROM access_log WHERE seq IS NULL AND log_no > (SELECT min(log_no) FROM access_log WHERE seq IS NOT NULL)
     ORDER BY access_log.log_no`,
  );
  return rows.map(({ log_no: no }) => ({
    about: `access, log number ${no}`,
    kind: 'ROW_SLIPPED_IN',
    between: ['ROWS', 'CHAIN'],
    detail: 'it has no place in the chain',
  }));
}
