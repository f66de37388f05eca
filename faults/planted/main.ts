import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readOrExit, WrongOption } from '../../rehearsal/read-or-exit.ts';
import { BUG_NAMES, BUGS, plant, type BugName } from './bugs.ts';

/**
 * `npm run faults:planted`: the harness against the product with a bug in it, one bug after the other, each in a copy of this
 * commit; first without any. A harness that finds nothing in one of them looks away. Exit code 1 then, and when it finds something
 * where nothing was planted.
 */
const HELP = `npm run faults:planted -- [options]

  --only NAME,NAME   some of: ${BUG_NAMES.join(', ')}, none
  --seed 1           seed of each run
  --minutes 1.5      how long faults happen in each run`;

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
type Name = BugName | 'none';
const NAMES: readonly Name[] = ['none', ...BUG_NAMES];

const { names, seed, minutes } = readOrExit(readOptions, HELP);
const copy = mkdtempSync(join(tmpdir(), 'jingban-planted-'));
const stop = (): void => rmSync(copy, { recursive: true, force: true });
process.on('exit', stop);

execFileSync('git', ['clone', '--quiet', ROOT, copy]);
symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
// What has not changed need not be built again.
for (const folder of ['dist', 'generated']) cpSync(join(ROOT, folder), join(copy, folder), { recursive: true });

const rows: { name: Name; decisions: number; faults: number; violations: number; first: string }[] = [];
for (const [n, name] of names.entries()) {
  console.log(`${n + 1} of ${names.length}: ${name === 'none' ? 'no bug' : BUGS[name].what}`);
  rows.push({ name, ...(await tryWith(name)) });
}
console.log('');
console.table(Object.fromEntries(rows.map(({ name, ...row }) => [name, { ...row, first: row.first.slice(0, 110) }])));
const wrong = rows.filter(({ name, violations }) => (name === 'none') !== (violations === 0));
for (const { name } of wrong)
  console.log(name === 'none' ? '✗ violations without a bug' : `✗ nothing found of: ${BUGS[name].what}`);
console.log(`${rows.length} runs, ${wrong.length} not as expected`);
process.exitCode = wrong.length > 0 ? 1 : 0;

async function tryWith(name: Name): Promise<Omit<(typeof rows)[number], 'name'>> {
  execFileSync('git', ['checkout', '--quiet', '.'], { cwd: copy });
  if (name !== 'none') {
    const file = join(copy, BUGS[name].file);
    writeFileSync(file, plant(BUGS[name], readFileSync(file, 'utf8')));
  }
  const options = ['--seed', String(seed), '--minutes', String(minutes)];
  const run = spawn(process.execPath, ['--import', 'tsx', 'faults/main.ts', ...options], {
    cwd: copy,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const stopRun = (): void => void run.kill('SIGTERM');
  process.once('SIGINT', stopRun);
  process.once('SIGTERM', stopRun);
  const found: string[] = [];
  let last = '';
  for await (const line of createInterface({ input: run.stdout })) {
    console.log(`    ${line}`);
    if (line.startsWith('✗ ')) found.push(line.slice(2));
    const [, kept] = /^kept: (.*)$/.exec(line) ?? [];
    // The same run without a bug is what anybody would look at.
    if (kept) process.once('exit', () => rmSync(kept, { recursive: true, force: true }));
    last = line;
  }
  process.off('SIGINT', stopRun);
  process.off('SIGTERM', stopRun);
  const [, decisions, faults, violations] = /^(\d+) decisions, (\d+) faults, (\d+) violations$/.exec(last) ?? [];
  if (violations === undefined) throw new Error(`the run ended with "${last}"`);
  return {
    decisions: Number(decisions),
    faults: Number(faults),
    violations: Number(violations),
    first: found[0] ?? '',
  };
}

function readOptions(args: readonly string[]): { names: readonly Name[]; seed: number; minutes: number } | 'HELP' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', default: NAMES.join(',') },
      seed: { type: 'string', default: '1' },
      minutes: { type: 'string', default: '1.5' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'HELP';
  const names = values.only.split(',').map((name) => {
    const known = NAMES.find((one) => one === name);
    if (!known) throw new WrongOption(`--only: ${name} is none of ${NAMES.join(', ')}`);
    return known;
  });
  const seed = Number(values.seed);
  const minutes = Number(values.minutes);
  if (!Number.isSafeInteger(seed) || !(minutes > 0))
    throw new WrongOption('--seed: a whole number; --minutes: a number');
  return { names, seed, minutes };
}
