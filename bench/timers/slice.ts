import { sleep } from '../../embedded/wait.ts';
import type { Say } from '../surroundings.ts';
import type { Armed, Effect, TimerSide } from './side.ts';

/** One midnight of one side. */
export interface Slice {
  n: number;
  midnight: number;
  effects: Effect[];
  armingMs: number;
}

const LEAST_LEAD_MS = 8_000;
/** What arming one limit takes until it has been measured, ms. */
const FIRST_GUESS_MS = 80;
/** How much longer than last time arming may take before the midnight comes too early. */
const SLOWER = 1.5;
/** How long after the last effect one more is waited for: a doubled one. */
const AFTERWARDS_MS = 1_500;

/** What arming one limit took last time, by side, ms. */
const armingMs = new Map<TimerSide, number>();

/**
 * Arms `n` limits for a midnight that comes after the last of them waits, and waits until all have passed. A machine that
 * was slower than thought lets the midnight come too early; then that slice is thrown away and done again with more time.
 */
export async function runSlice(
  side: TimerSide,
  n: number,
  {
    say,
    beforeMidnight,
  }: { say: Say; beforeMidnight?: { takesMs: number; check(armed: Armed, midnight: number): Promise<void> } },
): Promise<Slice> {
  for (;;) {
    const perLimit = armingMs.get(side) ?? FIRST_GUESS_MS;
    const from = Date.now();
    const midnight = from + LEAST_LEAD_MS + Math.round(n * perLimit * SLOWER) + (beforeMidnight?.takesMs ?? 0);
    const armed = await side.arm(n, midnight);
    const took = Date.now() - from;
    armingMs.set(side, took / n);
    if (Date.now() + (beforeMidnight?.takesMs ?? 0) > midnight - 1_000) {
      say(`${side.name}: the midnight came before all ${n} were armed; once more, with more time`);
      await passed(armed);
      continue;
    }
    await beforeMidnight?.check(armed, midnight);
    const effects = await passed(armed);
    return { n, midnight, effects, armingMs: took };
  }
}

async function passed(armed: Armed): Promise<Effect[]> {
  while ((await armed.count()) < armed.ids.length) await sleep(500);
  await sleep(AFTERWARDS_MS);
  return armed.effects();
}

/** Effects committed per second, from the midnight to the last of them. */
export const effectsPerSecond = ({ n, midnight, effects }: Slice): number =>
  (n / ((effects.at(-1)?.committedAt ?? NaN) - midnight)) * 1000;

/** How long after its instant each effect was committed, in seconds. */
export const latenesses = ({ effects }: Slice): number[] =>
  effects.map(({ dueAt, committedAt }) => (committedAt - dueAt) / 1000);

/** The store keeps instants by the millisecond, rounded. */
const ROUNDING_S = 0.001;

export const early = (slice: Slice): number => latenesses(slice).filter((late) => late < -ROUNDING_S).length;

export const doubled = ({ effects }: Slice): number => effects.length - new Set(effects.map(({ id }) => id)).size;
