/** Faults come every twenty seconds at the latest and take about ten; whoever tries again gets through long before this. */
const STILL_MS = 180_000;

/** Sees what no row and no history tells: that everything answers, and yet nobody gets anything done. */
export interface Stillness {
  /** ends the watch and answers its violations */
  end(): string[];
}

/** Watches a count that rises as long as work goes on; it standing still for longer than `limitMs` is a violation, once for each time. */
export function watchStillness(count: () => number, limitMs = STILL_MS, everyMs = 1_000): Stillness {
  const violations: string[] = [];
  let [seen, since, told] = [count(), Date.now(), false];
  const look = (): void => {
    const now = count();
    if (now !== seen) [seen, since, told] = [now, Date.now(), false];
    if (told || Date.now() - since <= limitMs) return;
    told = true;
    violations.push(
      `after ${new Date(since).toISOString()} no decision was answered for more than ${limitMs / 1000} s, and everybody tried`,
    );
  };
  const timer = setInterval(look, everyMs);
  return {
    end() {
      clearInterval(timer);
      look();
      return violations;
    },
  };
}
