import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { floor, floorWorker, prepareFloor } from './floor/index.ts';
import { eventsPerDecision, refusedEvents } from './history.ts';
import { runRound, summarise, type Round, type Side, type Summary } from './load.ts';
import { DECISIONS, PROCESS, oursByService } from './ours.ts';
import { table } from './stats.ts';
import { openBench, ourWorker, type Bench } from './surroundings.ts';

/**
 * `npm run bench`: what a decision costs, beside the plain SDK doing the least a durable decision can be (`floor/`), on
 * the same engine and the same database server, in turns, so that noise of the machine meets both. Only ratios travel
 * from one machine to another.
 */
const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    kill: { type: 'boolean', default: false },
    /** folder for a CPU profile of our worker */
    profile: { type: 'string' },
  },
});

/** Clerks at once, and cases a round: enough for a few seconds, a multiple so that all are busy until the end. */
const LOADS = [
  { concurrency: 1, cases: 6 },
  { concurrency: 16, cases: 48 },
  { concurrency: 64, cases: 64 },
] as const;
const ROUNDS = options.quick ? 1 : 7;
/** No further round is begun after this; a slow or busy machine gives fewer rounds instead of a longer wait. */
const MEASURING_MS = 150_000;
const TARGET = { concurrency: 16, ratio: 0.8 };

const since = performance.now();
const say = (line: string): void =>
  console.error(`${((performance.now() - since) / 1000).toFixed(0).padStart(4)} s  ${line}`);

async function compare(bench: Bench): Promise<void> {
  const id = randomUUID().slice(0, 8);
  const queues = { ours: `bench-${id}`, floor: `floor-${id}` };
  const bundle = await prepareFloor(bench);
  const profile = options.profile ? ['--cpu-prof', '--cpu-prof-dir', options.profile] : [];
  await bench.start(ourWorker(bench.around(queues.ours), 1, profile));
  await bench.start(floorWorker(bench, bundle, { taskQueue: queues.floor, decisionsPerCase: DECISIONS.length }));
  const ours = await oursByService(bench, queues.ours);
  const raw = floor(bench, { taskQueue: queues.floor, decisionsPerCase: DECISIONS.length });
  for (const side of [ours, raw]) await runRound(side, 8, 16);
  say('both are warm');

  const rounds = await inTurns([ours, raw]);
  const events = await eventsPerDecision(bench, ours);
  const eventsRaw = await eventsPerDecision(bench, raw);
  const refused = await refusedEvents(bench, ours);

  console.log(
    `\n${PROCESS}: ${DECISIONS.length} decisions a case by ${new Set(DECISIONS.map((d) => d.username)).size} people\n`,
  );
  console.log(
    table([
      HEAD,
      ...[ours, raw].flatMap((side) =>
        LOADS.map(({ concurrency }) => rowOf(side, concurrency, of(rounds, side, concurrency))),
      ),
    ]),
  );
  console.log();
  for (const { concurrency } of LOADS) {
    const [mine, theirs] = [of(rounds, ours, concurrency), of(rounds, raw, concurrency)];
    const ratio = mine.decisionsPerSecond / theirs.decisionsPerSecond;
    const target =
      concurrency === TARGET.concurrency ? `   (target ${TARGET.ratio}${ratio < TARGET.ratio ? ', missed' : ''})` : '';
    console.log(`ratio C=${concurrency} ${ratio.toFixed(2)}${target}`);
  }
  console.log(`history events per decision ${events.toFixed(1)} (raw SDK ${eventsRaw.toFixed(1)}, target 11)`);
  console.log(
    `history events of a refused decision ${refused.byService} by the service, ${refused.byWorkflow} by the workflow`,
  );
}

const HEAD = ['', 'C', 'filings/s', 'decisions/s', 'p50 ms', 'p95 ms', 'p99 ms'];

const rowOf = (side: Side, concurrency: number, summary: Summary): string[] => [
  side.name,
  String(concurrency),
  summary.filingsPerSecond.toFixed(1),
  summary.decisionsPerSecond.toFixed(1),
  ...[summary.p50Ms, summary.p95Ms, summary.p99Ms].map((ms) => ms.toFixed(0)),
];

type Rounds = Map<Side, Map<number, Round[]>>;

const of = (rounds: Rounds, side: Side, concurrency: number): Summary =>
  summarise(rounds.get(side)?.get(concurrency) ?? []);

/** A B, then B A: a machine that gets slower or faster meanwhile favours nobody. */
async function inTurns(sides: readonly Side[]): Promise<Rounds> {
  const rounds: Rounds = new Map(
    sides.map((side) => [side, new Map(LOADS.map(({ concurrency }) => [concurrency, []]))]),
  );
  const until = performance.now() + MEASURING_MS;
  for (let round = 0; round < ROUNDS && performance.now() < until; round += 1) {
    for (const { concurrency, cases } of LOADS) {
      for (const side of round % 2 === 0 ? sides : [...sides].reverse()) {
        const done = await runRound(side, concurrency, cases);
        rounds.get(side)?.get(concurrency)?.push(done);
        say(
          `round ${round + 1} of ${ROUNDS}, C=${concurrency}, ${side.name}: ${done.decisionsPerSecond.toFixed(1)} decisions/s`,
        );
      }
    }
  }
  return rounds;
}

const bench = await openBench(say);
try {
  await compare(bench);
} finally {
  await bench.close();
}
