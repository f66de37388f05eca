import { addCpu, cpuBetween, NO_CPU, openMeter, type Cpu, type Meter } from './cpu.ts';
import { floor, floorWorker, prepareFloor } from './floor/index.ts';
import { byClerks, inTurn, type Side } from './load.ts';
import { DECISIONS, oursByService } from './ours.ts';
import { judged } from './report.ts';
import { median, percentile, table } from './stats.ts';
import { ourWorker, type Bench } from './surroundings.ts';
import type { Running, Service } from '../embedded/service.ts';

/** More cases than the worker may keep, taken in turn: whichever comes next was put out of memory long ago. */
const CASES = 48;
const CACHE = { warm: 2_000, cold: 12 } as const;
const CLERKS = 8;
const TARGET = 0.6;

type Temperature = keyof typeof CACHE;
interface Tried {
  side: Side;
  temperature: Temperature;
  worker: Running;
  rates: number[];
  latenciesMs: number[];
  cpu: Cpu;
}

/** Decisions on cases that fell out of the worker's memory beside the same on cases in it, ours and the raw SDK's. */
export async function measureCold(bench: Bench, rounds: number): Promise<void> {
  const bundle = await prepareFloor(bench);
  const meter = await openMeter(bench.db);
  const tried: Tried[] = [];
  for (const temperature of ['warm', 'cold'] as const) {
    const queues = { ours: `${temperature}-${bench.id}`, floor: `floor-${temperature}-${bench.id}` };
    const add = async (side: Side, service: Service): Promise<void> => {
      const worker = await bench.start(keeping(service, CACHE[temperature]));
      tried.push({ side, temperature, worker, rates: [], latenciesMs: [], cpu: NO_CPU });
    };
    await add(
      await oursByService(bench, queues.ours),
      ourWorker(bench.around(queues.ours), temperature === 'warm' ? 1 : 2),
    );
    const raw = floor(bench, { taskQueue: queues.floor, decisionsPerCase: DECISIONS.length });
    await add(raw, floorWorker(bench, bundle, { taskQueue: queues.floor }));
  }
  for (let round = 0; round <= rounds; round += 1) {
    for (const one of inTurn(tried, round)) {
      // The first round only warms up.
      await measure(one, meter);
      if (round === 0) Object.assign(one, { rates: [], latenciesMs: [], cpu: NO_CPU });
    }
    bench.say(`cases in memory and out of it, round ${round} of ${rounds}: done`);
  }
  for (const { worker } of tried) await worker.stop();

  const rows = tried.map(({ side, temperature, rates, latenciesMs, cpu }) => {
    const ms = [0.5, 0.95].map((share) => percentile(latenciesMs, share).toFixed(0));
    return [
      side.name,
      temperature,
      median(rates).toFixed(1),
      ...ms,
      ((cpu.worker * 1000) / latenciesMs.length).toFixed(1),
    ];
  });
  console.log(
    `\n${CASES} cases in turn by ${CLERKS} clerks, of which the worker keeps all (warm) or ${CACHE.cold} (cold)\n`,
  );
  console.log(table([['', 'cache', 'decisions/s', 'p50 ms', 'p95 ms', 'worker CPU ms'], ...rows]));
  console.log('\ndecisions/s on cases out of memory against the same in memory');
  console.log(judged('cold', coldOf(tried, 'jingban'), { atLeast: TARGET }));
  console.log(judged('cold, raw SDK', coldOf(tried, 'raw SDK')));
}

function coldOf(tried: readonly Tried[], name: string): number {
  const of = (temperature: Temperature): number[] =>
    tried.find((one) => one.side.name === name && one.temperature === temperature)?.rates ?? [];
  const warm = of('warm');
  return median(of('cold').map((rate, round) => rate / (warm[round] ?? NaN)));
}

const keeping = (service: Service, cases: number): Service => ({
  ...service,
  command: { ...service.command, env: { ...service.command.env, MAX_CACHED_WORKFLOWS: String(cases) } },
});

async function measure(tried: Tried, meter: Meter | undefined): Promise<void> {
  const { side, worker } = tried;
  const ids: string[] = [];
  await byClerks(CLERKS, CASES, async () => void ids.push(await side.file()));
  const pids = () => ({ worker: worker.pid() });
  const before = meter?.(pids) ?? NO_CPU;
  const from = performance.now();
  let decisions = 0;
  for (let nth = 0; nth < side.decisionsPerCase; nth += 1) {
    await byClerks(CLERKS, CASES, async (n) => {
      const begun = performance.now();
      await side.decide(ids[n] as string, nth);
      tried.latenciesMs.push(performance.now() - begun);
      decisions += 1;
    });
  }
  tried.rates.push((decisions / (performance.now() - from)) * 1000);
  tried.cpu = addCpu(tried.cpu, cpuBetween(before, meter?.(pids) ?? NO_CPU));
}
