import { jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { DEMO_SERVICE_SECRET } from '../../embedded/demo-login.ts';
import type { DocumentType } from '../../domain/document-types.ts';
import { OUT_OF_AREA_FORM } from '../support/out-of-area.ts';
import { openAgency, type Agency } from './agency.ts';
import { openConsole } from './console.ts';

/** Programs: what they may do, and that they are nobody. */

let agency: Agency;
beforeAll(async () => {
  agency = await openAgency({ clockAt: '2025-09-22T10:00:00+08:00' });
});
afterAll(() => agency?.close());

const PAPERS: DocumentType[] = ['ID_CARD', 'REFERRAL_CERTIFICATE'];
const code = (answer: { status: number; body: unknown }) => [answer.status, (answer.body as { code: string }).code];

it('files for the person named, sees its own cases and no others, and decides nothing', async () => {
  const documents = await Promise.all(PAPERS.map((type) => agency.upload('svc.intake', type)));
  const filed = await agency.post('svc.intake', '/api/v1/cases', {
    processType: 'OUT_OF_AREA_REFERRAL',
    form: OUT_OF_AREA_FORM,
    documents,
  });
  expect([filed.status, filed.body]).toEqual([201, expect.anything()]);
  const { acceptanceNo } = filed.body as { acceptanceNo: string };
  await agency.get('svc.intake', `/api/v1/cases/${acceptanceNo}`).expect(200);
  const { body } = await agency.get('svc.intake', '/api/v1/cases').expect(200);
  expect((body as { items: { acceptanceNo: string }[] }).items.map((item) => item.acceptanceNo)).toEqual([
    acceptanceNo,
  ]);

  const other = await agency.file(
    'town1.clerk',
    'OUT_OF_AREA_REFERRAL',
    { ...OUT_OF_AREA_FORM, destinationCity: '示例市' },
    PAPERS,
  );
  expect(code(await agency.get('svc.intake', `/api/v1/cases/${other}`))).toEqual([404, 'CASE_NOT_FOUND']);
  const decided = await agency.post('svc.intake', `/api/v1/cases/${acceptanceNo}/decisions`, {
    step: 'REGISTERED',
    decision: 'APPROVE',
  });
  expect(code(decided)).toEqual([403, 'NOT_PERMITTED']);
});

it('files only the processes it was made for', async () => {
  const filing = { processType: 'REIMBURSEMENT_REVIEW', form: {}, documents: [] };
  expect(code(await agency.post('svc.intake', '/api/v1/cases', filing))).toEqual([403, 'NOT_PERMITTED']);
  await agency.office.deps.db.query(
    `UPDATE staff SET intake_processes = '{CHRONIC_DISEASE_APPROVAL}' WHERE username = 'svc.intake'`,
  );
  const ended = await agency.post('svc.intake', '/api/v1/cases', { ...filing, processType: 'OUT_OF_AREA_REFERRAL' });
  expect(code(ended)).toEqual([403, 'NOT_PERMITTED']);
  expect(code(await agency.post('svc.monitor', '/api/v1/cases', filing))).toEqual([403, 'NOT_PERMITTED']);
});

it('counts for the monitor, without a name, a number or a case in it', async () => {
  const { body } = await agency.get('svc.monitor', '/api/v1/monitoring').expect(200);
  expect(body).toMatchObject({
    open: expect.arrayContaining([expect.objectContaining({ processType: 'OUT_OF_AREA_REFERRAL' })]) as unknown[],
  });
  expect(JSON.stringify(body)).not.toMatch(/\d{17}|acceptanceNo|person/i);
  for (const path of ['/api/v1/cases', '/api/v1/stuck', '/api/v1/desk', '/api/v1/accounts', '/api/v1/offices'])
    expect(code(await agency.get('svc.monitor', path))).toEqual([403, 'NOT_PERMITTED']);
});

it('never holds a session, by the store’s own rule', async () => {
  const insert = (kind: string) =>
    agency.office.deps.db.query(
      `INSERT INTO session (token_hash, staff_id, staff_kind, created_at, seen_at, absolute_end_at) VALUES ($1, 's-svc.intake', $2, now(), now(), now())`,
      [Buffer.alloc(32), kind],
    );
  await expect(insert('PERSON')).rejects.toMatchObject({ constraint: 'session_staff_fkey' });
  await expect(insert('SERVICE')).rejects.toMatchObject({ constraint: 'session_kind_check' });
});

it('is given a token for its secret, and nothing for a password', async () => {
  jest.spyOn(console, 'warn').mockReturnValue(undefined);
  const { url, issuer, close } = await openConsole();
  try {
    const token = (body: Record<string, string>, secret?: string): Promise<Response> =>
      fetch(`${issuer.url}/token`, {
        method: 'POST',
        body: new URLSearchParams(body),
        headers:
          secret === undefined
            ? {}
            : { authorization: `Basic ${Buffer.from(`svc.intake:${secret}`).toString('base64')}` },
      });
    const granted = await token({ grant_type: 'client_credentials' }, DEMO_SERVICE_SECRET);
    const { access_token: value } = (await granted.json()) as { access_token: string };
    const me = await fetch(`${url}/api/v1/me`, { headers: { authorization: `Bearer ${value}` } });
    expect(await me.json()).toMatchObject({ id: 's-svc.intake', service: true });
    expect((await token({ grant_type: 'client_credentials' }, randomUUID())).status).toBe(401);
    const person = { grant_type: 'password', client_id: 'jingban', username: 'svc.intake', password: 'jingban-demo' };
    expect((await token(person)).status).toBe(400);
  } finally {
    await close();
  }
});
