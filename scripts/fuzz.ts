import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readLauncherConfig, readOrExit } from '../config.ts';
import { DEMO_ACCOUNTS } from '../prisma/seed.ts';
import { playStories } from './fuzz/cases.ts';
import { findSchemathesis, MissingPython } from './fuzz/install.ts';
import { printTable, runAccount, type AccountRun } from './fuzz/run.ts';
import { startSystem } from './fuzz/system.ts';

/**
 * `npm run fuzz [-- --cases N --seed S]`: the whole system on ports and a folder of its own, some real cases in it, and Schemathesis
 * over its OpenAPI document with every check, good and bad data and chains of calls, as a clerk, a manager, an insured person and
 * nobody. Last line `N cases, N failures`; exit code 1 when there is a failure. What failed is told with the call that repeats it.
 */
const { values: options } = parseArgs({
  options: { cases: { type: 'string', default: '20000' }, seed: { type: 'string', default: '1' } },
});
const wanted = Number(options.cases);
const seed = Number(options.seed);
if (!Number.isInteger(wanted) || wanted < 1 || !Number.isInteger(seed)) {
  console.error('--cases 和 --seed 须为正整数 / --cases and --seed must be whole numbers');
  process.exit(2);
}

const ACCOUNTS = ['town1.clerk', 'county1.manager', 'person1', undefined] as const;
for (const username of ACCOUNTS)
  if (username !== undefined && !DEMO_ACCOUNTS.some((account) => account.username === username))
    throw new Error(`no demo account ${username}`);

const config = readOrExit(readLauncherConfig);
const folder = mkdtempSync(join(tmpdir(), 'jingban-fuzz-'));
let failed = true;
try {
  const program = await findSchemathesis(config.cacheFolder, config.environment);
  console.log(`启动系统 / starting the system (seed ${seed})`);
  const system = await startSystem(folder, config.environment);
  try {
    const known = await playStories(system);
    const runs = await Promise.all(
      ACCOUNTS.map(async (username): Promise<AccountRun> => {
        const token = username === undefined ? undefined : await system.tokenOf(username);
        const account = { name: username ?? '(nobody)', token };
        return runAccount({ program, folder, system, account, known, seed, cases: wanted / ACCOUNTS.length });
      }),
    );
    printTable(runs);
    const cases = runs.reduce((sum, run) => sum + run.cases, 0);
    const failures = runs.reduce((sum, run) => sum + run.failures, 0);
    failed = failures > 0 || cases < wanted;
    if (cases < wanted) console.error(`少于要求的 ${wanted} 例 / fewer than the ${wanted} cases asked for`);
    console.log(`${cases} cases, ${failures} failures`);
  } finally {
    await system.stop();
  }
} catch (problem) {
  if (!(problem instanceof MissingPython)) throw problem;
  console.error(problem.message);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;
