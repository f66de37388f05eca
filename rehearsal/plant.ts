import type { Observed } from './observe.ts';
import type { Plant } from './run.ts';

/**
 * Faults for trying the checker: each falsifies what the system says of one case, the first that has what is needed, so
 * that a checker that looks away is found out.
 */
const DAY_MS = 86_400_000;

const PLANTS = {
  /** an effect that never happened */
  missing: (observed) => withEffects(observed, (effects) => effects.slice(1)),
  /** one that happened twice */
  doubled: (observed) => withEffects(observed, (effects) => [...effects.slice(0, 1), ...effects]),
  /** a day too early */
  early: (observed) =>
    withEffects(observed, ([first, ...rest]) => [
      first && { ...first, dueAt: first.dueAt - DAY_MS, at: first.at - DAY_MS },
      ...rest,
    ]),
  /** under the key of another due day */
  key: (observed) =>
    withEffects(observed, ([first, ...rest]) => [first && { ...first, key: `${first.key.slice(0, -1)}x` }, ...rest]),
  /** a closed stage a day later than it was */
  late: (observed) => ({
    ...observed,
    stages: observed.stages.map((stage, n) => (n === 0 ? { ...stage, daysLate: (stage.daysLate ?? 0) + 1 } : stage)),
  }),
  /** another due day than was counted */
  due: (observed) => ({
    ...observed,
    clocks: observed.clocks.map((clocks) => (clocks.stageDue ? { ...clocks, stageDue: '2000-01-01' } : clocks)),
  }),
} as const satisfies Record<string, (observed: Observed) => Observed>;

type Effect = Observed['effects'][number];
const withEffects = (observed: Observed, change: (effects: Effect[]) => (Effect | undefined)[]): Observed => ({
  ...observed,
  effects: change(observed.effects).filter((effect) => effect !== undefined),
});

export const PLANT_NAMES = Object.keys(PLANTS) as (keyof typeof PLANTS)[];

export function plantOf(name: string): Plant {
  const change = PLANT_NAMES.find((known) => known === name);
  if (!change) throw new Error(`--plant: one of ${PLANT_NAMES.join(', ')}`);
  let planted = false;
  return (observed) => {
    const falsified = planted ? observed : PLANTS[change](observed);
    planted ||= JSON.stringify(falsified) !== JSON.stringify(observed);
    return falsified;
  };
}
