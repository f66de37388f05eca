import { parseArgs } from 'node:util';
import { openMeter, type Cpu } from './cpu.ts';
import { floor, floorWorker, naively, prepareFloor } from './floor/index.ts';
import { inTurn, runRound, summarise, type Round, type Side } from './load.ts';
import { DECISIONS, oursByService } from './ours.ts';
import { median, table } from './stats.ts';
import { openBench, ourWorker, sayTo, type Bench } from './surroundings.ts';

/**
 * `npx tsx bench/variants.ts as-is 'one-thread|TOKIO_WORKER_THREADS=1' 'young|--max-semi-space-size=32'`: our worker under other flags of
 * Node and other settings, each variant a process of its own, beside the naive raw SDK, all in turns in one run. What differs less than
 * the slices of one variant do is no difference.
 */
const { values, positionals } = parseArgs({
  options: { slices: { type: 'string', default: '8' } },
  allowPositionals: true,
});
const CLERKS = 16;
const CASES = 48;

interface Variant {
  side: Side;
  pid: () => number | undefined;
}

const bench = await openBench(sayTo((line) => console.error(line)));
try {
  const variants: Variant[] = [await startNaive(bench)];
  for (const [n, text] of positionals.entries()) variants.push(await startVariant(bench, text, n + 1));
  const meter = await openMeter(bench.db);
  if (!meter) throw new Error('本机看不到各进程所用的 CPU / the CPU of processes cannot be read on this machine');
  const metered = variants.map(({ side, pid }) => ({ ...side, cpu: (): Cpu => meter(() => ({ worker: pid() })) }));
  for (const side of metered) await runRound(side, CLERKS, CASES);
  const rounds = metered.map((): Round[] => []);
  for (let slice = 0; slice < Number(values.slices); slice += 1) {
    for (const [n, side] of inTurn([...metered.entries()], slice)) rounds[n]?.push(await runRound(side, CLERKS, CASES));
    bench.say(`slice ${slice + 1} of ${values.slices}`);
  }
  const cpu = rounds.map((of) => of.map((round) => (round.cpu.worker / CASES) * 1000));
  const naive = median(cpu[0] ?? []);
  const rows = metered.map(({ name }, n) => {
    const [ms, { decisionsPerSecond, p95Ms }] = [cpu[n] ?? [], summarise(rounds[n] ?? [])];
    const figures = [median(ms), Math.min(...ms), Math.max(...ms), decisionsPerSecond, p95Ms];
    return [name, ...figures.map((figure) => figure.toFixed(1)), (median(ms) / naive).toFixed(2)];
  });
  console.log(
    table([['', 'worker CPU ms of a case', 'least', 'most', 'decisions/s', 'p95 ms', 'CPU ÷ naive'], ...rows]),
  );
} finally {
  await bench.close();
}

async function startNaive(bench: Bench): Promise<Variant> {
  const naive = naively(`naive-${bench.id}`, DECISIONS.length);
  const running = await bench.start(floorWorker(bench, await prepareFloor(bench), naive));
  return { side: floor(bench, naive), pid: () => running.pid() };
}

/** A name, then flags of Node and settings. */
async function startVariant(bench: Bench, text: string, number: number): Promise<Variant> {
  const [name = '', ...changes] = text.split('|');
  const flags = changes.filter((change) => change.startsWith('-'));
  const settings = changes.filter((change) => !change.startsWith('-')).map((change) => change.split(/=(.*)/s, 2));
  const queue = `variant-${number}-${bench.id}`;
  const service = ourWorker(bench.around(queue), number, flags);
  const env = { ...service.command.env, ...(Object.fromEntries(settings) as Record<string, string>) };
  const running = await bench.start({ ...service, command: { ...service.command, env } });
  return { side: { ...(await oursByService(bench, queue)), name }, pid: () => running.pid() };
}
