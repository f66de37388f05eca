import type { FaultPoint } from '../../activities/fault-points.ts';
import { pause } from '../staff.ts';
import { APIS, PARTS, WORKERS, type Part, type Program, type System } from '../system.ts';
import { signal } from './signal.ts';
import type { Kind } from './types.ts';

/** Processes that die, freeze, and are told to go. Whoever dies is started again by the supervision, as `npm start` does it. */

/** Frozen for so long, then woken up or killed; whoever was killed meanwhile by another fault is not there to be. */
async function freeze(system: System, parts: readonly Part[], ms: number, then: 'SIGCONT' | 'SIGKILL'): Promise<void> {
  const frozen = parts.map((part) => [part, system.pid(part)] as const);
  for (const part of parts) signal(system, part, 'SIGSTOP');
  await pause(ms);
  for (const [part, pid] of frozen) if (system.pid(part) === pid) signal(system, part, then);
}

const POINTS: ReadonlyArray<readonly [point: FaultPoint, where: readonly Program[]]> = [
  ['turn.begin', WORKERS],
  ['turn.written', WORKERS],
  ['turn.committed', WORKERS],
  ['clock.begin', WORKERS],
  ['clock.committed', WORKERS],
  ['update.sent', APIS],
  ['update.answered', APIS],
  ['case.started', APIS],
];
/** So long somebody has to come by the point. */
const REACHED_WITHIN_MS = 8_000;

/** True as soon as one of the workers has died at the point; the other one is told to let it be when none does in time. */
async function oneDiesAt(point: FaultPoint, system: System, passes: number): Promise<boolean> {
  const before = WORKERS.map((worker) => system.pid(worker));
  for (const worker of WORKERS) system.order(worker, { point, passes });
  for (const from = Date.now(); Date.now() - from < REACHED_WITHIN_MS; await pause(5))
    if (WORKERS.some((worker, i) => system.pid(worker) !== before[i])) return true;
  for (const worker of WORKERS) system.order(worker, {});
  return false;
}

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
    // A case is in the store and its procedure was never started; whoever filed it may be gone, too.
    name: 'filing',
    weight: 6,
    draw: () => ({
      title: 'whichever API files the next case dies at case.written',
      async happen({ system, say }) {
        const before = APIS.map((api) => system.pid(api));
        for (const api of APIS) system.order(api, { point: 'case.written' });
        for (const from = Date.now(); Date.now() - from < REACHED_WITHIN_MS; await pause(20))
          if (APIS.some((api, i) => system.pid(api) !== before[i])) break;
        for (const api of APIS) system.order(api, {});
        if (APIS.every((api, i) => system.pid(api) === before[i])) say('nobody filed a case');
      },
    }),
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
          if (await oneDiesAt('turn.committed', system, passes))
            for (const part of ['temporal', ...APIS, ...WORKERS] as const) signal(system, part, 'SIGKILL');
          else say('nobody came by turn.committed');
        },
      };
    },
  },
  {
    // The engine has forgotten who asked, and all ask again at one moment: whoever comes before the one whose turn is written must not
    // hear that one's answer.
    name: 'rivals',
    weight: 6,
    draw(chance) {
      // Whoever asked before people were told to is let by.
      const passes = chance.between(6, 12);
      return {
        title: `everybody decides under six keys at once; a worker dies at turn.committed after ${passes} that pass, and with it engine and the other worker`,
        async happen({ system, people, say }) {
          people.keysAtOnce = 6;
          const died = await oneDiesAt('turn.committed', system, passes);
          if (died) for (const part of ['temporal', ...WORKERS] as const) signal(system, part, 'SIGKILL');
          else say('nobody came by turn.committed');
          people.keysAtOnce = 1;
        },
      };
    },
  },
  {
    // What was answered must be on the disk already: not be about to be written, not be written and about to be flushed.
    name: 'answered',
    weight: 8,
    draw(chance) {
      const parts = chance.pick<readonly Part[]>([[...WORKERS, 'postgres'], PARTS]);
      return {
        title: `SIGKILL ${parts.join(', ')} at the moment somebody has the answer to a decision`,
        async happen({ system, people, say }) {
          if (!(await people.answered(REACHED_WITHIN_MS))) return say('no decision was answered');
          for (const part of parts) signal(system, part, 'SIGKILL');
        },
      };
    },
  },
  {
    // Longer than a request has patience: it has to say so.
    name: 'silence',
    weight: 2,
    draw(chance) {
      const parts = chance.pick<readonly Part[]>([['postgres'], WORKERS]);
      const ms = chance.between(18_000, 26_000);
      return {
        title: `SIGSTOP ${parts.join(', ')} for ${(ms / 1000).toFixed(1)} s`,
        happen: ({ system }) => freeze(system, parts, ms, 'SIGCONT'),
      };
    },
  },
  {
    // The same, and what was asked meanwhile never comes about: nobody may have been told that it has.
    name: 'silent-then-dead',
    weight: 2,
    draw(chance) {
      const ms = chance.between(17_000, 20_000);
      return {
        title: `SIGSTOP temporal, and after ${(ms / 1000).toFixed(1)} s SIGKILL`,
        happen: ({ system }) => freeze(system, ['temporal'], ms, 'SIGKILL'),
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
        happen: ({ system }) => freeze(system, [part], ms, 'SIGCONT'),
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
