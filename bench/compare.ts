import { floor, floorWorker, prepareFloor } from './floor/index.ts';
import { eventsPerDecision, refusedEvents } from './history.ts';
import { oursByHttp, startApi } from './http.ts';
import { runRound, summarise, type Round, type Side, type Summary } from './load.ts';
import { DECISIONS, PROCESS, oursByService } from './ours.ts';
import { median, table } from './stats.ts';
import { ourWorker, type Bench } from './surroundings.ts';

/**
 * Clerks at once, cases a slice, slices a round: a few seconds each, a multiple so that all are busy until the end. Short
 * slices in turn, many of them where the target lies: what else the machine does comes in bursts, and meets both sides.
 */
const LOADS = [
  { concurrency: 1, cases: 4, slices: 2 },
  { concurrency: 16, cases: 16, slices: 5 },
  { concurrency: 64, cases: 64, slices: 1 },
] as const;
const TARGET = { concurrency: 16, ratio: 0.8 };
const TARGET_EVENTS = 11;

export interface CompareOptions {
  rounds: number;
  /** after the first round nothing more is begun after this: a busy machine gives fewer slices, not a longer wait */
  measuringMs: number;
  /** the same over HTTP, too? */
  http: boolean;
  /** folder for a CPU profile of our worker */
  profile?: string | undefined;
}

/** Ours – by the services, and over HTTP – beside the floor, each with one worker process; prints tables and ratios. */
export async function compare(bench: Bench, options: CompareOptions): Promise<void> {
  const queues = { ours: `bench-${bench.id}`, floor: `floor-${bench.id}` };
  const decisionsPerCase = DECISIONS.length;
  const bundle = await prepareFloor(bench);
  const profile = options.profile ? ['--cpu-prof', '--cpu-prof-dir', options.profile] : [];
  await bench.start(ourWorker(bench.around(queues.ours), 1, profile));
  await bench.start(floorWorker(bench, bundle, { taskQueue: queues.floor }));
  const raw = floor(bench, { taskQueue: queues.floor, decisionsPerCase });
  const ours = await oursByService(bench, queues.ours);
  const overHttp = options.http ? await oursByHttp(bench, await startApi(bench, queues.ours)) : undefined;
  const sides = [ours, raw, ...(overHttp ? [overHttp] : [])];
  for (const side of sides) await runRound(side, 8, 16);
  bench.say('all are warm');

  const rounds = await inTurns(bench, sides, options);
  const events = { ours: await eventsPerDecision(bench, ours), raw: await eventsPerDecision(bench, raw) };
  const refused = await refusedEvents(bench, ours);

  const people = new Set(DECISIONS.map(({ username }) => username)).size;
  console.log(
    `\n${PROCESS}: ${DECISIONS.length} decisions a case by ${people} people, medians of ${LOADS.map(({ concurrency }) => slicesOf(rounds, concurrency)).join(', ')} slices\n`,
  );
  console.log(table([HEAD, ...sides.flatMap((side) => rowsOf(rounds, side))]));
  console.log('\ndecisions/s against the raw SDK');
  for (const { concurrency } of LOADS) console.log(ratioLine(rounds, ours, raw, concurrency));
  if (overHttp) {
    console.log('\ndecisions/s over HTTP against the same without it');
    for (const { concurrency } of LOADS) {
      console.log(`http C=${concurrency} ${ratioOf(rounds, overHttp, ours, concurrency).toFixed(2)}`);
    }
  }
  console.log(
    `\nhistory events per decision ${events.ours.toFixed(1)} (raw SDK ${events.raw.toFixed(1)}, target ${TARGET_EVENTS})`,
  );
  console.log(
    `history events per refused decision ${refused.byService} by the service, ${refused.byWorkflow} by the workflow (target 0)`,
  );
}

const HEAD = ['', 'C', 'filings/s', 'decisions/s', 'p50 ms', 'p95 ms', 'p99 ms'];

type Rounds = Map<Side, Map<number, Round[]>>;

/** A B C, then C B A: a machine that gets slower or faster meanwhile favours nobody. */
async function inTurns(bench: Bench, sides: readonly Side[], options: CompareOptions): Promise<Rounds> {
  const rounds: Rounds = new Map(sides.map((side) => [side, new Map(LOADS.map((load) => [load.concurrency, []]))]));
  const until = performance.now() + options.measuringMs;
  for (let round = 0; round < options.rounds; round += 1) {
    for (const { concurrency, cases, slices } of LOADS) {
      if (round > 0 && performance.now() > until) return rounds;
      for (let slice = 0; slice < slices; slice += 1) {
        for (const side of (round + slice) % 2 === 0 ? sides : [...sides].reverse()) {
          rounds
            .get(side)
            ?.get(concurrency)
            ?.push(await runRound(side, concurrency, cases));
        }
      }
      const rates = sides.map(
        (side) => `${side.name} ${summaryOf(rounds, side, concurrency).decisionsPerSecond.toFixed(1)}`,
      );
      bench.say(`round ${round + 1} of ${options.rounds}, C=${concurrency}, decisions/s so far: ${rates.join(', ')}`);
    }
  }
  return rounds;
}

const summaryOf = (rounds: Rounds, side: Side, concurrency: number): Summary =>
  summarise(rounds.get(side)?.get(concurrency) ?? []);

const slicesOf = (rounds: Rounds, concurrency: number): number =>
  [...rounds.values()][0]?.get(concurrency)?.length ?? 0;

const rowsOf = (rounds: Rounds, side: Side): string[][] =>
  LOADS.map(({ concurrency }) => {
    const { filingsPerSecond, decisionsPerSecond, p50Ms, p95Ms, p99Ms } = summaryOf(rounds, side, concurrency);
    const rates = [filingsPerSecond, decisionsPerSecond].map((rate) => rate.toFixed(1));
    return [side.name, String(concurrency), ...rates, ...[p50Ms, p95Ms, p99Ms].map((ms) => ms.toFixed(0))];
  });

/** The median of the rounds' ratios: what is compared lay next to each other in time. */
function ratioOf(rounds: Rounds, side: Side, beside: Side, concurrency: number): number {
  const others = rounds.get(beside)?.get(concurrency) ?? [];
  const ratios = (rounds.get(side)?.get(concurrency) ?? []).map(
    ({ decisionsPerSecond }, round) => decisionsPerSecond / (others[round]?.decisionsPerSecond ?? NaN),
  );
  return median(ratios);
}

function ratioLine(rounds: Rounds, side: Side, beside: Side, concurrency: number): string {
  const ratio = ratioOf(rounds, side, beside, concurrency);
  const line = `ratio C=${concurrency} ${ratio.toFixed(2)}`;
  if (concurrency !== TARGET.concurrency) return line;
  return `${line}   (target ${TARGET.ratio}${ratio < TARGET.ratio ? ', missed' : ''})`;
}
