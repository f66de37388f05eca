import type pg from 'pg';

/** Tables with a row, or several, for every case or every person: nothing people wait for may read one from end to end. */
export const BIG_TABLES = [
  'case_file',
  'case_turn',
  'case_event',
  'case_actor',
  'case_claim',
  'case_document',
  'case_output',
  'stage',
  'suspension',
  'extension',
  'notice',
  'benefit',
  'payment_item',
  'insured_person',
  'access_log',
] as const;

/** How the database did one statement, as far as a store that grows is concerned. */
export interface Plan {
  text: string;
  /** big tables read from end to end */
  sequential: string[];
  /** rows of big tables that were looked at, whether they were wanted or not */
  rows: number;
  /** 8 kB blocks of all tables and indexes */
  blocks: number;
  ms: number;
  /** the nodes, indented */
  lines: string[];
}

interface Node {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Actual Rows'?: number;
  'Actual Loops'?: number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  'Heap Fetches'?: number;
  'Shared Hit Blocks'?: number;
  'Shared Read Blocks'?: number;
  Plans?: Node[];
}

/** Runs the statement once more; one that writes is none of a list, and left alone. Values must be those of a real question. */
export async function planOf(db: pg.Pool, text: string, values: unknown[]): Promise<Plan | undefined> {
  if (/\b(insert|update|delete)\b/i.test(text)) return undefined;
  const { rows } = await db.query<{ 'QUERY PLAN': [{ Plan: Node; 'Execution Time'?: number }] }>(
    `EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) ${text}`,
    values,
  );
  const [{ Plan: top, 'Execution Time': ms = 0 }] = (rows[0] as (typeof rows)[number])['QUERY PLAN'];
  const plan: Plan = { text, sequential: [], rows: 0, blocks: blocksOf(top), ms, lines: [] };
  walk(top, 0, plan);
  return plan;
}

const blocksOf = (node: Node): number => (node['Shared Hit Blocks'] ?? 0) + (node['Shared Read Blocks'] ?? 0);

function walk(node: Node, depth: number, plan: Plan): void {
  const { 'Node Type': type, 'Relation Name': table, 'Index Name': index, 'Actual Loops': loops = 0 } = node;
  const big = table !== undefined && (BIG_TABLES as readonly string[]).includes(table);
  const kept = node['Actual Rows'] ?? 0;
  const dropped = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
  // Of a table that is empty here, or of a branch that was not taken, a scan says nothing.
  if (big && type === 'Seq Scan' && (kept + dropped) * loops > 0) plan.sequential.push(table);
  if (big) plan.rows += Math.round((kept + dropped) * loops);
  const what = [type, index && `using ${index}`, table && `on ${table}`].filter(Boolean).join(' ');
  plan.lines.push(
    `${'  '.repeat(depth)}${what} (rows ${kept} + ${dropped} dropped, × ${loops}, blocks ${blocksOf(node)})`,
  );
  for (const below of node.Plans ?? []) walk(below, depth + 1, plan);
}
