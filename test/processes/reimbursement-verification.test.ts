import type { JsonObject } from '../../domain/case.ts';
import type { Office } from '../support/office.ts';
import { formOf } from './reimbursement-cases.ts';
import { decideAt, DESK, fileOne, onDay, openApart, pass, rows } from './reimbursement-walk.ts';

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
