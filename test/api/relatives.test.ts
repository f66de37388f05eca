import { checkDigit } from '../../domain/identifiers.ts';
import { PERSONS } from '../../prisma/seed/persons.ts';
import { sealPersons } from '../../prisma/seed/seal-persons.ts';
import { formOf, papersFor } from '../processes/reimbursement-cases.ts';
import { OUT_OF_AREA_FORM } from '../support/out-of-area.ts';
import { openAgency, type Agency } from './agency.ts';

/** 回避 over HTTP, from the number somebody types to the decision that is kept from them. */
let agency: Agency;
beforeAll(async () => {
  agency = await openAgency({ clockAt: '2025-09-22T10:00:00+08:00' });
});
afterAll(() => agency?.close());

const numberOf = (personId: string): string => {
  const found = PERSONS.find((each) => each.person_id === personId);
  if (!found) throw new Error(`the seed has no ${personId}`);
  return found.id_card_no;
};
/** Nobody has it. */
const STRANGER = '44160219000101001' + checkDigit('44160219000101001');
const declare = (username: string, idCardNo: string) =>
  agency.post(username, '/api/v1/me/relatives', { idCardNo, name: '示例', relation: '亲属' });
const decide = (username: string, acceptanceNo: string, step: string) =>
  agency.post(username, `/api/v1/cases/${acceptanceNo}/decisions`, { step, decision: 'APPROVE' });

it('keeps a reviewer from the case of a relative they declared, and says of nobody whether they are insured', async () => {
  const no = await agency.file('town1.clerk', 'OUT_OF_AREA_REFERRAL', OUT_OF_AREA_FORM, [
    'ID_CARD',
    'REFERRAL_CERTIFICATE',
  ]);
  await decide('town1.clerk', no, 'REGISTERED').expect(200);
  const insured = await declare('county1.approver', numberOf('p-0001')).expect(201);
  const stranger = await declare('county1.approver', STRANGER).expect(201);
  expect(Object.keys(insured.body as object)).toEqual(Object.keys(stranger.body as object));
  expect(insured.body).toMatchObject({ idCardNo: '4416**********9011' });
  expect((await decide('county1.approver', no, 'REVIEW').expect(403)).body).toMatchObject({ code: 'RELATIVES_CASE' });
});

it('knows whoever brings a claim by their number, too: sealed, or entered before numbers were', async () => {
  const { owner } = agency.office;
  await owner.query(`UPDATE insured_person SET id_card_no = $1, id_card_index = NULL WHERE person_id = 'p-0004'`, [
    numberOf('p-0004'),
  ]);
  for (const personId of ['p-0003', 'p-0004']) {
    const form = {
      ...formOf('GENERAL_INPATIENT'),
      proxy: { name: '示例', idCardNo: numberOf(personId), relation: '亲属' },
    };
    const no = await agency.file('town1.clerk', 'REIMBURSEMENT_REVIEW', form, papersFor(form), '2025-09-22');
    expect((await agency.office.case(no)).facts).toMatchObject({ proxy: { personId } });
    await declare('town1.clerk', numberOf(personId)).expect(201);
    expect((await decide('town1.clerk', no, 'INTAKE').expect(403)).body).toMatchObject({ code: 'RELATIVES_CASE' });
  }
});

it('keeps them from the case of a relative who was insured only after they had been declared', async () => {
  const { owner, deps } = agency.office;
  const first17 = '44160219900505903';
  const newcomer = { ...PERSONS[1], person_id: 'p-9001', id_card_no: first17 + checkDigit(first17), name: '示例未' };
  await declare('county1.approver', newcomer.id_card_no).expect(201);
  const rows = await sealPersons(owner, deps.vault, [newcomer]);
  await owner.query('INSERT INTO insured_person SELECT * FROM jsonb_populate_recordset(NULL::insured_person, $1)', [
    JSON.stringify(rows),
  ]);
  const form = { ...OUT_OF_AREA_FORM, idCardNo: newcomer.id_card_no, name: newcomer.name };
  const no = await agency.file('town1.clerk', 'OUT_OF_AREA_REFERRAL', form, ['ID_CARD', 'REFERRAL_CERTIFICATE']);
  await decide('town1.clerk', no, 'REGISTERED').expect(200);
  expect((await decide('county1.approver', no, 'REVIEW').expect(403)).body).toMatchObject({ code: 'RELATIVES_CASE' });
});
