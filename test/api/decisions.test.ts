import { PERSONS } from '../../prisma/seed/persons.ts';
import { OUT_OF_AREA_FORM } from '../support/out-of-area.ts';
import { openAgency, type Agency } from './agency.ts';

let agency: Agency;
beforeAll(async () => {
  agency = await openAgency({ clockAt: '2025-09-22T10:00:00+08:00' });
});
afterAll(() => agency?.close());

let cities = 0;
const fileOne = (): Promise<string> =>
  agency.file('town1.clerk', 'OUT_OF_AREA_REFERRAL', { ...OUT_OF_AREA_FORM, destinationCity: `示例市${++cities}` }, [
    'ID_CARD',
    'REFERRAL_CERTIFICATE',
  ]);
const decide = (username: string, no: string, body: object, key?: string) =>
  agency.post(username, `/api/v1/cases/${no}/decisions`, body, key);
const ACCEPT = { step: 'REGISTERED', decision: 'APPROVE' };
const PASS = { step: 'REVIEW', decision: 'APPROVE' };

it('answers with the case after the decision, which every reader then sees', async () => {
  const no = await fileOne();
  const answer = await decide('town1.clerk', no, ACCEPT).expect(200);
  expect(answer.body).toMatchObject({ acceptanceNo: no, version: 1, currentStage: 'REVIEW', status: 'IN_PROGRESS' });
  const seen = await agency.get('county1.approver', `/api/v1/cases/${no}`).expect(200);
  expect(seen.body).toMatchObject({ version: 1, currentStage: 'REVIEW', handlingOfficeId: '441602' });
});

it('does a decision once under one key and gives the first answer again, also after the case has moved on', async () => {
  const no = await fileOne();
  const first = await decide('town1.clerk', no, ACCEPT, 'decide-once').expect(200);
  await decide('county1.approver', no, PASS).expect(200);
  const again = await decide('town1.clerk', no, ACCEPT, 'decide-once').expect(200);
  expect(again.body).toEqual(first.body);
  const { body } = await agency.get('town1.clerk', `/api/v1/cases/${no}/events`);
  const decided = (body as { items: { kind: string; actorId: string }[] }).items.filter(
    (each) => each.actorId === 's-town1.clerk',
  );
  expect(decided.map((each) => each.kind)).toEqual(['FILED', 'DECIDED']);
});

it('refuses a key that was used for another decision', async () => {
  const no = await fileOne();
  await decide('town1.clerk', no, ACCEPT, 'used-key').expect(200);
  const other = await decide('town1.clerk', no, { step: 'REVIEW', decision: 'WITHDRAW' }, 'used-key').expect(422);
  expect(other.body).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
});

it('refuses a second click under a new key with 409 and says what is possible now', async () => {
  const no = await fileOne();
  await decide('town1.clerk', no, ACCEPT).expect(200);
  const second = await decide('town1.clerk', no, ACCEPT).expect(409);
  expect(second.headers['content-type']).toContain('application/problem+json');
  expect(second.body).toMatchObject({
    type: 'urn:jingban:problem:STAGE_PASSED',
    code: 'STAGE_PASSED',
    status: 409,
    title: '该业务已不在此环节。',
    detail: 'The case is no longer at this step.',
    possible: ['WITHDRAW'],
    currentStep: 'REVIEW',
    caseStatus: 'IN_PROGRESS',
    version: 1,
  });
});

it('lets exactly one of two people win who decide one stage at once', async () => {
  const no = await fileOne();
  await decide('town1.clerk', no, ACCEPT).expect(200);
  const answers = await Promise.all(
    ['APPROVE', 'REJECT', 'APPROVE', 'REJECT'].map((decision) =>
      decide('county1.approver', no, { step: 'REVIEW', decision, reason: '示例理由' }),
    ),
  );
  const statuses = answers.map((answer) => answer.status).sort();
  expect(statuses).toEqual([200, 409, 409, 409]);
  for (const { status, body } of answers) {
    if (status === 409)
      expect(['STAGE_PASSED', 'BEING_DECIDED', 'CASE_ENDED', 'VERSION_CHANGED']).toContain(
        (body as { code: string }).code,
      );
  }
  const { body } = await agency.get('town1.clerk', `/api/v1/cases/${no}`);
  expect((body as { version: number }).version).toBe(2);
});

it('refuses a decision about an older version', async () => {
  const no = await fileOne();
  const stale = await decide('town1.clerk', no, { ...ACCEPT, ifVersion: 7 }).expect(409);
  expect(stale.body).toMatchObject({ code: 'VERSION_CHANGED', version: 0 });
});

it('tells a colleague without the post 403, an unknown step 409, a missing reason 422', async () => {
  const no = await fileOne();
  const colleague = await decide('county1.first', no, ACCEPT).expect(403);
  expect(colleague.body).toMatchObject({ code: 'NOT_PERMITTED', possible: [] });
  const elsewhere = await decide('town1.clerk', no, { step: 'NOWHERE', decision: 'APPROVE' }).expect(409);
  expect(elsewhere.body).toMatchObject({ code: 'STAGE_PASSED' });
  const notOffered = await decide('town1.clerk', no, { step: 'REGISTERED', decision: 'CANCEL' }).expect(409);
  expect(notOffered.body).toMatchObject({ code: 'DECISION_NOT_POSSIBLE' });
  const silent = await decide('town1.clerk', no, { step: 'REGISTERED', decision: 'RETURN_TO_APPLICANT' }).expect(422);
  expect(silent.body).toMatchObject({ code: 'REASON_REQUIRED', faults: [{ path: 'reason' }] });
});

it('refuses unknown fields of the decision and of its form', async () => {
  const no = await fileOne();
  const outer = await decide('town1.clerk', no, { ...ACCEPT, approvedBy: 'me' }).expect(400);
  expect(outer.body).toMatchObject({ code: 'BAD_REQUEST', faults: [{ path: 'approvedBy', en: 'unknown field' }] });
  const inner = await decide('town1.clerk', no, { ...ACCEPT, form: { amount: '1.00' } }).expect(400);
  expect(inner.body).toMatchObject({ code: 'BAD_REQUEST', faults: [{ path: 'form.amount' }] });
});

it('refuses a filing that overlaps an open one for the same destination with 409', async () => {
  const form = { ...OUT_OF_AREA_FORM, destinationCity: '重叠市' };
  await agency.file('town1.clerk', 'OUT_OF_AREA_REFERRAL', form, ['ID_CARD', 'REFERRAL_CERTIFICATE']);
  const documents = await Promise.all(
    (['ID_CARD', 'REFERRAL_CERTIFICATE'] as const).map((type) => agency.upload('town1.clerk', type)),
  );
  const answer = await agency
    .post('town1.clerk', '/api/v1/cases', { processType: 'OUT_OF_AREA_REFERRAL', form, documents })
    .expect(409);
  expect(answer.body).toMatchObject({ code: 'FILING_OVERLAPS' });
});

it('lets nobody file or decide in another’s name: the person is found by number and name together', async () => {
  const [, other] = PERSONS;
  const form = { ...OUT_OF_AREA_FORM, idCardNo: other?.id_card_no ?? '' };
  const answer = await agency
    .post('town1.clerk', '/api/v1/cases', { processType: 'OUT_OF_AREA_REFERRAL', form })
    .expect(422);
  expect(answer.body).toMatchObject({ code: 'PERSON_NOT_INSURED' });
});
