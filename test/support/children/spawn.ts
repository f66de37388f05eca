import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { FaultPoint } from '../../../activities/fault-points.ts';
import type { WorkerSettings } from '../../../activities/create-worker.ts';
import type { Office } from '../office.ts';

/** Processes that a test starts in order to see them die. Each is ended by its pid, at the latest with the test. */

export interface WorkerChildSettings extends WorkerSettings {
  databaseUrl: string;
  temporalAddress: string;
}
export type WorkerOrder = { do: 'run' } | { do: 'arm'; point: FaultPoint; passes: number };

export interface WorkerChild {
  pid: number;
  /** begins to take tasks; a worker that has only been started takes none */
  run(): Promise<void>;
  /** the next time but `passes` that it comes to the point it kills itself */
  arm(point: FaultPoint, passes?: number): Promise<void>;
  /** resolves with the signal that ended it */
  died: Promise<NodeJS.Signals | null>;
  kill(): Promise<void>;
}

/** A machine whose clock is wrong by so much and that stands in another zone. */
export interface WrongClock {
  aheadMs: number;
  zone: string;
}

/** Starts a worker for the office's cases; resolves when it is prepared, before it takes any task. */
export async function startWorkerChild(office: Office, clock?: WrongClock): Promise<WorkerChild> {
  const settings: WorkerChildSettings = {
    databaseUrl: office.databaseUrl,
    temporalAddress: office.engine.address,
    temporalNamespace: office.engine.namespace,
    temporalTaskQueue: office.deps.config.temporalTaskQueue,
    effectSpreadSeconds: office.deps.config.effectSpreadSeconds,
    maxCachedWorkflows: 100,
  };
  const child = start('worker.ts', settings, clock);
  const died = endOf(child);
  await answerOf(child, died);
  const order = async (what: WorkerOrder): Promise<void> => {
    const answer = answerOf(child, died);
    child.send(what);
    await answer;
  };
  return {
    pid: child.pid ?? 0,
    run: () => order({ do: 'run' }),
    arm: (point, passes = 0) => order({ do: 'arm', point, passes }),
    died,
    async kill() {
      child.kill('SIGKILL');
      await died;
    },
  };
}

/** Runs one of the scripts beside this file to its end; resolves with the signal that ended it, or null. */
export async function runChild(script: string, settings: object): Promise<NodeJS.Signals | null> {
  return endOf(start(script, settings));
}

function start(script: string, settings: object, clock?: WrongClock): ChildProcess {
  const file = fileURLToPath(new URL(script, import.meta.url));
  // Before anything of ours is loaded, so that nothing has kept the right clock.
  const wrong = clock && `data:text/javascript,const now=Date.now;Date.now=()=>now()+${clock.aheadMs}`;
  return fork(file, [JSON.stringify(settings)], {
    execArgv: [...(wrong ? ['--import', wrong] : []), '--import', 'tsx'],
    env: { ...process.env, ...(clock ? { TZ: clock.zone } : {}) },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

async function endOf(child: ChildProcess): Promise<NodeJS.Signals | null> {
  const [, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  return signal;
}

async function answerOf(child: ChildProcess, died: Promise<NodeJS.Signals | null>): Promise<void> {
  const gone = died.then((signal) => {
    throw new Error(`the child ended (${signal ?? 'by itself'}) instead of answering`);
  });
  await Promise.race([once(child, 'message'), gone]);
  gone.catch(() => undefined);
}
