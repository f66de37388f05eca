import { openOffice, type Office } from '../support/office.ts';
import { effectsOf, fileInpatient } from './clock-cases.ts';

/** Lengthening a limit (延长): by whom, how often, by how much; never what has passed already. */

describe('an extension', () => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice({ clockAt: '2025-09-22T10:00:00+08:00' });
  });
  afterAll(() => office.close());

  const extend = (no: string, by: string, workingDays: number, clock = 'STAGE') =>
    office.decide(no, by, {
      decision: 'EXTEND',
      reason: '材料量大',
      form: { clock, workingDays, basis: '内部审批单 12 号' },
    });

  it('moves the due day by working days, re-arms the ladder for the new day, and is on record', async () => {
    const no = await fileInpatient(office);
    await office.forwardTo(no, '2025-09-26T09:00:00+08:00');
    const longer = await extend(no, 'county1.approver', 3);
    // Due on 28 September; 29, 30 September and 9 October follow. The total is another limit and stays.
    expect(longer).toMatchObject({ stageDueOn: '2025-10-09', totalDueOn: '2025-10-17', currentStep: 'INTAKE' });
    await office.forwardTo(no, '2025-10-10T09:00:00+08:00');
    expect(await effectsOf(office, no)).toEqual([
      '2025-09-25 REMINDER S1:REMINDER:2025-09-28',
      '2025-09-29 REMINDER S1:REMINDER:2025-10-09',
      '2025-10-08 DUE S1:DUE:2025-10-09',
      '2025-10-09 LIMIT_PASSED S1:LIMIT_PASSED:2025-10-09',
      '2025-10-09 ESCALATED S1:LIMIT_PASSED:2025-10-09:ESCALATED',
    ]);
    const { rows } = await office.deps.db.query(
      `SELECT clock, extension.stage_seq, limit_id, working_days, reason, basis, granted_by, granted_on::text, due_before::text, due_after::text
       FROM extension JOIN case_file USING (case_id) WHERE acceptance_no = $1`,
      [no],
    );
    expect(rows).toEqual([
      {
        ...{ clock: 'STAGE', stage_seq: 1, limit_id: 'DL-08', working_days: 3, reason: '材料量大' },
        ...{ basis: '内部审批单 12 号', granted_by: 's-county1.approver', granted_on: '2025-09-26' },
        ...{ due_before: '2025-09-28', due_after: '2025-10-09' },
      },
    ]);
  });

  it('of the total is the city’s; of a stage it ends with that pass through it', async () => {
    const no = await fileInpatient(office);
    await expect(extend(no, 'county1.approver', 1, 'TOTAL')).rejects.toThrow('NOT_PERMITTED');
    expect(await extend(no, 'city.leader', 2, 'TOTAL')).toMatchObject({
      stageDueOn: '2025-09-28',
      totalDueOn: '2025-10-21',
    });
    await extend(no, 'county1.approver', 5);
    await office.decide(no, 'town1.clerk', { decision: 'APPROVE' });
    const back = await office.decide(no, 'county1.first', { decision: 'RETURN_TO_PREVIOUS', reason: '录入有误' });
    // C8: a fresh limit of its own length.
    expect(back).toMatchObject({ currentStep: 'INTAKE', stageDueOn: '2025-09-28', totalDueOn: '2025-10-21' });
    expect(await extend(no, 'county1.approver', 1)).toMatchObject({ stageDueOn: '2025-09-29' });
  });

  it('while the clock stands adds to what is left', async () => {
    const no = await fileInpatient(office);
    await office.decide(no, 'town1.clerk', { decision: 'RETURN_TO_APPLICANT', reason: '缺', missing: ['出院小结'] });
    expect(await extend(no, 'county1.approver', 2)).toMatchObject({ stageDueOn: null, status: 'AWAITING_CORRECTION' });
    expect(await office.case(no)).toMatchObject({ stageDaysLeft: 7 });
    expect(await office.decide(no, 'town1.clerk', { decision: 'CORRECTION_RECEIVED' })).toMatchObject({
      stageDueOn: '2025-09-30',
    });
  });

  it('is granted on the last day, and refused from the next, more than once, or for too long', async () => {
    const no = await fileInpatient(office);
    await expect(extend(no, 'county1.approver', 6)).rejects.toThrow('EXTENSION_TOO_LONG');
    await expect(extend(no, 'county1.approver', 0)).rejects.toThrow('BAD_REQUEST');
    await expect(extend(no, 'town1.clerk', 1)).rejects.toThrow('NOT_PERMITTED');
    await office.forwardTo(no, '2025-09-28T23:59:00+08:00');
    expect(await extend(no, 'county1.approver', 1)).toMatchObject({ stageDueOn: '2025-09-29' });
    await expect(extend(no, 'county1.approver', 1)).rejects.toThrow('EXTENSION_USED_UP');
    const late = await fileInpatient(office);
    await office.forwardTo(late, '2025-09-29T00:01:00+08:00');
    const before = [await office.case(late), await office.events(late)];
    await expect(extend(late, 'county1.approver', 1)).rejects.toThrow('EXTENSION_TOO_LATE');
    expect([await office.case(late), await office.events(late)]).toEqual(before);
  });

  it('of a case that has ended, or without a reason, is refused', async () => {
    const no = await fileInpatient(office);
    await expect(
      office.decide(no, 'county1.approver', {
        decision: 'EXTEND',
        form: { clock: 'STAGE', workingDays: 1, basis: '内部审批单 12 号' },
      }),
    ).rejects.toThrow('REASON_REQUIRED');
    await office.decide(no, 'town1.clerk', { decision: 'WITHDRAW' });
    await expect(extend(no, 'county1.approver', 1)).rejects.toThrow('CASE_ENDED');
  });
});
