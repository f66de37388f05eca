import { availableParallelism, loadavg } from 'node:os';
import { openBench } from '../bench/surroundings.ts';
import { readOrExit } from './read-or-exit.ts';
import { HELP, readOptions, type Options, type WhatIf } from './options.ts';
import { planOf } from './plan/index.ts';
import { plantOf } from './plant.ts';
import { between, midnight, plus } from './recount/days.ts';
import { ruleSet } from './recount/recount.ts';
import { breaches, differences, load, verdict } from './report.ts';
import { rehearse, type Rehearsal } from './run.ts';
import { openStage } from './surroundings.ts';
import { whatIfTable } from './what-if.ts';

/**
 * `npm run rehearse`: a year of cases on the real engine, each on a clock of its own that is moved on, and every deadline
 * held against an independent recount. Ends with `N deadlines, N differences`; any difference is exit code 1.
 */
const since = performance.now();
const seconds = (): number => (performance.now() - since) / 1000;
const say = (line: string): void => console.error(`${seconds().toFixed(0).padStart(4)} s  ${line}`);

/** What a shell calls a program that was interrupted. */
const INTERRUPTED = 130;

const options: Options = readOrExit(readOptions, HELP);
const { from, to, seed, only } = options;
const numbers = only === undefined ? Array.from({ length: options.cases }, (_, k) => k) : [only];
const plans = numbers.map((number) => planOf(seed, number, from, to));
const days = Array.from({ length: between(from, to) + 1 }, (_, n) => plus(from, n));
console.log(`seed ${seed}, ${plans.length} cases, ${from} – ${to}`);

let stopped = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    stopped = true;
    say('stopping: what was begun is cleared away');
  });

const bench = await openBench(say);
try {
  const rehearsal = await oneSide();
  const other = options.whatIf && !stopped ? await oneSide(options.whatIf) : undefined;
  if (stopped) process.exitCode = INTERRUPTED;
  else report(rehearsal, other);
} finally {
  await bench.close();
}

/** All cases under one set of rules, on workers that count by it. */
async function oneSide(whatIf?: WhatIf): Promise<Rehearsal & { took: number }> {
  if (whatIf) say(`once more with ${whatIf.says}`);
  const stage = await openStage(bench, plans, {
    until: midnight(plus(to, 1)) - 1,
    workers: options.workers,
    stopped: () => stopped,
    ...(whatIf ? { whatIf } : {}),
  });
  const begun = seconds();
  let done = 0;
  const progress = setInterval(() => {
    const perCase = (seconds() - begun) / Math.max(1, done);
    const left = done === 0 ? '' : `, about ${((plans.length - done) * perCase).toFixed(0)} s to go`;
    say(`${done} of ${plans.length} cases${left}`);
  }, 2_000);
  try {
    const rehearsal = await rehearse(stage, plans, {
      concurrency: options.concurrency,
      progress: (plansDone) => (done = plansDone),
      ...(options.plant && !whatIf ? { plant: plantOf(options.plant) } : {}),
      ...(whatIf ? { rules: ruleSet(whatIf.lengths, whatIf.years) } : {}),
    });
    return { ...rehearsal, took: seconds() - begun };
  } finally {
    clearInterval(progress);
    await stage.close();
  }
}

function report(rehearsal: Rehearsal & { took: number }, other: (Rehearsal & { took: number }) | undefined): void {
  const print = (title: string, lines: string[]): void => console.log(['', title, ...lines].join('\n'));
  print('逾期 where limits were broken', breaches(rehearsal));
  print('负荷 load', load(rehearsal, days));
  if (options.whatIf && other) print(`假设 what if: ${options.whatIf.says}`, whatIfTable(rehearsal, other));

  const again = `npm run rehearse -- --from ${from} --to ${to} --seed ${seed}`;
  const both = other ? [rehearsal, other] : [rehearsal];
  const found = both.flatMap((side) => differences(side, (number) => `${again} --only ${number}`));
  if (found.length > 0) print('差异 differences', found);

  const took = both.reduce((sum, side) => sum + side.took, 0);
  const played = plans.length * both.length;
  const years = (played * days.length) / 365;
  const busy = `load ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} cores`;
  console.log(
    `\n${took.toFixed(1)} s, ${(took / played).toFixed(2)} s a case, ${(took / years).toFixed(2)} s a case-year, ${busy}`,
  );
  const { line, differences: count } = verdict(both);
  console.log(line);
  process.exitCode = count > 0 ? 1 : 0;
}
