import { parseArgs } from 'node:util';
import { rollingRestart, tableOf } from './rolling/measure.ts';
import { openBench } from './surroundings.ts';

/**
 * `npm run bench:rolling`: two workers and two APIs are replaced one after the other while people file and decide. `--clerks N` (16),
 * `--rounds N` (3). Ends with 1 when somebody who repeats as documented saw an error, or when anything is missing or there twice.
 */
const { values: options } = parseArgs({
  options: { clerks: { type: 'string', default: '16' }, rounds: { type: 'string', default: '3' } },
});

const since = performance.now();
const bench = await openBench((line) => {
  console.error(`${((performance.now() - since) / 1000).toFixed(0).padStart(4)} s  ${line}`);
});
try {
  const { clerks, rounds } = { clerks: Number(options.clerks), rounds: Number(options.rounds) };
  const result = await rollingRestart(bench, { clerks, rounds, calmMs: 2_000 });
  const requests = result.phases.reduce((sum, { asked }) => sum + asked.length, 0);
  for (const violation of result.violations) console.error(`✗ ${violation}`);
  console.log(`\n${tableOf(result)}\n`);
  console.log(
    `${requests} requests, ${result.cases} cases to their end, ${rounds * 4} restarts, ${result.violations.length} violations`,
  );
  if (result.violations.length > 0) process.exitCode = 1;
} finally {
  await bench.close();
}
