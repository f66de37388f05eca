import { parseArgs } from 'node:util';
import { compare } from './compare.ts';
import { measureKills } from './kill.ts';
import { openBench } from './surroundings.ts';

/**
 * `npm run bench`: what a decision costs, beside the plain SDK doing the least a durable decision can be (`floor/`), on
 * the same engine and the same database server, in turns, so that noise of the machine meets both. Only ratios travel
 * from one machine to another. `--quick`: one round. `--kill`: how long decisions take while workers are killed.
 * `--profile <folder>`: a CPU profile of our worker. Stores of its own, or those that JINGBAN_TEST_* name.
 */
const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    kill: { type: 'boolean', default: false },
    profile: { type: 'string' },
  },
});

const since = performance.now();
const say = (line: string): void => {
  const seconds = ((performance.now() - since) / 1000).toFixed(0);
  console.error(`${seconds.padStart(4)} s  ${line}`);
};

const bench = await openBench(say);
try {
  if (options.kill) await measureKills(bench, options.quick ? 2 : 8);
  else
    await compare(bench, {
      rounds: options.quick ? 1 : 7,
      measuringMs: 130_000,
      http: !options.quick,
      profile: options.profile,
    });
} finally {
  await bench.close();
}
