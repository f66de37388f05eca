import { dice } from '../rehearsal/plan/dice.ts';
import { NETWORK_KINDS } from './kinds/network.ts';
import { PROCESS_KINDS } from './kinds/processes.ts';
import { signal } from './kinds/signal.ts';
import { STORE_KINDS } from './kinds/stores.ts';
import type { Fault, Kind, Scene } from './kinds/types.ts';
import { HEALTHY } from './proxy.ts';
import { pause } from './staff.ts';
import { APIS, PARTS, WORKERS, type System } from './system.ts';

export const KINDS: readonly Kind[] = [...PROCESS_KINDS, ...NETWORK_KINDS, ...STORE_KINDS];

/** Every run begins with these, so that a short one has tried the moments that matter most. */
const OPENING = [
  'only-the-row',
  'rivals',
  'answered',
  'lock-and-kill',
  'filing',
  'silent-then-dead',
  'point',
  'kill',
  'cut',
];

/** The faults of a seed in their order, each with the pause (ms) before it; the same for a seed, whatever happens meanwhile. */
export function* faultsOf(
  seed: number,
  system: System,
): Generator<{ kind: string; fault: Fault; pauseMs: number; with: boolean }> {
  const chance = dice(seed, 2_000_000);
  const opening = [...OPENING];
  const possible = KINDS.filter((kind) => kind.draw(dice(0, 0), system));
  const sum = possible.reduce((all, { weight }) => all + weight, 0);
  for (;;) {
    let left = chance.throw() * sum;
    const first = opening.shift();
    const kind = possible.find(({ name, weight }) => (first ? name === first : (left -= weight) < 0)) ?? possible[0];
    const fault = kind?.draw(chance, system);
    const pauseMs = chance.between(300, 3_000);
    const overlaps = chance.chance(0.2);
    if (kind && fault) yield { kind: kind.name, fault, pauseMs, with: overlaps };
  }
}

/** A fault that has happened; epoch ms. */
export interface Happened {
  kind: string;
  begun: number;
}

export interface Programme {
  happened: readonly Happened[];
  /** resolves when time is up and everything that was broken is whole again */
  finished: Promise<void>;
}

/** So long the next fault waits for decisions at most: how fast things come back is a matter of the machine. */
const AT_MOST_MS = 20_000;

export interface ProgrammeOptions {
  seed: number;
  /** epoch ms */
  until: number;
  /** they get so much through before the next fault: where everything is always dead nothing is tried */
  between: number;
}

/** Lets faults happen one after the other, now and then two at once, until time is up. */
export function runProgramme(scene: Scene, { seed, until, between }: ProgrammeOptions): Programme {
  const { decided } = scene.people;
  const happened: Happened[] = [];
  const ongoing = new Set<Promise<void>>();
  let number = 0;

  async function happen(kind: string, fault: Fault): Promise<void> {
    scene.say(`#${++number} ${fault.title}`);
    const begun = Date.now();
    await fault
      .happen(scene)
      .then(() => void happened.push({ kind, begun }))
      .catch((trouble: unknown) =>
        scene.say(`   it could not be done: ${trouble instanceof Error ? trouble.message : String(trouble)}`),
      );
  }

  const finished = (async () => {
    for (const { kind, fault, pauseMs, with: overlaps } of faultsOf(seed, scene.system)) {
      await pause(Math.min(pauseMs, Math.max(0, until - Date.now())));
      if (Date.now() >= until) break;
      const happening = happen(kind, fault);
      ongoing.add(happening);
      void happening.then(() => ongoing.delete(happening));
      if (overlaps) continue;
      await happening;
      const [before, from] = [decided(), Date.now()];
      while (decided() < before + between && Date.now() < Math.min(until, from + AT_MOST_MS)) await pause(100);
    }
    await Promise.all(ongoing);
    heal(scene.system);
  })();
  return { happened, finished };
}

/** Nothing is broken any more; what died is being started by the supervision. */
function heal(system: System): void {
  for (const link of system.links.values()) link.behave(HEALTHY);
  for (const program of [...WORKERS, ...APIS]) system.order(program, {});
  system.documents.free();
  system.postgresDisk.free();
  system.network?.plug();
  for (const part of PARTS) signal(system, part, 'SIGCONT');
}
