import { plainDate } from '../../domain/plain-date.ts';
import type { CalendarEdition } from '../../domain/calendar.ts';
import { applyEdition } from '../../engine/calendar-run.ts';
import { recordTurn } from '../../activities/turn.ts';
import { eventually } from '../support/eventually.ts';
import { openOffice, type Office } from '../support/office.ts';
import { effectsOf, fileInpatient } from './clock-cases.ts';

describe('the clock of a case', () => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice({ clockAt: '2025-09-22T10:00:00+08:00' });
  });
  afterAll(() => office.close());

  it('reminds ahead, says what is due today, records the breach and escalates it rung by rung, each once', async () => {
    const no = await fileInpatient(office);
    expect(await office.case(no)).toMatchObject({ stageDueOn: '2025-09-28', totalDueOn: '2025-10-17' });
    await office.forwardTo(no, '2025-09-28T23:59:00+08:00');
    // At 24:00 of the due day, not a minute before (C3); times are UTC here.
    const beforeTheBreach = ['2025-09-25 REMINDER S1:REMINDER:2025-09-28', '2025-09-27 DUE S1:DUE:2025-09-28'];
    expect(await effectsOf(office, no)).toEqual(beforeTheBreach);
    await office.forwardTo(no, '2025-10-20T09:00:00+08:00');
    expect(await effectsOf(office, no)).toEqual([
      ...beforeTheBreach,
      '2025-09-28 LIMIT_PASSED S1:LIMIT_PASSED:2025-09-28',
      '2025-09-28 ESCALATED S1:LIMIT_PASSED:2025-09-28:ESCALATED',
      // The second and the fifth working day after the 28th: 30 September, and over the holiday week 11 October.
      '2025-09-29 ESCALATION S1:ESCALATION:COUNTY:2025-09-28',
      '2025-10-10 ESCALATION S1:ESCALATION:CITY:2025-09-28',
      '2025-10-15 REMINDER T:REMINDER:2025-10-17',
      '2025-10-16 DUE T:DUE:2025-10-17',
      '2025-10-17 LIMIT_PASSED T:LIMIT_PASSED:2025-10-17',
      '2025-10-17 ESCALATED T:LIMIT_PASSED:2025-10-17:ESCALATED',
    ]);
    expect((await office.case(no)).status).toBe('IN_PROGRESS');
  });

  it('decides nothing by itself, and a late decision keeps its lateness', async () => {
    const no = await fileInpatient(office);
    await office.forwardTo(no, '2025-10-10T09:00:00+08:00');
    const answer = await office.decide(no, 'town1.clerk', { decision: 'APPROVE' });
    expect(answer).toMatchObject({ currentStage: 'COUNTY_REVIEW', stageDueOn: '2025-10-16', totalDueOn: '2025-10-17' });
    const decided = (await office.events(no)).find((e) => e.kind === 'DECIDED');
    // 09-29, 09-30, 10-09 and 10-10 are the working days after 09-28.
    expect(decided).toMatchObject({ daysLate: 4, dueOn: '2025-09-28' });
  });

  it('cancels what is no longer due when the step is taken in time', async () => {
    const no = await fileInpatient(office);
    await office.decide(no, 'town1.clerk', { decision: 'APPROVE' });
    await office.forwardTo(no, '2025-09-29T12:00:00+08:00');
    // Submitted on the day it came in: the county's own five days from that day are the only ones that pass.
    expect(await office.case(no)).toMatchObject({ currentStage: 'COUNTY_REVIEW', stageDueOn: '2025-09-28' });
    expect((await effectsOf(office, no)).map((line) => line.split(' ')[2])).toEqual([
      'S2:REMINDER:2025-09-28',
      'S2:DUE:2025-09-28',
      'S2:LIMIT_PASSED:2025-09-28',
      'S2:LIMIT_PASSED:2025-09-28:ESCALATED',
    ]);
  });

  it('stands still from the day after a return until the correction is in (example 11)', async () => {
    const late = await openOffice({ clockAt: '2026-02-11T10:00:00+08:00' });
    try {
      const no = await fileInpatient(late);
      await late.forwardTo(no, '2026-02-13T15:00:00+08:00');
      const returned = await late.decide(no, 'town1.clerk', {
        decision: 'RETURN_TO_APPLICANT',
        reason: '缺出院小结',
        missing: ['出院小结'],
      });
      expect(returned).toMatchObject({ status: 'AWAITING_CORRECTION', stageDueOn: null, totalDueOn: null });
      expect(await late.case(no)).toMatchObject({ stageDaysLeft: 3, totalDaysLeft: 13, suspendedOn: '2026-02-13' });
      await late.forwardTo(no, '2026-02-25T15:00:00+08:00');
      expect(await effectsOf(late, no)).toEqual([]);
      const resumed = await late.decide(no, 'town1.clerk', { decision: 'CORRECTION_RECEIVED' });
      expect(resumed).toMatchObject({ status: 'IN_PROGRESS', stageDueOn: '2026-02-28', totalDueOn: '2026-03-13' });
    } finally {
      await late.close();
    }
  });

  it('reminds the applicant when the correction window has passed; only then may an approver close the case', async () => {
    const no = await fileInpatient(office);
    await office.decide(no, 'town1.clerk', { decision: 'RETURN_TO_APPLICANT', reason: '缺', missing: ['出院小结'] });
    await expect(office.decide(no, 'county1.approver', { decision: 'CLOSE_AS_WITHDRAWN' })).rejects.toThrow(
      'CORRECTION_WINDOW_OPEN',
    );
    await office.forwardTo(no, '2025-10-23T09:00:00+08:00');
    expect(await effectsOf(office, no)).toEqual([
      '2025-10-20 CORRECTION_REMINDER C1:REMINDER:2025-10-22',
      '2025-10-22 CORRECTION_WINDOW_PASSED C1:WINDOW:2025-10-22',
      '2025-10-22 ESCALATED C1:WINDOW:2025-10-22:ESCALATED',
    ]);
    expect(await office.decide(no, 'county1.approver', { decision: 'CLOSE_AS_WITHDRAWN' })).toMatchObject({
      status: 'WITHDRAWN',
    });
  });

  it('an effect recorded twice is recorded once, and an effect that is not due yet is not recorded at all', async () => {
    const no = await fileInpatient(office);
    const row = await office.case(no);
    const key = 'S1:LIMIT_PASSED:2025-09-28';
    const turn = {
      caseId: String(row['caseId']),
      acceptanceNo: no,
      process: 'REIMBURSEMENT_REVIEW',
      turn: 1,
      at: Date.parse('2025-09-25T00:00:00+08:00'),
      kind: 'LIMIT_PASSED',
      effect: { kind: 'LIMIT_PASSED', clock: 'STAGE', key, at: Date.parse('2025-09-25T00:00:00+08:00') },
      consequence: {},
    } as const;
    const deps = { ...office.deps, spreadSeconds: 0 };
    await recordTurn(deps, turn);
    expect((await office.events(no)).map((e) => e.kind)).toEqual(['FILED', 'RECOUNTED']);
    const due = { ...turn, turn: 2, at: Date.parse('2025-09-29T00:00:00+08:00') };
    const first = await recordTurn(deps, due);
    expect(await recordTurn(deps, due)).toEqual(first);
    expect((await office.events(no)).map((e) => e.kind)).toEqual(['FILED', 'RECOUNTED', 'LIMIT_PASSED', 'ESCALATED']);
  });
});

describe('a due day beyond the last edition of the calendar', () => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice({ clockAt: '2026-12-28T10:00:00+08:00' });
  });
  afterAll(() => office.close());

  /** Made up for this test: 1 January and the Monday after it are off, the Saturday before is worked. */
  const edition: CalendarEdition = {
    id: 'TEST-2027-1',
    year: 2027,
    source: '测试用',
    publishedOn: plainDate('2026-12-30'),
    daysOff: [plainDate('2027-01-01'), plainDate('2027-01-04')],
    makeUpWorkdays: [plainDate('2027-01-02')],
  };

  it('is marked provisional, breaks nothing, and moves when the edition is loaded', async () => {
    const no = await fileInpatient(office);
    expect(await office.case(no)).toMatchObject({ stageDueOn: '2027-01-04', stageProvisional: true });
    await office.forwardTo(no, '2027-01-05T09:00:00+08:00');
    expect((await office.events(no)).map((e) => e.kind)).not.toContain('LIMIT_PASSED');

    await applyEdition(office.deps, edition, 'test');
    await eventually(async () =>
      expect(await office.case(no)).toMatchObject({ stageDueOn: '2027-01-05', stageProvisional: false }),
    );
    const recounted = (await office.events(no)).find((e) => e.kind === 'RECOUNTED');
    expect(recounted?.data).toMatchObject({
      moved: [
        {
          clock: 'STAGE',
          from: '2027-01-04',
          to: '2027-01-05',
          fromProvisional: true,
          edition: 'CN-2025-1+CN-2026-1+TEST-2027-1',
        },
        expect.anything(),
      ],
    });
    await office.forwardTo(no, '2027-01-06T09:00:00+08:00');
    expect(await effectsOf(office, no)).toContain('2027-01-05 LIMIT_PASSED S1:LIMIT_PASSED:2027-01-05');
  });
});
