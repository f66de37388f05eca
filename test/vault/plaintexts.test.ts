import type { JsonObject } from '../../domain/case.ts';
import { PERSONS } from '../../prisma/seed/persons.ts';
import { SUITES } from '../../vault/suite.ts';
import { formOf, papersFor } from '../processes/reimbursement-cases.ts';
import { pass, passAll } from '../processes/reimbursement-walk.ts';
import { openOffice, type Office } from '../support/office.ts';
import { OUT_OF_AREA_FORM } from '../support/out-of-area.ts';

/** What a thief of the database would read: every row of every table as text, after cases of every kind about persons. */

const [PERSON] = PERSONS;
const PLANTED = {
  phone: '13912345678',
  account: '6222029999888877',
  diagnosis: '左桡骨远端粉碎性骨折示例',
  treatmentPlanSummary: '长期口服降压药示例',
  injuryCause: '路口被三轮车撞倒示例',
  fileName: `${PERSON?.id_card_no}.pdf`,
};
const NUMBERS = PERSONS.map(({ id_card_no: idCardNo }) => idCardNo);
/** What everybody may know: the list of diseases itself. */
const REFERENCE = ['chronic_disease'];

async function dump({ deps: { db } }: Office): Promise<Map<string, string>> {
  const { rows: tables } = await db.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
  );
  const texts = new Map<string, string>();
  for (const { name } of tables.filter((table) => !REFERENCE.includes(table.name))) {
    const { rows } = await db.query<{ text: string }>(`SELECT t::text AS text FROM "${name}" t`);
    texts.set(name, rows.map(({ text }) => text).join('\n'));
  }
  return texts;
}

const person = (n: number): JsonObject => ({
  idCardNo: PERSONS[n - 1]?.id_card_no ?? '',
  name: PERSONS[n - 1]?.name ?? '',
});

async function referral(office: Office): Promise<string> {
  const form = { ...OUT_OF_AREA_FORM, phone: PLANTED.phone, diagnosis: PLANTED.diagnosis };
  const no = await office.file('OUT_OF_AREA_REFERRAL', 'town1.clerk', {
    form,
    documents: ['ID_CARD', 'REFERRAL_CERTIFICATE'],
  });
  for (const username of ['town1.clerk', 'county1.approver', 'county1.clerk', 'town1.clerk'])
    await office.decide(no, username, { decision: 'APPROVE' });
  return no;
}

async function chronic(office: Office): Promise<string> {
  const no = await office.file('CHRONIC_DISEASE_APPROVAL', 'county1.clerk', {
    form: {
      ...{ ...person(1), diseaseCode: 'CD-001', hospitalId: 'H4416020001', phone: PLANTED.phone },
      ...{ diagnosedOn: '2025-09-01', treatmentPlanSummary: PLANTED.treatmentPlanSummary },
      ...{ physicianName: '李医师', physicianSignedOn: '2025-09-10' },
      ...{ medicalAffairsOpinion: '同意', medicalAffairsSigner: '王医务', medicalAffairsSignedOn: '2025-09-11' },
      outpatientRecordsFrom: '2025-03-01',
    },
    documents: [
      ...(['CHRONIC_APPLICATION_FORM', 'DIAGNOSIS_CERTIFICATE', 'TEST_RESULTS'] as const),
      ...(['DISCHARGE_SUMMARY', 'SOCIAL_SECURITY_CARD'] as const),
    ],
  });
  for (const desk of ['clerk', 'first', 'second', 'approver', 'clerk', 'clerk'])
    await office.decide(no, `county1.${desk}`, { decision: 'APPROVE' });
  return no;
}

async function reimbursement(office: Office): Promise<string> {
  const plain = formOf('GENERAL_INPATIENT');
  const form = {
    ...plain,
    diagnosis: PLANTED.diagnosis,
    paymentCard: { ...(plain['paymentCard'] as JsonObject), account: PLANTED.account },
  };
  const no = await office.file('REIMBURSEMENT_REVIEW', 'town1.clerk', { form, documents: papersFor(form) });
  await passAll(office, no, 'INTAKE', 'PAID');
  await pass(office, no, 'BANK_RESULT');
  return no;
}

async function trauma(office: Office): Promise<string> {
  const no = await office.file('TRAUMA_VERIFICATION', 'county1.clerk', {
    form: {
      ...{ ...person(1), hospitalId: 'H4416020001', admittedOn: '2025-09-10', injuredOn: '2025-09-10' },
      ...{ injuryPlace: '路口', injuryCause: PLANTED.injuryCause, traffic: false, diagnosis: PLANTED.diagnosis },
    },
    documents: ['MEDICAL_RECORD_FIRST_PAGE', 'PLEDGE'],
  });
  await office.decide(no, 'county1.clerk', { decision: 'APPROVE' });
  const form = { findings: '现场核实属实', liability: 'OTHER' };
  await office.decide(no, 'county1.auditor1', { decision: 'APPROVE', form });
  return no;
}

describe.each(SUITES)('with suite %s', (cryptoSuite) => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice({ clockAt: '2025-09-22T10:00:00+08:00', cryptoSuite });
  });
  afterAll(() => office?.close());

  it('no number, phone, account or diagnosis lies readable in any table, and the office reads all of it', async () => {
    const [onReferral, onChronic, onBill, onInjury] = await Promise.all([
      referral(office),
      chronic(office),
      reimbursement(office),
      trauma(office),
    ]);
    const texts = await dump(office);
    const found = [...texts].flatMap(([table, text]) =>
      [...Object.values(PLANTED), ...NUMBERS, 'CD-001', '高血压'].flatMap((secret) =>
        text.includes(secret) ? [`${table}: ${secret}`] : [],
      ),
    );
    expect(found).toEqual([]);
    // The dump is of these cases, and its sealed values are of the suite.
    expect(texts.get('case_event')).toContain('$sealed');
    const { rows } = await office.deps.db.query<{ suite: string }>(
      `SELECT suite FROM data_key WHERE purpose = 'SEAL' ORDER BY key_id DESC LIMIT 1`,
    );
    expect(rows).toEqual([{ suite: cryptoSuite }]);

    expect((await office.case(onReferral)).form).toMatchObject({
      phone: PLANTED.phone,
      diagnosis: PLANTED.diagnosis,
    });
    expect((await office.case(onChronic)).facts['disease']).toMatchObject({ diseaseCode: 'CD-001' });
    expect((await office.case(onBill)).form['paymentCard']).toMatchObject({ account: PLANTED.account });
    const [first] = await office.events(onInjury);
    expect(first?.data['form']).toMatchObject({ injuryCause: PLANTED.injuryCause });
  }, 300_000);
});
