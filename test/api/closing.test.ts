import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { endsKindly } from '../../api/closing.ts';
import { eventually } from '../support/eventually.ts';

/** How a server ends, on real connections: each of them would hold Node's own `close` up until it is cut off. */

const REQUEST = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
/** far beyond the time a test has: what is true did not need it */
const LONG_MS = 60_000;

let server: Server;
let end: (withinMs: number) => Promise<boolean>;
let asked: ServerResponse[];

beforeEach(async () => {
  asked = [];
  server = createServer({ keepAliveTimeout: LONG_MS }, (_req, res) => asked.push(res));
  end = endsKindly(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

interface Caller {
  socket: Socket;
  heard: () => string;
  ended: Promise<unknown>;
}

async function call(bytes: string): Promise<Caller> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  let heard = '';
  socket.on('data', (chunk: Buffer) => (heard += chunk.toString()));
  socket.on('error', () => undefined);
  const ended = once(socket, 'close');
  await once(socket, 'connect');
  socket.write(bytes);
  return { socket, heard: () => heard, ended };
}

it('a connection opened in advance, on which nothing was asked, is closed', async () => {
  const accepted = once(server, 'connection');
  const { ended, heard } = await call('');
  await accepted;
  expect(await end(LONG_MS)).toBe(true);
  await ended;
  expect(heard()).toBe('');
});

it('an answer that was being made is given whole, as the last on its connection', async () => {
  const { ended, heard } = await call(REQUEST);
  await eventually(() => expect(asked).toHaveLength(1));
  const ending = end(LONG_MS);
  asked[0]?.end('whole');
  expect(await ending).toBe(true);
  await ended;
  expect(heard()).toMatch(/^HTTP\/1\.1 200 OK[^]*Connection: close[^]*whole$/);
});

it('an answer half sent is finished, though it promised to keep the connection', async () => {
  const { ended, heard } = await call(REQUEST);
  await eventually(() => expect(asked).toHaveLength(1));
  asked[0]?.writeHead(200, { 'Content-Length': 10 }).write('first');
  await eventually(() => expect(heard()).toMatch(/first$/));
  const ending = end(LONG_MS);
  asked[0]?.end('later');
  expect(await ending).toBe(true);
  await ended;
  expect(heard()).toMatch(/Connection: keep-alive[^]*firstlater$/);
});

it('a request half received is read to its end and answered', async () => {
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const { socket, ended, heard } = await call(REQUEST.slice(0, -2));
  const [received] = await accepted;
  await eventually(() => expect(received.bytesRead).toBeGreaterThan(0));
  const ending = end(LONG_MS);
  socket.write(REQUEST.slice(-2));
  await eventually(() => expect(asked).toHaveLength(1));
  asked[0]?.end('still');
  expect(await ending).toBe(true);
  await ended;
  expect(heard()).toMatch(/Connection: close[^]*still$/);
});

it('an answer that does not come in time is cut off, and the end says so', async () => {
  const { ended } = await call(REQUEST);
  await eventually(() => expect(asked).toHaveLength(1));
  expect(await end(50)).toBe(false);
  await ended;
});
