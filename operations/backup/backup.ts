import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { StartProblem } from '../../embedded/problem.ts';
import { atOnce } from '../at-once.ts';
import { copyFile, FILES_AT_ONCE, listFolder, type BackedUpFile } from './files.ts';
import { writeManifest, type Manifest } from './manifest.ts';

export interface BackupSource {
  dataFolder: string;
  /** the folder of the embedded Postgres's files, PG_VERSION and all */
  cluster: string;
  /** connects as the superuser of the embedded Postgres */
  databaseUrl: string;
  documentFolder: string;
  witnessFolder: string;
  walArchiveFolder?: string | undefined;
}
export interface Backup {
  files: number;
  bytes: number;
  lastWal: string;
}
export type Say = (line: string) => void;

/** Folders that have to be there and whose content is made anew by every Postgres, or copied apart. */
const EMPTY = 'pg_wal pg_replslot pg_dynshmem pg_notify pg_serial pg_snapshots pg_stat_tmp pg_subtrans'.split(' ');
const LEFT_OUT = new RegExp(
  `^((${EMPTY.join('|')})/.*|postmaster\\.(pid|opts)|backup_label|tablespace_map|.*(pg_internal\\.init|pgsql_tmp).*)$`,
);
/** Tells where recovery begins: copied after everything it may speak of. */
const CONTROL = 'global/pg_control';
/** Passwords of the embedded Postgres belong to its files; keys of sealed fields and of the log do not, and stay out. */
const PASSWORDS = ['postgres-password', 'postgres-app-password'];

/**
 * A physical copy of the running embedded system, store and engine at one point in time: Postgres's files between
 * `pg_backup_start` and `pg_backup_stop` with the write-ahead log from one to the other, then documents (never older than the rows
 * that name them) and the witness. Decisions go on meanwhile. Throws `StartProblem` for what a person can put right; a backup that
 * broke off has no manifest.
 */
export async function makeBackup(source: BackupSource, to: string, say: Say): Promise<Backup> {
  prepareTarget(to);
  const client = new pg.Client({ connectionString: source.databaseUrl, application_name: 'jingban backup' });
  await client.connect();
  try {
    const beganAt = new Date();
    const files: BackedUpFile[] = [];
    const folders: string[] = [];
    const copy = copier(to, files, folders, say);
    // Belongs to this session: the log of the whole backup stays until it is copied, and never longer than this.
    await client.query(`SELECT pg_create_physical_replication_slot('jingban_backup_' || pg_backend_pid(), true, true)`);
    const started = await one<{ wal: string; version: string }>(
      client,
      `SELECT pg_walfile_name(pg_backup_start('jingban', true)) AS wal, current_setting('server_version') AS version`,
    );
    const all = (await listFolder(source.cluster)).filter((path) => !LEFT_OUT.test(path));
    folders.push(...EMPTY.map((name) => `postgres/${name}/`));
    await copy(
      'postgres',
      source.cluster,
      all.filter((path) => path !== CONTROL),
    );
    await copy('postgres', source.cluster, [CONTROL]);
    const stopped = await one<{ lsn: string; wal: string; labelfile: string }>(
      client,
      `SELECT lsn::text, pg_walfile_name(lsn) AS wal, labelfile FROM pg_backup_stop(false)`,
    );
    await writeFile(join(to, 'label'), stopped.labelfile, { mode: 0o600 });
    await copy('postgres', to, ['label'], 'postgres/backup_label');
    await rm(join(to, 'label'));
    const segments = readdirSync(join(source.cluster, 'pg_wal')).filter(
      (name) => /^[0-9A-F]{24}$/.test(name) && name >= started.wal && name <= stopped.wal,
    );
    await copy('postgres/pg_wal', join(source.cluster, 'pg_wal'), segments);
    await copy(
      '.',
      source.dataFolder,
      PASSWORDS.filter((name) => existsSync(join(source.dataFolder, name))),
    );
    await copy('documents', source.documentFolder, await listFolder(source.documentFolder));
    await copy('witness', source.witnessFolder, await listFolder(source.witnessFolder));
    const manifest: Manifest = {
      format: 1,
      beganAt: beganAt.toISOString(),
      endedAt: new Date().toISOString(),
      postgres: {
        ...{ version: started.version, firstWal: started.wal },
        ...{ lastWal: stopped.wal, endLsn: stopped.lsn },
      },
      engineInside: !existsSync(join(source.dataFolder, 'temporal.sqlite')),
      ...(source.walArchiveFolder ? { walArchiveFolder: source.walArchiveFolder } : {}),
      files,
      folders,
    };
    await writeManifest(to, manifest);
    return { files: files.length, bytes: files.reduce((sum, file) => sum + file.bytes, 0), lastWal: stopped.wal };
  } finally {
    await client.end();
  }
}

function prepareTarget(to: string): void {
  if (existsSync(to) && readdirSync(to).length > 0)
    throw new StartProblem(
      `${to} 不是空目录:备份从不覆盖已有的内容,请另指目录`,
      `${to} is not empty: a backup never overwrites anything, name another folder`,
    );
  try {
    mkdirSync(to, { recursive: true, mode: 0o700 });
  } catch (problem) {
    throw new StartProblem(
      `${to} 无法建立(${(problem as NodeJS.ErrnoException).code}):请检查权限与磁盘`,
      `${to} cannot be made (${(problem as NodeJS.ErrnoException).code}): check rights and disk`,
    );
  }
}

type Copy = (under: string, from: string, paths: readonly string[], as?: string) => Promise<void>;

function copier(to: string, files: BackedUpFile[], folders: string[], say: Say): Copy {
  let bytes = 0;
  return async (under, from, paths, as) => {
    let done = 0;
    await atOnce(FILES_AT_ONCE, paths, async (path) => {
      const target = as ?? (under === '.' ? path : `${under}/${path}`);
      if (path.endsWith('/')) folders.push(target);
      else {
        const file = await copyFile(join(from, path), join(to, target), target);
        if (file) files.push(file);
        bytes += file?.bytes ?? 0;
      }
      done += 1;
      say(`${under}: ${done} / ${paths.length} files, ${Math.round(bytes / 2 ** 20)} MB`);
    });
  };
}

async function one<Row extends pg.QueryResultRow>(client: pg.Client, sql: string): Promise<Row> {
  const { rows } = await client.query<Row>(sql);
  return rows[0] as Row;
}

/** The password the embedded Postgres was made with. */
export const superuserPassword = async (dataFolder: string): Promise<string> =>
  (await readFile(join(dataFolder, 'postgres-password'), 'utf8')).trim();
