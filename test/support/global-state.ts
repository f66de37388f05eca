import type { Guardian } from '../../embedded/guardian.ts';
import type { Running } from '../../embedded/service.ts';

export type StartedForTests = { folders: string[]; running: Running[]; guardian: Guardian };

/** Set-up and teardown are two modules that jest loads apart; what one started reaches the other through the global object. */
const holder = globalThis as typeof globalThis & { jingbanTestServices?: StartedForTests };

export const keepForTeardown = (started: StartedForTests): void => {
  holder.jingbanTestServices = started;
};

/** What was started here; undefined where the environment names stores that run already. */
export const startedForTests = (): StartedForTests | undefined => holder.jingbanTestServices;

export const takeForTeardown = (): StartedForTests | undefined => {
  const started = holder.jingbanTestServices;
  delete holder.jingbanTestServices;
  return started;
};
