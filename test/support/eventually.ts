/** So long something may take that the engine or a worker does by itself. */
const WITHIN_MS = 30_000;
const AGAIN_AFTER_MS = 50;

/** Asks until `check` throws no more and answers what it does; what it threw last when it has not held for half a minute. */
export async function eventually<T>(check: () => Promise<T>): Promise<T> {
  const until = performance.now() + WITHIN_MS;
  for (;;) {
    try {
      return await check();
    } catch (problem) {
      if (performance.now() > until) throw problem;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
    }
  }
}
