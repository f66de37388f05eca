import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readLauncherConfig, readOrExit } from '../config.ts';
import { runningEnvironment } from '../config/running.ts';
import { findPostgresBinaries } from '../embedded/postgres-binaries.ts';
import { chooseClusterFolder, databaseAnswers } from '../embedded/postgres.ts';
import { StartProblem } from '../embedded/problem.ts';
import { makeBackup, superuserPassword } from '../operations/backup/backup.ts';
import { createProgress, secondsSince } from '../operations/progress.ts';

/** `npm run backup -- --to FOLDER`: the running embedded system, at one point in time, while people go on deciding. */
const { values } = parseArgs({ options: { to: { type: 'string' } } });
const config = readOrExit(readLauncherConfig);
const progress = createProgress();
const startedAt = performance.now();

try {
  if (!values.to) throw new StartProblem('用法:npm run backup -- --to 目录', 'usage: npm run backup -- --to FOLDER');
  if (config.databaseUrl !== undefined)
    throw new StartProblem(
      'DATABASE_URL 指向自有的 Postgres:请用其自身的备份工具,见 docs/operations/backup.md',
      'DATABASE_URL names a Postgres of your own: back it up by its own means, see docs/operations/backup.md',
    );
  const dataFolder = resolve(config.dataFolder);
  const running = runningEnvironment(config.environment);
  if (!existsSync(join(dataFolder, 'postgres-password')))
    throw new StartProblem(
      `${dataFolder} 中没有内置的系统:请用 DATA_FOLDER 指明`,
      `there is no embedded system in ${dataFolder}: name its folder in DATA_FOLDER`,
    );
  const databaseUrl = `postgres://jingban:${await superuserPassword(dataFolder)}@127.0.0.1:${config.postgresPort}/postgres`;
  await databaseAnswers(databaseUrl).catch(() => {
    throw new StartProblem(
      `端口 ${config.postgresPort} 上的内置 Postgres 没有应答:请先 npm start,备份在运行中进行`,
      `the embedded Postgres does not answer on port ${config.postgresPort}: npm start first, a backup is taken while it runs`,
    );
  });
  const { owner } = findPostgresBinaries(config.cacheFolder);
  const backup = await makeBackup(
    {
      ...{ dataFolder, databaseUrl, cluster: join(chooseClusterFolder(dataFolder, owner), 'cluster') },
      documentFolder: running['DOCUMENT_FOLDER'] ?? config.documentFolder ?? join(dataFolder, 'documents'),
      witnessFolder: running['WITNESS_FOLDER'] ?? join(dataFolder, 'witness'),
      walArchiveFolder: config.walArchiveFolder && resolve(config.walArchiveFolder),
    },
    resolve(values.to),
    (line) => progress(() => `${line}, ${secondsSince(startedAt)}`),
  );
  console.log(
    `密钥不在备份中,请另行保管 FIELD_KEYS 和 LOG_SIGNING_KEY(内置系统:${dataFolder} 中的 field-keys、log-signing-key.pem)`,
  );
  console.log(
    `keys are not in the backup; keep FIELD_KEYS and LOG_SIGNING_KEY elsewhere (embedded: field-keys, log-signing-key.pem in ${dataFolder})`,
  );
  console.log(`${backup.files} files, ${Math.ceil(backup.bytes / 2 ** 20)} MB, ${secondsSince(startedAt)}`);
} catch (problem) {
  if (!(problem instanceof StartProblem)) throw problem;
  console.error(`✗ ${problem.zh}\n✗ ${problem.en}`);
  process.exitCode = 1;
}
