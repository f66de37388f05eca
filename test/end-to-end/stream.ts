import { fileOutOfArea, OUT_OF_AREA_WALK, type PatientClient } from './client.ts';

/** Some clerks at work at the same time, each taking one case after the other through its whole procedure. */
export interface Stream {
  /** resolves when so many decisions have been answered; rejects when the stream ends before */
  answered(count: number): Promise<void>;
  /** resolves when all cases are at their end */
  finished: Promise<void>;
}

export function stream(
  client: PatientClient,
  { clerks, cases, pauseMs }: { clerks: number; cases: number; pauseMs: number },
): Stream {
  let filed = 0;
  let over = false;
  const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, pauseMs));

  async function work(): Promise<void> {
    while (filed++ < cases) {
      const acceptanceNo = await fileOutOfArea(client);
      for (const [step, username] of OUT_OF_AREA_WALK) {
        await pause();
        await client.decide(acceptanceNo, username, step);
      }
    }
  }
  const finished = Promise.all(Array.from({ length: clerks }, work)).then(() => undefined);
  const ends = (): void => void (over = true);
  finished.then(ends, ends);

  return {
    finished,
    async answered(count) {
      while (client.took.length < count) {
        if (over) throw new Error(`the stream ended after ${client.took.length} decisions`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
  };
}

/** p50, p95 and the longest of some durations in ms, as a person reads them. */
export function summary(durations: readonly number[]): string {
  const sorted = [...durations].sort((a, b) => a - b);
  const at = (share: number): string => `${((sorted[Math.ceil(share * sorted.length) - 1] ?? 0) / 1000).toFixed(2)} s`;
  return `${sorted.length} decisions, p50 ${at(0.5)}, p95 ${at(0.95)}, longest ${at(1)}`;
}
