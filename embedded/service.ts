import { logTail, startChild } from './child.ts';
import type { Child, Command, Exit } from './child.ts';
import { StartProblem } from './problem.ts';
import { sleep, within } from './wait.ts';

/** A program that shall be there as long as the launcher is: how to start it, to see that it is well, and to stop it. */
export type Service = {
  command: Command;
  /** Resolves when the process with this pid answers; rejects while it does not. */
  ready: (pid: number) => Promise<void>;
  readyWithinSeconds: number;
  /** False when it lives and does nothing any more, `since` (epoch ms) being when it began; rejects when that cannot be told. */
  working?: (since: number) => Promise<boolean>;
  stopSignal: NodeJS.Signals;
  stopWithinSeconds: number;
};

/** Told of every process that begins and ends, so that somebody can clean up if the launcher is killed. */
export type Watcher = { began: (pid: number, stopSignal: NodeJS.Signals) => void; ended: (pid: number) => void };

export type Running = {
  name: string;
  pid: () => number | undefined;
  /** Stops the service for good: signal, wait, SIGKILL when it does not listen. Repeating is harmless. */
  stop: () => Promise<void>;
};

export type Supervision = {
  watcher: Watcher;
  report: (line: string) => void;
  /** Aborted when somebody wants everything to stop: a start that is still waiting is given up. */
  signal?: AbortSignal;
};

const POLL_MS = 100;
const SHORT_LIFE_MS = 10_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;
const WORKING_EVERY_MS = 10_000;
/** So often in a row it must be said to do nothing before it is killed. */
const IDLE_AT_MOST = 2;

/**
 * Starts a service, waits until it is ready and from then on starts it again whenever it dies, at once at first and with
 * growing pauses (up to 10 s) while it keeps dying young. What lives and does nothing is killed first. Throws `StartProblem`
 * when it is not ready in time.
 */
export const keepRunning = async (service: Service, supervision: Supervision): Promise<Running> => {
  const { command } = service;
  let child: Child | undefined;
  let stopping = false;
  let shortLives = 0;
  let since = 0;

  const begin = async (): Promise<Child> => {
    since = Date.now();
    const begun = await startChild(command);
    child = begun;
    supervision.watcher.began(begun.pid, service.stopSignal);
    void begun.exited.then(() => supervision.watcher.ended(begun.pid));
    return begun;
  };

  const watch = async (begun: Child): Promise<void> => {
    const exit = await begun.exited;
    if (stopping) return;
    shortLives = Date.now() - since < SHORT_LIFE_MS ? shortLives + 1 : 0;
    supervision.report(`${command.name} ended (${describeExit(exit)}); starting it again`);
    if (shortLives > 0) await sleep(Math.min(FIRST_PAUSE_MS * 2 ** (shortLives - 1), LONGEST_PAUSE_MS));
    await beginAgain();
  };

  const beginAgain = async (): Promise<void> => {
    while (!stopping) {
      try {
        void watch(await begin());
        return;
      } catch (error) {
        supervision.report(`${command.name} cannot be started: ${String(error)}`);
        await sleep(LONGEST_PAUSE_MS);
      }
    }
  };

  let idle = 0;
  const lookWhetherItWorks = async (working: NonNullable<Service['working']>): Promise<void> => {
    const looked = child;
    const works = await within(5_000, 'the look', working(since)).catch(() => true);
    idle = works || looked !== child ? 0 : idle + 1;
    if (idle < IDLE_AT_MOST || stopping) return;
    idle = 0;
    supervision.report(`${command.name} does nothing any more; killing it`);
    looked?.signal('SIGKILL');
  };
  const { working } = service;
  const looking = working && setInterval(() => void lookWhetherItWorks(working), WORKING_EVERY_MS);

  const stop = async (): Promise<void> => {
    stopping = true;
    clearInterval(looking);
    if (child === undefined || !child.alive()) return;
    child.signal(service.stopSignal);
    const gone = await within(service.stopWithinSeconds * 1000, `stopping ${command.name}`, child.exited).catch(
      () => null,
    );
    if (gone !== null) return;
    supervision.report(`${command.name} did not stop within ${service.stopWithinSeconds} s; killing it`);
    child.signal('SIGKILL');
    await child.exited;
  };

  try {
    void watch(await firstStart(service, begin, supervision.signal));
  } catch (error) {
    await stop();
    throw error;
  }
  return { name: command.name, pid: () => (child?.alive() ? child.pid : undefined), stop };
};

/** Starts until ready. A start may fail for seconds after a crash (Postgres waits for orphaned backends), so it is repeated. */
const firstStart = async (service: Service, begin: () => Promise<Child>, signal?: AbortSignal): Promise<Child> => {
  const until = Date.now() + service.readyWithinSeconds * 1000;
  let child = await begin();
  for (;;) {
    const answer = await within(5_000, 'health check', service.ready(child.pid)).then(
      () => undefined,
      (error: unknown) => error,
    );
    // An answer counts only from our own child: another program may sit on the same port.
    if (answer === undefined && child.alive()) return child;
    signal?.throwIfAborted();
    if (Date.now() > until) throw notReady(service, answer);
    await sleep(POLL_MS);
    if (!child.alive()) {
      await sleep(FIRST_PAUSE_MS);
      child = await begin();
    }
  }
};

const notReady = ({ command, readyWithinSeconds }: Service, error: unknown): StartProblem => {
  const tail = logTail(command.logFile);
  return new StartProblem(
    `${command.name} 在 ${readyWithinSeconds} 秒内没有就绪,请查看日志 ${command.logFile} 的最后几行`,
    `${command.name} was not ready within ${readyWithinSeconds} s (${String(error)}); the end of ${command.logFile}:\n${tail}`,
  );
};

const describeExit = ({ code, signal }: Exit): string => signal ?? `code ${code}`;
