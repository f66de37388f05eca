/** Chance that can be repeated: the same seed and number throw the same dice, on every machine and for ever. */
export interface Dice {
  /** from 0 up to but not 1 */
  throw(): number;
  /** true with this probability */
  chance(probability: number): boolean;
  /** a whole number, both ends possible */
  between(least: number, most: number): number;
  pick<T>(list: readonly [T, ...T[]]): T;
  /** how long something takes that takes `mean` on average and now and then much longer; whole and ≥ 0 */
  wait(mean: number): number;
}

/** Mulberry32, 32 bits of state: plenty for plans, and eight lines. The case's number is mixed in, so that each has its own dice. */
export function dice(seed: number, number: number): Dice {
  let state = (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(number + 1, 0xc2b2ae35)) >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1));
  return {
    throw: next,
    chance: (probability) => next() < probability,
    between,
    pick: <T>(list: readonly [T, ...T[]]): T => list[between(0, list.length - 1)] ?? list[0],
    wait: (mean) => Math.floor(-Math.log(1 - next()) * mean),
  };
}
