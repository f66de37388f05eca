import { randomUUID } from 'node:crypto';
import { createServer, STATUS_CODES, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { Refusal } from '../domain/refusal.ts';
import { problemOf } from './problems.ts';
import { SAFETY_HEADERS } from './security-headers.ts';

/**
 * How long and how much a connection may take before anything of ours has seen the request. `[not in the sources]`.
 * Slow senders (slow-loris) lose their connection: whole headers within 10 s, the whole request within 60 s, looked at every 2 s.
 */
export const SERVER_LIMITS = {
  headersTimeoutMs: 10_000,
  /** A document of 20 MB over 3 Mbit/s takes 53 s. */
  requestTimeoutMs: 60_000,
  checkedEveryMs: 2_000,
  /** A proxy in front keeps connections for a minute; ours must outlive them or requests fall into the gap. */
  keepAliveTimeoutMs: 65_000,
  /** Address and headers together; a token is about 1 kB. */
  headerBytes: 16_384,
  /** One process of 20 database connections is busy long before. */
  connections: 2_000,
};
export type ServerLimits = Readonly<Record<keyof typeof SERVER_LIMITS, number>>;

/**
 * The HTTP server around the app: its limits, and an answer in our own form to what the parser refuses (a request with both
 * Content-Length and Transfer-Encoding, a broken header, headers too large or too slow). Such a connection is closed: what follows
 * on it cannot be told apart from what was smuggled.
 */
export function createApiServer(app: RequestListener, limits: ServerLimits = SERVER_LIMITS): Server {
  const server = createServer(
    {
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      connectionsCheckingInterval: limits.checkedEveryMs,
      keepAliveTimeout: limits.keepAliveTimeoutMs,
      maxHeaderSize: limits.headerBytes,
      insecureHTTPParser: false,
      requireHostHeader: true,
    },
    app,
  );
  server.maxConnections = limits.connections;
  server.on('clientError', (problem: NodeJS.ErrnoException, socket: Duplex) => refuseUnreadable(problem, socket));
  return server;
}

/** The parser's own sentences quote the request and are not repeated. */
function refuseUnreadable(problem: NodeJS.ErrnoException, socket: Duplex): void {
  // In the middle of an answer, another one would be read as part of it.
  const { _httpMessage: answering } = socket as Duplex & { _httpMessage?: ServerResponse | null };
  if (problem.code === 'ECONNRESET' || !socket.writable || answering?.headersSent) {
    socket.destroy();
    return;
  }
  const code = codeOf(problem.code);
  const body = problemOf(new Refusal(code), randomUUID());
  const text = JSON.stringify(body);
  const headers = {
    ...SAFETY_HEADERS,
    Connection: 'close',
    'Content-Type': 'application/problem+json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${body.status} ${STATUS_CODES[body.status]}\r\n${lines.join('')}\r\n${text}`);
}

function codeOf(parserCode: string | undefined): 'HEADERS_TOO_LARGE' | 'REQUEST_TOO_SLOW' | 'BAD_REQUEST' {
  if (parserCode === 'HPE_HEADER_OVERFLOW') return 'HEADERS_TOO_LARGE';
  if (parserCode === 'ERR_HTTP_REQUEST_TIMEOUT') return 'REQUEST_TOO_SLOW';
  return 'BAD_REQUEST';
}
