import request from 'supertest';
import type { JsonObject } from '../../domain/case.ts';
import { PROCESSES } from '../../domain/processes/index.ts';
import { openAgency, type Agency } from './agency.ts';

let agency: Agency;
let document: JsonObject & {
  paths: Record<string, Record<string, JsonObject>>;
  components: { schemas: Record<string, JsonObject> };
};
beforeAll(async () => {
  agency = await openAgency();
  document = (await request(agency.server).get('/openapi.json').expect(200)).body as typeof document;
});
afterAll(() => agency?.close());

it('documents every route that is mounted, and nothing else', () => {
  expect(document['openapi']).toBe('3.1.0');
  const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect(documented.sort()).toEqual(agency.api.routes.map(({ method, path }) => `${method} ${path}`).sort());
});

it('says of every operation who may call it, what it answers, and that trouble is a problem document', () => {
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const where = `${method} ${path}`;
      expect([where, operation]).toEqual([
        where,
        expect.objectContaining({
          operationId: expect.any(String) as string,
          summary: expect.stringContaining(' / ') as string,
          'x-action': expect.anything() as string,
        }),
      ]);
      const responses = operation['responses'] as Record<string, { content?: JsonObject }>;
      expect([where, Object.keys(responses).some((status) => status.startsWith('2'))]).toEqual([where, true]);
      expect([where, responses['default']?.content?.['application/problem+json']]).toEqual([
        where,
        { schema: { $ref: '#/components/schemas/Problem' } },
      ]);
      const inPath = ((operation['parameters'] ?? []) as JsonObject[])
        .filter((parameter) => parameter['in'] === 'path')
        .map((parameter) => parameter['name']);
      expect([where, inPath]).toEqual([where, [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])]);
    }
  }
});

it('says what can be asked next, by parameters those questions have and fields the answer has', () => {
  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
  const byId = new Map(operations.map((operation) => [operation['operationId'], operation]));
  const found = operations.flatMap((operation) =>
    Object.entries(operation['responses'] as Record<string, JsonObject>).flatMap(([status, { links = {}, content }]) =>
      Object.values(links as Record<string, JsonObject>).map((link) => ({ operation, status, link, content })),
    ),
  );
  expect(
    found.map(({ operation, link }) => `${String(operation['operationId'])} → ${String(link['operationId'])}`),
  ).toEqual(
    expect.arrayContaining([
      ...['getCase', 'decide', 'listEvents', 'clockProof'].map((next) => `fileCase → ${next}`),
      'uploadDocument → getDocument',
    ]),
  );
  for (const { status, link, content } of found) {
    expect(status).toMatch(/^2/);
    const asked = (byId.get(link['operationId'])?.['parameters'] ?? []) as JsonObject[];
    for (const [name, from] of Object.entries(link['parameters'] as Record<string, string>)) {
      expect(asked).toContainEqual(expect.objectContaining({ name, in: 'path' }));
      const path = from.replace(/^\$response\.body#\//, '').split('/');
      const field = path.pop();
      const whole = resolved((content as Record<string, { schema: JsonObject }>)['application/json']?.schema);
      const answer = path.reduce(within, whole);
      expect([link['operationId'], answer?.['required']]).toEqual([
        link['operationId'],
        expect.arrayContaining([field]),
      ]);
    }
  }
});

/** What stands under a key, or at a place of a list. */
const within = (schema: JsonObject | undefined, key: string): JsonObject | undefined =>
  resolved(
    (/^\d+$/.test(key) ? schema?.['items'] : (schema?.['properties'] as JsonObject | undefined)?.[key]) as
      JsonObject | undefined,
  );

/** The schema itself, or the one it refers to. */
function resolved(schema: JsonObject | undefined): JsonObject | undefined {
  const reference = schema?.['$ref'];
  return typeof reference === 'string' ? document.components.schemas[reference.split('/').at(-1) ?? ''] : schema;
}

it('refers only to what it defines', () => {
  const referred = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(
    (match) => match[1] ?? '',
  );
  expect(referred.length).toBeGreaterThan(20);
  for (const name of new Set(referred)) expect(Object.keys(document.components.schemas)).toContain(name);
});

it('shows the form of every process, with the titles of its fields', () => {
  for (const code of Object.keys(PROCESSES)) {
    const form = document.components.schemas[`${code}_FORM`];
    expect([code, form?.['additionalProperties']]).toEqual([code, false]);
    for (const field of Object.values(form?.['properties'] as Record<string, JsonObject>))
      expect([code, field]).toEqual([code, expect.objectContaining({ title: expect.any(String) as string })]);
  }
});

it('is shown on a page of our own that needs nothing from elsewhere', async () => {
  await request(agency.server).get('/docs').expect(301).expect('location', '/docs/');
  const page = await request(agency.server).get('/docs/').expect(200);
  expect(page.headers['content-security-policy']).toContain("script-src 'self';");
  const files = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
  expect(files.length).toBeGreaterThan(3);
  for (const file of files) {
    expect(file).not.toMatch(/^(https?:)?\/\//);
    await request(agency.server).get(`/docs/${file}`).expect(200);
  }
  await request(agency.server).get('/docs/../package.json').expect(404);
  await request(agency.server).get('/docs/%2e%2e/package.json').expect(404);
});

it('sends no answer that could be framed, sniffed, cached or traced to its software', async () => {
  for (const path of ['/api/v1/me', '/api/v1/cases', '/api/v1/nothing', '/healthz']) {
    const { headers } = await agency.get('town1.clerk', path);
    expect(headers).toMatchObject({
      'content-security-policy': "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers['x-powered-by']).toBeUndefined();
  }
});
