import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Commands for whoever runs the system (`verify`, `keys`, `calendar`) are given their settings by the environment. Beside the
 * embedded default nobody has set any: it leaves its own in its data folder, readable by its owner only, like the keys there.
 */
const FILE = 'environment.json';

/** What a command may need to know of the embedded system. */
export const keepRunningEnvironment = (dataFolder: string, environment: Record<string, string>): void =>
  writeFileSync(join(dataFolder, FILE), JSON.stringify(environment, null, 2), { mode: 0o600 });

/** The environment, and beneath it that of the embedded system when no database is named. */
export function runningEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const file = join(env['DATA_FOLDER'] ?? '.data', FILE);
  if (env['DATABASE_URL'] || !existsSync(file)) return env;
  return { ...(JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>), ...env };
}
