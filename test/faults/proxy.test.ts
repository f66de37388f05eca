import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { sleep } from '../../embedded/wait.ts';
import { HEALTHY, openLink, type Link } from '../../faults/proxy.ts';
import { eventually } from '../support/eventually.ts';

/** A network that is told to be bad has to be bad, or the harness tries nothing. */
let echo: Server;
let link: Link;
const open = new Set<Socket>();
beforeAll(async () => {
  echo = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  await once(echo.listen(0, '127.0.0.1'), 'listening');
  const { port } = echo.address() as { port: number };
  link = await openLink('test → echo', { host: '127.0.0.1', port }, '127.0.0.1');
});
afterEach(() => {
  link.behave(HEALTHY);
  for (const socket of open) socket.destroy();
  open.clear();
});
afterAll(async () => {
  await link.close();
  echo.close();
});

async function dial(): Promise<{ socket: Socket; got: () => string; ended: Promise<string> }> {
  const socket = connect({ host: link.host, port: link.port });
  open.add(socket);
  let text = '';
  socket.on('data', (piece: Buffer) => (text += piece.toString()));
  const ended = new Promise<string>((resolve) => {
    socket.once('error', (problem: NodeJS.ErrnoException) => resolve(problem.code ?? 'ERROR'));
    socket.once('close', () => resolve('CLOSED'));
  });
  await Promise.race([new Promise((resolve) => socket.once('connect', resolve)), ended]);
  return { socket, got: () => text, ended };
}

it('carries both ways what is said', async () => {
  const { socket, got } = await dial();
  socket.write('hello');
  await eventually(() => expect(got()).toBe('hello'));
});

it.each(['THERE', 'BACK', 'BOTH'] as const)(
  'cut (%s) nothing arrives and nobody is told; afterwards it does',
  async (cut) => {
    const { socket, got } = await dial();
    socket.write('a');
    await eventually(() => expect(got()).toBe('a'));
    link.behave({ cut });
    socket.write('b');
    await sleep(200);
    expect(got()).toBe('a');
    expect(socket.destroyed).toBe(false);
    link.behave(HEALTHY);
    await eventually(() => expect(got()).toBe('ab'));
  },
);

it('is late by what was said', async () => {
  const { socket, got } = await dial();
  link.behave({ latencyMs: 150 });
  const from = performance.now();
  socket.write('late');
  await eventually(() => expect(got()).toBe('late'));
  expect(performance.now() - from).toBeGreaterThanOrEqual(290); // there and back
});

it('resets whoever is connected', async () => {
  const { ended } = await dial();
  link.reset();
  expect(await ended).toBe('ECONNRESET');
});

it('forgets who is connected and tells nobody; the next one is served', async () => {
  const old = await dial();
  link.forget();
  old.socket.write('a');
  await sleep(200);
  expect([old.got(), old.socket.destroyed]).toEqual(['', false]);
  const fresh = await dial();
  fresh.socket.write('b');
  await eventually(() => expect(fresh.got()).toBe('b'));
});

it('lets nobody in', async () => {
  link.behave({ refuse: true });
  const { ended } = await dial();
  expect(['ECONNRESET', 'CLOSED']).toContain(await ended);
});

it('breaks off one answer in the middle', async () => {
  const { socket, got, ended } = await dial();
  link.behave({ breakAfterBytes: 3 });
  socket.write('abcdef');
  expect(await ended).toBe('ECONNRESET');
  expect('abc'.startsWith(got())).toBe(true);
  const next = await dial();
  next.socket.write('abcdef');
  await eventually(() => expect(next.got()).toBe('abcdef'));
});

it('is as slow as it is told to be, and loses nothing', async () => {
  const { socket, got } = await dial();
  link.behave({ slowBytes: 2_000 });
  socket.write('x'.repeat(600));
  await sleep(60);
  expect(got().length).toBeLessThan(600);
  await eventually(() => expect(got()).toBe('x'.repeat(600)));
});
