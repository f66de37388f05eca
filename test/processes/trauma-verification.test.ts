/** P10 on its own; how a reimbursement waits for one is in `reimbursement-verification.test.ts`. */
import type { JsonObject } from '../../domain/case.ts';
import type { Office } from '../support/office.ts';
import { formOf, PATIENT, HOSPITAL_ID } from './reimbursement-cases.ts';
import { fileOne, onDay, openApart, passAll, pass, rows } from './reimbursement-walk.ts';

const AUDITOR = 'county1.auditor1';
const CONFIRMED: JsonObject = { findings: '现场核实属实' };
let office: Office;
beforeAll(async () => {
  office = await openApart('2025-09-22T10:00:00+08:00');
});
afterAll(() => office.close());

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
