import { readdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { History } from '../support/histories.ts';
import { bytesOf, historyOf } from '../support/histories.ts';
import { KEPT_FOLDER, keptHistories } from '../support/kept.ts';
import { openArmCounter } from './coverage.ts';
import { mustBeWalked } from './must-be-walked.ts';

/**
 * `tsx test/replay/record.ts --from FOLDER`: keeps one history of every way the procedures were walked as a fixture for
 * `test/replay`. The folder is what tests have left in JINGBAN_KEEP_HISTORIES, opened: in the engine they are sealed. Two cases are one way when the same
 * decisions and effects followed each other. Recorded once per release; older fixtures stay and must replay for ever. `--missing` keeps
 * only what walks a branch that no kept history walks.
 */
/** Of each process and outcome the shortest and the longest ways: the early ends and the full walks with their returns. */
const SHORTEST = 4;
const LONGEST = 8;
const MAX_BYTES = 200_000;

const { values } = parseArgs({
  options: {
    from: { type: 'string' },
    renew: { type: 'boolean', default: false },
    missing: { type: 'boolean', default: false },
  },
});
if (values.from === undefined) throw new Error('--from FOLDER');
if (values.missing) {
  await keepMissing(values.from);
  process.exit();
}

const known = await processes();
const ways = new Map<string, { process: string; outcome: string; history: History; size: number }>();
for (const name of await readdir(values.from)) {
  const history = historyOf(await readFile(join(values.from, name)));
  const type = history.events?.[0]?.workflowExecutionStartedEventAttributes?.workflowType?.name ?? '';
  if (!known.includes(type)) continue;
  const size = bytesOf(history).length;
  const outcome = history.events?.at(-1)?.workflowExecutionCompletedEventAttributes ? 'ended' : 'open';
  const way = `${type} ${outcome} ${stepsOf(history).join(' ')}`;
  const shortest = ways.get(way);
  if (size < MAX_BYTES && (!shortest || shortest.size > size)) ways.set(way, { process: type, outcome, history, size });
}

if (values.renew) await Promise.all((await readdir(KEPT_FOLDER)).map((name) => unlink(join(KEPT_FOLDER, name))));
const groups = new Map<string, { way: string; history: History }[]>();
for (const [way, { process, outcome, history }] of [...ways].sort(([a], [b]) => a.length - b.length)) {
  const group = `${process.toLowerCase().replaceAll('_', '-')}-${outcome}`;
  groups.set(group, [...(groups.get(group) ?? []), { way, history }]);
}
for (const [group, all] of groups) {
  const kept = all.length <= SHORTEST + LONGEST ? all : [...all.slice(0, SHORTEST), ...all.slice(-LONGEST)];
  for (const [i, { way, history }] of kept.entries()) {
    await writeFile(join(KEPT_FOLDER, `${group}-${i + 1}.history`), bytesOf(history));
    console.log(`${group}-${i + 1}.history  ${way.split(' ').slice(2).join(' ')}`);
  }
}

async function keepMissing(from: string): Promise<void> {
  const counter = await openArmCounter();
  const walked = (): number => counter.arms().filter((arm) => mustBeWalked(arm) && arm.walked > 0).length;
  await counter.walk(keptHistories());
  const candidates = await Promise.all(
    (await readdir(from)).map(async (name) => ({ name, history: historyOf(await readFile(join(from, name))) })),
  );
  // Small ones first: of two that walk the same the smaller is kept.
  const sized = candidates.map((each) => ({ ...each, size: bytesOf(each.history).length }));
  for (const { name, history } of sized.sort((a, b) => a.size - b.size).filter(({ size }) => size < MAX_BYTES)) {
    const before = walked();
    await counter.walk([{ workflowId: name, history }]);
    if (walked() === before) continue;
    const type = history.events?.[0]?.workflowExecutionStartedEventAttributes?.workflowType?.name ?? 'UNKNOWN';
    const file = `${type.toLowerCase().replaceAll('_', '-')}-branch-${walked()}.history`;
    await writeFile(join(KEPT_FOLDER, file), bytesOf(history));
    console.log(`${file}: ${walked() - before} branches more`);
  }
  const missing = counter.arms().filter((arm) => mustBeWalked(arm) && arm.walked === 0);
  const names = [...new Set(missing.map(({ name }) => name))].sort();
  await writeFile(new URL('without-history.json', import.meta.url), `${JSON.stringify(names, null, 2)}\n`);
  console.log(`${names.length} branches have no history`);
}

async function processes(): Promise<string[]> {
  const { PROCESSES } = await import('../../domain/processes/index.ts');
  return Object.keys(PROCESSES);
}

/** What people decided, in order, and how often a timer fired or a signal came. */
function stepsOf(history: History): string[] {
  return (history.events ?? []).flatMap((event) => {
    const update =
      event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input?.args?.payloads?.[0]?.data;
    if (update) {
      const { input } = JSON.parse(Buffer.from(update).toString('utf8')) as {
        input: { step: string; decision: string };
      };
      return [`${input.step}:${input.decision}`];
    }
    if (event.timerFiredEventAttributes) return ['timer'];
    if (event.workflowExecutionSignaledEventAttributes)
      return [String(event.workflowExecutionSignaledEventAttributes.signalName)];
    return [];
  });
}
