import type { FaultPoint } from '../../activities/fault-points.ts';
import { pause } from '../staff.ts';
import { APIS, PARTS, WORKERS, type Part, type Program, type System } from '../system.ts';
import type { Kind } from './types.ts';

/** Processes that die, freeze, and are told to go. Whoever dies is started again by the supervision, as `npm start` does it. */

function signal(system: System, part: Part, what: NodeJS.Signals): boolean {
  const pid = system.pid(part);
  if (pid === undefined) return false;
  process.kill(pid, what);
  return true;
}

const POINTS: ReadonlyArray<readonly [point: FaultPoint, where: readonly Program[]]> = [
  ['turn.begin', WORKERS],
  ['turn.written', WORKERS],
  ['turn.committed', WORKERS],
  ['clock.begin', WORKERS],
  ['clock.committed', WORKERS],
  ['update.sent', APIS],
  ['update.answered', APIS],
  ['case.written', APIS],
  ['case.written', APIS],
  ['case.started', APIS],
];
/** So long somebody has to come by the point. */
const REACHED_WITHIN_MS = 8_000;

export const PROCESS_KINDS: readonly Kind[] = [
  {
    name: 'kill',
    weight: 18,
    draw(chance) {
      const part = chance.pick(PARTS);
      return {
        title: `SIGKILL ${part}`,
        happen: async ({ system }) => void signal(system, part, 'SIGKILL'),
      };
    },
  },
  {
    name: 'kill-several',
    weight: 4,
    draw(chance) {
      const parts = chance.pick<readonly Part[]>([
        WORKERS,
        APIS,
        ['postgres', 'temporal'],
        ['temporal', ...WORKERS],
        PARTS,
      ]);
      return {
        title: `SIGKILL ${parts.join(', ')} at once`,
        happen: async ({ system }) => parts.forEach((part) => void signal(system, part, 'SIGKILL')),
      };
    },
  },
  {
    name: 'point',
    weight: 40,
    draw(chance) {
      const [point, where] = chance.pick(POINTS as [(typeof POINTS)[number], ...typeof POINTS]);
      const program = chance.pick(where as [Program, ...Program[]]);
      const passes = chance.between(0, 4);
      return {
        title: `${program} dies at ${point}, after ${passes} that pass`,
        async happen({ system, say }) {
          const before = system.pid(program);
          system.order(program, { point, passes });
          for (const from = Date.now(); Date.now() - from < REACHED_WITHIN_MS; await pause(50))
            if (system.pid(program) !== before) return;
          system.order(program, {});
          say(`nobody came by ${point} in ${program}`);
        },
      };
    },
  },
  {
    // The row is there, and nobody is left who knows of it: only the comparison of store and engine can find it.
    name: 'only-the-row',
    weight: 7,
    draw(chance) {
      const passes = chance.between(0, 3);
      return {
        title: `a worker dies at turn.committed, and with it engine, APIs and the other worker, after ${passes} that pass`,
        async happen({ system, say }) {
          const before = WORKERS.map((worker) => system.pid(worker));
          for (const worker of WORKERS) system.order(worker, { point: 'turn.committed', passes });
          for (const from = Date.now(); Date.now() - from < REACHED_WITHIN_MS; await pause(5)) {
            if (WORKERS.every((worker, i) => system.pid(worker) === before[i])) continue;
            for (const part of ['temporal', ...APIS, ...WORKERS] as const) signal(system, part, 'SIGKILL');
            return;
          }
          for (const worker of WORKERS) system.order(worker, {});
          say('nobody came by turn.committed');
        },
      };
    },
  },
  {
    name: 'pause',
    weight: 10,
    draw(chance) {
      const part = chance.pick(PARTS);
      const ms = chance.between(1_000, 12_000);
      return {
        title: `SIGSTOP ${part} for ${(ms / 1000).toFixed(1)} s`,
        async happen({ system }) {
          const pid = system.pid(part);
          if (pid === undefined) return;
          process.kill(pid, 'SIGSTOP');
          await pause(ms);
          // Killed meanwhile by another fault: then there is nobody to wake.
          if (system.pid(part) === pid) process.kill(pid, 'SIGCONT');
        },
      };
    },
  },
  {
    name: 'graceful',
    weight: 5,
    draw(chance) {
      const program = chance.pick<Program>([...WORKERS, ...APIS] as [Program, ...Program[]]);
      return {
        title: `SIGTERM ${program}, in the middle of the work`,
        happen: async ({ system }) => void signal(system, program, 'SIGTERM'),
      };
    },
  },
  {
    name: 'clock',
    weight: 5,
    draw(chance) {
      const program = chance.pick<Program>([...WORKERS, ...APIS] as [Program, ...Program[]]);
      const worker = program.startsWith('worker');
      // An API a day ahead knows no valid login; an hour is what a badly set machine is off.
      const hours = worker ? chance.pick([-24, -1, 1, 24]) : chance.pick([-1, 1]);
      const ms = chance.between(4_000, 12_000);
      return {
        title: `the clock of ${program} jumps by ${hours} h for ${(ms / 1000).toFixed(1)} s`,
        async happen({ system }) {
          system.order(program, { clockAheadMs: hours * 3_600_000 });
          await pause(ms);
          system.order(program, {});
        },
      };
    },
  },
];
