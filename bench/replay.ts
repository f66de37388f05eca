import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { DefaultLogger, Runtime, Worker, type ReplayHistoriesIterable } from '@temporalio/worker';
import { ensureBuilt } from '../scripts/build.ts';
import { keptHistories } from '../test/support/kept.ts';
import { table } from './stats.ts';

/**
 * `npx tsx bench/replay.ts`: the CPU the procedures of the kept histories take when they are gone through again, which is what a case
 * costs that fell out of a worker's memory. Needs no engine and no database, and as CPU time it is the same on a busy machine. Run
 * it with `node --require ./engine/lean-threads.cjs` in front, or with another `--bundle`, to compare.
 */
const { values } = parseArgs({
  options: { bundle: { type: 'string' }, rounds: { type: 'string', default: '3' } },
});
const bundle = values.bundle ?? fileURLToPath(new URL('../dist/workflow-bundle.js', import.meta.url));
if (values.bundle === undefined) await ensureBuilt(console.error);
Runtime.install({ logger: new DefaultLogger('ERROR') });
const histories = keptHistories();

async function* times(rounds: number): ReplayHistoriesIterable {
  for (let round = 0; round < rounds; round += 1) yield* histories;
}

/** CPU seconds of this process while so many rounds are replayed. */
async function measure(rounds: number): Promise<number> {
  const before = process.cpuUsage();
  const options = { workflowBundle: { code: readFileSync(bundle, 'utf8') } };
  for await (const { error } of Worker.runReplayHistories(options, times(rounds))) if (error) throw error;
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

// The first round loads the bundle and warms up; what further rounds add is the replay alone.
const rounds = Number(values.rounds);
const [few, many] = [await measure(1), await measure(1 + rounds)];
const perCase = ((many - few) * 1000) / (rounds * histories.length);
console.log(
  table([
    ['histories', 'rounds', 'CPU ms a case'],
    [String(histories.length), String(rounds), perCase.toFixed(1)],
  ]),
);
