import { randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import type { JsonObject } from '../../domain/case.ts';
import { billLine, formOf, papersFor } from '../processes/reimbursement-cases.ts';
import { openAgency, type Agency } from './agency.ts';

let agency: Agency;
beforeAll(async () => {
  agency = await openAgency({ clockAt: '2025-09-22T10:00:00+08:00' });
});
afterAll(() => agency?.close());

/** Rows a request could leave behind. */
const TABLES = ['case_file', 'case_turn', 'case_event', 'stage', 'case_document', 'case_claim', 'document', 'notice'];
async function rows(): Promise<Record<string, number>> {
  const counts = await Promise.all(
    TABLES.map(async (table) => {
      const { rows: found } = await agency.office.deps.db.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM ${table}`,
      );
      return [table, found[0]?.n ?? -1] as const;
    }),
  );
  return Object.fromEntries(counts);
}

/** A refusal leaves nothing behind, is a problem document and shows no inside. */
async function refused(send: () => request.Test, status: number, code: string): Promise<{ faults: JsonObject[] }> {
  const before = await rows();
  const answer = await send();
  expect([answer.status, (answer.body as JsonObject)['code']]).toEqual([status, code]);
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(answer.body).toMatchObject({
    type: `urn:jingban:problem:${code}`,
    status,
    title: expect.stringMatching(/\p{Script=Han}/u) as string,
  });
  expect(answer.text).not.toMatch(/node_modules|\.ts:\d|at \w+ \(|Error:|select |insert /i);
  expect(await rows()).toEqual(before);
  return answer.body as { faults: JsonObject[] };
}

const FORM = formOf('GENERAL_INPATIENT');
const body = (change: JsonObject, more: object = {}): object => ({
  processType: 'REIMBURSEMENT_REVIEW',
  form: { ...FORM, ...change },
  ...more,
});
const file = (sent: object): request.Test => agency.post('town1.clerk', '/api/v1/cases', sent);
/** Without a body of its own: a text sent after an object would be put behind it, and refused for that. */
const bare = (): request.Test =>
  request(agency.server)
    .post('/api/v1/cases')
    .set('Authorization', agency.authorization('town1.clerk'))
    .set('Idempotency-Key', randomUUID());
const lines = (change: JsonObject): JsonObject => ({
  lines: [billLine('注射费', 'TREATMENT', '24.00', '24.00', change)],
  billTotal: '24.00',
});
const paths = ({ faults }: { faults: JsonObject[] }): unknown[] => faults.map((fault) => fault['path']);

describe('a filing with', () => {
  const SHAPES: [string, () => object, string][] = [
    ['a field of the wrong type', () => body({ category: 7 }), 'form.category'],
    ['an unknown field', () => body({ favour: 'yes' }), 'form.favour'],
    ['an ID number with a wrong check digit', () => body({ idCardNo: '441602199203159012' }), 'form.idCardNo'],
    ['an ID number of 15 digits', () => body({ idCardNo: '441602920315901' }), 'form.idCardNo'],
    [
      'an ID number in full-width digits',
      () => body({ idCardNo: '４４１６０２１９９２０３１５９０１１' }),
      'form.idCardNo',
    ],
    ['an ID number with a birth date that is none', () => body({ idCardNo: '441602199202309015' }), 'form.idCardNo'],
    ['an amount with three decimals', () => body(lines({ amount: '24.001' })), 'form.lines.0.amount'],
    ['a negative amount', () => body(lines({ amount: '-24.00' })), 'form.lines.0.amount'],
    ['an amount as a number', () => body(lines({ amount: 24 })), 'form.lines.0.amount'],
    ['an amount in scientific notation', () => body(lines({ amount: '2e1' })), 'form.lines.0.amount'],
    ['a date that is none', () => body(lines({ servedOn: '2025-02-30' })), 'form.lines.0.servedOn'],
    ['a time instead of a date', () => body(lines({ servedOn: '2025-09-12T00:00:00Z' })), 'form.lines.0.servedOn'],
    ['a receipt day that is none', () => body({}, { receivedOn: '2025-13-01' }), 'receivedOn'],
    ['a NUL in a text', () => body({ diagnosis: '骨折\u0000' }), 'form.diagnosis'],
    ['a text that runs backwards', () => body({ diagnosis: '\u202e骨折' }), 'form.diagnosis'],
    ['a lone surrogate', () => body({ diagnosis: '骨折\ud800' }), 'form.diagnosis'],
    ['an array for an object', () => ({ processType: 'REIMBURSEMENT_REVIEW', form: [] }), 'form'],
    ['no form', () => ({ processType: 'REIMBURSEMENT_REVIEW' }), 'form'],
    ['an unknown field beside the form', () => body({}, { urgent: true }), 'urgent'],
    [
      'an unknown type of document',
      () => body({}, { documents: [{ type: 'SELFIE', documentId: '6f9619ff-8b86-4d01-b42d-00cf4fc964ff' }] }),
      'documents.0.type',
    ],
    [
      'a document id that is none',
      () => body({}, { documents: [{ type: 'ID_CARD', documentId: '../../etc/passwd' }] }),
      'documents.0.documentId',
    ],
  ];
  it.each(SHAPES)('%s gets 400 and the path of the field', async (_what, sent, path) => {
    const problem = await refused(() => file(sent()), 400, 'BAD_REQUEST');
    expect(paths(problem)).toContain(path);
  });

  it('several mistakes is told of all of them at once', async () => {
    const problem = await refused(() => file(body({ idCardNo: '1', category: 'X', favour: 1 })), 400, 'BAD_REQUEST');
    expect(paths(problem)).toEqual(expect.arrayContaining(['form.idCardNo', 'form.category', 'form.favour']));
  });

  it('an own field that would reach into objects is an unknown field like any other', async () => {
    const sent = `{"processType":"REIMBURSEMENT_REVIEW","form":{"__proto__":{"admin":true}},"constructor":1}`;
    await refused(() => bare().set('Content-Type', 'application/json').send(sent), 400, 'BAD_REQUEST');
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  const RULES: [string, () => object, number, string, string][] = [
    ['an unknown process', () => ({ processType: 'FORTUNE_TELLING', form: {} }), 422, 'UNKNOWN_PROCESS', 'processType'],
    [
      'a process named like a property',
      () => ({ processType: 'constructor', form: {} }),
      422,
      'UNKNOWN_PROCESS',
      'processType',
    ],
    [
      'an unknown catalogue code',
      () => body(lines({ catalogueCode: 'NO-SUCH-DRUG' })),
      422,
      'UNKNOWN_CODE',
      'form.lines.0.catalogueCode',
    ],
    ['an unknown hospital', () => body({ hospitalId: 'H9999999999' }), 422, 'UNKNOWN_CODE', 'form.hospitalId'],
    ['a person nobody knows', () => body({ name: '无此人' }), 422, 'PERSON_NOT_INSURED', 'form.idCardNo'],
    ['a receipt day in the future', () => body({}, { receivedOn: '2025-09-23' }), 422, 'DATE_IN_FUTURE', 'receivedOn'],
    ['its mandatory documents missing', () => body({}), 422, 'DOCUMENTS_MISSING', 'documents'],
  ];
  it.each(RULES)('%s is refused with its own code and path', async (_what, sent, status, code, path) => {
    expect(paths(await refused(() => file(sent()), status, code))).toContain(path);
  });

  it('documents missing names every one of them', async () => {
    const problem = await refused(() => file(body({})), 422, 'DOCUMENTS_MISSING');
    expect(problem.faults).toHaveLength(papersFor(FORM).length);
  });

  it('no key gets 400 before anything is looked at', async () => {
    await refused(() => file(body({})).unset('Idempotency-Key'), 400, 'IDEMPOTENCY_KEY_REQUIRED');
    await refused(() => file(body({})).set('Idempotency-Key', 'two words'), 400, 'BAD_REQUEST');
    await refused(() => file(body({})).set('Idempotency-Key', 'x'.repeat(129)), 400, 'BAD_REQUEST');
  });
});

describe('a body that', () => {
  it('is broken JSON gets 400 without quoting it', async () => {
    const problem = await refused(
      () => bare().set('Content-Type', 'application/json').send('{"form": 441602199203159011,,'),
      400,
      'BAD_REQUEST',
    );
    expect(JSON.stringify(problem)).not.toContain('441602199203159011');
  });
  it('is not JSON at all gets 400', async () => {
    await refused(() => bare().set('Content-Type', 'text/plain').send('form=1'), 400, 'BAD_REQUEST');
    await refused(() => bare().set('Content-Type', 'application/xml').send('<form/>'), 400, 'BAD_REQUEST');
  });
  it('is a bare value gets 400', async () => {
    for (const value of ['null', '"text"', '7', '[]', '']) {
      await refused(() => bare().set('Content-Type', 'application/json').send(value), 400, 'BAD_REQUEST');
    }
  });
  it('claims an encoding gets 415', async () => {
    await refused(
      () => bare().set('Content-Type', 'application/json').set('Content-Encoding', 'rot13').send('{}'),
      415,
      'ENCODING_REFUSED',
    );
  });
  it('is 10 MB of JSON gets 413', async () => {
    const long = JSON.stringify({ processType: 'REIMBURSEMENT_REVIEW', form: { name: 'x'.repeat(10_000_000) } });
    await refused(() => bare().set('Content-Type', 'application/json').send(long), 413, 'BODY_TOO_LARGE');
  });
  it('is nested ten thousand deep is refused, not a crash', async () => {
    const deep = `{"processType":"REIMBURSEMENT_REVIEW","form":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}`;
    const answer = await bare().set('Content-Type', 'application/json').send(deep);
    expect(answer.status).toBe(400);
  });
});

describe('an address that', () => {
  it('does not exist gets 404', async () => {
    await refused(() => agency.get('town1.clerk', '/api/v1/nothing'), 404, 'ROUTE_NOT_FOUND');
    await refused(() => request(agency.server).get('/'), 404, 'ROUTE_NOT_FOUND');
  });
  it('exists but not with this method gets 405 and says which there are', async () => {
    for (const method of ['put', 'delete', 'patch', 'options'] as const) {
      const answer = await request(agency.server)[method]('/api/v1/cases');
      expect([method, answer.status, answer.headers['allow']]).toEqual([method, 405, 'POST, GET, HEAD']);
      expect(answer.body).toMatchObject({ code: 'METHOD_NOT_ALLOWED' });
    }
  });
  it('has an unknown, repeated or malformed query gets 400', async () => {
    for (const query of [
      'colour=red',
      'status=SLEEPING',
      'status=CLOSED&status=REJECTED',
      'limit=0',
      'limit=101',
      'limit=1e1',
      'limit=',
      'receivedFrom=yesterday',
      'idCardNo=441602199203159011',
      'q=%E7%A4%BA',
      'overdue=maybe',
      'filter[a]=1',
    ]) {
      await refused(() => agency.get('town1.clerk', `/api/v1/cases?${query}`), 400, 'BAD_REQUEST');
    }
  });
  it('holds what cannot be a number or id gets 400', async () => {
    await refused(() => agency.get('town1.clerk', '/api/v1/cases/%00'), 400, 'BAD_REQUEST');
    await refused(() => agency.get('town1.clerk', '/api/v1/cases/%E0%A4%A'), 400, 'BAD_REQUEST');
    await refused(() => agency.get('town1.clerk', `/api/v1/cases/${'9'.repeat(500)}`), 400, 'BAD_REQUEST');
    await refused(() => agency.get('town1.clerk', '/api/v1/documents/7'), 400, 'BAD_REQUEST');
    await refused(() => agency.get('town1.clerk', "/api/v1/cases/1'%20OR%201=1--"), 400, 'BAD_REQUEST');
  });
});

it('answers a request that is not even HTTP’s idea of one, and goes on serving', async () => {
  const { port } = agency.server.address() as AddressInfo;
  await new Promise<void>((resolve) => {
    const broken = httpRequest({
      port,
      method: 'POST',
      path: '/api/v1/cases',
      headers: { 'content-length': '1000', 'content-type': 'application/json' },
    });
    broken.on('error', () => resolve());
    broken.on('response', (response) => response.resume().on('end', resolve));
    broken.write('{"half":');
    broken.destroy();
  });
  await agency.get('town1.clerk', '/api/v1/me').expect(200);
});
