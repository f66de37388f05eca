import { openOffice, type Office } from '../support/office.ts';
import { fileOutOfArea } from '../support/out-of-area.ts';
import { effectsOf, fileInpatient } from './clock-cases.ts';

/** Stopping the clock for true: one reason or several, in time or late, by people or by the agency (C7, C13). */

describe('a clock that is stopped', () => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice({ clockAt: '2025-09-22T10:00:00+08:00' });
  });
  afterAll(() => office.close());

  const suspend = (no: string, by: string, kind: string, form: Record<string, string> = {}) =>
    office.decide(no, by, { decision: 'SUSPEND', reason: '系统停机切换', form: { kind, basis: '停机公告', ...form } });
  const resume = (no: string, by: string, kind: string, form: Record<string, string> = {}) =>
    office.decide(no, by, { decision: 'RESUME', form: { kind, ...form } });
  const ledger = async (no: string) =>
    (
      await office.deps.db.query<Record<string, unknown>>(
        `SELECT kind, suspension.suspended_on::text AS on, resumed_on::text AS until, suspension.stage_days_left AS stage, suspension.total_days_left AS total, opened_by, closed_by, reason, basis
         FROM suspension JOIN case_file USING (case_id) WHERE acceptance_no = $1 ORDER BY seq`,
        [no],
      )
    ).rows;

  it('by the agency keeps what is left of stage and total, fires nothing, and goes on where it stood', async () => {
    const no = await fileInpatient(office);
    await office.forwardTo(no, '2025-09-24T09:00:00+08:00');
    const stopped = await suspend(no, 'county1.approver', 'SYSTEM_SWITCHOVER');
    expect(stopped).toMatchObject({ status: 'IN_PROGRESS', stageDueOn: null, totalDueOn: null });
    // 23 and 24 are used: the day of the stop still counts.
    expect(await office.case(no)).toMatchObject({ stageDaysLeft: 3, totalDaysLeft: 13, suspendedOn: '2025-09-24' });
    await office.forwardTo(no, '2025-10-10T09:00:00+08:00');
    expect(await effectsOf(office, no)).toEqual([]);
    const going = await resume(no, 'county1.approver', 'SYSTEM_SWITCHOVER');
    // 11 (make-up), 13, 14 are the three days left.
    expect(going).toMatchObject({ stageDueOn: '2025-10-14' });
    expect(await ledger(no)).toEqual([
      {
        ...{ kind: 'SYSTEM_SWITCHOVER', on: '2025-09-24', until: '2025-10-10', stage: 3, total: 13 },
        ...{
          opened_by: 's-county1.approver',
          closed_by: 's-county1.approver',
          reason: '系统停机切换',
          basis: '停机公告',
        },
      },
    ]);
    // The reason, its basis and who it was stand in the log; the file of the applicant is untouched.
    const stop = (await office.events(no)).find((e) => e.decision === 'SUSPEND');
    expect(stop).toMatchObject({ actorId: 's-county1.approver', reason: '系统停机切换' });
    expect(stop?.data).toMatchObject({ suspension: { kind: 'SYSTEM_SWITCHOVER', basis: '停机公告' } });
    expect((await office.case(no)).form).not.toHaveProperty('kind');
  });

  it('work goes on meanwhile; the next stage begins with its whole limit, standing', async () => {
    const no = await fileInpatient(office);
    await suspend(no, 'county1.approver', 'FORCE_MAJEURE');
    const submitted = await office.decide(no, 'town1.clerk', { decision: 'APPROVE' });
    expect(submitted).toMatchObject({ currentStage: 'COUNTY_REVIEW', stageDueOn: null });
    expect(await office.case(no)).toMatchObject({ stageDaysLeft: 5 });
    const going = await resume(no, 'county1.approver', 'FORCE_MAJEURE');
    expect(going).toMatchObject({ stageDueOn: '2025-09-28', totalDueOn: '2025-10-17' });
  });

  it('for two reasons at once runs again when the last of them has ended, and no day is taken off twice', async () => {
    const no = await fileInpatient(office);
    await office.forwardTo(no, '2025-09-23T09:00:00+08:00');
    await office.decide(no, 'town1.clerk', { decision: 'RETURN_TO_APPLICANT', reason: '缺', missing: ['出院小结'] });
    await office.forwardTo(no, '2025-09-24T09:00:00+08:00');
    await suspend(no, 'county1.approver', 'SERVICE_CLOSED');
    await office.forwardTo(no, '2025-09-25T09:00:00+08:00');
    const corrected = await office.decide(no, 'town1.clerk', { decision: 'CORRECTION_RECEIVED' });
    expect(corrected).toMatchObject({ status: 'IN_PROGRESS', stageDueOn: null });
    expect(await office.case(no)).toMatchObject({ suspendedOn: '2025-09-24', stageDaysLeft: 4 });
    await office.forwardTo(no, '2025-09-26T09:00:00+08:00');
    // Stopped 24, 25 and 26; four days are left of the five: 28 (make-up), 29, 30, 9 October.
    expect(await resume(no, 'county1.approver', 'SERVICE_CLOSED')).toMatchObject({ stageDueOn: '2025-10-09' });
    expect((await ledger(no)).map(({ kind, on, until }) => [kind, on, until])).toEqual([
      ['CORRECTION', '2025-09-23', '2025-09-25'],
      ['SERVICE_CLOSED', '2025-09-24', '2025-09-26'],
    ]);
  });

  it('when the case is overdue already leaves it overdue, and the days it stands are nobody’s lateness', async () => {
    const no = await fileInpatient(office);
    await office.forwardTo(no, '2025-09-29T09:00:00+08:00');
    await office.decide(no, 'town1.clerk', { decision: 'RETURN_TO_APPLICANT', reason: '缺', missing: ['出院小结'] });
    expect(await office.case(no)).toMatchObject({ stageDueOn: '2025-09-28', status: 'AWAITING_CORRECTION' });
    await office.forwardTo(no, '2025-10-14T09:00:00+08:00');
    // Nobody above could do anything while the applicant was awaited.
    expect((await effectsOf(office, no)).filter((line) => line.includes('ESCALATION'))).toEqual([]);
    await office.decide(no, 'town1.clerk', { decision: 'CORRECTION_RECEIVED' });
    await office.forwardTo(no, '2025-10-16T09:00:00+08:00');
    const submitted = await office.decide(no, 'town1.clerk', { decision: 'APPROVE' });
    expect(submitted.currentStage).toBe('COUNTY_REVIEW');
    // 29 September, then 15 and 16 October; 30 September to 14 October stood still.
    expect((await office.events(no)).find((e) => e.decision === 'APPROVE')).toMatchObject({
      dueOn: '2025-09-28',
      daysLate: 3,
    });
  });

  it('is started again late as from the day it really was; a limit passed meanwhile is recorded at once, once', async () => {
    const no = await fileInpatient(office);
    await office.decide(no, 'town1.clerk', { decision: 'RETURN_TO_APPLICANT', reason: '缺', missing: ['出院小结'] });
    await office.forwardTo(no, '2025-10-15T09:00:00+08:00');
    // It came in on the 24th and lay somewhere: 25, 26, 28 (make-up), 29, 30 are the five days.
    const entered = await office.decide(no, 'town1.clerk', {
      decision: 'CORRECTION_RECEIVED',
      form: { correctionReceivedOn: '2025-09-24' },
    });
    expect(entered).toMatchObject({ stageDueOn: '2025-09-30' });
    await office.forwardTo(no, '2025-10-15T10:00:00+08:00');
    const passed = (await office.events(no)).filter((e) => e.kind === 'LIMIT_PASSED');
    expect(passed.map((e) => [e.effectKey, e.at.slice(0, 10), (e.data['dueAt'] as string).slice(0, 13)])).toEqual([
      ['S1:LIMIT_PASSED:2025-09-30', '2025-10-15', '2025-09-30T16'],
    ]);
  });

  it.each([
    ['resumed without having been stopped', 'RESUME', { kind: 'SERVICE_CLOSED' }, 'NOT_SUSPENDED'],
    [
      'stopped from tomorrow',
      'SUSPEND',
      { kind: 'SERVICE_CLOSED', suspendedOn: '2025-09-23', basis: '公告' },
      'DATE_IN_FUTURE',
    ],
    [
      'stopped before it came in',
      'SUSPEND',
      { kind: 'SERVICE_CLOSED', suspendedOn: '2025-09-21', basis: '公告' },
      'DATE_OUT_OF_RANGE',
    ],
  ] as const)('%s is refused and changes nothing', async (_what, decision, form, code) => {
    const no = await fileInpatient(office);
    const before = [await office.case(no), await office.events(no)];
    await expect(office.decide(no, 'county1.approver', { decision, form, reason: '停机' })).rejects.toThrow(code);
    expect([await office.case(no), await office.events(no)]).toEqual(before);
  });

  it('is stopped by heads only, once for a reason, and never for what others decide', async () => {
    const no = await fileInpatient(office);
    await expect(suspend(no, 'town1.clerk', 'SERVICE_CLOSED')).rejects.toThrow('NOT_PERMITTED');
    await expect(suspend(no, 'county2.approver', 'SERVICE_CLOSED')).rejects.toThrow('CASE_NOT_FOUND');
    await expect(suspend(no, 'county1.approver', 'CORRECTION')).rejects.toThrow('BAD_REQUEST');
    await suspend(no, 'city.leader', 'SERVICE_CLOSED');
    await expect(suspend(no, 'county1.approver', 'SERVICE_CLOSED')).rejects.toThrow('ALREADY_SUSPENDED');
    await expect(resume(no, 'county1.approver', 'FORCE_MAJEURE')).rejects.toThrow('NOT_SUSPENDED');
  });

  it('of a process without limits is not on offer', async () => {
    const no = await fileOutOfArea(office);
    await expect(suspend(no, 'county1.approver', 'SERVICE_CLOSED')).rejects.toThrow('DECISION_NOT_POSSIBLE');
  });
});
