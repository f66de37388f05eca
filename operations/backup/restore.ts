import { chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { logTail, startChild, type Owner } from '../../embedded/child.ts';
import { findPostgresBinaries } from '../../embedded/postgres-binaries.ts';
import { chooseClusterFolder, preparePostgres, type WalArchive } from '../../embedded/postgres.ts';
import { StartProblem } from '../../embedded/problem.ts';
import { APPLICATION_DATABASE } from '../../embedded/stores.ts';
import { sleep } from '../../embedded/wait.ts';
import { readHeads } from '../../log/head.ts';
import { appendHeads, lastWitnessed } from '../../log/witness-file.ts';
import type { Say } from './backup.ts';
import { atOnce } from '../at-once.ts';
import { copyFile, differsFrom, FILES_AT_ONCE } from './files.ts';
import { readManifest, type Manifest } from './manifest.ts';

export interface RestoreOptions {
  from: string;
  /** folders of archived write-ahead log, that of the lost machine's own pg_wal too; default: where the backup says */
  wal?: readonly string[] | undefined;
  /** everything committed up to this instant (ISO 8601); default: up to the end of the log */
  toTime?: string | undefined;
  /** text of FIELD_KEYS to leave in the data folder; undefined where they come by the environment */
  fieldKeys?: string | undefined;
  /** where log is archived from now on: the new timeline is part of it from its first moment */
  archive?: WalArchive | undefined;
  dataFolder: string;
  documentFolder: string;
  witnessFolder: string;
  cacheFolder: string;
  /** a free one, for the time of the recovery */
  port: number;
  /** of the cases; default that of the embedded system */
  database?: string;
}
export interface Restored {
  files: number;
  segments: number;
  /** of the last transaction that is there */
  lastCommitAt: Date | undefined;
}

/**
 * Builds a data folder from a backup and the write-ahead log since, recovers it and leaves it stopped, ready for `npm start`. Refuses
 * a folder that holds anything. Throws `StartProblem` for what a person can put right.
 */
export async function restoreBackup(options: RestoreOptions, say: Say): Promise<Restored> {
  const { from, dataFolder } = options;
  const manifest = await readManifest(from);
  for (const folder of [dataFolder, options.documentFolder]) refuseToOverwrite(folder);
  // A witness that was kept elsewhere knows more than the one in the backup.
  const witnessed = existsSync(options.witnessFolder) && readdirSync(options.witnessFolder).length > 0;
  await verifyFiles(from, manifest, say);

  const { owner } = findPostgresBinaries(options.cacheFolder);
  mkdirSync(dataFolder, { recursive: true, mode: owner === undefined ? 0o700 : 0o711 });
  const cluster = join(chooseClusterFolder(dataFolder, owner), 'cluster');
  const places = { postgres: cluster, documents: options.documentFolder, witness: options.witnessFolder };
  const placeOf = (path: string): string => {
    const [head = '', ...rest] = path.split('/');
    return rest.length === 0 ? join(dataFolder, path) : join(places[head as keyof typeof places], ...rest);
  };
  const files = manifest.files.filter(({ path }) => !(witnessed && path.startsWith('witness/')));
  for (const path of manifest.folders) await mkdir(placeOf(path), { recursive: true, mode: 0o700 });
  let copied = 0;
  await atOnce(FILES_AT_ONCE, files, async ({ path }) => {
    await copyFile(join(from, path), placeOf(path), path);
    say(`${(copied += 1)} / ${files.length} files`);
  });
  const segments = await addWal(manifest, options.wal, join(cluster, 'pg_wal'), say);
  if (options.fieldKeys) await writeFile(join(dataFolder, 'field-keys'), `${options.fieldKeys}\n`, { mode: 0o600 });
  await writeFile(join(cluster, 'recovery.signal'), '', { mode: 0o600 });
  const settings = join(cluster, 'postgresql.auto.conf');
  const asItWas = await readFile(settings, 'utf8');
  // Everything there is lies in pg_wal already, where no right can be missing half-way: the command finds nothing more.
  const target = options.toTime ? `recovery_target_time = '${forPostgres(options.toTime)}'\n` : '';
  await appendFile(settings, `\nrestore_command = 'false'\nrecovery_target_action = 'promote'\n${target}`);
  if (owner !== undefined) giveTo(cluster, owner);
  const lastCommitAt = await recover(options, say);
  await writeFile(settings, asItWas);
  return { files: manifest.files.length, segments, lastCommitAt };
}

/** While it reads its settings Postgres knows no names of time zones yet, and takes Z for one. */
const forPostgres = (instant: string): string => new Date(instant).toISOString().replace('T', ' ').replace('Z', '+00');

function refuseToOverwrite(folder: string): void {
  if (!existsSync(folder) || readdirSync(folder).length === 0) return;
  throw new StartProblem(
    `${folder} 中已有内容:恢复从不覆盖,请用 DATA_FOLDER(DOCUMENT_FOLDER、WITNESS_FOLDER)另指目录`,
    `${folder} is not empty: a restore never overwrites anything, name another folder in DATA_FOLDER (DOCUMENT_FOLDER, WITNESS_FOLDER)`,
  );
}

async function verifyFiles(from: string, { files }: Manifest, say: Say): Promise<void> {
  let checked = 0;
  await atOnce(FILES_AT_ONCE, files, async (file) => {
    const difference = await differsFrom(from, file);
    if (difference)
      throw new StartProblem(
        `备份文件 ${file.path} 已损坏(${difference}):请另选一个备份`,
        `the file ${file.path} of the backup is damaged (${difference}): choose another backup`,
      );
    say(`${(checked += 1)} / ${files.length} files checked`);
  });
}

/** Segments and histories of timelines from the backup's first segment on; answers how many were added. */
async function addWal(
  { postgres, walArchiveFolder }: Manifest,
  named: readonly string[] | undefined,
  pgWal: string,
  say: Say,
): Promise<number> {
  const folders = named ?? (walArchiveFolder && existsSync(walArchiveFolder) ? [walArchiveFolder] : []);
  let added = 0;
  for (const folder of folders) {
    if (!existsSync(folder))
      throw new StartProblem(`没有目录 ${folder}:请检查 --wal`, `there is no folder ${folder}: check --wal`);
    const wanted = readdirSync(folder).filter(
      // Names of segments begin with their timeline; what counts for "later" is the rest.
      (name) =>
        /^[0-9A-F]{8}\.history$/.test(name) ||
        (/^[0-9A-F]{24}$/.test(name) && name.slice(8) >= postgres.firstWal.slice(8)),
    );
    for (const name of wanted) {
      const to = join(pgWal, name);
      if (existsSync(to)) continue;
      await copyFile(join(folder, name), to, name);
      added += 1;
      say(`${added} pieces of the write-ahead log`);
    }
  }
  return added;
}

/** Runs Postgres until it has recovered and been promoted, then stops it. */
async function recover(options: RestoreOptions, say: Say): Promise<Date | undefined> {
  const { dataFolder, cacheFolder, port, archive } = options;
  const logFolder = join(dataFolder, 'logs');
  const postgres = await preparePostgres({ dataFolder, cacheFolder, logFolder, port, archive });
  const { command, stopSignal } = postgres.service;
  const child = await startChild(command);
  const startedAt = Date.now();
  try {
    for (;;) {
      await sleep(200);
      if (!child.alive()) throw notRecovered(command.logFile, options.toTime);
      const standing = await ask(postgres.url('postgres')).catch(() => undefined);
      if (standing && !standing.recovering) {
        await completeWitness(postgres.url(options.database ?? APPLICATION_DATABASE), options.witnessFolder);
        return standing.lastCommitAt ?? undefined;
      }
      say(`recovering, ${Math.round((Date.now() - startedAt) / 1000)} s`);
    }
  } finally {
    if (child.alive()) child.signal(stopSignal);
    await child.exited;
  }
}

async function ask(connectionString: string): Promise<{ recovering: boolean; lastCommitAt: Date | null } | undefined> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ recovering: boolean; lastCommitAt: Date | null }>(
      'SELECT pg_is_in_recovery() AS recovering, pg_last_xact_replay_timestamp() AS "lastCommitAt"',
    );
    return rows[0];
  } finally {
    await client.end();
  }
}

/**
 * The witness of the backup is as old as the backup. The heads written since are in the log that was archived outside the machine;
 * they are taken over once, here: no program adds so many by itself, since it might be hiding that somebody took them away.
 */
async function completeWitness(connectionString: string, folder: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    const { rowCount } = await client.query(
      `SELECT FROM pg_tables WHERE schemaname = 'public' AND tablename = 'log_head'`,
    );
    if (rowCount === 0) return;
    for (let after = await lastWitnessed(folder); ;) {
      const heads = await readHeads(client, after);
      if (heads.length === 0) return;
      await appendHeads(folder, heads);
      after = heads.at(-1)?.number ?? after;
    }
  } finally {
    await client.end();
  }
}

function notRecovered(logFile: string, toTime: string | undefined): StartProblem {
  const tail = logTail(logFile);
  if (toTime && tail.includes('before configured recovery target was reached'))
    return new StartProblem(
      `归档的日志到不了 ${toTime}:请删去恢复了一半的目录,给出更多 --wal 目录,或去掉 --to-time 恢复到最后`,
      `the archived log ends before ${toTime}: delete the half restored folder, then name more folders with --wal, or leave --to-time out to restore to its end`,
    );
  return new StartProblem(
    `Postgres 未能恢复,日志 ${logFile} 的最后几行说明原因;再试之前请删去恢复了一半的目录`,
    `Postgres could not recover; delete the half restored folder before the next try; the end of ${logFile}:\n${tail}`,
  );
}

/** The user Postgres runs as owns its files, as after initdb. */
function giveTo(folder: string, owner: Owner): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) giveTo(path, owner);
    else chownSync(path, owner.uid, owner.gid);
  }
  chownSync(folder, owner.uid, owner.gid);
}
