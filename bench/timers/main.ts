import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { openBench } from '../surroundings.ts';
import { measureTimers } from './measure.ts';

/**
 * `npm run bench:timers -- --n 1000`: what happens when `n` limits pass at the same midnight, beside raw Temporal timers with
 * one local activity each, on the same engine and the same database server, in turns. Two measurements: all at once
 * (effects committed per second), and spread over a window that follows from that rate (lateness against each case's own
 * instant). `--rounds`: slices of each side; `--storm`: how many at once, default `n`, at most 2,000; `--window`: seconds
 * instead of what follows, 0 leaves it out; `--few`: ours and raw only; `--profile <folder>`: a CPU profile of our worker.
 * Stores of its own, or those that JINGBAN_TEST_* name.
 */
const { values: options } = parseArgs({
  options: {
    n: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '3' },
    storm: { type: 'string' },
    window: { type: 'string' },
    few: { type: 'boolean', default: false },
    profile: { type: 'string' },
  },
});
const n = Number(options.n);
const rounds = Number(options.rounds);
if (!(Number.isInteger(n) && n > 0 && Number.isInteger(rounds) && rounds > 0)) {
  console.error('--n and --rounds are whole numbers above 0');
  process.exit(1);
}

const since = performance.now();
const say = (line: string): void => {
  const seconds = ((performance.now() - since) / 1000).toFixed(0);
  console.error(`${seconds.padStart(4)} s  ${line}`);
};

const bench = await openBench(say);
try {
  await measureTimers(bench, {
    n,
    rounds,
    storm: Number(options.storm ?? Math.min(n, 2_000)),
    window: options.window === undefined ? undefined : Number(options.window),
    few: options.few,
    profile: options.profile,
  });
  console.log(
    `load average of this machine at the end: ${loadavg()
      .map((load) => load.toFixed(1))
      .join(', ')}`,
  );
} finally {
  await bench.close();
}
