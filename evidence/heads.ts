import type pg from 'pg';
import { readLog, readNumbers } from '../log/covered.ts';
import { readHeadsOver, type LogHead } from '../log/head.ts';
import { merklePath } from '../log/merkle.ts';
import type { BundleHead } from './bundle.ts';

/**
 * The heads of the whole log that seal the given rows, each with the way from the row up to the head's root. Rows written since
 * the last head are under none yet; whoever wants them proven as well asks a minute later.
 */
export async function coveringHeads(db: pg.ClientBase, logNos: readonly string[]): Promise<BundleHead[]> {
  const wanted = [...new Set(logNos.map(Number))];
  const found: BundleHead[] = [];
  for (const head of await readHeadsOver(db, wanted)) {
    const mine = wanted.filter((no) => covers(head, no));
    if (mine.length > 0) found.push(await proved(db, head, mine));
  }
  return found;
}

const covers = (head: LogHead, no: number): boolean =>
  head.late.includes(no) || (no >= head.from_no && no <= head.to_no && !head.holes.includes(no));

/** In the order in which the notary took them: first those that came late, then the others by their numbers. */
async function proved(db: pg.ClientBase, head: LogHead, mine: readonly number[]): Promise<BundleHead> {
  const rows = await readNumbers(db, head.late);
  for await (const page of readLog(db, head.from_no - 1, head.to_no)) {
    rows.push(...page.filter(({ no }) => covers(head, no)));
  }
  const leaves = rows.map(({ leaf }) => leaf);
  return {
    head,
    rows: mine.map((no) => {
      const index = rows.findIndex((row) => row.no === no);
      return { logNo: String(no), index, path: index < 0 ? [] : merklePath(leaves, index) };
    }),
  };
}
