import { cpuBetween, NO_CPU, type Cpu } from './cpu.ts';
import { median, percentile } from './stats.ts';

/** One of the systems that are compared: how it files a case and takes the decisions on it, one after another. */
export interface Side {
  name: string;
  decisionsPerCase: number;
  /** answers the id of the case */
  file(): Promise<string>;
  decide(id: string, nth: number): Promise<void>;
  /** what its processes have used so far, where that can be told */
  cpu?: () => Cpu;
}

/** One round: so many cases filed, then all of them decided to the end, by so many clerks at once. */
export interface Round {
  filingsPerSecond: number;
  decisionsPerSecond: number;
  /** of each decision, in ms */
  latenciesMs: number[];
  ids: string[];
  /** seconds of the whole round */
  cpu: Cpu;
}

export async function runRound(side: Side, concurrency: number, cases: number): Promise<Round> {
  const ids: string[] = [];
  const before = side.cpu?.() ?? NO_CPU;
  const filedFrom = performance.now();
  await byClerks(concurrency, cases, async () => void ids.push(await side.file()));
  const filingMs = performance.now() - filedFrom;

  const latenciesMs: number[] = [];
  const decidedFrom = performance.now();
  await byClerks(concurrency, cases, async (n) => {
    for (let nth = 0; nth < side.decisionsPerCase; nth += 1) {
      const from = performance.now();
      await side.decide(ids[n] as string, nth);
      latenciesMs.push(performance.now() - from);
    }
  });
  const decidingMs = performance.now() - decidedFrom;
  return {
    filingsPerSecond: (cases / filingMs) * 1000,
    decisionsPerSecond: (latenciesMs.length / decidingMs) * 1000,
    latenciesMs,
    ids,
    cpu: cpuBetween(before, side.cpu?.() ?? NO_CPU),
  };
}

/** A B C D, then D C B A: a machine that gets slower or faster meanwhile favours nobody. */
export const inTurn = <T>(sides: readonly T[], turn: number): readonly T[] =>
  turn % 2 === 0 ? sides : [...sides].reverse();

/** So many workers at once take the next piece of work until none is left. */
export async function byClerks(concurrency: number, pieces: number, work: (n: number) => Promise<void>): Promise<void> {
  let taken = 0;
  const clerk = async (): Promise<void> => {
    while (taken < pieces) await work(taken++);
  };
  // All clerks come to an end before a failure is reported: what they use is closed right afterwards.
  const ends = await Promise.allSettled(Array.from({ length: Math.min(concurrency, pieces) }, clerk));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

export interface Summary {
  filingsPerSecond: number;
  decisionsPerSecond: number;
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
}

/** Rates are the medians of the rounds; latencies are taken over the decisions of all rounds. */
export function summarise(rounds: readonly Round[]): Summary {
  const latencies = rounds.flatMap((round) => round.latenciesMs);
  return {
    filingsPerSecond: median(rounds.map((round) => round.filingsPerSecond)),
    decisionsPerSecond: median(rounds.map((round) => round.decisionsPerSecond)),
    p50Ms: percentile(latencies, 0.5),
    p95Ms: percentile(latencies, 0.95),
    p99Ms: percentile(latencies, 0.99),
  };
}
