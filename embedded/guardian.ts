import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Watcher } from './service.ts';

const SCRIPT = fileURLToPath(new URL('./guardian.sh', import.meta.url));

export type Guardian = Watcher & {
  /** Lets the guardian go; it stops whatever has not been reported as ended. */
  release: () => void;
};

/**
 * Starts the small shell that outlives this process and stops the children it leaves behind, also after kill -9, when no handler
 * of ours can run. Does nothing to processes that were reported as ended.
 */
export const startGuardian = (): Guardian => {
  const running = new Map<number, NodeJS.Signals>();
  let released = false;
  let pipe = begin();

  function begin(): NodeJS.WritableStream {
    const shell = spawn('/bin/sh', [SCRIPT], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
    shell.unref();
    shell.stdin.on('error', () => undefined); // it was killed; 'exit' starts another one
    shell.once('exit', () => {
      if (released) return;
      pipe = begin();
      for (const [pid, signal] of running) tellBegan(pid, signal);
    });
    return shell.stdin;
  }
  const tellBegan = (pid: number, signal: NodeJS.Signals): void => {
    pipe.write(`began ${signal.replace('SIG', '')} ${pid}\n`);
  };

  return {
    began: (pid, signal) => {
      running.set(pid, signal);
      tellBegan(pid, signal);
    },
    ended: (pid) => {
      running.delete(pid);
      pipe.write(`ended ${pid}\n`);
    },
    release: () => {
      released = true;
      pipe.end();
    },
  };
};
