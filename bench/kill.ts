import { randomInt } from 'node:crypto';
import type { Running, Service } from '../embedded/service.ts';
import { sleep } from '../embedded/wait.ts';
import { floor, floorWorker, prepareFloor } from './floor/index.ts';
import { byClerks, type Side } from './load.ts';
import { DECISIONS, PROCESS, oursByService } from './ours.ts';
import { judged } from './report.ts';
import { percentile, table } from './stats.ts';
import { ourWorker, type Bench } from './surroundings.ts';

/** A system whose workers are ended: the procedures' side of it, and the programs with how to see that they are well. */
interface Victim {
  side: Side;
  workers: { service: Service; running: Running }[];
}

/** How a worker ends, and within how many ms 95 of 100 decisions are to be answered that this meets. */
const ENDS = [
  { signal: 'SIGKILL', targetMs: 3_000 },
  { signal: 'SIGTERM', targetMs: 1_500 },
] as const;
type Ending = (typeof ENDS)[number]['signal'];
/** As many as `npm start` runs. */
const WORKERS = 2;

/** Prints how decisions fare: ours as `npm start` runs it, and the plain SDK with the settings it comes with. */
export async function measureKills(bench: Bench, kills: number): Promise<void> {
  const queues = { ours: `kill-${bench.id}`, defaults: `defaults-${bench.id}` };
  const ours: Victim = { side: await oursByService(bench, queues.ours), workers: [] };
  for (let number = 1; number <= WORKERS; number += 1) {
    ours.workers.push(await startWorker(bench, ourWorker(bench.around(queues.ours), 10 + number)));
  }
  const options = { taskQueue: queues.defaults, decisionsPerCase: DECISIONS.length, defaults: true };
  const plain = await startWorker(bench, floorWorker(bench, await prepareFloor(bench), options));
  const defaults: Victim = { side: floor(bench, options), workers: [plain] };

  const measured: { name: string; signal: Ending; taken: Taken[] }[] = [];
  for (const { signal } of ENDS) {
    const taken = await latenciesUnderKills(bench, ours, kills, signal);
    measured.push({ name: `jingban, ${WORKERS} workers`, signal, taken });
  }
  const byDefault = await latenciesUnderKills(bench, defaults, Math.floor(kills / 2), 'SIGKILL');
  if (byDefault.length > 0) {
    measured.push({ name: 'raw SDK, default settings, 1 worker', signal: 'SIGKILL', taken: byDefault });
  }
  for (const { running } of [...ours.workers, ...defaults.workers]) await running.stop();
  const rows = measured.flatMap(({ name, signal, taken }) => [
    row(name, signal, taken),
    row('  begun before the signal', '', taken.filter(isCaught)),
    row('  begun after it', '', begunAfter(taken)),
  ]);
  console.log(
    `\n${PROCESS}: the first decision on cases in the memory of a worker that ends, begun from ${-FROM_MS} ms before the signal to ${UNTIL_MS} ms after it\n`,
  );
  console.log(table([['', 'signal', 'decisions', 'p50 ms', 'p95 ms', 'max ms', `over ${OVER_MS} ms`], ...rows]));
  console.log();
  for (const { signal, targetMs } of ENDS) {
    const taken = measured.find((each) => each.signal === signal)?.taken ?? [];
    const ms = begunAfter(taken).map((each) => each.ms);
    console.log(judged(`${signal} p95 s, begun after it`, percentile(ms, 0.95) / 1000, { atMost: targetMs / 1000 }));
  }
}

/** How long a decision took, in ms, and whether it was begun before the signal, so that this may have met it half-way. */
interface Taken {
  ms: number;
  caught: boolean;
}
const isCaught = ({ caught }: Taken): boolean => caught;
const begunAfter = (taken: readonly Taken[]): Taken[] => taken.filter((each) => !isCaught(each));

function row(name: string, signal: string, taken: readonly Taken[]): string[] {
  const ms = taken.map((each) => each.ms);
  const over = ms.filter((each) => each > OVER_MS).length;
  const figures = [percentile(ms, 0.5), percentile(ms, 0.95), Math.max(...ms)].map((value) => value.toFixed(0));
  return [name, signal, String(ms.length), ...figures, String(over)];
}

const startWorker = async (bench: Bench, service: Service): Promise<Victim['workers'][number]> => ({
  service,
  running: await bench.start(service),
});

const CASES = 24;
const CLERKS = 8;
/** Decisions are begun from a moment before the kill, so that some are caught half-way, until some seconds after it. */
const FROM_MS = -40;
const UNTIL_MS = 3_000;
/** A task that was given to a worker and done by nobody is given to another one after two seconds. */
const OVER_MS = 1_500;
/** A worker that lives longer than this is started again at once when it dies (`embedded/service.ts`). */
const LIFE_MS = 10_500;

/**
 * How long decisions take on cases whose worker is sent this signal: cases are filed and decided once, so that
 * each lies in the memory of one worker; then one worker dies, and its cases are decided on. The workers take turns.
 */
async function latenciesUnderKills(
  bench: Bench,
  { side, workers }: Victim,
  kills: number,
  signal: Ending,
): Promise<Taken[]> {
  const latencies: Taken[] = [];
  const bornAt = new Map(workers.map((worker) => [worker, performance.now()]));
  for (let kill = 0; kill < kills; kill += 1) {
    const worker = workers[kill % workers.length] as (typeof workers)[number];
    await sleep(Math.max(0, (bornAt.get(worker) ?? 0) + LIFE_MS - performance.now()));
    const ids: string[] = [];
    await byClerks(CLERKS, CASES, async () => {
      const id = await side.file();
      await side.decide(id, 0);
      ids.push(id);
    });
    const pid = worker.running.pid();
    if (pid === undefined) throw new Error(`${worker.running.name} does not run`);
    const held = await heldBy(bench, ids, pid);
    const decided = held.map((id) => decideWithin(side, id));
    await sleep(-FROM_MS);
    const at = performance.now();
    process.kill(pid, signal);
    latencies.push(...(await Promise.all(decided)).map(({ from, ms }) => ({ ms, caught: from < at })));
    bornAt.set(worker, await wellAgain(worker));
    bench.say(
      `${signal} ${kill + 1} of ${kills}, ${side.name}: ${held.length} cases were in the memory of ${worker.running.name}`,
    );
  }
  return latencies;
}

async function decideWithin(side: Side, id: string): Promise<{ from: number; ms: number }> {
  // A quarter of them at once: the kill, a moment later, meets them half-way.
  await sleep(randomInt(4) === 0 ? randomInt(-FROM_MS) : randomInt(UNTIL_MS));
  const from = performance.now();
  await side.decide(id, 1);
  return { from, ms: performance.now() - from };
}

/** The cases whose last task this process has done: they are in its memory, and offered to it first. */
async function heldBy(bench: Bench, ids: readonly string[], pid: number): Promise<string[]> {
  const held: string[] = [];
  for (const id of ids) {
    const { events } = await bench.temporal.workflow.getHandle(id).fetchHistory();
    const tasks = (events ?? []).flatMap((event) => event.workflowTaskCompletedEventAttributes ?? []);
    if (tasks.at(-1)?.identity?.startsWith(`${pid}@`)) held.push(id);
  }
  return held;
}

/** Waits until the worker that was started again takes tasks; answers when it was born, about. */
async function wellAgain({ service, running }: Victim['workers'][number]): Promise<number> {
  for (;;) {
    const pid = running.pid();
    const well =
      pid !== undefined &&
      (await service.ready(pid).then(
        () => true,
        () => false,
      ));
    if (well) return performance.now();
    await sleep(100);
  }
}
