import { dice } from '../rehearsal/plan/dice.ts';
import { NETWORK_KINDS } from './kinds/network.ts';
import { PROCESS_KINDS } from './kinds/processes.ts';
import { STORE_KINDS } from './kinds/stores.ts';
import type { Fault, Kind, Scene } from './kinds/types.ts';
import { HEALTHY } from './proxy.ts';
import { pause } from './staff.ts';
import { APIS, PARTS, WORKERS, type System } from './system.ts';

export const KINDS: readonly Kind[] = [...PROCESS_KINDS, ...NETWORK_KINDS, ...STORE_KINDS];

/** The faults of a seed in their order, each with the pause (ms) before it; the same for a seed, whatever happens meanwhile. */
export function* faultsOf(
  seed: number,
  system: System,
): Generator<{ kind: string; fault: Fault; pauseMs: number; with: boolean }> {
  const chance = dice(seed, 2_000_000);
  const possible = KINDS.filter((kind) => kind.draw(dice(0, 0), system));
  const sum = possible.reduce((all, { weight }) => all + weight, 0);
  for (;;) {
    let left = chance.throw() * sum;
    const kind = possible.find(({ weight }) => (left -= weight) < 0) ?? possible[0];
    const fault = kind?.draw(chance, system);
    const pauseMs = chance.between(300, 3_000);
    const overlaps = chance.chance(0.2);
    if (kind && fault) yield { kind: kind.name, fault, pauseMs, with: overlaps };
  }
}

export interface Programme {
  counts: ReadonlyMap<string, number>;
  /** resolves when time is up and everything that was broken is whole again */
  finished: Promise<void>;
}

/** Lets faults happen one after the other, now and then two at once, until time is up. */
export function runProgramme(scene: Scene, seed: number, until: number): Programme {
  const counts = new Map<string, number>();
  const ongoing = new Set<Promise<void>>();
  let number = 0;

  async function happen(kind: string, fault: Fault): Promise<void> {
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    scene.say(`#${++number} ${fault.title}`);
    await fault
      .happen(scene)
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
      if (!overlaps) await happening;
    }
    await Promise.all(ongoing);
    heal(scene.system);
  })();
  return { counts, finished };
}

/** Nothing is broken any more; what died is being started by the supervision. */
function heal(system: System): void {
  for (const link of system.links.values()) link.behave(HEALTHY);
  for (const program of [...WORKERS, ...APIS]) system.order(program, {});
  system.documents.free();
  system.postgresDisk.free();
  system.network?.plug();
  for (const part of PARTS) {
    const pid = system.pid(part);
    if (pid !== undefined) process.kill(pid, 'SIGCONT');
  }
}
