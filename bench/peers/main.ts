import { parseArgs } from 'node:util';
import { floor, floorWorker, prepareFloor, recordedFirst } from '../floor/index.ts';
import { inTurn, runRound, type Round, type Side } from '../load.ts';
import { DECISIONS, oursByService } from '../ours.ts';
import { median, percentile, table } from '../stats.ts';
import { openBench, ourWorker, sayTo } from '../surroundings.ts';
import { dbos, peersInstalled, restate } from './sides.ts';

/**
 * `npm run bench:peers`: the same work – a case that waits, as many decisions, one transaction each – done by the raw Temporal SDK,
 * by DBOS and by Restate, and the product's own decisions, in turns in one run. The peers are installed apart:
 * `npm ci --prefix bench/peers`. `--quick`: two slices of each.
 */
const { values: options } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const LOADS = [
  { concurrency: 1, cases: 4 },
  { concurrency: 16, cases: 32 },
] as const;

const bench = await openBench(sayTo(console.error));
try {
  if (!peersInstalled(bench)) {
    console.error('先安装对比系统 / install the peers first: npm ci --prefix bench/peers');
    process.exitCode = 1;
  } else await comparePeers(options.quick ? 2 : 6);
} finally {
  await bench.close();
}

async function comparePeers(slices: number): Promise<void> {
  const decisionsPerCase = DECISIONS.length;
  const queues = { ours: `bench-${bench.id}`, floor: `floor-${bench.id}` };
  const bundle = await prepareFloor(bench);
  await bench.start(floorWorker(bench, bundle, { taskQueue: queues.floor }));
  await bench.start(ourWorker(bench.around(queues.ours), 1));
  const raw = floor(bench, { taskQueue: queues.floor, decisionsPerCase });
  const sides = [
    raw,
    recordedFirst(bench, { taskQueue: queues.floor, decisionsPerCase }),
    await dbos(bench, decisionsPerCase),
    await restate(bench, decisionsPerCase),
    await oursByService(bench, queues.ours),
  ];
  for (const side of sides) await runRound(side, 8, 16);
  bench.say('all are warm');
  const rounds = new Map<Side, Round[][]>(sides.map((side) => [side, LOADS.map(() => [])]));
  for (let slice = 0; slice < slices; slice += 1) {
    for (const [n, { concurrency, cases }] of LOADS.entries())
      for (const side of inTurn(sides, slice)) rounds.get(side)?.[n]?.push(await runRound(side, concurrency, cases));
    bench.say(`slice ${slice + 1} of ${slices}: done`);
  }
  const rows = sides.flatMap((side) =>
    LOADS.map(({ concurrency }, n) => {
      const of = (each: Side, share: number): number[] =>
        (rounds.get(each)?.[n] ?? []).map(({ latenciesMs }) => percentile(latenciesMs, share));
      const ratio = (share: number): string => {
        const beside = of(raw, share);
        return median(of(side, share).map((ms, i) => ms / (beside[i] ?? NaN))).toFixed(2);
      };
      const rate = median((rounds.get(side)?.[n] ?? []).map(({ decisionsPerSecond }) => decisionsPerSecond));
      const ms = [0.5, 0.95].map((share) => median(of(side, share)).toFixed(0));
      return [side.name, String(concurrency), rate.toFixed(1), ...ms, ratio(0.5), ratio(0.95)];
    }),
  );
  console.log(
    `\n${decisionsPerCase} decisions a case; latencies and their ratios to the raw SDK: medians of ${slices} slices\n`,
  );
  console.log(table([['', 'C', 'decisions/s', 'p50 ms', 'p95 ms', 'p50 ÷ raw', 'p95 ÷ raw'], ...rows]));
}
