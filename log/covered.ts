import type pg from 'pg';
import type { Json } from '../domain/case.ts';
import { contentHash } from '../activities/store/hash-chain.ts';

/**
 * What the heads of the log seal: every table whose rows are only ever added, one line each. A table joins by a column
 * `log_no BIGINT NOT NULL DEFAULT nextval('log_number')` with a unique index, and a line here.
 */
export interface CoveredTable {
  table: string;
  /** SQL over the row `r`: its hash, null where there is none */
  hash: string;
  /** SQL over the row `r`: the content, as JSON, of rows without a hash; null where every row has one */
  content: string;
  /** SQL over the row `r`: what a finding calls it by */
  name: string;
}

/** The row without nulls, so that a column of later programs changes nothing; instants whatever the session's zone. */
const contentOf = (...instants: string[]): string =>
  `jsonb_strip_nulls(to_jsonb(r) - 'log_no'${instants.map((column) => ` || jsonb_build_object('${column}', extract(epoch FROM r.${column})::text)`).join('')})`;

export const COVERED: readonly CoveredTable[] = [
  {
    table: 'case_event',
    hash: 'r.hash',
    content: 'NULL::jsonb',
    name: `(SELECT c.acceptance_no FROM case_file c WHERE c.case_id = r.case_id) || ' #' || r.seq`,
  },
  {
    table: 'duty_event',
    // The store's own clock is no part of the chain of a duty, and is sealed beside it.
    hash: `r.hash || ' ' || extract(epoch FROM r.recorded_at)::text`,
    content: contentOf('at', 'due_at', 'recorded_at'),
    name: `'duty ' || r.duty_id || ' #' || r.seq`,
  },
  {
    table: 'access_log',
    hash: 'r.hash',
    content: contentOf('at'),
    name: `coalesce(r.acceptance_no, 'access') || ' access ' || coalesce(r.seq::text, r.entry_id::text)`,
  },
  {
    table: 'account_event',
    hash: 'NULL::text',
    content: contentOf('at'),
    name: `'account ' || r.staff_id || ' #' || r.event_id`,
  },
  {
    table: 'calendar_edition',
    hash: 'NULL::text',
    content: `${contentOf('loaded_at')} || jsonb_build_object('days',
      (SELECT jsonb_agg(to_jsonb(d) ORDER BY d.day) FROM calendar_day d WHERE d.edition_id = r.edition_id))`,
    name: `'calendar ' || r.edition_id`,
  },
];

/** One row of the log as the heads see it. */
export interface LogRow {
  no: number;
  /** what is hashed into the root */
  leaf: string;
  name: string;
}

const PAGE = 2_000;

/** Rows of every covered table with numbers in (after, to], in the order of the numbers, page by page. */
export async function* readLog(db: pg.Pool | pg.ClientBase, after: number, to: number): AsyncGenerator<LogRow[]> {
  for (let from = after; from < to;) {
    const rows = await page(db, 'r.log_no > $1 AND r.log_no <= $2', [from, to]);
    if (rows.length > 0) yield rows;
    if (rows.length < PAGE) return;
    from = (rows.at(-1) as LogRow).no;
  }
}

/** The rows with just these numbers, in their order. */
export async function readNumbers(db: pg.Pool | pg.ClientBase, numbers: readonly number[]): Promise<LogRow[]> {
  const found: LogRow[] = [];
  for (let from = 0; from < numbers.length; from += PAGE) {
    found.push(...(await page(db, 'r.log_no = ANY($1::bigint[])', [numbers.slice(from, from + PAGE)])));
  }
  return found;
}

async function page(db: pg.Pool | pg.ClientBase, where: string, values: unknown[]): Promise<LogRow[]> {
  const parts = COVERED.map(
    ({ table, hash, content, name }) =>
      `(SELECT r.log_no, '${table}' AS part, ${hash} AS hash, ${content} AS content, ${name} AS name FROM ${table} r WHERE ${where} ORDER BY r.log_no LIMIT ${PAGE})`,
  );
  const { rows } = await db.query<{
    log_no: string;
    part: string;
    hash: string | null;
    content: Json | null;
    name: string | null;
  }>(`${parts.join(' UNION ALL ')} ORDER BY 1 LIMIT ${PAGE}`, values);
  return rows.map(({ log_no: no, part, hash, content, name }) => ({
    no: Number(no),
    leaf: `${no} ${part} ${hash ?? contentHash(content ?? null)}`,
    name: name ?? part,
  }));
}
