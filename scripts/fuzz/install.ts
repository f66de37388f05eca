import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const VERSION = '4.32.5';

/** A person can put it right: Python is not there or cannot make an environment. */
export class MissingPython extends Error {}

/**
 * The `schemathesis` program of exactly our version, installed from PyPI into `cache` when it is not there yet. The folder appears
 * whole or not at all. Throws `MissingPython` with one sentence in both languages.
 */
export async function findSchemathesis(cache: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const place = join(cache, 'schemathesis', VERSION);
  const program = join(place, 'bin', 'schemathesis');
  if (existsSync(program)) return program;
  console.log(`安装 / installing schemathesis ${VERSION}`);
  const options = { env: environment, maxBuffer: 2 ** 24 };
  // Made in its place, since the programs of an environment name their interpreter by its whole path.
  await rm(place, { recursive: true, force: true });
  try {
    await run('python3', ['-m', 'venv', place], options);
    await run(
      join(place, 'bin', 'python'),
      ['-m', 'pip', 'install', '--quiet', '--no-input', `schemathesis==${VERSION}`],
      options,
    );
    await rename(program, program); // throws if pip has not made it
  } catch (problem) {
    await rm(place, { recursive: true, force: true });
    const { message } = problem as Error;
    throw new MissingPython(
      `无法安装 schemathesis,需要 Python ≥ 3.10、venv(Debian:apt install python3-venv)和 PyPI / schemathesis could not be installed; it needs Python ≥ 3.10 with venv (Debian: apt install python3-venv) and PyPI: ${message.split('\n').slice(0, 6).join(' ')}`,
      { cause: problem },
    );
  }
  return program;
}
