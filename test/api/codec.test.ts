import type { Payload } from '@temporalio/common';
import { Client } from '@temporalio/client';
import request from 'supertest';
import { fileOutOfArea } from '../support/out-of-area.ts';
import { openAgency, type Agency } from './agency.ts';

/** The codec server as the Temporal UI calls it: proto JSON, the namespace in a header, the access token passed on. */
const ORIGIN = 'https://temporal.example.org';

let agency: Agency;
let input: { metadata: Record<string, string>; data: string };
beforeAll(async () => {
  agency = await openAgency({ clockAt: '2025-09-22T10:00:00+08:00', settings: { CODEC_ORIGINS: ORIGIN } });
  const no = await fileOutOfArea(agency.office);
  const { connection, namespace } = agency.office.engine;
  const { events } = await new Client({ connection, namespace }).workflow.getHandle(no).fetchHistory();
  const payload = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0] as Payload;
  input = {
    metadata: Object.fromEntries(
      Object.entries(payload.metadata ?? {}).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
    ),
    data: Buffer.from(payload.data ?? []).toString('base64'),
  };
}, 180_000);
afterAll(() => agency?.close());

const call = (username: string, what: string, payloads: unknown, namespace = agency.office.engine.namespace) =>
  request(agency.server)
    .post(`/codec/${what}`)
    .set('Authorization', agency.authorization(username))
    .set('X-Namespace', namespace)
    .send({ payloads });
const textOf = (body: unknown): string =>
  Buffer.from((body as { payloads: { data: string }[] }).payloads[0]?.data ?? '', 'base64').toString();

it('opens what the engine keeps of a case, the person in it masked', async () => {
  expect(Buffer.from(input.metadata['encoding'] ?? '', 'base64').toString()).toBe('binary/jingban-sealed');
  const { body } = await call('city.manager', 'decode', [input]).expect(200);
  const filed = JSON.parse(textOf(body)) as { snapshot: { form: object; process: string } };
  expect(filed.snapshot.process).toBe('OUT_OF_AREA_REFERRAL');
  expect(filed.snapshot.form).toMatchObject({ idCardNo: '4416**********9011', name: '示*', diagnosis: '***' });
  await agency.api.close();
  const { rows } = await agency.office.owner.query(`SELECT user_id, reason FROM access_log WHERE route LIKE '/codec%'`);
  expect(rows).toContainEqual({
    user_id: 's-city.manager',
    reason: `[1 payloads of ${agency.office.engine.namespace}]`,
  });
});

it('seals what it opens again', async () => {
  const plain = { metadata: { encoding: btoa('json/plain') }, data: btoa('{"hello":"world"}') };
  const sealed = await call('city.manager', 'encode', [plain]).expect(200);
  expect(textOf(sealed.body)).not.toContain('hello');
  const opened = await call('city.manager', 'decode', (sealed.body as { payloads: unknown }).payloads).expect(200);
  expect(opened.body).toEqual({ payloads: [plain] });
});

it('tells which payload does not open, and nothing of it', async () => {
  const altered = Buffer.from(input.data, 'base64');
  altered[20] = (altered[20] ?? 0) ^ 1;
  const { body } = await call('city.manager', 'decode', [input, { ...input, data: altered.toString('base64') }]).expect(
    400,
  );
  expect((body as { faults: { path: string }[] }).faults.map(({ path }) => path)).toEqual(['payloads.1']);
});

it('knows nobody but managers of the city, and no other namespace', async () => {
  for (const username of ['county1.manager', 'city.leader', 'town1.clerk', 'person1'])
    await call(username, 'decode', [input]).expect(403);
  await request(agency.server).post('/codec/decode').send({ payloads: [] }).expect(401);
  await call('city.manager', 'decode', [input], 'other').expect(400);
  await call('city.manager', 'decode', [{ metadata: { encoding: 'not base64!' } }]).expect(400);
});

it('lets the pages that were named call it, without cookies, and no others', async () => {
  const ask = (origin: string) =>
    request(agency.server).options('/codec/decode').set('Origin', origin).set('Access-Control-Request-Method', 'POST');
  const allowed = await ask(ORIGIN).expect(204);
  expect(allowed.headers).toMatchObject({
    'access-control-allow-origin': ORIGIN,
    'access-control-allow-headers': 'authorization, content-type, x-namespace',
  });
  expect(allowed.headers).not.toHaveProperty('access-control-allow-credentials');
  for (const origin of ['https://evil.example', `${ORIGIN}.evil.example`, 'null'])
    expect((await ask(origin)).headers).not.toHaveProperty('access-control-allow-origin');
});
