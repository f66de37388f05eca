import type { JsonObject } from '../../domain/case.ts';
import type { Office } from '../support/office.ts';
import { formOf, PATIENT, HOSPITAL_ID, papersFor } from './reimbursement-cases.ts';
import { decideAt, DESK, fileOne, onDay, openApart, pass, passAll, rows } from './reimbursement-walk.ts';

const AUDITOR = 'county1.auditor1';
const CONFIRMED: JsonObject = { findings: '现场核实属实' };
let office: Office;
beforeAll(async () => {
  office = await openApart('2025-09-22T10:00:00+08:00');
});
afterAll(() => office.close());

/** The case that the reimbursement waits for. */
async function waitedFor(no: string): Promise<string> {
  const verification = (await office.case(no)).facts['verificationCase'];
  if (typeof verification !== 'string') throw new Error(`${no} waits for nothing`);
  return verification;
}

/** The result travels from one procedure to the other on its own; the case is looked at until it has arrived. */
async function arrived(no: string, happened: (status: string, verification: unknown) => boolean): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const { status, facts } = await office.case(no);
    if (happened(status, facts['verificationCase'])) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${no}: the result has not arrived`);
}
const goesOn = (no: string) => arrived(no, (status) => status === 'IN_PROGRESS');
const isRejected = (no: string) => arrived(no, (status) => status === 'REJECTED');

describe('a reimbursement that has to be verified', () => {
  it('stops both clocks until the auditors have found who is liable, and then goes on with the county', async () => {
    const no = await fileOne(office, formOf('TRAUMA_OWN'));
    expect(await pass(office, no, 'INTAKE')).toMatchObject({
      status: 'AWAITING_VERIFICATION',
      currentStep: 'FIRST_REVIEW',
      stageDueOn: null,
      totalDueOn: null,
    });
    await expect(pass(office, no, 'FIRST_REVIEW')).rejects.toMatchObject({ code: 'DECISION_NOT_POSSIBLE' });

    const verification = await waitedFor(no);
    expect(await office.case(verification)).toMatchObject({
      processType: 'TRAUMA_VERIFICATION',
      currentStep: 'VERIFYING',
      status: 'IN_PROGRESS',
    });
    await onDay(office, no, '2025-09-26');
    const closed = await office.decide(verification, AUDITOR, {
      decision: 'APPROVE',
      form: { ...CONFIRMED, liability: 'OWN' },
    });
    expect(closed).toMatchObject({ status: 'CLOSED', currentStage: 'LETTER_ISSUED' });

    await goesOn(no);
    // C7: 23 to 26 September are not counted.
    expect(await office.case(no)).toMatchObject({ stageDueOn: '2025-10-10', totalDueOn: '2025-10-23' });
    expect((await office.case(no)).facts).toMatchObject({
      traumaVerified: true,
      liability: 'OWN',
      introductionLetterNo: `L-${verification}`,
      fundPays: '6161.81',
    });
    expect(
      await rows(
        office,
        'SELECT liability FROM introduction_letter l JOIN case_file c USING (case_id) WHERE c.acceptance_no = $1',
        verification,
      ),
    ).toEqual([{ liability: 'OWN' }]);

    // Returned and submitted again, it is not verified again.
    await decideAt(office, no, 'FIRST_REVIEW', { decision: 'RETURN_TO_PREVIOUS', reason: '录入有误' });
    expect(await pass(office, no, 'INTAKE')).toMatchObject({ status: 'IN_PROGRESS', currentStep: 'FIRST_REVIEW' });
  });

  it('is rejected when the injury was no accident', async () => {
    const no = await fileOne(office, formOf('TRAUMA_OWN'));
    await pass(office, no, 'INTAKE');
    await office.decide(await waitedFor(no), AUDITOR, {
      decision: 'REJECT',
      reason: '系疾病所致',
      form: { result: 'NOT_ACCIDENT' },
    });
    await isRejected(no);
    expect((await office.case(no)).facts).toMatchObject({ traumaVerified: false, verificationResult: 'NOT_ACCIDENT' });
  });

  it('waits for the injury first and the lost receipt second when both are open', async () => {
    const no = await fileOne(office, formOf('TRAUMA_SHARED', { receiptLost: true }));
    await pass(office, no, 'INTAKE');
    const injury = await waitedFor(no);
    await office.decide(injury, AUDITOR, {
      decision: 'APPROVE',
      form: { ...CONFIRMED, liability: 'SHARED', liabilityGrade: 'MINOR' },
    });
    await arrived(no, (_, verification) => verification !== injury);
    expect((await office.case(no)).status).toBe('AWAITING_VERIFICATION');
    const receipt = await waitedFor(no);
    expect(await office.case(receipt)).toMatchObject({
      processType: 'LOST_RECEIPT_VERIFICATION',
      currentStep: 'VERIFYING',
    });
    expect(await office.decide(receipt, AUDITOR, { decision: 'APPROVE', form: CONFIRMED })).toMatchObject({
      status: 'CLOSED',
      currentStage: 'CONFIRMED',
    });
    await goesOn(no);
    // The verified grade holds, not the stated one: 8,802.58 × 70 % × 30 % = 1,848.5418.
    expect((await office.case(no)).facts).toMatchObject({
      traumaVerified: true,
      receiptVerified: true,
      fundPays: '1848.54',
    });
  });

  it('is rejected when the hospital knows no such receipt', async () => {
    const no = await fileOne(office, formOf('GENERAL_INPATIENT', { receiptLost: true }));
    await pass(office, no, 'INTAKE');
    const receipt = await waitedFor(no);
    expect(await office.decide(receipt, AUDITOR, { decision: 'REJECT', reason: '医院无此票据' })).toMatchObject({
      status: 'REJECTED',
      currentStage: 'NOT_CONFIRMED',
    });
    await isRejected(no);
  });

  it('goes back to the window when another kind of liability was found', async () => {
    const no = await fileOne(office, formOf('TRAUMA_OWN'));
    await pass(office, no, 'INTAKE');
    await office.decide(await waitedFor(no), AUDITOR, {
      decision: 'APPROVE',
      form: { ...CONFIRMED, liability: 'SHARED', liabilityGrade: 'EQUAL' },
    });
    await goesOn(no);
    await expect(pass(office, no, 'FIRST_REVIEW')).rejects.toMatchObject({ code: 'DECISION_NOT_POSSIBLE' });
    await decideAt(office, no, 'FIRST_REVIEW', { decision: 'RETURN_TO_PREVIOUS', reason: '核实为多方责任' });
    await expect(pass(office, no, 'INTAKE')).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    const amended = { category: 'TRAUMA_SHARED', trauma: { liability: 'SHARED', grade: 'EQUAL', traffic: false } };
    await decideAt(office, no, 'INTAKE', { decision: 'APPROVE', form: amended, documents: ['LIABILITY_FINDING'] });
    // 8,802.58 × 70 % × 50 % = 3,080.903
    expect((await office.case(no)).facts).toMatchObject({ fundPays: '3080.90' });
    expect(await pass(office, no, 'FIRST_REVIEW')).toMatchObject({ currentStep: 'SECOND_REVIEW' });
  });

  it('may be withdrawn while it waits; the verification goes on alone', async () => {
    const no = await fileOne(office, formOf('TRAUMA_OWN'));
    await pass(office, no, 'INTAKE');
    const verification = await waitedFor(no);
    // Nobody applied for the verification itself, so nobody withdraws it.
    await expect(office.decide(verification, 'county1.clerk', { decision: 'WITHDRAW' })).rejects.toMatchObject({
      code: 'DECISION_NOT_POSSIBLE',
    });
    expect(await office.decide(no, DESK.INTAKE, { decision: 'WITHDRAW' })).toMatchObject({ status: 'WITHDRAWN' });
    expect(
      await office.decide(verification, AUDITOR, { decision: 'APPROVE', form: { ...CONFIRMED, liability: 'OWN' } }),
    ).toMatchObject({ status: 'CLOSED' });
    expect((await office.case(no)).status).toBe('WITHDRAWN');
  });
});

describe('an injury reported before the bill', () => {
  const report = (): Promise<string> =>
    office.file('TRAUMA_VERIFICATION', 'county1.clerk', {
      form: {
        ...PATIENT,
        hospitalId: HOSPITAL_ID,
        admittedOn: '2025-09-10',
        injuredOn: '2025-09-10',
        injuryPlace: '路口',
        injuryCause: '被车撞',
        traffic: false,
      },
      documents: ['MEDICAL_RECORD_FIRST_PAGE', 'PLEDGE'],
    });
  const verify = (no: string, liability: string) =>
    office.decide(no, AUDITOR, { decision: 'APPROVE', form: { ...CONFIRMED, liability } });

  it('gets its letter, and the reimbursement that names it is not verified again', async () => {
    const no = await report();
    expect(await office.decide(no, 'county1.clerk', { decision: 'APPROVE' })).toMatchObject({
      currentStage: 'VERIFYING',
    });
    await expect(
      office.decide(no, 'county1.clerk', { decision: 'APPROVE', form: { ...CONFIRMED, liability: 'OWN' } }),
    ).rejects.toMatchObject({ code: 'NOT_PERMITTED' });
    expect(await verify(no, 'OTHER')).toMatchObject({ status: 'APPROVED', currentStage: 'LETTER_ISSUED' });
    expect(await office.decide(no, 'county1.clerk', { decision: 'APPROVE' })).toMatchObject({
      currentStage: 'SETTLED_ON_SITE',
    });
    expect(
      await office.decide(no, 'county1.clerk', { decision: 'APPROVE', form: { settledOnSite: false } }),
    ).toMatchObject({ status: 'CLOSED' });

    const letterNo = `L-${no}`;
    const trauma = { liability: 'OTHER', traffic: false, introductionLetterNo: letterNo };
    const bill = await fileOne(office, formOf('TRAUMA_OTHER', { trauma }));
    expect(await pass(office, bill, 'INTAKE')).toMatchObject({ status: 'IN_PROGRESS', currentStep: 'FIRST_REVIEW' });

    // P11: the ground is confirmed with the approval, and what the fund pays in advance is to be recovered.
    await passAll(office, bill, 'FIRST_REVIEW', 'SECOND_REVIEW');
    await expect(pass(office, bill, 'APPROVAL')).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    await pass(office, bill, 'APPROVAL', { advanceGroundConfirmed: true });
    expect(await passAll(office, bill, 'CITY_SUMMARY', 'LEADER_APPROVAL')).toMatchObject({ status: 'APPROVED' });
    const recovery =
      'SELECT r.ground, r.amount, r.status FROM recovery_claim r JOIN case_file c USING (case_id) WHERE c.acceptance_no = $1';
    expect(await rows(office, recovery, bill)).toEqual([
      { ground: 'LIABLE_PARTY_FLED', amount: '6161.81', status: 'OPEN' },
    ]);
  });

  it('pays the own share only when the ground of an advance is refused', async () => {
    const no = await report();
    await office.decide(no, 'county1.clerk', { decision: 'APPROVE' });
    const form = { ...CONFIRMED, liability: 'SHARED', liabilityGrade: 'EQUAL' };
    await office.decide(no, AUDITOR, { decision: 'APPROVE', form });
    await office.decide(no, 'county1.clerk', { decision: 'APPROVE' });
    const trauma = { liability: 'SHARED', grade: 'EQUAL', traffic: false, introductionLetterNo: `L-${no}` };
    const bill = await fileOne(office, formOf('TRAUMA_SHARED', { trauma, advance: { ground: 'LIABLE_PARTY_UNABLE' } }));
    await passAll(office, bill, 'INTAKE', 'SECOND_REVIEW');
    // Asked for: the other party's half is paid, too, and to be recovered.
    expect((await office.case(bill)).facts).toMatchObject({ fundPays: '6161.81', toRecover: '3080.90' });
    await pass(office, bill, 'APPROVAL', { advanceGroundConfirmed: false });
    expect((await office.case(bill)).facts).toMatchObject({ fundPays: '3080.90' });
    await passAll(office, bill, 'CITY_SUMMARY', 'LEADER_APPROVAL');
    expect(
      await rows(
        office,
        'SELECT r.amount FROM recovery_claim r JOIN case_file c USING (case_id) WHERE c.acceptance_no = $1',
        bill,
      ),
    ).toEqual([]);
  });

  it('shows as stuck after five working days of silence, once, and has no due day', async () => {
    const no = await report();
    expect(await office.case(no)).toMatchObject({ stageDueOn: null, totalDueOn: null, stuckOn: '2025-09-28' });
    await onDay(office, no, '2025-09-30');
    expect((await office.events(no)).filter((event) => event.kind === 'STUCK')).toHaveLength(1);
  });
});

describe('a receipt reported lost before the bill', () => {
  it('is confirmed by the auditors and closed by the window', async () => {
    const form = { ...PATIENT, hospitalId: HOSPITAL_ID, admittedOn: '2025-09-10', billNos: ['LOST-1'], loss: 'LOST' };
    const documents = papersFor(formOf('GENERAL_INPATIENT', { receiptLost: true }));
    const no = await office.file('LOST_RECEIPT_VERIFICATION', DESK.INTAKE, { form, documents });
    expect(await office.decide(no, DESK.INTAKE, { decision: 'APPROVE' })).toMatchObject({ currentStage: 'VERIFYING' });
    expect(await office.decide(no, AUDITOR, { decision: 'APPROVE', form: CONFIRMED })).toMatchObject({
      status: 'APPROVED',
      currentStage: 'CONFIRMED',
    });
    expect(await office.decide(no, DESK.INTAKE, { decision: 'APPROVE' })).toMatchObject({ status: 'CLOSED' });
  });
});
