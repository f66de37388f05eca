import type { Running, Service } from '../../embedded/service.ts';
import { sleep } from '../../embedded/wait.ts';
import { inTurn } from '../load.ts';
import { floorWorker, prepareFloor } from '../floor/index.ts';
import { median, percentile, table } from '../stats.ts';
import { ourWorker, type Bench } from '../surroundings.ts';
import { caseTimers, expectAsFiled } from './cases.ts';
import { inLists, listsTakeMs, type InLists } from './lists.ts';
import { rawTimers } from './raw.ts';
import { WITNESS, type TimerSide } from './side.ts';
import { doubled, early, effectsPerSecond, latenesses, runSlice, type Slice } from './slice.ts';

export interface TimersOptions {
  n: number;
  rounds: number;
  /** how many pass at once where the rate is measured */
  storm: number;
  /** seconds over which the effects of the second measurement are spread; default: what follows from the rate */
  window: number | undefined;
  /** only ours and raw, for comparing two states of the code */
  few: boolean;
  profile: string | undefined;
}

const TARGET_RATIO = 1.2;
const TARGET_P99_S = 60;
/** The window is so wide that effects come at this share of the rate at which they can be committed. */
const UTILISATION = 0.5;
const WARM = 60;

export async function measureTimers(bench: Bench, options: TimersOptions): Promise<void> {
  const { sides, bundle } = await openSides(bench, options);
  for (const side of sides) await runSlice(side, WARM, bench);
  bench.say('all are warm');

  const slices = await inTurns(bench, sides, options);
  const [ours, raw] = sides as [TimerSide, TimerSide];
  const rate = median((slices.get(ours) ?? []).map(effectsPerSecond));
  console.log(
    `\n${options.storm} limits passing at the same moment, spread 0 s, medians of ${options.rounds} slices\n`,
  );
  const rows = sides.map((side) => stormRow(side, slices.get(side) ?? [], slices.get(raw) ?? []));
  console.log(table([['', 'effects/s', 'against raw', 'last after s', 'early', 'doubled'], ...rows]));

  const seconds = options.window ?? windowFor(options.n, rate);
  if (seconds > 0) await spreadOut(bench, bundle, options.n, seconds);

  const ratio = median(ratios(slices.get(ours) ?? [], slices.get(raw) ?? []));
  console.log(
    `\nratio effects/s N=${options.storm} ${ratio.toFixed(2)}   (target ${TARGET_RATIO}${ratio < TARGET_RATIO ? ', missed' : ''})`,
  );
  console.log(
    `\nlimits a day → spread window, at ${rate.toFixed(0)} effects/s and ${UTILISATION * 100} % of that rate`,
  );
  console.log(
    table([
      ['a day', 'EFFECT_SPREAD_SECONDS', 'last effect by'],
      ...[1_000, 10_000, 100_000].map((n) => [String(n), String(windowFor(n, rate)), clockAfter(windowFor(n, rate))]),
    ]),
  );
}

/** Never less than a minute: below that, the machine's other work at midnight decides, not the number of limits. */
export const windowFor = (n: number, effectsPerSecond: number): number =>
  Math.max(60, Math.ceil(n / (effectsPerSecond * UTILISATION) / 10) * 10);

const clockAfter = (seconds: number): string =>
  [seconds / 3600, (seconds / 60) % 60, seconds % 60]
    .map((part) => String(Math.floor(part)).padStart(2, '0'))
    .join(':');

async function openSides(bench: Bench, { few, profile }: TimersOptions) {
  const bundle = await prepareFloor(bench);
  await bench.db.query(WITNESS);
  const cpuProfile = profile ? ['--cpu-prof', '--cpu-prof-dir', profile] : [];
  const queue = (name: string): string => `${name}-${bench.id}`;
  const spreadSeconds = 0;
  const workers = async (taskQueue: string, count: number, make: (number: number) => Service): Promise<string> => {
    for (let number = 1; number <= count; number += 1) await bench.start(make(number));
    return taskQueue;
  };
  const ours = (name: string, count: number) =>
    workers(queue(name), count, (number) => caseWorker(bench, queue(name), number, 0, cpuProfile));
  const raw = (name: string, count: number, defaults = false) =>
    workers(queue(name), count, (number) => floorWorker(bench, bundle, { taskQueue: queue(name), defaults }, number));

  const first = { name: 'jingban', taskQueue: await ours('bench', 1), spreadSeconds };
  await expectAsFiled(bench, first);
  bench.say('a case written in bulk is what a window files');
  const rawQueue = await raw('raw', 1);
  const sides = [
    await caseTimers(bench, first),
    rawTimers(bench, { name: 'raw timers', taskQueue: rawQueue, spreadSeconds }),
  ];
  if (!few) {
    const two = { name: 'jingban, 2 workers', taskQueue: await ours('bench2', 2), spreadSeconds };
    sides.push(
      rawTimers(bench, { name: 'raw timers, staying open', taskQueue: rawQueue, spreadSeconds, staysOpen: true }),
      await caseTimers(bench, two),
      rawTimers(bench, { name: 'raw timers, 2 workers', taskQueue: await raw('raw2', 2), spreadSeconds }),
      rawTimers(bench, {
        name: 'raw timers, SDK defaults',
        taskQueue: await raw('defaults', 1, true),
        spreadSeconds,
        defaults: true,
      }),
    );
  }
  return { sides, bundle };
}

/** As `npm start` runs it, with the spread of this measurement. */
function caseWorker(
  bench: Bench,
  taskQueue: string,
  number: number,
  spreadSeconds: number,
  execArgv: readonly string[] = [],
): Service {
  const service = ourWorker(bench.around(taskQueue), number, execArgv);
  const { command } = service;
  return { ...service, command: { ...command, env: { ...command.env, EFFECT_SPREAD_SECONDS: String(spreadSeconds) } } };
}

/** A B C, then C B A: a machine that gets slower or faster meanwhile favours nobody. */
async function inTurns(bench: Bench, sides: readonly TimerSide[], { rounds, storm }: TimersOptions) {
  const slices = new Map<TimerSide, Slice[]>(sides.map((side) => [side, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const side of inTurn(sides, round)) {
      const slice = await runSlice(side, storm, bench);
      slices.get(side)?.push(slice);
      bench.say(
        `round ${round + 1} of ${rounds}, ${side.name}: armed ${((storm / slice.armingMs) * 1000).toFixed(0)} a second, ${effectsPerSecond(slice).toFixed(1)} effects/s`,
      );
    }
  }
  return slices;
}

/** What is compared lay next to each other in time. */
const ratios = (slices: readonly Slice[], beside: readonly Slice[]): number[] =>
  slices.flatMap((slice, round) => {
    const other = beside[round];
    return other ? [effectsPerSecond(slice) / effectsPerSecond(other)] : [];
  });

function stormRow({ name }: TimerSide, slices: readonly Slice[], raw: readonly Slice[]): string[] {
  const sum = (of: (slice: Slice) => number): string => String(slices.reduce((total, slice) => total + of(slice), 0));
  return [
    name,
    median(slices.map(effectsPerSecond)).toFixed(1),
    median(ratios(slices, raw)).toFixed(2),
    median(slices.map((slice) => Math.max(...latenesses(slice)))).toFixed(1),
    sum(early),
    sum(doubled),
  ];
}

/** All `n` of one midnight, spread over a window: lists right at 00:00:00, effects soon after each case's own instant. */
async function spreadOut(bench: Bench, bundle: string, n: number, spreadSeconds: number): Promise<void> {
  const queues = { ours: `spread-${bench.id}`, raw: `rawspread-${bench.id}` };
  const started: Running[] = [
    await bench.start(caseWorker(bench, queues.ours, 1, spreadSeconds)),
    await bench.start(floorWorker(bench, bundle, { taskQueue: queues.raw }, 1)),
  ];
  bench.say(`${started.length} workers for a window of ${spreadSeconds} s`);
  const cases = await caseTimers(bench, { name: 'jingban', taskQueue: queues.ours, spreadSeconds });
  const raw = rawTimers(bench, { name: 'raw timers', taskQueue: queues.raw, spreadSeconds });
  const lists: { at: string; seen: InLists; fired: number }[] = [];
  const slices = [
    await runSlice(cases, n, {
      say: bench.say,
      beforeMidnight: {
        takesMs: 3 * listsTakeMs(n),
        async check(armed, midnight) {
          const look = async (at: string, now: number): Promise<void> =>
            void lists.push({ at, seen: await inLists(bench, armed.ids, now), fired: await armed.count() });
          await look('23:59:59', midnight - 1_000);
          await look('00:00:00', midnight);
          await sleep(midnight - Date.now());
          await look('00:00:00, really', Date.now());
        },
      },
    }),
    await runSlice(raw, n, bench),
  ];

  console.log(`\n${n} limits of one midnight in the lists\n`);
  console.log(
    table([
      ['asked for', 'overdue in the list', 'overdue on the desk', 'stuck in the list', 'effects so far'],
      ...lists.map(({ at, seen, fired }) => [
        at,
        ...[seen.overdueList, seen.desk, seen.stuckList, fired].map((count) => String(count)),
      ]),
    ]),
  );
  console.log(`\n${n} limits of one midnight, each at its own instant within ${spreadSeconds} s\n`);
  const rows = [cases, raw].map(({ name }, i) => {
    const slice = slices[i] as Slice;
    const late = latenesses(slice);
    const figures = [percentile(late, 0.5), percentile(late, 0.99), Math.max(...late)].map((s) => s.toFixed(3));
    return [name, ...figures, String(early(slice)), String(doubled(slice))];
  });
  console.log(table([['', 'late p50 s', 'p99 s', 'max s', 'early', 'doubled'], ...rows]));
  const p99 = percentile(latenesses(slices[0] as Slice), 0.99);
  console.log(
    `\nlateness p99 N=${n} W=${spreadSeconds} ${p99.toFixed(2)} s   (target ${TARGET_P99_S} s${p99 > TARGET_P99_S ? ', missed' : ''})`,
  );
}
