import { randomUUID } from 'node:crypto';
import { findAccount } from '../../api/accounts.ts';
import { decideCase } from '../../api/cases/decide-case.ts';
import type { Decision, DecisionRequest, User } from '../../domain/case.ts';
import { Refusal } from '../../domain/refusal.ts';
import { openOffice, type Office } from '../support/office.ts';
import { fileOutOfArea } from '../support/out-of-area.ts';

/** Separation of duties on the real engine and store: persons and not accounts, and as they are when the turn is written. */
let office: Office;
beforeAll(async () => {
  office = await openOffice({ clockAt: '2025-09-22T10:00:00+08:00' });
  const db = office.owner;
  const account = (name: string, roles: string[], where: string, identity: string | null) =>
    db.query(
      `INSERT INTO staff (staff_id, username, name, roles, office_id, identity) VALUES ($1, $1, $1, $2, $3, $4)`,
      [...[name, roles, where, identity]],
    );
  // The clerk of the township once more, as an approver of the county.
  await account('x-approver', ['COUNTY_APPROVER'], '441602', 'n-town1.clerk');
  await account('x-deputy', ['COUNTY_CLERK'], '441602', null);
  await account('x-leaving', ['COUNTY_APPROVER'], '441602', null);
  await account('x-relative', ['COUNTY_APPROVER'], '441602', null);
});
afterAll(() => office?.close());

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'DONE',
    (problem: unknown) => (problem instanceof Refusal ? problem.code : String(problem)),
  );
const atReview = async (): Promise<string> => {
  const no = await fileOutOfArea(office);
  await office.decide(no, 'town1.clerk', { decision: 'APPROVE' });
  return no;
};
const sql = (text: string, values: unknown[] = []) => office.owner.query(text, values);
const act = (no: string, user: User, step: string, decision: Decision): Promise<unknown> => {
  const key = randomUUID();
  return decideCase(office.deps, { user, acceptanceNo: no, input: { step, decision }, key, requestHash: key });
};
/** Past the API, straight into the engine. */
const forged = (no: string, user: User, step = 'REVIEW'): Promise<string> => {
  const request: DecisionRequest = { user, input: { step, decision: 'APPROVE' }, key: randomUUID(), requestHash: 'x' };
  return office.engine.client.workflow
    .getHandle(no)
    .executeUpdate('decide', { args: [request] })
    .then(
      () => 'DONE',
      (problem: { cause?: { message?: string } }) => problem.cause?.message ?? String(problem),
    );
};
const unmoved = async (no: string): Promise<void> => {
  expect(await office.case(no)).toMatchObject({ currentStep: 'REVIEW', version: 1 });
};

it('one person under two accounts holds one duty, in the rules and in the store', async () => {
  const no = await atReview();
  expect(await codeOf(office.decide(no, 'x-approver', { decision: 'APPROVE' }))).toBe('SAME_PERSON');
  // A request that hides who is behind the account is held against the staff table in the turn.
  const { identity: _hidden, ...user } = await office.user('x-approver');
  expect(await forged(no, user)).toBe('SAME_PERSON');
  await unmoved(no);
  const again = `INSERT INTO case_actor (case_id, chain, staff_id, duty, identity)
                 SELECT case_id, 'REVIEW', 'x-approver', 'APPROVAL', 'n-town1.clerk' FROM case_file WHERE acceptance_no = $1`;
  await expect(sql(again, [no])).rejects.toMatchObject({ constraint: 'case_actor_identity_key' });
});

it('a returned case that comes round again finds everybody bound by what they did before', async () => {
  const no = await atReview();
  await office.decide(no, 'county1.approver', { decision: 'RETURN_TO_APPLICANT', reason: '缺', missing: ['证明'] });
  // Whoever reviews does not enter the correction, at a window of their own or otherwise.
  await sql(
    `UPDATE staff SET roles = '{TOWNSHIP_CLERK}', office_id = '441602001' WHERE staff_id = 's-county1.approver'`,
  );
  expect(await codeOf(office.decide(no, 'county1.approver', { decision: 'CORRECTION_RECEIVED' }))).toBe('SAME_PERSON');
  await sql(`UPDATE staff SET roles = '{COUNTY_APPROVER}', office_id = '441602' WHERE staff_id = 's-county1.approver'`);
  await office.decide(no, 'town1.clerk', { decision: 'CORRECTION_RECEIVED' });
  expect(await codeOf(office.decide(no, 'x-approver', { decision: 'APPROVE' }))).toBe('SAME_PERSON');
  expect(await codeOf(office.decide(no, 'county1.approver', { decision: 'APPROVE' }))).toBe('DONE');
});

it('rights are those of the moment the turn is written', async () => {
  const no = await atReview();
  const before = await office.user('x-leaving');
  await sql(`UPDATE staff SET roles = '{COUNTY_CLERK}' WHERE staff_id = 'x-leaving'`);
  // The API was asked while the role was there: the workflow would let it pass, the turn does not.
  expect(await codeOf(act(no, before, 'REVIEW', 'APPROVE'))).toBe('NOT_PERMITTED');
  await sql(`UPDATE staff SET roles = '{COUNTY_APPROVER}', active = false WHERE staff_id = 'x-leaving'`);
  expect(await codeOf(act(no, before, 'REVIEW', 'APPROVE'))).toBe('NOT_PERMITTED');
  await unmoved(no);
  await sql(`UPDATE staff SET active = true WHERE staff_id = 'x-leaving'`);
  expect(await codeOf(act(no, before, 'REVIEW', 'APPROVE'))).toBe('DONE');
});

it('an update past the API with roles of the sender’s invention changes nothing', async () => {
  const no = await atReview();
  const forger: User = {
    id: 's-county1.clerk',
    name: '冒名',
    roles: ['COUNTY_APPROVER'],
    officeId: '441602',
    level: 'COUNTY',
  };
  expect(await forged(no, forger)).toBe('NOT_PERMITTED');
  expect(await forged(no, { ...forger, id: 'nobody-at-all' })).toBe('NOT_PERMITTED');
  await unmoved(no);
});

it('keeps people from their own cases and those of declared relatives, whoever brings them', async () => {
  const no = await atReview();
  const before = await office.user('x-relative');
  const declare = `INSERT INTO staff_relative (relative_id, identity, person_id, relation, name, id_card_no_masked, declared_at, declared_by)
                   VALUES ($1, 'x-relative', 'p-0001', '父亲', '示例甲', '4416**********9011', now(), 'x-relative')`;
  await sql(declare, [randomUUID()]);
  expect(await codeOf(office.decide(no, 'x-relative', { decision: 'APPROVE' }))).toBe('RELATIVES_CASE');
  expect(await codeOf(act(no, before, 'REVIEW', 'APPROVE'))).toBe('RELATIVES_CASE');
  expect(await codeOf(office.decide(no, 'x-relative', { decision: 'CLOSE_AS_WITHDRAWN' }))).not.toBe('DONE');
  await unmoved(no);
  await sql(`UPDATE staff SET identity = 'n-shared' WHERE staff_id IN ('x-leaving', 's-person1')`);
  expect(await codeOf(office.decide(no, 'x-leaving', { decision: 'APPROVE' }))).toBe('OWN_CASE');
  await sql(`UPDATE staff SET identity = NULL WHERE staff_id = 'x-leaving'`);
});

it('a deputy acts with what was handed over, while it holds, and binds both', async () => {
  const no = await atReview();
  const db = office.owner;
  expect(await findAccount(db, 'x-deputy', 's-county1.approver')).toBeUndefined();
  const deputyNo = randomUUID();
  await sql(
    `INSERT INTO deputy (deputy_no, principal_id, deputy_id, office_id, roles, from_day, to_day, granted_at, granted_by)
     VALUES ($1, 's-county1.approver', 'x-deputy', '441602', '{COUNTY_APPROVER,CITY_LEADER}', current_date - 1, current_date + 1, now(), 's-county1.approver')`,
    [deputyNo],
  );
  const acting = (await findAccount(db, 'x-deputy', 's-county1.approver')) as User;
  // Not the deputy's own role, and nothing the principal does not have.
  expect(acting.roles).toEqual(['COUNTY_APPROVER']);
  await sql('UPDATE deputy SET ended_at = now(), ended_by = $2 WHERE deputy_no = $1', [deputyNo, 's-county1.approver']);
  expect(await codeOf(act(no, acting, 'REVIEW', 'APPROVE'))).toBe('NOT_PERMITTED');
  await unmoved(no);
  await sql('UPDATE deputy SET ended_at = NULL, ended_by = NULL WHERE deputy_no = $1', [deputyNo]);
  expect(await codeOf(act(no, acting, 'REVIEW', 'APPROVE'))).toBe('DONE');
  const { rows } = await sql(
    `SELECT staff_id FROM case_actor JOIN case_file USING (case_id) WHERE acceptance_no = $1 AND duty = 'APPROVAL' ORDER BY 1`,
    [no],
  );
  expect(rows).toEqual([{ staff_id: 's-county1.approver' }, { staff_id: 'x-deputy' }]);
  const event = (await office.events(no)).find((each) => each.step === 'REVIEW');
  expect(event).toMatchObject({ actorId: 'x-deputy', data: { actingFor: { id: 's-county1.approver' } } });
});
