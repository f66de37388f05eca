/** What takes less needs no company. */
const QUIET_MS = 2_000;

/** A line on stderr every two seconds, none for what is over before; stdout stays for the result. */
export function createProgress(): (line: () => string) => void {
  let shownAt = performance.now();
  return (line) => {
    if (performance.now() - shownAt < QUIET_MS) return;
    shownAt = performance.now();
    console.error(line());
  };
}

/** '12.3 s' since `startedAt` (of performance.now()). */
export const secondsSince = (startedAt: number): string => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
