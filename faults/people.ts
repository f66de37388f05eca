import type { Recorder } from './record.ts';

/** What faults know of the people at work, and ask of them. */
export interface People {
  /** decisions answered until now */
  decided: () => number;
  /** resolves at the moment the next decision has been answered: true; false when none was within `withinMs` */
  answered: (withinMs: number) => Promise<boolean>;
  /** whoever decides asks under so many keys at one moment; normally one */
  keysAtOnce: number;
}

export const watchPeople = (record: Recorder): People => ({
  decided: () => record.decided,
  answered: (withinMs) =>
    new Promise((resolve) => {
      const late = setTimeout(() => resolve(false), withinMs);
      record.whenDecided(() => {
        clearTimeout(late);
        resolve(true);
      });
    }),
  keysAtOnce: 1,
});
