export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export interface Patience {
  withinMs: number;
  pauseMs: number;
  /** what it throws is not worth another try; without it everything is */
  final?: (problem: unknown) => boolean;
}

/** Does `work` again until it throws no more; throws what it threw last when the time is up. */
export async function repeated<T>(work: () => Promise<T> | T, { withinMs, pauseMs, final }: Patience): Promise<T> {
  const giveUpAt = performance.now() + withinMs;
  for (;;) {
    try {
      return await work();
    } catch (problem) {
      if (final?.(problem) || performance.now() > giveUpAt) throw problem;
      await sleep(pauseMs);
    }
  }
}

/** Whole and tenth seconds since `startedAt` (epoch milliseconds), as text for a progress line: '3.4 s'. */
export const elapsed = (startedAt: number): string => `${((Date.now() - startedAt) / 1000).toFixed(1)} s`;

/** Rejects when `work` takes longer than `ms`; the work itself is not stopped. */
export const within = async <T>(ms: number, what: string, work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};
