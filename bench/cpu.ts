import { existsSync, readFileSync, readdirSync } from 'node:fs';
import type pg from 'pg';

/**
 * Seconds of CPU by part, from /proc: what a machine spends on a case is what decides how many it carries, and a busy
 * neighbour makes it no larger. A process that starts or ends meanwhile counts for what it did while it was seen.
 */
export const PARTS = [
  'caller',
  'API',
  'worker',
  'engine',
  'Postgres, cases',
  'Postgres, engine',
  'Postgres, rest',
] as const;
export type Part = (typeof PARTS)[number];
export type Cpu = Record<Part, number>;

/** Processes of the parts that are no database: this one is the caller. */
export type Pids = () => Partial<Record<'API' | 'worker' | 'engine', number | undefined>>;

/** Reads what all parts have used so far, in seconds. */
export type Meter = (pids: Pids) => Cpu;

const TICKS_A_SECOND = 100;
export const NO_CPU: Cpu = Object.fromEntries(PARTS.map((part) => [part, 0])) as Cpu;

/** Undefined where there is no /proc or the database server runs elsewhere; then everything but CPU is measured. */
export async function openMeter(db: pg.Pool): Promise<Meter | undefined> {
  if (!existsSync('/proc/self/stat')) return undefined;
  const { rows } = await db.query<{ pid: number; name: string }>(
    'SELECT pg_backend_pid() AS pid, current_database() AS name',
  );
  const postmaster = rows[0] && statOf(rows[0].pid)?.parent;
  if (!rows[0] || !postmaster) return undefined;
  const database = ` ${rows[0].name} `;
  return (pids) => {
    const known = pids();
    const cpu: Cpu = { ...NO_CPU, caller: used(process.pid) };
    for (const part of ['API', 'worker', 'engine'] as const) {
      const pid = known[part];
      if (pid !== undefined) cpu[part] = used(pid);
    }
    cpu['Postgres, rest'] = used(postmaster, 'and its dead');
    for (const pid of childrenOf(postmaster)) cpu[partOf(titleOf(pid), database)] += used(pid);
    return cpu;
  };
}

export const cpuBetween = (before: Cpu, after: Cpu): Cpu =>
  Object.fromEntries(PARTS.map((part) => [part, Math.max(0, after[part] - before[part])])) as Cpu;

export const addCpu = (a: Cpu, b: Cpu): Cpu =>
  Object.fromEntries(PARTS.map((part) => [part, a[part] + b[part]])) as Cpu;

/** Postgres names its processes: `postgres: user database host(port) state` for those that serve somebody. */
const partOf = (title: string, ours: string): Part => {
  if (title.includes(ours)) return 'Postgres, cases';
  return /^postgres: \S+ \S+ \S+\(\d+\)/.test(title) ? 'Postgres, engine' : 'Postgres, rest';
};

interface Stat {
  parent: number;
  ticks: number;
  ofDeadChildren: number;
}

function statOf(pid: number): Stat | undefined {
  const text = readProc(pid, 'stat');
  // The name stands in brackets and may hold anything; what follows it is numbers.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  if (!fields) return undefined;
  const ticks = (...which: number[]): number => which.reduce((sum, n) => sum + Number(fields[n]), 0);
  return { parent: Number(fields[1]), ticks: ticks(11, 12), ofDeadChildren: ticks(13, 14) };
}

function used(pid: number, dead?: 'and its dead'): number {
  const stat = statOf(pid);
  return stat ? (stat.ticks + (dead ? stat.ofDeadChildren : 0)) / TICKS_A_SECOND : 0;
}

const childrenOf = (parent: number): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => statOf(pid)?.parent === parent);

const titleOf = (pid: number): string => readProc(pid, 'cmdline')?.replaceAll('\0', ' ') ?? '';

/** A process may end between being listed and being read. */
function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return undefined;
  }
}
