import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import request from 'supertest';
import { createApiServer, SERVER_LIMITS } from '../../api/server.ts';
import { JSON_LIMITS } from '../../api/json-guard.ts';
import type { JsonObject } from '../../domain/case.ts';
import { openAgency, type Agency } from './agency.ts';

/** What is refused before anything of ours has read it: size, time, shape of a request (OWASP ASVS 4, API4). */
let agency: Agency;
beforeAll(async () => {
  agency = await openAgency();
});
afterAll(() => agency?.close());

/** The body as it is: `agency.post` would put an object before it, and the parser would refuse that instead. */
const send = (body: string | Buffer, type = 'application/json'): request.Test =>
  request(agency.server)
    .post('/api/v1/cases')
    .set('Authorization', agency.authorization('town1.clerk'))
    .set('Idempotency-Key', randomUUID())
    .set('Content-Type', type)
    .serialize((given: unknown) => given as string)
    .send(body);
const codeOf = (answer: request.Response): unknown[] => [answer.status, (answer.body as JsonObject)['code']];

describe('a JSON body', () => {
  const deep = (times: number, [open, close]: readonly [string, string]): string =>
    open.repeat(times) + close.repeat(times);
  const SHAPES: [string, string][] = [
    ['nested half a million deep in arrays', deep(450_000, ['[', ']'])],
    ['nested a hundred thousand deep in objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
    ['one deeper than the limit', `{"form":${deep(JSON_LIMITS.depth, ['[', ']'])}}`],
    ['of more members than the limit', `{"form":[${'0,'.repeat(JSON_LIMITS.members + 1)}0]}`],
    ['that names a key twice', '{"processType":"AUDIT","processType":"REIMBURSEMENT_REVIEW","form":{}}'],
    ['that names a key twice in two spellings', '{"processType":"AUDIT","\\u0070rocessType":"AUDIT","form":{}}'],
    ['that names a nested key twice', '{"processType":"AUDIT","form":{"a":1,"a":2}}'],
    ['with __proto__', '{"processType":"AUDIT","form":{"__proto__":{"admin":true}}}'],
    ['with an escaped __proto__', '{"processType":"AUDIT","form":{"\\u005f_proto__":{"admin":true}}}'],
    ['with constructor.prototype', '{"processType":"AUDIT","form":{"constructor":{"prototype":{"admin":true}}}}'],
    ['that never ends a string', '{"processType":"AUDIT'],
    ['that closes what it never opened', '}]}]'],
    ['of half an escape', '{"\\'],
  ];
  it.each(SHAPES)('%s is refused with 400', async (_what, body) => {
    expect(codeOf(await send(body))).toEqual([400, 'BAD_REQUEST']);
  });

  it('just within depth and members gets as far as its form', async () => {
    const answer = await send(
      `{"processType":"REIMBURSEMENT_REVIEW","form":{"x":${deep(JSON_LIMITS.depth - 2, ['[', ']'])}}}`,
    );
    expect(JSON.stringify(answer.body)).toContain('form.x');
  });

  it('of bytes that are no UTF-8, or of another charset, is refused', async () => {
    const bytes = Buffer.from('{"processType":"\xff","form":{}}', 'latin1');
    expect(codeOf(await send(bytes))).toEqual([400, 'BAD_REQUEST']);
    const wide = Buffer.from('{"form":{"__proto__":{}}}', 'utf16le');
    expect(codeOf(await send(wide, 'application/json; charset=utf-16le'))).toEqual([400, 'BAD_REQUEST']);
  });

  it('that is compressed is refused whatever it would unfold to', async () => {
    for (const encoding of ['gzip', 'deflate', 'br', 'zstd', 'gzip, gzip']) {
      const answer = await send(gzipSync(Buffer.alloc(5_000_000, '['))).set('Content-Encoding', encoding);
      expect([encoding, ...codeOf(answer)]).toEqual([encoding, 415, 'ENCODING_REFUSED']);
    }
  });

  it('of thousands of mistakes is answered with the first two hundred', async () => {
    const form = Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`field${i}`, 1]));
    const answer = await send(JSON.stringify({ processType: 'REIMBURSEMENT_REVIEW', form }));
    expect(codeOf(answer)).toEqual([400, 'BAD_REQUEST']);
    expect((answer.body as { faults: unknown[] }).faults).toHaveLength(200);
  });
});

it('reaches no prototype through any route, by body, query or path', async () => {
  const planted =
    '{"__proto__":{"planted":1},"constructor":{"prototype":{"planted":1}},"form":{"__proto__":{"planted":1}}}';
  for (const route of agency.api.routes) {
    const path = route.path.replaceAll(/\{\w+\}/g, '__proto__');
    const query = '__proto__[planted]=1&constructor.prototype.planted=1&__proto__=planted';
    const send =
      route.method === 'get'
        ? agency.get('county1.manager', `${path}?${query}`)
        : request(agency.server)
            .post(`${path}?${query}`)
            .set('Authorization', agency.authorization('county1.manager'))
            .set('Content-Type', 'application/json')
            .send(planted);
    const { status } = await send;
    expect([route.id, status < 500 || route.id === 'ready']).toEqual([route.id, true]);
    expect(({} as { planted?: unknown }).planted).toBeUndefined();
  }
});

describe('an address', () => {
  it('longer than any of ours is refused', async () => {
    expect(codeOf(await agency.get('town1.clerk', `/api/v1/cases?q=${'a'.repeat(5_000)}`))).toEqual([
      414,
      'ADDRESS_TOO_LONG',
    ]);
    const long = 'a'.repeat(5_000);
    expect(codeOf(await agency.get('town1.clerk', `/${long}`))).toEqual([414, 'ADDRESS_TOO_LONG']);
    // What no length would make right is said first.
    expect(codeOf(await agency.post('town1.clerk', `/api/v1/processes?q=${long}`, {}))).toEqual([
      405,
      'METHOD_NOT_ALLOWED',
    ]);
  });
  it('with hundreds of parameters is refused, each of them named', async () => {
    const query = Array.from({ length: 300 }, (_, i) => `p${i}=`).join('&');
    expect(codeOf(await agency.get('town1.clerk', `/api/v1/cases?${query}`))).toEqual([400, 'BAD_REQUEST']);
  });
});

/** Sends bytes as they are and gives all that comes back until the server closes the connection. */
async function raw(text: string, port = (agency.server.address() as AddressInfo).port): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
  // A connection that is cut off is an answer, too.
  socket.on('error', () => undefined);
  socket.write(text);
  await new Promise((resolve) => socket.on('close', resolve));
  return answer;
}

describe('a request that could be read in two ways', () => {
  const HOST = 'Host: x\r\n';
  const SMUGGLED: [string, string][] = [
    [
      'both Content-Length and Transfer-Encoding',
      `POST /api/v1/cases HTTP/1.1\r\n${HOST}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\n${HOST}\r\n`,
    ],
    ['two lengths', `POST /api/v1/cases HTTP/1.1\r\n${HOST}Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcd`],
    [
      'a transfer encoding that is not chunked',
      `POST /api/v1/cases HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked, identity\r\n\r\n`,
    ],
    ['a space before the colon', `GET /healthz HTTP/1.1\r\n${HOST}Content-Length : 4\r\n\r\nabcd`],
    ['a folded header', `GET /healthz HTTP/1.1\r\n${HOST}X-A: 1\r\n  Transfer-Encoding: chunked\r\n\r\n`],
    ['a line feed in a header', `GET /healthz HTTP/1.1\r\n${HOST}X-A: 1\nContent-Length: 4\r\n\r\n`],
    ['no Host', 'GET /healthz HTTP/1.1\r\n\r\n'],
    ['a version nobody speaks', `GET /healthz HTTP/7.3\r\n${HOST}\r\n`],
    ['no HTTP at all', '\x16\x03\x01\x02\x00\x01\x00\r\n\r\n'],
  ];
  it.each(SMUGGLED)('by %s is answered 400 and its connection closed', async (_what, text) => {
    const answer = await raw(text);
    expect(answer.match(/^HTTP\/1\.1 \d+/gm)).toEqual(['HTTP/1.1 400']);
    expect(answer).not.toMatch(/"status":"ok"/);
  });

  it('is refused in our own form, with its headers, quoting nothing', async () => {
    const answer = await raw(`GET /healthz?secret HTTP/1.1\r\n${HOST}Content-Length : secret\r\n\r\n`);
    expect(answer).toContain('"code":"BAD_REQUEST"');
    expect(answer).toContain('Content-Security-Policy: default-src');
    expect(answer).not.toContain('secret');
  });

  it('never takes the Host it names into an answer', async () => {
    const answer = await raw(
      'GET /docs HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\nConnection: close\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 301[^]*Location: \/docs\/\r\n/);
    expect(answer).not.toContain('evil.example');
  });

  it('by headers larger than the limit is answered 431', async () => {
    const answer = await raw(`GET /healthz HTTP/1.1\r\n${HOST}X-A: ${'a'.repeat(SERVER_LIMITS.headerBytes)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 431 [^]*"code":"HEADERS_TOO_LARGE"/);
  });

  it.each(['TRACE', 'CONNECT', 'OPTIONS', 'PROPFIND', 'PUT'])('by the method %s is not served', async (method) => {
    const target = method === 'CONNECT' ? 'example.org:443' : '/api/v1/cases';
    const answer = await raw(`${method} ${target} HTTP/1.1\r\n${HOST}X-A: echoed\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^(HTTP\/1\.1 405|$)/);
    expect(answer).not.toContain('echoed');
  });
});

describe('a sender that is slow on purpose', () => {
  it('loses its connection: without headers, with half of them, with half a body', async () => {
    const limits = { ...SERVER_LIMITS, headersTimeoutMs: 200, requestTimeoutMs: 400, checkedEveryMs: 50 };
    const server = createApiServer(agency.api.app, limits).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const authorization = agency.authorization('town1.clerk');
    const halves = [
      '',
      'GET /healthz HTTP/1.1\r\nHost: x\r\nX-A:',
      `POST /api/v1/cases HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`,
    ];
    const answers = await Promise.all(halves.map((half) => raw(half, port)));
    for (const answer of answers) expect(answer).toMatch(/^HTTP\/1\.1 408 [^]*"code":"REQUEST_TOO_SLOW"/);
    server.close();
    await once(server, 'close');
  });

  it('cannot hold more connections than there are: others of the limit are still served', async () => {
    const server = createApiServer(agency.api.app, { ...SERVER_LIMITS, connections: 3 }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const held = await Promise.all(Array.from({ length: 3 }, () => opened(port)));
    expect(await raw('GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', port)).toBe('');
    held[0]?.destroy();
    for (let tries = 0, answer = ''; answer === '' && tries < 100; tries++) {
      answer = await raw('GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', port);
      if (answer !== '') expect(answer).toMatch(/^HTTP\/1\.1 200/);
    }
    for (const socket of held) socket.destroy();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  async function opened(port: number): Promise<Socket> {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    return socket;
  }
});
