import type pg from 'pg';
import type { Dice } from '../../rehearsal/plan/dice.ts';
import type { People } from '../people.ts';
import type { System } from '../system.ts';

/** Where faults happen, and what they are told. */
export interface Scene {
  system: System;
  /** past all proxies, as the owner */
  db: pg.Pool;
  people: People;
  say: (line: string) => void;
}

/** One fault: what it is, said before it happens, and how it is done and undone. */
export interface Fault {
  title: string;
  /** resolves when it is over and undone; what it broke may still be coming back */
  happen(scene: Scene): Promise<void>;
}

/** Draws one fault of a kind. Undefined: this machine cannot have it. */
export interface Kind {
  name: string;
  /** how often, against the others */
  weight: number;
  draw(chance: Dice, system: System): Fault | undefined;
}
