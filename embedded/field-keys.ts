import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { LauncherConfig } from '../config.ts';
import { MASTER_KEY_BYTES } from '../vault/keyring.ts';
import { StartProblem } from './problem.ts';

/**
 * FIELD_KEYS as named, else those in the data folder, made once: data sealed with a lost key are lost, so the file is on the disk
 * before anything uses it. Throws `StartProblem` in production, where keys come from where the agency keeps its secrets.
 */
export function fieldKeys({ fieldKeys: named, nodeEnv, dataFolder }: LauncherConfig): string {
  if (named !== undefined) return named;
  if (nodeEnv === 'production')
    throw new StartProblem(
      'NODE_ENV=production 时必须设置 FIELD_KEYS:密钥不与数据存放在一起',
      'with NODE_ENV=production FIELD_KEYS must be set: keys are not kept beside the data',
    );
  const file = join(dataFolder, 'field-keys');
  if (!existsSync(file)) {
    const half = `${file}.half`;
    const made = openSync(half, 'w', 0o600);
    writeSync(made, `1:${randomBytes(MASTER_KEY_BYTES).toString('base64')}\n`);
    fsyncSync(made);
    closeSync(made);
    renameSync(half, file);
  }
  return readFileSync(file, 'utf8').trim();
}
