import { createServer } from 'node:net';

/** Temporal stores its membership ports as smallint, so everything embedded stays below this. */
export const HIGHEST_PORT = 32_767;

/** True when nothing listens on this port of 127.0.0.1. */
export const isFree = (port: number, host = '127.0.0.1'): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
  });

/** The first of `count` consecutive free ports, looked for from a random place on so that parallel runs do not meet. */
export const findFreePorts = async (count: number): Promise<number> => {
  for (let tries = 0; tries < 200; tries += 1) {
    const first = 20_000 + Math.floor(Math.random() * (HIGHEST_PORT - 20_000 - count));
    const free = await Promise.all(Array.from({ length: count }, (_, offset) => isFree(first + offset)));
    if (free.every(Boolean)) return first;
  }
  throw new Error(`no ${count} consecutive free ports between 20000 and ${HIGHEST_PORT}`);
};
