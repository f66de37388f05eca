import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import request from 'supertest';
import { createFolderStore, sweepIncoming } from '../../api/documents/store.ts';
import { OUT_OF_AREA_FORM } from '../support/out-of-area.ts';
import { openAgency, pdf, type Agency } from './agency.ts';
import { jpeg, png } from './pictures.ts';

const JPEG = jpeg(1240, 1754);
const PNG = png(1240, 1754);

let agency: Agency;
beforeAll(async () => {
  agency = await openAgency();
});
afterAll(() => agency?.close());

interface Uploaded {
  documentId: string;
  sha256: string;
  fileName: string;
  mediaType: string;
  byteSize: number;
}
const attach = (bytes: Buffer, contentType: string, filename = 'scan.pdf', username = 'town1.clerk'): request.Test =>
  request(agency.server)
    .post('/api/v1/documents')
    .set('Authorization', agency.authorization(username))
    .attach('file', bytes, { filename, contentType });
const documentRows = async (): Promise<number> => {
  const { rows } = await agency.office.deps.db.query<{ n: number }>('SELECT count(*)::int AS n FROM document');
  return rows[0]?.n ?? -1;
};
/** Every file below the folder of the store. */
async function filesKept(): Promise<string[]> {
  const found = await readdir(agency.documentFolder, { recursive: true, withFileTypes: true });
  return found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

it('keeps PDF, JPEG and PNG and gives back the very same bytes, to be saved and not shown', async () => {
  for (const [bytes, type] of [
    [pdf(), 'application/pdf'],
    [JPEG, 'image/jpeg'],
    [PNG, 'image/png'],
  ] as const) {
    const { body } = await attach(bytes, type).expect(201);
    const kept = body as Uploaded;
    expect(kept).toMatchObject({
      mediaType: type,
      byteSize: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
    const fetched = await agency
      .get('town1.clerk', `/api/v1/documents/${kept.documentId}`)
      .buffer(true)
      .parse(binary)
      .expect(200);
    expect(Buffer.compare(fetched.body as Buffer, bytes)).toBe(0);
    expect(fetched.headers).toMatchObject({
      'content-type': type,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'content-security-policy': expect.stringMatching(/^default-src 'none';.*;sandbox$/) as string,
    });
    expect(fetched.headers['content-disposition']).toMatch(/^attachment;/);
  }
});

it('keeps the same content once, however often it is handed in', async () => {
  const bytes = pdf('the same scan');
  const first = (await attach(bytes, 'application/pdf', 'a.pdf').expect(201)).body as Uploaded;
  const before = await filesKept();
  const second = (await attach(bytes, 'application/pdf', 'b.pdf', 'town2.clerk').expect(201)).body as Uploaded;
  expect(second.sha256).toBe(first.sha256);
  expect(second.documentId).not.toBe(first.documentId);
  expect(await filesKept()).toEqual(before);
  expect(await readFile(join(agency.documentFolder, first.sha256.slice(0, 2), first.sha256.slice(2)))).toEqual(bytes);
});

it('keeps a Chinese file name and takes away paths and unprintable characters', async () => {
  const chinese = (await attach(pdf(), 'application/pdf', '住院票据（一）.pdf').expect(201)).body as Uploaded;
  expect(chinese.fileName).toBe('住院票据（一）.pdf');
  const fetched = await agency.get('town1.clerk', `/api/v1/documents/${chinese.documentId}`).expect(200);
  expect(decodeURIComponent(fetched.headers['content-disposition'] ?? '')).toContain('住院票据（一）.pdf');
  const wicked = (await attach(pdf(), 'application/pdf', '../../etc/\u202epasswd').expect(201)).body as Uploaded;
  expect(wicked.fileName).toBe('passwd.pdf');
  const page = (await attach(PNG, 'image/png', 'a:b.html').expect(201)).body as Uploaded;
  expect(page.fileName).toBe('a_b.html.png');
});

const REFUSED: [string, Buffer, string, number, string][] = [
  ['a type we do not take', Buffer.from('hello'), 'text/plain', 415, 'DOCUMENT_TYPE_REFUSED'],
  [
    'a page that says it is a picture',
    Buffer.from('<script>alert(1)</script>'),
    'image/png',
    415,
    'DOCUMENT_TYPE_REFUSED',
  ],
  ['a picture that says it is a PDF', JPEG, 'application/pdf', 415, 'DOCUMENT_TYPE_REFUSED'],
  [
    'a PDF that does not begin like one',
    Buffer.concat([Buffer.from('GIF89a'), pdf()]),
    'application/pdf',
    415,
    'DOCUMENT_TYPE_REFUSED',
  ],
  [
    'an SVG',
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="x"/>'),
    'image/svg+xml',
    415,
    'DOCUMENT_TYPE_REFUSED',
  ],
  ['a ZIP that says it is a PDF', Buffer.from('PK\u0003\u0004%PDF-'), 'application/pdf', 415, 'DOCUMENT_TYPE_REFUSED'],
  ['a picture of 100,000 × 100,000', png(100_000, 100_000), 'image/png', 422, 'IMAGE_TOO_LARGE'],
  ['a picture one pixel too long', png(20_001, 1), 'image/png', 422, 'IMAGE_TOO_LARGE'],
  ['a photograph of 65,535 × 65,535', jpeg(65_535, 65_535, 40), 'image/jpeg', 422, 'IMAGE_TOO_LARGE'],
  ['a picture without a size', png(0, 10), 'image/png', 415, 'DOCUMENT_TYPE_REFUSED'],
  ['half a header of a picture', png(10, 10).subarray(0, 20), 'image/png', 415, 'DOCUMENT_TYPE_REFUSED'],
  ['a photograph that never comes to its frame', jpeg(10, 10, 600), 'image/jpeg', 415, 'DOCUMENT_TYPE_REFUSED'],
  [
    'a page behind the first bytes of a photograph',
    Buffer.concat([JPEG.subarray(0, 3), Buffer.from('<script>')]),
    'image/jpeg',
    415,
    'DOCUMENT_TYPE_REFUSED',
  ],
  ['an empty file', Buffer.alloc(0), 'application/pdf', 415, 'DOCUMENT_TYPE_REFUSED'],
  ['a file above the limit', Buffer.concat([pdf(), Buffer.alloc(100_000)]), 'application/pdf', 413, 'BODY_TOO_LARGE'],
];
it.each(REFUSED)('refuses %s and leaves nothing behind', async (_what, bytes, type, status, code) => {
  const [rows, files] = [await documentRows(), await filesKept()];
  const answer = await attach(bytes, type);
  expect([answer.status, (answer.body as { code: string }).code]).toEqual([status, code]);
  expect(await documentRows()).toBe(rows);
  expect(await filesKept()).toEqual(files);
});

it('takes a file of exactly the limit', async () => {
  const head = pdf();
  await attach(Buffer.concat([head, Buffer.alloc(100_000 - head.length)]), 'application/pdf').expect(201);
});

it('refuses anything but exactly one file', async () => {
  const authorized = (): request.Test =>
    request(agency.server).post('/api/v1/documents').set('Authorization', agency.authorization('town1.clerk'));
  const [rows, files] = [await documentRows(), await filesKept()];
  const several: [string, request.Test][] = [
    ['no body', authorized()],
    ['JSON', authorized().send({ file: 'x' })],
    ['another part name', authorized().attach('picture', pdf(), 'a.pdf')],
    ['two files', authorized().attach('file', pdf(), 'a.pdf').attach('file', pdf(), 'b.pdf')],
    ['a field beside', authorized().field('note', 'x').attach('file', pdf(), 'a.pdf')],
    [
      'a body that breaks off',
      authorized()
        .set('Content-Type', 'multipart/form-data; boundary=xx')
        .send('--xx\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n%PDF-'),
    ],
    ['no boundary', authorized().set('Content-Type', 'multipart/form-data').send('x')],
  ];
  for (const [what, sent] of several) {
    const answer = await sent;
    expect([what, answer.status, (answer.body as { code: string }).code]).toEqual([what, 400, 'BAD_REQUEST']);
  }
  expect(await documentRows()).toBe(rows);
  expect(await filesKept()).toEqual(files);
});

it('keeps nothing of an upload whose sender goes away', async () => {
  const files = await filesKept();
  const { port } = agency.server.address() as AddressInfo;
  const authorization = agency.authorization('town1.clerk');
  await new Promise<void>((resolve) => {
    const sent = httpRequest({
      port,
      method: 'POST',
      path: '/api/v1/documents',
      headers: { authorization, 'content-type': 'multipart/form-data; boundary=xx', 'content-length': 50_000 },
    });
    sent.on('error', () => resolve());
    sent.write(
      '--xx\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.4 half',
    );
    setTimeout(() => sent.destroy(), 100);
  });
  // The answer to this request comes after the server has noticed; the loop is only patience, not a measurement.
  for (let tries = 0; tries < 100 && (await filesKept()).length > files.length; tries++)
    await agency.get('town1.clerk', '/api/v1/me');
  expect(await filesKept()).toEqual(files);
});

describe('who may fetch a document', () => {
  it('is its uploader and their office, and nobody else', async () => {
    const { documentId } = await agency.upload('town1.clerk', 'ID_CARD');
    await agency.get('town1.manager', `/api/v1/documents/${documentId}`).expect(200);
    for (const username of ['town2.clerk', 'county1.first', 'city.leader', 'person1', 'hosp1.physician']) {
      const answer = await agency.get(username, `/api/v1/documents/${documentId}`).expect(404);
      expect(answer.body).toMatchObject({ code: 'DOCUMENT_NOT_FOUND' });
    }
  });

  it('is, once it is handed in, everybody who may see the case', async () => {
    const idCard = await agency.upload('town1.clerk', 'ID_CARD');
    const certificate = await agency.upload('town1.clerk', 'REFERRAL_CERTIFICATE');
    const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
    const body = {
      processType: 'OUT_OF_AREA_REFERRAL',
      form: { ...OUT_OF_AREA_FORM, plannedFrom: today, plannedTo: today },
      documents: [idCard, certificate],
    };
    await agency.post('town1.clerk', '/api/v1/cases', body).expect(201);
    const path = `/api/v1/documents/${idCard.documentId.toUpperCase()}`;
    for (const username of ['county1.first', 'city.leader', 'person1']) await agency.get(username, path).expect(200);
    for (const username of ['town2.clerk', 'county2.first', 'person2', 'hosp1.physician'])
      await agency.get(username, path).expect(404);
  });

  it('is nobody for one that does not exist', async () => {
    await agency.get('city.leader', '/api/v1/documents/6f9619ff-8b86-4d01-b42d-00cf4fc964ff').expect(404);
  });
});

it('never overwrites what is kept, and sweeps what was never finished', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'jingban-store-'));
  const store = createFolderStore(folder);
  const first = await store.receive(Readable.from([Buffer.from('abc')]));
  await first.keep();
  const place = join(folder, first.sha256.slice(0, 2), first.sha256.slice(2));
  const { ino } = await stat(place);
  const second = await store.receive(Readable.from([Buffer.from('a'), Buffer.from('bc')]));
  expect(second.sha256).toBe(first.sha256);
  await second.keep();
  expect((await stat(place)).ino).toBe(ino);
  expect(await readdir(join(folder, 'incoming'))).toEqual([]);
  expect(await store.open('0'.repeat(64))).toBeUndefined();

  const left = join(folder, 'incoming', 'left');
  await writeFile(left, 'half');
  await utimes(left, 1000, 1000);
  await writeFile(join(folder, 'incoming', 'arriving'), 'half');
  expect(await sweepIncoming(folder, 60_000, Date.now())).toBe(1);
  expect(await readdir(join(folder, 'incoming'))).toEqual(['arriving']);
  await rm(folder, { recursive: true });
});

function binary(response: request.Response, done: (problem: Error | null, body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  const stream = response as unknown as NodeJS.ReadableStream;
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('end', () => done(null, Buffer.concat(chunks)));
}
