import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import pg from 'pg';
import { runToEnd } from './child.ts';
import type { Command, Owner } from './child.ts';
import { SHARED_FOLDER, findPostgresBinaries, reachableByOthers } from './postgres-binaries.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { StartProblem } from './problem.ts';
import type { Service } from './service.ts';

export type PostgresOptions = {
  dataFolder: string;
  cacheFolder: string;
  logFolder: string;
  port: number;
  archive?: WalArchive | undefined;
};
/** Where finished pieces of the write-ahead log are copied, and after how many seconds an unfinished one counts as finished. */
export type WalArchive = { folder: string; seconds: number };

export type Postgres = {
  service: Service;
  /** Where its files are. */
  folder: string;
  /** The connection string of one database, with the password. */
  url: (database: string) => string;
  /** The same for the program, which owns nothing: its role and password. */
  app: { name: string; password: string };
  appUrl: (database: string) => string;
};

const USER = 'jingban';
const APP_ROLE = 'jingban_app';
const MAX_CONNECTIONS = 200;

/**
 * Makes the embedded Postgres's files once (`initdb`) and describes how to run it. Only 127.0.0.1 listens, with a password made
 * for this data folder. Nothing is started yet. Throws `StartProblem` when Postgres cannot run on this machine.
 */
export const preparePostgres = async (options: PostgresOptions): Promise<Postgres> => {
  const binaries = findPostgresBinaries(options.cacheFolder);
  const password = readOrMake(join(options.dataFolder, 'postgres-password'), () =>
    randomBytes(24).toString('base64url'),
  );
  const app = {
    name: APP_ROLE,
    password: readOrMake(join(options.dataFolder, 'postgres-app-password'), () =>
      randomBytes(24).toString('base64url'),
    ),
  };
  const clusterFolder = chooseClusterFolder(options.dataFolder, binaries.owner);
  if (options.archive) prepareArchive(options.archive.folder, binaries.owner);
  const run = (program: string, args: readonly string[]): Command => ({
    name: program,
    file: join(binaries.folder, 'bin', program),
    args,
    env: { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' },
    cwd: clusterFolder,
    owner: binaries.owner,
    logFile: join(options.logFolder, `${program}.log`),
  });

  const cluster = join(clusterFolder, 'cluster');
  if (!existsSync(join(cluster, 'PG_VERSION'))) await initialise(cluster, password, binaries, run);
  const url = (database: string): string => `postgres://${USER}:${password}@127.0.0.1:${options.port}/${database}`;
  return {
    url,
    app,
    appUrl: (database) => `postgres://${app.name}:${app.password}@127.0.0.1:${options.port}/${database}`,
    folder: clusterFolder,
    service: {
      command: { ...run('postgres', ['-D', cluster, ...settings(options)]), name: 'postgres' },
      ready: () => databaseAnswers(url('postgres')),
      // A killed postmaster leaves backends that hold the lock for some seconds, and a crash is followed by recovery.
      readyWithinSeconds: 60,
      stopSignal: 'SIGINT', // "fast": sessions are ended, everything is written, nothing to recover at the next start
      stopWithinSeconds: 60,
    },
  };
};

/** Creates the databases that are not there yet. */
export const createDatabases = async (postgres: Postgres, names: readonly string[]): Promise<void> => {
  const client = new pg.Client({ connectionString: postgres.url('postgres') });
  await client.connect();
  try {
    const { rows } = await client.query<{ datname: string }>('select datname from pg_database');
    const present = new Set(rows.map((row) => row.datname));
    for (const name of names.filter((wanted) => !present.has(wanted))) {
      await client.query(`create database ${pg.escapeIdentifier(name)}`);
    }
  } finally {
    await client.end();
  }
};

/** fsync and synchronous_commit stay at their safe defaults: a decision that was answered has to survive a power cut. */
const settings = ({ port, archive }: PostgresOptions): string[] => {
  const sharedMegabytes = Math.min(1024, Math.max(128, Math.floor(totalmem() / 2 ** 20 / 16)));
  const values = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: MAX_CONNECTIONS,
    shared_buffers: `${sharedMegabytes}MB`,
    max_wal_size: '2GB',
    checkpoint_timeout: '15min',
    wal_compression: 'on',
    random_page_cost: '1.1',
    // Who fell silent in the middle of a transaction (a failover, a network that forgets) would hold his locks for ever: one such
    // connection of the engine stops a quarter of all cases. Nobody here pauses so long between two statements.
    idle_in_transaction_session_timeout: '15s',
    jit: 'off', // short statements only; compiling them costs more than it saves
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_min_duration_statement: '2s',
    log_parameter_max_length: '0', // the parameters of a slow statement hold names and ID numbers
    log_parameter_max_length_on_error: '0',
    ...(archive ? archiving(archive) : {}),
    log_error_verbosity: 'terse', // the detail of an error quotes the row: Key (id_card_no)=(…) already exists
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
};

/** A piece appears whole or not at all, one that is there is never overwritten, and archiving it again is no error. */
const archiving = ({ folder, seconds }: WalArchive): Record<string, string | number> => {
  const target = `'${resolve(folder).replaceAll("'", `'\\''`).replaceAll('%', '%%')}'/%f`;
  const copy = `cp "%p" ${target}.half && sync ${target}.half && mv ${target}.half ${target}`;
  return {
    archive_mode: 'on',
    archive_timeout: seconds,
    archive_command: `if [ -f ${target} ]; then cmp -s "%p" ${target}; else ${copy}; fi`,
  };
};

const prepareArchive = (folder: string, owner: Owner | undefined): void => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (owner === undefined) return;
  chownSync(folder, owner.uid, owner.gid);
  if (reachableByOthers(dirname(resolve(folder)))) return;
  throw new StartProblem(
    `Postgres 的运行用户进不了 WAL_ARCHIVE_FOLDER(${folder}):请放到各级目录都可进入的地方`,
    `the user Postgres runs as cannot reach WAL_ARCHIVE_FOLDER (${folder}): choose a place below folders everybody may enter`,
  );
};

const initialise = async (
  cluster: string,
  password: string,
  { owner }: PostgresBinaries,
  run: (program: string, args: readonly string[]) => Command,
): Promise<void> => {
  const half = `${cluster}.half`;
  const passwordFile = `${half}-password`;
  rmSync(half, { recursive: true, force: true }); // left over from a start that died half-way
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (owner !== undefined) chownSync(passwordFile, owner.uid, owner.gid);
  try {
    // The built-in C.UTF-8 sorts the same on every host and after every system update, so indexes never go stale.
    const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
    const login = [`--username=${USER}`, '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
    await runToEnd(run('initdb', ['-D', half, ...login, ...locale]));
    renameSync(half, cluster);
  } finally {
    rmSync(passwordFile, { force: true });
  }
};

/**
 * Usually `<data folder>/postgres`. As root below a home of mode 0700 the user that runs Postgres cannot get there; then the
 * cluster lies under /var/lib/jingban and the data folder holds a note of the place.
 */
export const chooseClusterFolder = (dataFolder: string, owner: Owner | undefined): string => {
  const usual = join(resolve(dataFolder), 'postgres');
  const outside = owner !== undefined && !reachableByOthers(resolve(dataFolder));
  const folder = outside
    ? readOrMake(join(dataFolder, 'postgres-location'), () =>
        join(SHARED_FOLDER, `data-${randomBytes(6).toString('hex')}`),
      )
    : usual;
  mkdirSync(folder, { recursive: true, mode: owner === undefined ? 0o700 : 0o711 });
  if (owner !== undefined) chownSync(folder, owner.uid, owner.gid);
  return folder;
};

/** Resolves when a session can be opened and asked; rejects otherwise. */
export const databaseAnswers = async (connectionString: string): Promise<void> => {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined); // a server that dies while being asked is simply not ready
  await client.connect();
  await client.query('select 1');
  await client.end();
};

const readOrMake = (file: string, make: () => string): string => {
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const made = make();
  writeFileSync(file, `${made}\n`, { mode: 0o600 });
  return made;
};
