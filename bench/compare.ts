import { openMeter, type Pids } from './cpu.ts';
import { floor, floorWorker, naively, prepareFloor } from './floor/index.ts';
import { eventsPerDecision, refusedEvents } from './history.ts';
import { oursByHttp, startApi } from './http.ts';
import { inTurn, runRound, type Side } from './load.ts';
import { DECISIONS, PROCESS, oursByService } from './ours.ts';
import { plainExpress } from './plain/index.ts';
import { cpuTable, LOADS, printRatios, speedTable, type Rounds } from './report.ts';
import { enginePid, ourWorker, type Bench } from './surroundings.ts';

export interface CompareOptions {
  rounds: number;
  /** after the first round nothing more is begun after this: a busy machine gives fewer slices, not a longer wait */
  measuringMs: number;
  /** of the loads only the one with so many at once */
  at?: number | undefined;
  /** folder for CPU profiles of our worker and of our API */
  profile?: string | undefined;
}

/**
 * Ours – by the services, and over HTTP – beside the raw SDK (with our options and local activities, and as one writes it first)
 * and beside Express with pg, each with one worker process, in one run and in turns; prints tables and ratios.
 */
export async function compare(bench: Bench, options: CompareOptions): Promise<void> {
  const queues = { ours: `bench-${bench.id}`, floor: `floor-${bench.id}`, naive: `naive-${bench.id}` };
  const decisionsPerCase = DECISIONS.length;
  const bundle = await prepareFloor(bench);
  const profile = options.profile ? ['--cpu-prof', '--cpu-prof-dir', options.profile] : [];
  const ourProcess = await bench.start(ourWorker(bench.around(queues.ours), 1, profile));
  const rawProcess = await bench.start(floorWorker(bench, bundle, { taskQueue: queues.floor }));
  const raw = floor(bench, { taskQueue: queues.floor, decisionsPerCase });
  const untuned = naively(queues.naive, decisionsPerCase);
  const naiveProcess = await bench.start(floorWorker(bench, bundle, untuned));
  const naive = floor(bench, untuned);
  const ours = await oursByService(bench, queues.ours);
  const api = await startApi(bench, queues.ours, profile);
  const http = await oursByHttp(bench, api);
  const plain = await plainExpress(bench, decisionsPerCase);

  const meter = await openMeter(bench.db);
  const engine = enginePid();
  const metered = (side: Side, pids: Pids): Side => (meter ? { ...side, cpu: () => meter(pids) } : side);
  const sides = {
    ours: metered(ours, () => ({ worker: ourProcess.pid(), engine })),
    raw: metered(raw, () => ({ worker: rawProcess.pid(), engine })),
    naive: metered(naive, () => ({ worker: naiveProcess.pid(), engine })),
    http: metered(http, () => ({ worker: ourProcess.pid(), engine, API: api.running.pid() })),
    plain: metered(plain.side, () => ({ API: plain.api.pid() })),
  };
  for (const side of Object.values(sides)) await runRound(side, 8, 16);
  bench.say('all are warm');

  const rounds = await measureInTurns(bench, Object.values(sides), options);
  const events = {
    ours: await eventsPerDecision(bench, ours),
    raw: await eventsPerDecision(bench, raw),
    naive: await eventsPerDecision(bench, naive),
  };
  const refused = await refusedEvents(bench, ours);

  const people = new Set(DECISIONS.map(({ username }) => username)).size;
  console.log(`\n${PROCESS}: ${DECISIONS.length} decisions a case by ${people} people; medians of the slices\n`);
  console.log(speedTable(rounds));
  if (meter) {
    console.log('\nCPU of a case, filed and decided to its end, in ms by process\n');
    console.log(cpuTable(rounds, decisionsPerCase));
  }
  printRatios(rounds, sides, decisionsPerCase);
  console.log(
    `\nhistory events per decision ${events.ours.toFixed(1)} (raw SDK ${events.raw.toFixed(1)}, naive ${events.naive.toFixed(1)})`,
  );
  console.log(
    `history events per refused decision ${refused.byService} by the service, ${refused.byWorkflow} by the workflow (target 0)`,
  );
}

async function measureInTurns(bench: Bench, sides: readonly Side[], options: CompareOptions): Promise<Rounds> {
  const rounds: Rounds = new Map(sides.map((side) => [side, new Map(LOADS.map((load) => [load.concurrency, []]))]));
  const until = performance.now() + options.measuringMs;
  for (let round = 0; round < options.rounds; round += 1) {
    for (const { concurrency, cases, slices } of LOADS) {
      if (options.at !== undefined && options.at !== concurrency) continue;
      if (round > 0 && performance.now() > until) return rounds;
      for (let slice = 0; slice < slices; slice += 1) {
        for (const side of inTurn(sides, round + slice)) {
          rounds
            .get(side)
            ?.get(concurrency)
            ?.push(await runRound(side, concurrency, cases));
        }
      }
      bench.say(`round ${round + 1} of at most ${options.rounds}, ${concurrency} at once: done`);
    }
  }
  return rounds;
}
