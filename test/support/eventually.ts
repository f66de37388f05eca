import { repeated } from '../../embedded/wait.ts';

/** So long something may take that the engine or a worker does by itself. */
const PATIENCE = { withinMs: 30_000, pauseMs: 50 };

/** Asks until `check` throws no more and answers what it does; what it threw last when it has not held for half a minute. */
export const eventually = <T>(check: () => Promise<T> | T): Promise<T> => repeated(check, PATIENCE);
