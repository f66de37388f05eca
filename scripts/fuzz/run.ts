import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Known } from './cases.ts';
import { configuration } from './configuration.ts';
import type { System } from './system.ts';

export interface AccountRun {
  account: string;
  operations: number;
  cases: number;
  failures: number;
}

interface Asked {
  program: string;
  folder: string;
  system: System;
  account: { name: string; token: string | undefined };
  known: Known;
  seed: number;
  /** at least so many */
  cases: number;
}

const report = z.object({
  operations: z.object({ tested: z.number() }),
  test_cases: z.object({ generated: z.number() }),
  failures: z.array(z.object({ count: z.number() }).loose()),
  errors: z.array(z.unknown()),
});

/** Rounds of one account, each with a seed of its own, until there are as many cases as asked for. Failures are printed. */
export async function runAccount(asked: Asked): Promise<AccountRun> {
  const total = { account: asked.account.name, operations: 0, cases: 0, failures: 0 };
  for (let round = 0; total.cases < asked.cases; round += 1) {
    const { operations, cases, failures } = await runRound(asked, round, asked.cases - total.cases);
    total.operations = Math.max(total.operations, operations);
    total.cases += cases;
    total.failures += failures;
    if (cases === 0) break;
  }
  return total;
}

async function runRound(asked: Asked, round: number, missing: number): Promise<Omit<AccountRun, 'account'>> {
  const { program, folder, system, account, known, seed } = asked;
  const name = `${account.name.replace(/\W/g, '-')}-${round}`;
  const [file, out] = [join(folder, `${name}.toml`), join(folder, `${name}.json`)];
  // The token stands in a file of ours and not in the arguments, which every user of the machine can read.
  writeFileSync(file, configuration({ token: account.token, known, missing, first: round === 0 }), { mode: 0o600 });
  const args = ['--config-file', file, 'run', `${system.api}/openapi.json`, '--seed', String(seed + round)];
  const { code, output } = await execute(
    program,
    [...args, '--report', 'json', '--report-json-path', out, '--no-color'],
    folder,
  );
  const found = readReport(out);
  if (found === undefined) throw new Error(`schemathesis ended with ${code} and without a report:\n${output}`);
  const failures = found.failures.reduce((sum, { count }) => sum + count, 0) + found.errors.length;
  if (failures > 0 || code !== 0) console.error(`${account.name}, seed ${seed + round}:\n${output}`);
  return {
    operations: found.operations.tested,
    cases: found.test_cases.generated,
    failures: Math.max(failures, code === 0 ? 0 : 1),
  };
}

const execute = (program: string, args: readonly string[], cwd: string): Promise<{ code: number; output: string }> =>
  new Promise((resolve) => {
    execFile(program, args, { cwd, maxBuffer: 2 ** 28 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), output: stdout + stderr });
    });
  });

function readReport(path: string): z.output<typeof report> | undefined {
  try {
    return report.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}

export function printTable(runs: readonly AccountRun[]): void {
  const line = (cells: readonly (string | number)[]): string =>
    cells.map((cell, i) => (i === 0 ? String(cell).padEnd(18) : String(cell).padStart(12))).join('');
  console.log(line(['account', 'operations', 'cases', 'failures']));
  for (const { account, operations, cases, failures } of runs)
    console.log(line([account, operations, cases, failures]));
}
