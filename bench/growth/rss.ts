import { readFileSync } from 'node:fs';
import type { Running } from '../../embedded/service.ts';

const EVERY_MS = 1_000;
const MB = 1024;

interface Sample {
  atMs: number;
  mb: number;
}

/** Resident memory of running programs, looked at every second (Linux). */
export interface Memory {
  /** name, first, last and most in MB, and how it grew over the second half, in MB an hour */
  rows(): string[][];
  stop(): void;
}

export function watchMemory(programs: readonly Running[]): Memory {
  const samples = new Map<string, Sample[]>(programs.map(({ name }) => [name, []]));
  const look = (): void => {
    for (const { name, pid } of programs) {
      const mb = residentMb(pid());
      if (mb !== undefined) samples.get(name)?.push({ atMs: performance.now(), mb });
    }
  };
  look();
  const timer = setInterval(look, EVERY_MS);
  return {
    rows: () =>
      [...samples].map(([name, taken]) => {
        const mbs = taken.map(({ mb }) => mb);
        const second = taken.slice(Math.floor(taken.length / 2));
        return [name, ...[mbs[0], mbs.at(-1), Math.max(...mbs)].map((mb) => (mb ?? NaN).toFixed(0)), slope(second)];
      }),
    stop: () => clearInterval(timer),
  };
}

function residentMb(pid: number | undefined): number | undefined {
  try {
    const kb = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kb === undefined ? undefined : Number(kb) / MB;
  } catch {
    return undefined; // between two lives, or not on Linux
  }
}

/** Least squares, MB an hour. */
function slope(samples: readonly Sample[]): string {
  const n = samples.length;
  const meanAt = samples.reduce((sum, { atMs }) => sum + atMs, 0) / n;
  const meanMb = samples.reduce((sum, { mb }) => sum + mb, 0) / n;
  const above = samples.reduce((sum, { atMs, mb }) => sum + (atMs - meanAt) * (mb - meanMb), 0);
  const below = samples.reduce((sum, { atMs }) => sum + (atMs - meanAt) ** 2, 0);
  return ((above / below) * 3_600_000).toFixed(0);
}
