import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** What to run, as whom, and where its output goes. */
export type Command = {
  name: string;
  file: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  cwd?: string;
  owner?: Owner;
  logFile: string;
};

/** The user a child runs as, where that is not the launcher's own. */
export type Owner = { uid: number; gid: number };

export type Exit = { code: number | null; signal: NodeJS.Signals | null };

export type Child = {
  pid: number;
  /** True until the process has gone. */
  alive: () => boolean;
  exited: Promise<Exit>;
  signal: (signal: NodeJS.Signals) => void;
};

const LOG_LIMIT_BYTES = 20 * 1024 * 1024;

/**
 * Starts a process in its own session, so that Ctrl-C in the terminal reaches only the launcher, which stops everything in
 * order. Output is appended to `logFile`. Throws when the program cannot be started at all.
 */
export const startChild = async (command: Command): Promise<Child> => {
  const log = openLog(command.logFile);
  const started = spawn(command.file, [...command.args], {
    cwd: command.cwd,
    env: command.env,
    detached: true,
    stdio: ['ignore', log, log],
    ...command.owner,
  });
  closeSync(log);

  let alive = true;
  const exited = new Promise<Exit>((resolve) => {
    started.once('exit', (code, signal) => {
      alive = false;
      resolve({ code, signal });
    });
  });
  await new Promise<void>((resolve, reject) => {
    started.once('spawn', resolve);
    started.once('error', reject);
  });
  const pid = started.pid;
  if (pid === undefined) throw new Error(`${command.name} has no pid after it was spawned`);
  return { pid, exited, alive: () => alive, signal: (signal) => void started.kill(signal) };
};

/** Runs a command to its end; throws with the tail of its log when it does not exit with 0. */
export const runToEnd = async (command: Command): Promise<void> => {
  const child = await startChild(command);
  const { code, signal } = await child.exited;
  if (code === 0) return;
  throw new Error(`${command.name} ended with ${signal ?? `code ${code}`}\n${logTail(command.logFile)}`);
};

/** The last lines of a log, for messages to a person; empty when there is none. */
export const logTail = (logFile: string, lines = 12): string => {
  try {
    return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '';
  }
};

const openLog = (logFile: string): number => {
  mkdirSync(dirname(logFile), { recursive: true });
  // One old file is kept: a service that restarts for weeks must not fill the disk with its log.
  const size = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LOG_LIMIT_BYTES) renameSync(logFile, `${logFile}.1`);
  return openSync(logFile, 'a', 0o600);
};
