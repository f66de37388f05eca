import { createServer, type AddressInfo } from 'node:net';
import type { RuntimeOptions } from '@temporalio/worker';

/**
 * The figures of Temporal's SDK. Its core answers Prometheus at a port of its own and at nothing else, so it does that on the
 * loopback, and what is asked of us is asked of it: one address for each process.
 */
export interface EngineFigures {
  telemetry: Pick<RuntimeOptions, 'telemetryOptions'>;
  text: () => Promise<string>;
}

const PATIENCE_MS = 2_000;

export async function engineFigures(wanted: boolean): Promise<EngineFigures> {
  if (!wanted) return { telemetry: {}, text: async () => '' };
  const bindAddress = `127.0.0.1:${await freePort()}`;
  return {
    telemetry: {
      telemetryOptions: {
        metrics: {
          prometheus: { bindAddress, countersTotalSuffix: true, unitSuffix: true, useSecondsForDurations: true },
        },
      },
    },
    // Its figures missing shows as their absence; ours are told all the same.
    text: () =>
      fetch(`http://${bindAddress}/metrics`, { signal: AbortSignal.timeout(PATIENCE_MS) }).then(
        (answer) => answer.text(),
        () => '',
      ),
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
