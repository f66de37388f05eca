import type { Dice } from '../../rehearsal/plan/dice.ts';
import { HEALTHY, type Behaviour } from '../proxy.ts';
import { pause } from '../staff.ts';
import { WORKERS, type System } from '../system.ts';
import type { Fault, Kind } from './types.ts';

/** Bad networks: on one connection between two programs, or on all of one program. */

const anyLink = (chance: Dice, system: System): string =>
  chance.pick([...system.links.keys()].filter((name) => !name.startsWith('issuer')) as [string, ...string[]]);

function badLink(name: string, title: string, how: Behaviour, ms: number, resetAfter = false): Fault {
  return {
    title: `${name}: ${title} for ${(ms / 1000).toFixed(1)} s`,
    async happen({ system }) {
      const link = system.links.get(name);
      link?.behave({ ...how });
      await pause(ms);
      link?.behave(HEALTHY);
      if (resetAfter) link?.reset();
    },
  };
}

function refusing(name: string, ms: number): Fault {
  return {
    title: `${name}: no connection for ${(ms / 1000).toFixed(1)} s`,
    async happen({ system }) {
      const link = system.links.get(name);
      link?.behave({ refuse: true });
      link?.reset();
      await pause(ms);
      link?.behave(HEALTHY);
    },
  };
}

export const NETWORK_KINDS: readonly Kind[] = [
  {
    name: 'latency',
    weight: 6,
    draw(chance, system) {
      const latencyMs = chance.pick([200, 500, 1_000, 2_000]);
      return badLink(anyLink(chance, system), `${latencyMs} ms late`, { latencyMs }, chance.between(3_000, 8_000));
    },
  },
  {
    name: 'cut',
    weight: 8,
    draw(chance, system) {
      const cut = chance.pick(['THERE', 'BACK', 'BOTH'] as const);
      const forgotten = chance.chance(0.5);
      const title = `cut (${cut.toLowerCase()})${forgotten ? ', then reset' : ''}`;
      return badLink(anyLink(chance, system), title, { cut }, chance.between(2_000, 14_000), forgotten);
    },
  },
  {
    name: 'reset',
    weight: 6,
    draw(chance, system) {
      const name = anyLink(chance, system);
      return {
        title: `${name}: every connection reset`,
        happen: async () => system.links.get(name)?.reset(),
      };
    },
  },
  {
    name: 'half-open',
    weight: 5,
    draw(chance, system) {
      const name = anyLink(chance, system);
      return {
        title: `${name}: every open connection falls silent for good`,
        happen: async () => system.links.get(name)?.forget(),
      };
    },
  },
  {
    name: 'break-answer',
    weight: 6,
    draw(chance, system) {
      const breakAfterBytes = chance.pick([1, 40, 200, 600]);
      const title = `an answer breaks off after ${breakAfterBytes} bytes`;
      return badLink(anyLink(chance, system), title, { breakAfterBytes }, 3_000);
    },
  },
  {
    name: 'refuse',
    weight: 4,
    draw(chance, system) {
      return refusing(anyLink(chance, system), chance.between(2_000, 8_000));
    },
  },
  {
    // Longer than a worker goes on without its store (activities/store-watch.ts): it steps back, and its cases go on in the other one.
    name: 'cut-off',
    weight: 2,
    draw(chance) {
      const name = `${chance.pick(WORKERS)} → postgres`;
      const ms = chance.between(40_000, 60_000);
      return chance.chance(0.5)
        ? refusing(name, ms)
        : badLink(name, 'cut (both), then reset', { cut: 'BOTH' }, ms, true);
    },
  },
  {
    name: 'slow-bytes',
    weight: 3,
    draw(chance, system) {
      const slowBytes = chance.pick([2_000, 20_000]);
      return badLink(
        anyLink(chance, system),
        `${slowBytes} bytes a second`,
        { slowBytes },
        chance.between(3_000, 8_000),
      );
    },
  },
  {
    name: 'cable',
    weight: 5,
    draw(chance, { network }) {
      if (!network) return undefined;
      const ms = chance.between(2_000, 15_000);
      return {
        title: `the cable of worker-2 is pulled for ${(ms / 1000).toFixed(1)} s`,
        async happen() {
          network.pull();
          await pause(ms);
          network.plug();
        },
      };
    },
  },
];
