import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { LAUNCHER_SETTINGS, readLauncherConfig, readOrExit } from '../config.ts';
import { findFreePorts } from '../embedded/ports.ts';
import { StartProblem } from '../embedded/problem.ts';
import { restoreBackup } from '../operations/backup/restore.ts';
import { createProgress, secondsSince } from '../operations/progress.ts';

/**
 * `npm run restore -- --from FOLDER [--wal FOLDER …] [--to-time INSTANT] [--keys FILE]`: an empty DATA_FOLDER is filled from a
 * backup and the log archived since, and left ready for `npm start`.
 */
const { values } = parseArgs({
  options: {
    from: { type: 'string' },
    wal: { type: 'string', multiple: true },
    'to-time': { type: 'string' },
    keys: { type: 'string' },
  },
});
const config = readOrExit(readLauncherConfig);
const progress = createProgress();
const startedAt = performance.now();

/** What the backup does not hold and nothing can be read without. */
function keysToLeave(): string | undefined {
  if (config.fieldKeys !== undefined) return undefined;
  const text = values.keys && existsSync(values.keys) ? readFileSync(values.keys, 'utf8').trim() : undefined;
  if (text !== undefined && LAUNCHER_SETTINGS.fieldKeys.schema.safeParse(text).success) return text;
  throw new StartProblem(
    '备份中没有密钥:请用 --keys 指明另行保管的 field-keys 文件,或设置 FIELD_KEYS',
    'a backup holds no keys: name the file field-keys you keep elsewhere with --keys, or set FIELD_KEYS',
  );
}

try {
  const toTime = values['to-time'];
  if (!values.from || (toTime !== undefined && Number.isNaN(Date.parse(toTime))))
    throw new StartProblem(
      '用法:npm run restore -- --from 备份目录 [--wal 归档目录] [--to-time 2026-11-29T10:00:00+08:00] [--keys 文件]',
      'usage: npm run restore -- --from FOLDER [--wal FOLDER] [--to-time 2026-11-29T10:00:00+08:00] [--keys FILE]',
    );
  const dataFolder = resolve(config.dataFolder);
  const restored = await restoreBackup(
    {
      from: resolve(values.from),
      ...{ wal: values.wal, toTime, fieldKeys: keysToLeave(), dataFolder, cacheFolder: config.cacheFolder },
      documentFolder: config.documentFolder ?? join(dataFolder, 'documents'),
      witnessFolder: config.environment['WITNESS_FOLDER'] ?? join(dataFolder, 'witness'),
      archive: config.walArchiveFolder
        ? { folder: config.walArchiveFolder, seconds: config.walArchiveSeconds }
        : undefined,
      port: await findFreePorts(1),
    },
    (line) => progress(() => `${line}, ${secondsSince(startedAt)}`),
  );
  console.log(
    `最后一笔 / last commit: ${restored.lastCommitAt?.toISOString() ?? 'that of the backup'}; ${restored.files} files, ${restored.segments} pieces of log, ${secondsSince(startedAt)}`,
  );
  console.log('接下来 / next: npm start; npm run check; npm run verify; npm run backup');
} catch (problem) {
  if (!(problem instanceof StartProblem)) throw problem;
  console.error(`✗ ${problem.zh}\n✗ ${problem.en}`);
  process.exitCode = 1;
}
