import { once } from 'node:events';
import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Answers whose headers had gone out before the end was known leave their connection open; they are looked for this often. */
const LOOKED_AT_EVERY_MS = 100;

/**
 * How a server ends: what it has begun it answers, each answer the last on its connection, and what nobody asks on it closes. Node's
 * own `close` waits for two kinds of connection on which nothing will come: those opened in advance (browsers do so), and those whose
 * answer was on its way out when the end came.
 *
 * @param server before it listens: only connections seen from their beginning are known
 * @returns ends the server; true if all was answered, false if something was cut off after `withinMs` milliseconds
 */
export function endsKindly(server: Server): (withinMs: number) => Promise<boolean> {
  const connections = new Set<Socket>();
  const answering = new Set<ServerResponse>();
  let ending = false;
  const beLast = (res: ServerResponse): void => {
    if (!res.headersSent) res.setHeader('Connection', 'close');
  };
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  // Before the app, which may answer at once.
  server.prependListener('request', (_req, res: ServerResponse) => {
    if (ending) beLast(res);
    answering.add(res);
    res.once('close', () => answering.delete(res));
  });
  return async (withinMs) => {
    ending = true;
    let inTime = true;
    for (const res of answering) beLast(res);
    const closed = once(server, 'close');
    server.close();
    for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
    const looks = setInterval(() => server.closeIdleConnections(), LOOKED_AT_EVERY_MS);
    const hurry = setTimeout(() => {
      inTime = false;
      server.closeAllConnections();
    }, withinMs);
    await closed;
    clearInterval(looks);
    clearTimeout(hurry);
    return inTime;
  };
}
