import type { Office } from '../support/office.ts';
import { BILL_8_1, billLine, formOf, papersFor } from './reimbursement-cases.ts';
import { decideAt, DESK, fileOne, onDay, openApart, pass, passAll, rows } from './reimbursement-walk.ts';

const RETURN = { decision: 'RETURN_TO_PREVIOUS', reason: '录入有误' } as const;
const TO_APPLICANT = { decision: 'RETURN_TO_APPLICANT' as const, reason: '材料不全', missing: ['出院小结'] };
const itemStatus = `SELECT p.status FROM payment_item p JOIN case_file c USING (case_id) WHERE c.acceptance_no = $1`;

let office: Office;
beforeAll(async () => {
  office = await openApart('2025-09-22T10:00:00+08:00');
});
afterAll(() => office.close());

/** Sets the day on which the cases of this test are filed; those filed before keep their own time. */
const today = (day: string): void => {
  office.deps.clockAheadMs = Date.parse(`${day}T10:00:00+08:00`) - Date.now();
};

describe('the days of a reimbursement', () => {
  it('jump over the holiday week (examples 3 and 4)', async () => {
    today('2025-10-03');
    const eve = await fileOne(office, formOf('GENERAL_INPATIENT'), '2025-09-30');
    expect(await office.case(eve)).toMatchObject({ stageDueOn: '2025-10-14', totalDueOn: '2025-10-28' });
    const holiday = await fileOne(office);
    expect(await office.case(holiday)).toMatchObject({ stageDueOn: '2025-10-14', totalDueOn: '2025-10-28' });
  });

  it('jump over Spring Festival with its make-up workdays (example 10)', async () => {
    today('2026-02-12');
    const no = await fileOne(office);
    expect(await office.case(no)).toMatchObject({ stageDueOn: '2026-02-26', totalDueOn: '2026-03-11' });
  });

  it('stand still while the applicant brings what is missing, and go on with what was left (example 11)', async () => {
    today('2026-02-11');
    const no = await fileOne(office);
    await onDay(office, no, '2026-02-13');
    expect(await decideAt(office, no, 'INTAKE', TO_APPLICANT)).toMatchObject({
      status: 'AWAITING_CORRECTION',
      stageDueOn: null,
      totalDueOn: null,
    });
    expect(await office.case(no)).toMatchObject({ stageDaysLeft: 3, totalDaysLeft: 13 });
    await onDay(office, no, '2026-02-25');
    expect(await decideAt(office, no, 'INTAKE', { decision: 'CORRECTION_RECEIVED' })).toMatchObject({
      status: 'IN_PROGRESS',
      currentStep: 'INTAKE',
      stageDueOn: '2026-02-28',
      totalDueOn: '2026-03-13',
    });
  });

  it('begin anew for the stage a case is returned to, and run on in total (example 12)', async () => {
    today('2025-09-24');
    const no = await fileOne(office);
    expect(await office.case(no)).toMatchObject({ stageDueOn: '2025-09-30', totalDueOn: '2025-10-21' });
    await onDay(office, no, '2025-09-28');
    await pass(office, no, 'INTAKE');
    await onDay(office, no, '2025-09-30');
    expect(await decideAt(office, no, 'FIRST_REVIEW', RETURN)).toMatchObject({
      currentStage: 'INTAKE',
      stageDueOn: '2025-10-14',
      totalDueOn: '2025-10-21',
    });
    await onDay(office, no, '2025-10-13');
    expect(await pass(office, no, 'INTAKE')).toMatchObject({ stageDueOn: '2025-10-20', totalDueOn: '2025-10-21' });
    await onDay(office, no, '2025-10-17');
    expect(await passAll(office, no, 'FIRST_REVIEW', 'APPROVAL')).toMatchObject({
      currentStage: 'CITY_SUMMARY',
      stageDueOn: '2025-10-24',
      totalDueOn: '2025-10-21',
    });
    await onDay(office, no, '2025-10-23');
    await pass(office, no, 'CITY_SUMMARY');
    // In time for the stage, two working days late in all.
    expect(await office.case(no)).toMatchObject({ totalEndedOn: '2025-10-23', totalDaysLate: 2 });
    const stages = await rows<{ stage: string; days_late: number }>(
      office,
      'SELECT s.stage, s.days_late FROM stage s JOIN case_file c USING (case_id) WHERE c.acceptance_no = $1 AND s.closed_at IS NOT NULL ORDER BY s.seq',
      no,
    );
    expect(stages.map(({ stage, days_late }) => [stage, days_late])).toEqual([
      ['INTAKE', 0],
      ['COUNTY_REVIEW', 0],
      ['INTAKE', 0],
      ['COUNTY_REVIEW', 0],
      ['CITY_SUMMARY', 0],
    ]);
  });

  it.each([
    ['2025-10-24', '2025-10-31'],
    ['2025-10-25', '2025-10-31'],
    ['2025-10-27', '2025-11-30'],
  ])('handed over on %s, it is paid by %s (example 8)', async (handedOverOn, payBy) => {
    today('2025-10-20');
    const no = await fileOne(office);
    await passAll(office, no, 'INTAKE', 'FINANCE_RECHECK');
    expect(await office.case(no)).toMatchObject({ currentStage: 'CITY_APPROVAL', stageDueOn: '2025-10-25' });
    await onDay(office, no, handedOverOn);
    expect(await pass(office, no, 'LEADER_APPROVAL')).toMatchObject({ status: 'APPROVED', stageDueOn: payBy });
    expect((await office.case(no)).facts).toMatchObject({ handedOverOn, payBy });
  });
});

describe('a newborn', () => {
  it('is covered until enrolment if that came within three months, a holiday moving the last day (7.3 and 7.4)', async () => {
    today('2025-10-15');
    const enrolledOn = (day: string) =>
      fileOne(
        office,
        formOf('NEWBORN_ENROLLED', {
          newborn: { bornOn: '2025-07-01', householdRegisteredOn: day, enrolledOn: day },
        }),
      );
    await expect(enrolledOn('2025-10-09')).resolves.toMatch(/^441602001-/);
    await expect(enrolledOn('2025-10-10')).rejects.toMatchObject({ code: 'NEWBORN_NOT_COVERED' });
  });
});

describe('a reimbursement that goes back', () => {
  it('from the city goes to the county with five new days, and leaves the payment list', async () => {
    today('2025-09-22');
    const no = await fileOne(office);
    await passAll(office, no, 'INTAKE', 'MEDICAL_RECHECK');
    expect(await rows(office, itemStatus, no)).toEqual([{ status: 'LISTED' }]);
    expect(await decideAt(office, no, 'FINANCE_RECHECK', { ...RETURN, returnTo: 'MEDICAL_RECHECK' })).toMatchObject({
      currentStep: 'MEDICAL_RECHECK',
    });
    expect(await rows(office, itemStatus, no)).toEqual([{ status: 'LISTED' }]);
    expect(await decideAt(office, no, 'MEDICAL_RECHECK', RETURN)).toMatchObject({ currentStep: 'CITY_SUMMARY' });
    expect(await rows(office, itemStatus, no)).toEqual([{ status: 'TAKEN_OFF' }]);
    expect(await decideAt(office, no, 'CITY_SUMMARY', RETURN)).toMatchObject({
      currentStep: 'FIRST_REVIEW',
      currentStage: 'COUNTY_REVIEW',
      stageDueOn: '2025-09-28',
    });
    // Listed again, it goes the whole way by the same people.
    expect(await passAll(office, no, 'FIRST_REVIEW', 'LEADER_APPROVAL')).toMatchObject({ status: 'APPROVED' });
    expect(await rows(office, itemStatus, no)).toEqual([{ status: 'HANDED_OVER' }]);
  });

  it('to the applicant comes back with amended lines, calculated again', async () => {
    today('2025-09-22');
    const no = await fileOne(office);
    await passAll(office, no, 'INTAKE', 'FIRST_REVIEW');
    await decideAt(office, no, 'SECOND_REVIEW', TO_APPLICANT);
    await expect(pass(office, no, 'SECOND_REVIEW')).rejects.toMatchObject({ code: 'DECISION_NOT_POSSIBLE' });
    await expect(
      office.decide(no, DESK.INTAKE, { decision: 'CORRECTION_RECEIVED', form: { dischargedOn: '2025-09-09' } }),
    ).rejects.toMatchObject({ code: 'DATE_OUT_OF_RANGE' });
    const lines = [...BILL_8_1, billLine('床位', 'BED', '1000.00', '1000.00')];
    const amended = { lines, billTotal: '13247.70' };
    const answer = await office.decide(no, DESK.INTAKE, { decision: 'CORRECTION_RECEIVED', form: amended });
    expect(answer).toMatchObject({ status: 'IN_PROGRESS', currentStep: 'SECOND_REVIEW' });
    // (9,302.58 + 1,000.00 − 500.00) × 70 % = 6,861.806
    expect((await office.case(no)).facts).toMatchObject({ total: '13247.70', fundPays: '6861.81' });
  });

  it('to the window has its lines entered there, saved and submitted', async () => {
    today('2025-09-22');
    const { lines, billTotal, ...form } = formOf('GENERAL_INPATIENT');
    const no = await office.file('REIMBURSEMENT_REVIEW', DESK.INTAKE, { form, documents: papersFor(form) });
    await expect(pass(office, no, 'INTAKE')).rejects.toMatchObject({ code: 'LINES_REQUIRED' });
    await decideAt(office, no, 'INTAKE', { decision: 'SAVE', form: { lines: lines ?? [] } });
    await expect(
      decideAt(office, no, 'INTAKE', { decision: 'SAVE', form: { billTotal: '12247.71' } }),
    ).rejects.toMatchObject({ code: 'TOTAL_MISMATCH' });
    expect(await pass(office, no, 'INTAKE', { billTotal: billTotal ?? null })).toMatchObject({
      currentStep: 'FIRST_REVIEW',
    });
    expect((await office.case(no)).facts).toMatchObject({ fundPays: '6161.81' });
  });

  it('is withdrawn off the list until the leader has approved, not afterwards', async () => {
    today('2025-09-22');
    const listed = await fileOne(office);
    await passAll(office, listed, 'INTAKE', 'CITY_SUMMARY');
    expect(await office.decide(listed, DESK.INTAKE, { decision: 'WITHDRAW' })).toMatchObject({ status: 'WITHDRAWN' });
    expect(await rows(office, itemStatus, listed)).toEqual([{ status: 'TAKEN_OFF' }]);
    const approved = await fileOne(office);
    await passAll(office, approved, 'INTAKE', 'LEADER_APPROVAL');
    await expect(office.decide(approved, DESK.INTAKE, { decision: 'WITHDRAW' })).rejects.toMatchObject({
      code: 'DECISION_NOT_POSSIBLE',
    });
  });
});
