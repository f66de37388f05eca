import { median, percentile, table } from '../bench/stats.ts';
import { fateOf, isDone, type Fate, type Sheet } from './checker/ledger.ts';
import type { Happened } from './programme.ts';

/** What the report is made of: what the clients wrote down, and the keys of the decisions in the store, each as often as it is there. */
export interface Seen {
  sheets: readonly Sheet[];
  stored: readonly string[];
}

/**
 * What a run was like, in three tables: what became of everything that was decided, how long people waited for it, and how long nobody
 * got an answer after each kind of fault. It judges nothing; that is the checker's.
 */
export function reportOf({ sheets, stored }: Seen, faults: readonly Happened[]): string {
  const decisions = sheets.filter(({ asked }) => asked.decision !== undefined);
  return [fates(decisions, stored), waited(decisions), silences(decisions, faults)].map(table).join('\n\n');
}

const FATES: Readonly<Record<Fate, string>> = {
  DONE: 'answered',
  REFUSED: 'refused',
  NEITHER: 'given up without an answer',
};

function fates(decisions: readonly Sheet[], stored: readonly string[]): string[][] {
  const times = new Map<string, number>();
  for (const key of stored) times.set(key, (times.get(key) ?? 0) + 1);
  const rows = Object.entries(FATES).map(([fate, title]) => {
    const found = decisions.filter((sheet) => fateOf(sheet) === fate).map(({ asked }) => times.get(asked.key) ?? 0);
    const counts = [(n: number) => n === 0, (n: number) => n === 1, (n: number) => n > 1];
    return [title, found.length, ...counts.map((fits) => found.filter(fits).length)].map(String);
  });
  return [['decisions', 'number', 'not stored', 'stored once', 'stored twice or more'], ...rows];
}

/** From the first request to the answer, repetitions and pauses between them included. */
function waited(decisions: readonly Sheet[]): string[][] {
  const waits = decisions.flatMap(({ asked, answers }) => {
    const done = answers.find(isDone);
    return done ? [done.at - asked.at] : [];
  });
  const shares = [0.5, 0.95, 0.99, 1].map((share) => seconds(percentile(waits, share)));
  return [
    ['waited for an answer, s', 'p50', 'p95', 'p99', 'longest'],
    ['from the first request', ...shares],
  ];
}

/** For each fault the longest time between two answers to anybody, from its beginning to that of the next one. */
function silences(decisions: readonly Sheet[], faults: readonly Happened[]): string[][] {
  const answers = decisions.flatMap((sheet) => sheet.answers.filter(isDone).map(({ at }) => at)).sort((a, b) => a - b);
  const inOrder = [...faults].sort((a, b) => a.begun - b.begun);
  const byKind = new Map<string, number[]>();
  inOrder.forEach(({ kind, begun }, i) => {
    const until = inOrder[i + 1]?.begun ?? Infinity;
    const first = answers.findIndex((at) => at > begun);
    let [longest, from] = [0, begun];
    for (const at of first < 0 ? [] : answers.slice(first)) {
      longest = Math.max(longest, at - from);
      if (at > until) break;
      from = at;
    }
    byKind.set(kind, [...(byKind.get(kind) ?? []), longest]);
  });
  const rows = [...byKind].sort(([, a], [, b]) => Math.max(...b) - Math.max(...a));
  return [
    ['nobody was answered, s', 'faults', 'median', 'longest'],
    ...rows.map(([kind, each]) => [kind, String(each.length), seconds(median(each)), seconds(Math.max(...each))]),
  ];
}

const seconds = (ms: number): string => (ms / 1000).toFixed(1);
