import { createServer, type Server } from 'node:http';
import type { Logger } from 'pino';

/**
 * Where a process is asked how it is: `/metrics` for Prometheus, `/readyz` for whoever decides whether to send it work or to start
 * it again. A listener of its own, since it asks for no login and must not be reachable where the API is.
 */
export interface EndpointDeps {
  /** host:port; nothing listens without it */
  address: string | undefined;
  sources: readonly (() => Promise<string>)[];
  ready: () => boolean;
  log: Logger;
}

/** A port that is taken may be free again in a moment, and nobody stops deciding cases for want of figures. */
const AGAIN_MS = 30_000;

/** Listens in the background; the answer ends it. */
export function openEndpoint({ address, sources, ready, log }: EndpointDeps): () => Promise<void> {
  if (address === undefined) return async () => undefined;
  const [host = '', port = ''] = address.split(':');
  let again: NodeJS.Timeout | undefined;
  const server = createServer((req, res) => {
    const answer = (status: number, text: string): void =>
      void res.writeHead(status, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text);
    if (req.method !== 'GET') return answer(405, 'GET only\n');
    if (req.url === '/readyz') return ready() ? answer(200, 'ready\n') : answer(503, 'not ready\n');
    if (req.url !== '/metrics') return answer(404, 'GET /metrics or /readyz\n');
    Promise.all(sources.map((source) => source())).then(
      (texts) => answer(200, texts.join('')),
      (problem: Error) => {
        log.error({ problem: problem.message }, 'the figures could not be told');
        answer(500, 'see the log\n');
      },
    );
  });
  server.on('error', (problem: NodeJS.ErrnoException) => {
    const sentence =
      problem.code === 'EADDRINUSE'
        ? `指标端口 ${address} 已被占用,请设置 METRICS_ADDRESS / ${address} is taken: set METRICS_ADDRESS to another port`
        : `指标端口 ${address} 无法监听 / metrics cannot be answered at ${address}`;
    log.warn({ code: problem.code }, sentence);
    again = setTimeout(listen, AGAIN_MS).unref();
  });
  const listen = (): Server => server.listen(Number(port), host);
  listen();
  return async () => {
    clearTimeout(again);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
}
