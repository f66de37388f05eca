import { parseArgs } from 'node:util';
import { cpuSeconds } from './capacity/cpu.ts';
import { oursByHttp, startApi } from './http.ts';
import { runRound } from './load.ts';
import { table } from './stats.ts';
import { openBench, ourWorker } from './surroundings.ts';

/**
 * `npm run bench:capacity`: CPU seconds of one case (filing and four decisions over HTTP) by part of the system, and what a province and
 * the country need by that (docs/operations/capacity.md). `--cases N` (400) after a round that warms up.
 */
const { values: options } = parseArgs({ options: { cases: { type: 'string', default: '400' } } });
const CONCURRENCY = 16;

/** `[not in the sources]`: cases a year for 1,000 insured, and how many cases of five turns one of them counts as. */
const A_YEAR_PER_THOUSAND = 85;
const WORKING_SECONDS = 250 * 8 * 3600;
/** The busiest hour of the year against the mean one: the days before the filing year ends. */
const PEAK = 5;
/** A core that is busy longer than this lets people wait. */
const BUSY = 0.5;
const PLACES = { 'province, 100 M insured': 100e6, 'country, 1.3 bn insured': 1.3e9 };

const since = performance.now();
const bench = await openBench((line) => {
  console.error(`${((performance.now() - since) / 1000).toFixed(0).padStart(4)} s  ${line}`);
});
try {
  const taskQueue = `capacity-${bench.id}`;
  for (const number of [1, 2]) await bench.start(ourWorker(bench.around(taskQueue), number));
  const side = await oursByHttp(bench, await startApi(bench, taskQueue));
  await runRound(side, CONCURRENCY, 60);
  bench.say('warm');
  const before = cpuSeconds();
  const [storedBefore, engineBefore] = await sizes();
  const cases = Number(options.cases);
  const { decisionsPerSecond } = await runRound(side, CONCURRENCY, cases);
  const after = cpuSeconds();
  const [storedAfter, engineAfter] = await sizes();
  const perCase = [...after].map(([part, seconds]) => [part, (seconds - (before.get(part) ?? 0)) / cases] as const);
  const sum = perCase.reduce((all, [, seconds]) => all + seconds, 0);

  console.log(
    `\n${cases} cases, ${CONCURRENCY} clerks, ${decisionsPerSecond.toFixed(0)} decisions/s on this machine\n`,
  );
  const ms = (seconds: number): string => (seconds * 1000).toFixed(1);
  const needs = Object.entries(PLACES).map(([name, insured]) => {
    const peak = ((insured / 1000) * A_YEAR_PER_THOUSAND * PEAK) / WORKING_SECONDS;
    return { name, peak, cores: (seconds: number) => ((seconds * peak) / BUSY).toFixed(1) };
  });
  const rows = [...perCase, ['together', sum] as const].map(([part, seconds]) => [
    part,
    ms(seconds),
    ...needs.map(({ cores }) => cores(seconds)),
  ]);
  console.log(table([['CPU', 'ms a case', ...needs.map(({ name }) => `cores, ${name}`)], ...rows]));
  const bytes = [
    ['rows of the store', storedAfter - storedBefore],
    ['engine, while it keeps the case', engineAfter - engineBefore],
  ] as const;
  const aYear = ((PLACES['province, 100 M insured'] / 1000) * A_YEAR_PER_THOUSAND) / 1e9;
  const sized = bytes.map(([what, all]) => [what, (all / cases).toFixed(0), ((all / cases) * aYear).toFixed(0)]);
  console.log(`\n${table([['disk', 'bytes a case', 'GB a year, province'], ...sized])}\n`);
  for (const { name, peak } of needs) console.log(`${name}: ${peak.toFixed(1)} cases/s in the busiest hour`);
} finally {
  await bench.close();
}

/** Bytes of the store, and of the engine's two databases beside it (0 where they lie elsewhere), indexes included. */
async function sizes(): Promise<[number, number]> {
  const { rows } = await bench.db.query<{ store: string; engine: string }>(
    `SELECT pg_database_size(current_database()) AS store,
            coalesce((SELECT sum(pg_database_size(datname)) FROM pg_database WHERE datname LIKE 'temporal%'), 0) AS engine`,
  );
  return [Number(rows[0]?.store), Number(rows[0]?.engine)];
}
