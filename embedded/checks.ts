import { accessSync, constants, mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isFree } from './ports.ts';
import { StartProblem } from './problem.ts';
import { sleep } from './wait.ts';

/** A folder the embedded services can write to, on a disk with at least 1 GB free. Throws `StartProblem`. */
export const prepareFolder = (folder: string): void => {
  try {
    // 0711: as root, Postgres runs as another user, who has to get through to its own files. What is in here is 0600.
    mkdirSync(folder, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
    accessSync(folder, constants.W_OK);
    const probe = join(folder, '.writable');
    writeFileSync(probe, 'x');
    rmSync(probe);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartProblem(
      `目录 ${folder} 不能写入(${reason}):请检查权限与磁盘,或用 DATA_FOLDER 另指目录`,
      `the folder ${folder} cannot be written to (${reason}): check its rights and its disk, or name another in DATA_FOLDER`,
    );
  }
  requireFreeSpace(folder, 1, 'DATA_FOLDER');
};

/** Throws `StartProblem` when the disk of an existing folder has less than so many gigabytes free. */
export const requireFreeSpace = (folder: string, gigabytes: number, setting: string): void => {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  if (free >= gigabytes * 2 ** 30) return;
  const megabytes = Math.floor(free / 2 ** 20);
  throw new StartProblem(
    `${folder} 所在磁盘只剩 ${megabytes} MB,至少需要 ${gigabytes} GB:请清理磁盘,或用 ${setting} 另指目录`,
    `only ${megabytes} MB are free on the disk of ${folder} and ${gigabytes} GB are needed: make room, or name another folder in ${setting}`,
  );
};

/** A port the system needs, and the setting that moves it. */
export type NeededPort = { port: number; host: string; use: string; setting: string };

/**
 * Throws `StartProblem` for the first port that something else listens on. `patienceMs` gives a system that was killed a moment
 * ago the time to leave.
 */
export const checkPorts = async (ports: readonly NeededPort[], patienceMs: number): Promise<void> => {
  const until = Date.now() + patienceMs;
  for (const { port, host, use, setting } of ports) {
    while (!(await isFree(port, host))) {
      if (Date.now() > until) throw taken(port, use, setting);
      await sleep(200);
    }
  }
};

const taken = (port: number, use: string, setting: string): StartProblem =>
  new StartProblem(
    `端口 ${port}(${use})已被占用:请停止占用它的程序,或用 ${setting} 另指端口`,
    `port ${port} (${use}) is taken: stop the program that listens there, or choose another port with ${setting}`,
  );

export type FolderLock = {
  /** True when a launcher before us died without giving the folder back. */
  previousDied: boolean;
  release: () => void;
};

/**
 * Takes the data folder for this launcher. Throws `StartProblem` while another launcher has it. The file names process and its
 * start time, because after a restart of the machine the number alone may be somebody else's.
 */
export const lockFolder = async (folder: string): Promise<FolderLock> => {
  const file = join(folder, 'launcher.pid');
  const mine = identify(process.pid);
  const previous = readIfThere(file);
  const previousPid = Number(previous?.split(' ')[0]);
  const until = Date.now() + DYING_MS;
  while (previous !== undefined && previous !== mine && identify(previousPid) === previous) {
    if (Date.now() < until) {
      await sleep(100);
      continue;
    }
    throw new StartProblem(
      `本目录 ${folder} 的系统已在运行(进程 ${previousPid}):请直接使用它,或先停止它;要另起一套请用 DATA_FOLDER 和各端口设置`,
      `the system of ${folder} is running already (process ${previousPid}): use it, or stop it first; a second one needs another DATA_FOLDER and other ports`,
    );
  }
  rmSync(file, { force: true });
  writeFileSync(file, mine, { flag: 'wx' }); // of two launchers at this line, one fails
  return { previousDied: previous !== undefined, release: () => rmSync(file, { force: true }) };
};

/** A launcher that was killed just now may still be leaving. */
const DYING_MS = 1_000;

/** '<pid> <start time>' of a living process; 'gone' else. Where there is no /proc, the number has to do. */
const identify = (pid: number): string => {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return 'gone';
  }
  const stat = readIfThere(`/proc/${pid}/stat`);
  // The command, in brackets, may hold blanks; the start time is the 20th field after it.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  return fields[0] === 'Z' ? 'gone' : `${pid} ${fields[19] ?? ''}`;
};

const readIfThere = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
};
