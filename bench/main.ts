import { cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { measureCold } from './cold.ts';
import { compare } from './compare.ts';
import { measureKills } from './kill.ts';
import { openBench, sayTo } from './surroundings.ts';

/**
 * `npm run bench`: what a decision costs, beside the plain SDK doing the least a durable decision can be (`floor/`) and beside
 * Express with pg (`plain/`), on the same engine and the same database server, in turns, so that noise of the machine meets all.
 * Only ratios travel from one machine to another. Then decisions on cases out of the worker's memory, and on cases whose
 * worker ends. `--only warm|cold|kill`: one of the three; `--at 16`: so many clerks at once only. `--quick`: within three minutes. `--profile <folder>`: CPU profiles
 * of our worker and of our API. Stores of its own, or those that JINGBAN_TEST_* name. Findings: docs/operations/speed.md.
 */
const PARTS = ['warm', 'cold', 'kill'] as const;
const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    at: { type: 'string' },
    profile: { type: 'string' },
  },
});
const { quick, only } = options;
if (only !== undefined && !PARTS.some((part) => part === only)) {
  console.error(`--only 只能是 / is one of: ${PARTS.join(', ')}`);
  process.exit(1);
}
const wanted = (part: (typeof PARTS)[number]): boolean => only === undefined || only === part;

const bench = await openBench(sayTo(console.error));
try {
  if (wanted('warm')) {
    await compare(bench, {
      rounds: quick ? 1 : 6,
      measuringMs: quick ? 60_000 : 210_000,
      at: options.at === undefined ? undefined : Number(options.at),
      profile: options.profile,
    });
  }
  if (wanted('cold')) await measureCold(bench, quick ? 1 : 3);
  if (wanted('kill')) await measureKills(bench, quick ? 1 : 4);
  const load = loadavg().map((each) => each.toFixed(1));
  const gib = (totalmem() / 2 ** 30).toFixed(0);
  console.log(
    `\n${cpus().length} cores, ${gib} GiB; load average at the end ${load.join(', ')}; Node ${process.version}`,
  );
} finally {
  await bench.close();
}
