import { median, percentile, table } from '../bench/stats.ts';
import { fateOf, sheetsOf, type Fate } from './checker/ledger.ts';
import type { Happened } from './programme.ts';
import type { WrittenLine } from './record.ts';

/** What the report is made of: the clients' record, and the keys of the decisions in the store, each as often as it is there. */
export interface Seen {
  lines: readonly WrittenLine[];
  stored: readonly string[];
}

/**
 * What a run was like, in three tables: what became of everything that was decided, how long people waited for it, and how long nobody
 * got an answer after each kind of fault. It judges nothing; that is the checker's.
 */
export const reportOf = ({ lines, stored }: Seen, faults: readonly Happened[]): string =>
  [fates(lines, stored), waited(lines), silences(lines, faults)].map(table).join('\n\n');

const FATES: Readonly<Record<Fate, string>> = {
  DONE: 'answered',
  REFUSED: 'refused',
  NEITHER: 'given up without an answer',
};

function fates(lines: readonly WrittenLine[], stored: readonly string[]): string[][] {
  const times = new Map<string, number>();
  for (const key of stored) times.set(key, (times.get(key) ?? 0) + 1);
  const sheets = sheetsOf(lines).filter(({ asked }) => asked.decision !== undefined);
  const rows = Object.entries(FATES).map(([fate, title]) => {
    const found = sheets.filter((sheet) => fateOf(sheet) === fate).map(({ asked }) => times.get(asked.key) ?? 0);
    const counts = [(n: number) => n === 0, (n: number) => n === 1, (n: number) => n > 1];
    return [title, found.length, ...counts.map((fits) => found.filter(fits).length)].map(String);
  });
  return [['decisions', 'number', 'not stored', 'stored once', 'stored twice or more'], ...rows];
}

/** From the first request to the answer, repetitions and pauses between them included. */
function waited(lines: readonly WrittenLine[]): string[][] {
  const since = new Map<string, number>();
  for (const line of lines)
    if (line.what === 'ASKED' && line.decision !== undefined && !since.has(line.key)) since.set(line.key, line.at);
  const waits: number[] = [];
  for (const line of lines) {
    const from = line.what === 'ANSWERED' && line.status < 300 ? since.get(line.key) : undefined;
    if (from === undefined || line.what !== 'ANSWERED') continue;
    waits.push(line.at - from);
    since.delete(line.key);
  }
  const shares = [0.5, 0.95, 0.99, 1].map((share) => seconds(percentile(waits, share)));
  return [
    ['waited for an answer, s', 'p50', 'p95', 'p99', 'longest'],
    ['from the first request', ...shares],
  ];
}

/** For each fault the longest time between two answers to anybody, from its beginning to that of the next one. */
function silences(lines: readonly WrittenLine[], faults: readonly Happened[]): string[][] {
  const decisions = new Set(lines.flatMap((line) => (line.what === 'ASKED' && line.decision ? [line.key] : [])));
  const answers = lines
    .flatMap((line) => (line.what === 'ANSWERED' && line.status < 300 && decisions.has(line.key) ? [line.at] : []))
    .sort((a, b) => a - b);
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
