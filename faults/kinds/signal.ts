import type { Part, System } from '../system.ts';

/** To a part that is there; one that is just being started again hears nothing. */
export function signal(system: System, part: Part, what: NodeJS.Signals): void {
  const pid = system.pid(part);
  if (pid !== undefined) process.kill(pid, what);
}
