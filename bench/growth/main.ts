import { parseArgs } from 'node:util';
import pg from 'pg';
import { keepForTeardown, takeForTeardown } from '../../test/support/global-state.ts';
import { findTestEnvironment, forgetTestEnvironment, setTestEnvironment } from '../../test/support/environment.ts';
import { openBench, type Bench } from '../surroundings.ts';
import { citySize } from './city.ts';
import { fill } from './fill.ts';
import { measureRunning } from './running.ts';
import { measureStore } from './store.ts';

/**
 * `npm run bench:growth`: what a store of years costs those who work today. In the store `--stored 10M` cases of a made-up city,
 * `--open 300k` of them open: desk, stuck list, search, counts, case page over HTTP, and what the database does for each
 * (`--explain` prints it). In the engine `--running 10k,100k` open cases: decisions beside those on an empty engine. `--quick`:
 * 100k stored, 2k open, 500 running. `--only store` or `--only running`; `--filled URL`: a store that is filled already.
 * Stores of its own. Exit code 1 when a target is missed.
 */
const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    stored: { type: 'string' },
    open: { type: 'string' },
    running: { type: 'string' },
    only: { type: 'string' },
    filled: { type: 'string' },
    times: { type: 'string', default: '100' },
    explain: { type: 'boolean', default: false },
  },
});
const whole = (text: string): number => {
  const [, digits, unit = ''] = /^(\d+)([kM]?)$/.exec(text) ?? [];
  if (digits === undefined)
    throw new Error(`"${text}" 不是件数，例如 300k、10M / "${text}" is no number of cases such as 300k or 10M`);
  return Number(digits) * ({ k: 1_000, M: 1_000_000 }[unit] ?? 1);
};
const stored = whole(options.stored ?? (options.quick ? '100k' : '10M'));
const open = whole(options.open ?? (options.quick ? '2k' : '300k'));
const running = (options.running ?? (options.quick ? '500' : '10k,100k')).split(',').map(whole);

const since = performance.now();
const say = (line: string): void => {
  console.error(`${((performance.now() - since) / 1000).toFixed(0).padStart(4)} s  ${line}`);
};

async function measuringStore(bench: Bench): Promise<void> {
  const { databaseUrl } = bench.around('none');
  const url = options.filled ?? databaseUrl;
  if (options.filled === undefined) await fill(url, bench.vault, { stored, open, say });
  const db = new pg.Pool({ connectionString: url, max: 2 });
  try {
    const { text, met } = await measureStore(bench, {
      ...{ url, db, size: citySize(stored), times: Number(options.times), explain: options.explain },
    });
    const { rows } = await db.query<{ size: string }>(
      `SELECT pg_size_pretty(pg_database_size(current_database())) AS size`,
    );
    console.log(`\n${stored} cases in the store, ${open} of them open, ${rows[0]?.size}\n\n${text}`);
    if (!met) process.exitCode = 1;
  } finally {
    await db.end();
  }
}

/** The empty engine is a second pair of stores; each pair is ended by what started it. */
async function measuringRunning(full: Bench): Promise<void> {
  const [named, started] = [findTestEnvironment(), takeForTeardown()];
  forgetTestEnvironment();
  const empty = await openBench(say);
  try {
    const text = await measureRunning(empty, full, { open: running, rounds: options.quick ? 2 : 8 });
    console.log(`\ncases open in the engine\n\n${text}`);
    if (text.includes('missed')) process.exitCode = 1;
  } finally {
    await empty.close();
    if (started) keepForTeardown(started);
    if (named) setTestEnvironment(named);
  }
}

const bench = await openBench(say);
try {
  // First, while the store is that of an agency in its first weeks: the two do not mix.
  if (options.only !== 'store') await measuringRunning(bench);
  if (options.only !== 'running') await measuringStore(bench);
} finally {
  await bench.close();
}
