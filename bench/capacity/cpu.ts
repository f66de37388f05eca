import { readdirSync, readFileSync } from 'node:fs';

/** CPU time by part of the system, from /proc: of the processes this one has started, and theirs. Linux only. */
export type Part = 'API' | 'worker' | 'engine' | 'Postgres: cases' | 'Postgres: engine' | 'Postgres: shared';

/** A clock tick is a hundredth of a second on every Linux that Node runs on. */
const TICKS_A_SECOND = 100;
const ENGINE_DATABASES = / temporal(_visibility)? /;

/** Seconds of user and system time so far. */
export function cpuSeconds(): Map<Part, number> {
  const processes = readProcesses();
  const ours = new Set([process.pid]);
  for (let before = 0; before < ours.size;) {
    before = ours.size;
    for (const { pid, parent } of processes) if (ours.has(parent)) ours.add(pid);
  }
  const sums = new Map<Part, number>();
  for (const { pid, command, seconds } of processes) {
    const part = ours.has(pid) ? partOf(command) : undefined;
    if (part) sums.set(part, (sums.get(part) ?? 0) + seconds);
  }
  return sums;
}

function partOf(command: string): Part | undefined {
  if (command.includes('dist/api.js')) return 'API';
  if (command.includes('dist/worker.js')) return 'worker';
  if (command.startsWith('postgres: ')) {
    if (ENGINE_DATABASES.test(command)) return 'Postgres: engine';
    return / \d+\.\d+\.\d+\.\d+\(/.test(command) ? 'Postgres: cases' : 'Postgres: shared';
  }
  return /temporal/.test(command.split(' ')[0] ?? '') ? 'engine' : undefined;
}

function readProcesses(): { pid: number; parent: number; command: string; seconds: number }[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      // Behind the name in brackets, which may hold blanks: state, parent, …; user and system time are the 12th and 13th.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const seconds = (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
      return [{ pid: Number(name), parent: Number(fields[1]), command, seconds }];
    } catch {
      return []; // it has ended meanwhile
    }
  });
}
