import { addCpu, NO_CPU, PARTS, type Cpu } from './cpu.ts';
import { summarise, type Round, type Side, type Summary } from './load.ts';
import { median, percentile, table } from './stats.ts';

/**
 * Clerks at once, cases a slice, slices a round: a few seconds each, a multiple so that all are busy until the end. Short
 * slices in turn, many of them where the target lies: what else the machine does comes in bursts, and meets all sides.
 */
export const LOADS = [
  { concurrency: 1, cases: 3, slices: 1 },
  { concurrency: 16, cases: 16, slices: 3 },
  { concurrency: 64, cases: 64, slices: 1 },
] as const;

const TARGETS = { throughput: 0.9, p95: 1.15, workerCpu: 1 } as const;
/** Of one clerk alone the issue asks nothing: his decisions wait for each other. */
const isTarget = (concurrency: number): boolean => concurrency >= 16;

export type Rounds = Map<Side, Map<number, Round[]>>;

const HEAD = ['', 'C', 'slices', 'filings/s', 'decisions/s', 'p50 ms', 'p95 ms', 'p99 ms'];

export const speedTable = (rounds: Rounds): string =>
  table([HEAD, ...[...rounds.keys()].flatMap((side) => rowsOf(rounds, side))]);

const slicesOf = (rounds: Rounds, side: Side, concurrency: number): Round[] => rounds.get(side)?.get(concurrency) ?? [];

/** With `--at` only one of the loads. */
const measured = (rounds: Rounds) =>
  LOADS.filter(({ concurrency }) => [...rounds.keys()].some((side) => slicesOf(rounds, side, concurrency).length > 0));

const rowsOf = (rounds: Rounds, side: Side): string[][] =>
  measured(rounds).map(({ concurrency }) => {
    const slices = slicesOf(rounds, side, concurrency);
    const { filingsPerSecond, decisionsPerSecond, p50Ms, p95Ms, p99Ms }: Summary = summarise(slices);
    const rates = [filingsPerSecond, decisionsPerSecond].map((rate) => rate.toFixed(1));
    const ms = [p50Ms, p95Ms, p99Ms].map((value) => value.toFixed(0));
    return [side.name, String(concurrency), String(slices.length), ...rates, ...ms];
  });

/** By side: all loads together, since what a case costs depends little on how many come at once. */
export function cpuTable(rounds: Rounds, decisionsPerCase: number): string {
  const rows = [...rounds.keys()].map((side) => {
    const perCase = cpuPerCase(rounds, side, decisionsPerCase);
    const all = PARTS.reduce((sum, part) => sum + perCase[part], 0);
    return [side.name, ...[...PARTS.map((part) => perCase[part]), all].map((s) => (s * 1000).toFixed(1))];
  });
  return table([['', ...PARTS, 'all'], ...rows]);
}

function cpuPerCase(rounds: Rounds, side: Side, decisionsPerCase: number): Cpu {
  const slices = LOADS.flatMap(({ concurrency }) => slicesOf(rounds, side, concurrency));
  const cases = slices.reduce((sum, { latenciesMs }) => sum + latenciesMs.length, 0) / decisionsPerCase;
  const cpu = slices.reduce((sum, slice) => addCpu(sum, slice.cpu), NO_CPU);
  return Object.fromEntries(PARTS.map((part) => [part, cpu[part] / cases])) as Cpu;
}

export interface Sides {
  ours: Side;
  raw: Side;
  naive: Side;
  http: Side;
  plain: Side;
}

/** What the issue asks for, one line each; a ratio is the median of those of slices that lay next to each other in time. */
export function printRatios(rounds: Rounds, { ours, raw, naive, http, plain }: Sides, decisionsPerCase: number): void {
  const between = (side: Side, beside: Side, concurrency: number, value: (round: Round) => number): number => {
    const others = slicesOf(rounds, beside, concurrency);
    return median(
      slicesOf(rounds, side, concurrency).flatMap((round, n) => (others[n] ? [value(round) / value(others[n])] : [])),
    );
  };
  const rate = ({ decisionsPerSecond }: Round): number => decisionsPerSecond;
  const p95 = ({ latenciesMs }: Round): number => percentile(latenciesMs, 0.95);
  const print = (title: string, line: (concurrency: number) => string): void => {
    console.log(`\n${title}`);
    for (const { concurrency } of measured(rounds)) console.log(line(concurrency));
  };
  print('decisions/s against the raw SDK', (c) =>
    judged(`ratio C=${c}`, between(ours, raw, c, rate), isTarget(c) ? { atLeast: TARGETS.throughput } : {}),
  );
  print('p95 of a decision against the raw SDK', (c) =>
    judged(`p95 C=${c}`, between(ours, raw, c, p95), isTarget(c) ? { atMost: TARGETS.p95 } : {}),
  );
  print('decisions/s against the naive raw SDK', (c) =>
    judged(`naive C=${c}`, between(ours, naive, c, rate), isTarget(c) ? { atLeast: TARGETS.throughput } : {}),
  );
  print('p95 of a decision against the naive raw SDK', (c) =>
    judged(`naive p95 C=${c}`, between(ours, naive, c, p95), isTarget(c) ? { atMost: TARGETS.p95 } : {}),
  );
  print('decisions/s over HTTP against the same without it', (c) =>
    judged(`http C=${c}`, between(http, ours, c, rate)),
  );
  print('decisions/s over HTTP against Express + pg', (c) => judged(`express C=${c}`, between(http, plain, c, rate)));
  const workerCpu = (side: Side): number => cpuPerCase(rounds, side, decisionsPerCase).worker;
  if (workerCpu(ours) === 0) return;
  console.log('\nworker CPU of a case');
  const most = { atMost: TARGETS.workerCpu };
  console.log(judged('worker CPU against the raw SDK', workerCpu(ours) / workerCpu(raw), most));
  console.log(judged('worker CPU against the naive raw SDK', workerCpu(ours) / workerCpu(naive), most));
}

/** `name 0.00`, with the target behind it where there is one. */
export function judged(
  name: string,
  value: number,
  { atLeast, atMost }: { atLeast?: number; atMost?: number } = {},
): string {
  const line = `${name} ${value.toFixed(2)}`;
  if (atLeast !== undefined) return `${line}   (target ≥ ${atLeast}${value < atLeast ? ', missed' : ''})`;
  if (atMost !== undefined) return `${line}   (target ≤ ${atMost}${value > atMost ? ', missed' : ''})`;
  return line;
}
