import { parseArgs } from 'node:util';
import { measureApply } from './calendar/apply.ts';
import { measureStore } from './calendar/store.ts';
import { openBench } from './surroundings.ts';

/**
 * `npm run bench:calendar`: what an amendment of the calendar costs. A dry run over many open cases that are only in the
 * store, then a run over some that have their procedures, while people decide. `--open N` (100000), `--running N` (2000; 0
 * leaves it out). Stores of its own, or those that JINGBAN_TEST_* name.
 */
const { values: options } = parseArgs({
  options: { open: { type: 'string', default: '100000' }, running: { type: 'string', default: '2000' } },
});

const since = performance.now();
const bench = await openBench((line) => {
  console.error(`${((performance.now() - since) / 1000).toFixed(0).padStart(4)} s  ${line}`);
});
try {
  const running = Number(options.running);
  // First, while the store is as small as that of an agency in its first weeks; many cases beside them change nothing.
  if (running > 0) console.log(`\n${await measureApply(bench, running)}`);
  console.log(`\n${await measureStore(bench, Number(options.open))}`);
} finally {
  await bench.close();
}
