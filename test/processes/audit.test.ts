import type { JsonObject } from '../../domain/case.ts';
import { openOffice, type Office } from '../support/office.ts';
import { AUDITOR, LEAD, SIGNED, TEAM, auditsAt, notice } from './audit-walk.ts';

let office: Office;
let walk: ReturnType<typeof auditsAt>;
beforeAll(async () => {
  office = await openOffice();
  // All test files share one engine, where the acceptance number is the workflow's id: each counts from its own start.
  walk = auditsAt(office);
});
afterAll(() => office.close());

describe('the notice', () => {
  const WAIVED: JsonObject = { noticeWaived: true, noticeWaiverReason: '举报称正在销毁病历' };

  it('is due three calendar days ahead, reminded of on the last working day before the holiday (example 6)', async () => {
    walk.playOn('2025-09-22');
    const no = await walk.plan('2025-10-09');
    expect(await walk.approve(no, LEAD)).toMatchObject({ currentStage: 'NOTICE_SERVED', stageDueOn: '2025-10-06' });

    await office.forwardTo(no, '2025-09-29T23:00:00+08:00');
    expect(await walk.clockEvents(no)).toEqual([]);
    await office.forwardTo(no, '2025-09-30T09:00:00+08:00');
    expect(await walk.clockEvents(no)).toEqual(['REMINDER']);

    await office.forwardTo(no, '2025-10-06T20:00:00+08:00');
    expect(await walk.approve(no, AUDITOR, notice('2025-10-06'))).toMatchObject({
      currentStage: 'ON_SITE',
      stageDueOn: null,
    });
    expect(await walk.daysLate(no, 'NOTICE_SERVED')).toBe(0);
    expect(await walk.papers(no)).toEqual(['AUDIT_NOTICE']);
  });

  it('that comes a day late is escalated once, refused, and lawful with the start moved to the 10th', async () => {
    walk.playOn('2025-10-05');
    const no = await walk.plan('2025-10-09');
    await walk.approve(no, LEAD);
    await office.forwardTo(no, '2025-10-07T09:00:00+08:00');
    expect(await walk.clockEvents(no)).toEqual(['REMINDER', 'LIMIT_PASSED', 'ESCALATED']);

    await expect(walk.approve(no, AUDITOR, notice('2025-10-07'))).rejects.toMatchObject({
      code: 'NOTICE_TOO_SHORT',
      faults: [{ path: 'form.plannedStartOn', en: expect.stringContaining('2025-10-10') as string }],
    });
    expect(await walk.approve(no, AUDITOR, notice('2025-10-07', { plannedStartOn: '2025-10-10' }))).toMatchObject({
      currentStage: 'ON_SITE',
    });
    await office.forwardTo(no, '2025-10-09T09:00:00+08:00');
    await expect(walk.begin(no, '2025-10-09')).rejects.toMatchObject({ code: 'NOTICE_TOO_SHORT' });
    await office.forwardTo(no, '2025-10-10T09:00:00+08:00');
    expect(await walk.begin(no, '2025-10-10')).toMatchObject({ currentStage: 'RECORD_SIGNED' });
  });

  it('moves its last lawful day with the planned start, and is escalated anew when that one passes too (example 13)', async () => {
    walk.playOn('2026-02-02');
    const no = await walk.plan('2026-02-12');
    expect(await walk.approve(no, LEAD)).toMatchObject({ stageDueOn: '2026-02-09' });
    await office.forwardTo(no, '2026-02-10T09:00:00+08:00');
    const passed = ['REMINDER', 'LIMIT_PASSED', 'ESCALATED'];
    expect(await walk.clockEvents(no)).toEqual(passed);
    const moved = await office.decide(no, LEAD, { decision: 'SAVE', form: { plannedStartOn: '2026-02-24' } });
    expect(moved).toMatchObject({ currentStage: 'NOTICE_SERVED', stageDueOn: '2026-02-21' });

    await office.forwardTo(no, '2026-02-13T23:00:00+08:00');
    expect(await walk.clockEvents(no)).toEqual(passed);
    await office.forwardTo(no, '2026-02-14T09:00:00+08:00');
    expect(await walk.clockEvents(no)).toEqual([...passed, 'REMINDER']);
    await office.forwardTo(no, '2026-02-21T23:00:00+08:00');
    expect(await walk.clockEvents(no)).toEqual([...passed, 'REMINDER']);
    await office.forwardTo(no, '2026-02-22T09:00:00+08:00');
    expect(await walk.clockEvents(no)).toEqual([...passed, ...passed]);
  });

  it('starts anew after a step back to the plan', async () => {
    walk.playOn('2025-09-22');
    const no = await walk.plan('2025-10-09');
    await walk.approve(no, LEAD);
    await expect(
      office.decide(no, AUDITOR, { decision: 'RETURN_TO_PREVIOUS', reason: '范围有误' }),
    ).rejects.toMatchObject({ code: 'NOT_PERMITTED' });
    expect(await office.decide(no, LEAD, { decision: 'RETURN_TO_PREVIOUS', reason: '范围有误' })).toMatchObject({
      currentStage: 'PLANNED',
      stageDueOn: null,
    });
    await office.decide(no, LEAD, { decision: 'SAVE', form: { scope: ['QUALITY'], plannedStartOn: '2025-10-16' } });
    expect(await walk.approve(no, LEAD)).toMatchObject({ stageDueOn: '2025-10-13' });
  });

  it('may be waived in special circumstances by a named approver: no paper goes out', async () => {
    walk.playOn('2025-09-29');
    const no = await walk.plan('2025-09-29');
    await walk.approve(no, LEAD);
    await expect(walk.approve(no, AUDITOR, { ...WAIVED, noticeWaiverApprovedBy: TEAM[0] ?? '' })).rejects.toMatchObject(
      {
        code: 'BAD_REQUEST',
      },
    );
    await walk.approve(no, AUDITOR, { ...WAIVED, noticeWaiverApprovedBy: 's-county1.manager' });
    expect(await walk.papers(no)).toEqual([]);
    expect(await walk.begin(no, '2025-09-29')).toMatchObject({ currentStage: 'RECORD_SIGNED' });
  });

  it('may be shortened in special circumstances: then the paper goes out and the audit may begin the same day', async () => {
    walk.playOn('2025-09-29');
    const no = await walk.plan('2025-09-29');
    await walk.approve(no, LEAD);
    await walk.approve(no, AUDITOR, notice('2025-09-29', { ...WAIVED, noticeWaiverApprovedBy: 's-county1.manager' }));
    expect(await walk.papers(no)).toEqual(['AUDIT_NOTICE']);
    expect(await walk.begin(no, '2025-09-29')).toMatchObject({ currentStage: 'RECORD_SIGNED' });
  });
});

describe('an audit that finds no violation', () => {
  it('is notified within five working days across the national holiday and closed (example 5)', async () => {
    const { no, answer } = await walk.audited('2025-09-29', '2025-09-26', 'NO_VIOLATION');
    expect(answer).toMatchObject({ currentStage: 'RESULT_NOTIFIED', stageDueOn: '2025-10-13' });

    await office.forwardTo(no, '2025-10-13T22:00:00+08:00');
    expect(await walk.clockEvents(no)).toEqual(['REMINDER']);
    expect(
      await walk.approve(no, AUDITOR, { resultText: '未发现违法行为', resultServedOn: '2025-10-13' }),
    ).toMatchObject({
      status: 'CLOSED',
      currentStage: 'CLOSED',
      stageDueOn: null,
    });
    expect(await walk.daysLate(no, 'RESULT_NOTIFIED')).toBe(0);
    expect(await walk.papers(no)).toEqual(['AUDIT_NOTICE', 'AUDIT_RECORD', 'AUDIT_RESULT_NOTICE']);
    expect((await office.case(no)).facts).toMatchObject({ auditNo: no, closedAfter: 'RESULT_NOTIFIED' });
    await expect(walk.approve(no, AUDITOR, {})).rejects.toMatchObject({ code: 'CASE_ENDED' });
  });

  it('counts from the day the audit ended, not from the day that was entered (example 14)', async () => {
    walk.playOn('2026-02-25');
    const no = await walk.plan('2026-02-13');
    await walk.approve(no, LEAD);
    await walk.approve(no, AUDITOR, notice('2026-02-10'));
    await walk.begin(no, '2026-02-13');
    await walk.sign(no);
    expect(await walk.end(no, '2026-02-13', 'NO_VIOLATION')).toMatchObject({ stageDueOn: '2026-02-27' });
    await office.decide(no, LEAD, { decision: 'RETURN_TO_PREVIOUS', reason: '结论有误' });
    expect(await walk.end(no, '2026-02-13', 'VIOLATION')).toMatchObject({
      currentStage: 'OPINION_SERVED',
      stageDueOn: '2026-03-05',
    });
  });
});

describe('an audit that finds a violation', () => {
  it('is served late all the same, its lateness kept and escalated exactly once (example 5)', async () => {
    const { no, answer } = await walk.audited('2025-09-29', '2025-09-26', 'VIOLATION');
    expect(answer).toMatchObject({ currentStage: 'OPINION_SERVED', stageDueOn: '2025-10-20' });

    await office.forwardTo(no, '2025-10-20T23:30:00+08:00');
    expect(await walk.clockEvents(no)).toEqual(['REMINDER']);
    await office.forwardTo(no, '2025-10-22T09:00:00+08:00');
    expect(await walk.clockEvents(no)).toEqual(['REMINDER', 'LIMIT_PASSED', 'ESCALATED']);

    expect(await walk.serveOpinion(no, '2025-10-22', '2025-11-14')).toMatchObject({
      currentStage: 'RECTIFICATION',
      stageDueOn: '2025-11-14',
    });
    expect(await walk.daysLate(no, 'OPINION_SERVED')).toBe(2);
  });

  it('is closed when a person has verified the correction; one that fails goes back with the same day', async () => {
    const { no } = await walk.audited('2025-09-29', '2025-09-26', 'VIOLATION');
    await walk.serveOpinion(no, '2025-09-29', '2025-10-31');
    expect(await walk.approve(no, AUDITOR, { correctedOn: '2025-09-29', correctionText: '已补传' })).toMatchObject({
      currentStage: 'RECTIFIED',
      stageDueOn: null,
    });
    expect(await office.decide(no, AUDITOR, { decision: 'RETURN_TO_PREVIOUS', reason: '仍缺九月数据' })).toMatchObject({
      currentStage: 'RECTIFICATION',
      stageDueOn: '2025-10-31',
    });
    await walk.approve(no, AUDITOR, { correctedOn: '2025-09-29', correctionText: '九月数据已补传' });
    expect(
      await walk.approve(no, AUDITOR, { verifiedOn: '2025-09-29', verificationText: '抽查十份，属实' }),
    ).toMatchObject({
      status: 'CLOSED',
    });
    expect((await office.case(no)).facts['closedAfter']).toBe('RECTIFIED');
  });

  it('is never reported by the clock: only when the lead confirms the refusal, up to the administration’s answer', async () => {
    const { no } = await walk.audited('2025-09-29', '2025-09-26', 'VIOLATION');
    await walk.serveOpinion(no, '2025-09-29', '2025-10-20');
    await office.forwardTo(no, '2025-10-22T09:00:00+08:00');
    expect(await office.case(no)).toMatchObject({ status: 'IN_PROGRESS', currentStage: 'RECTIFICATION' });
    expect(await walk.clockEvents(no)).toEqual(['REMINDER', 'LIMIT_PASSED', 'ESCALATED']);

    const refusal = { decision: 'REPORT' as const, form: { refusalConfirmed: true, refusalFacts: '书面表示不改正' } };
    await expect(office.decide(no, AUDITOR, refusal)).rejects.toMatchObject({ code: 'NOT_PERMITTED' });
    expect(await office.decide(no, LEAD, refusal)).toMatchObject({
      currentStage: 'REPORTED_TO_ADMIN',
      stageDueOn: null,
    });
    expect(
      await walk.approve(no, LEAD, { reportedTo: '源城区人社局', reportedOn: '2025-10-22', reportText: '拒不改正' }),
    ).toMatchObject({
      currentStage: 'ADMIN_RESULT_RECEIVED',
    });

    // DL-34 has no figure: five working days of silence show, nothing is overdue.
    await office.forwardTo(no, '2025-10-29T23:00:00+08:00');
    expect(await walk.clockEvents(no)).toEqual([]);
    await office.forwardTo(no, '2025-11-05T09:00:00+08:00');
    expect(await walk.clockEvents(no)).toEqual(['STUCK', 'ESCALATED']);

    expect(
      await walk.approve(no, AUDITOR, { adminResultReceivedOn: '2025-11-05', adminResult: '责令改正' }),
    ).toMatchObject({
      status: 'CLOSED',
    });
    expect(await walk.papers(no)).toEqual(['AUDIT_NOTICE', 'AUDIT_RECORD', 'AUDIT_OPINION', 'REPORT_TO_ADMIN']);
    expect((await office.case(no)).facts['closedAfter']).toBe('ADMIN_RESULT_RECEIVED');
  });

  it('notes on the record why the auditee refused to sign', async () => {
    walk.playOn('2025-09-29');
    const no = await walk.plan('2025-09-29');
    await walk.approve(no, LEAD);
    await walk.approve(no, AUDITOR, notice('2025-09-26'));
    await walk.begin(no, '2025-09-29');
    const { signerKind: _, representativeName: __, ...unsigned } = SIGNED;
    const refused = { ...unsigned, representativeSigned: false };
    await expect(walk.sign(no, refused)).rejects.toMatchObject({ code: 'SIGNATURE_REQUIRED' });
    await walk.sign(no, { ...refused, signatureRefusalReason: '对事实有异议' });
    const { rows } = await office.deps.db.query<{ content: JsonObject }>(
      `SELECT o.content FROM case_output o JOIN case_file c USING (case_id) WHERE c.acceptance_no = $1 AND o.kind = 'AUDIT_RECORD'`,
      [no],
    );
    expect(rows[0]?.content).toMatchObject({
      signatureRefusalReason: '对事实有异议',
      checkList: [{ item: 'NETWORKED_VISITS', result: 'NOT_OK' }, {}],
    });
  });
});

describe('whose audit it is', () => {
  it('belongs to the office of the lead who plans it; other offices, other posts and passed steps are refused', async () => {
    walk.playOn('2025-09-22');
    await expect(walk.plan('2025-10-09', AUDITOR)).rejects.toMatchObject({ code: 'NOT_PERMITTED' });
    await expect(walk.plan('2025-10-09', LEAD, ['s-county1.auditor1', 's-county2.auditor1'])).rejects.toMatchObject({
      code: 'TOO_FEW_AUDITORS',
    });
    const no = await walk.plan('2025-10-09');
    await expect(walk.approve(no, 'city.auditlead')).rejects.toMatchObject({ code: 'NOT_PERMITTED' });
    await expect(walk.approve(no, 'county2.auditlead')).rejects.toMatchObject({ code: 'CASE_NOT_FOUND' });
    await walk.approve(no, LEAD);
    await expect(office.decide(no, LEAD, { decision: 'APPROVE', step: 'PLANNED' })).rejects.toMatchObject({
      code: 'STAGE_PASSED',
    });
    await expect(office.decide(no, LEAD, { decision: 'WITHDRAW' })).rejects.toMatchObject({
      code: 'DECISION_NOT_POSSIBLE',
    });
  });

  it('lies in the county of the hospital when the city audits', async () => {
    walk.playOn('2025-09-22');
    const no = await walk.plan('2025-10-09', 'city.auditlead', ['s-city.auditor1', 's-city.auditor2']);
    expect(await office.case(no)).toMatchObject({
      agencyId: '441600',
      countyId: '441602',
      providerId: 'H4416020004',
      currentStage: 'PLANNED',
    });
    await expect(walk.approve(no, 'hosp1.affairs')).rejects.toMatchObject({ code: 'CASE_NOT_FOUND' });
    expect(await walk.approve(no, 'city.auditlead')).toMatchObject({ currentStage: 'NOTICE_SERVED' });
  });
});
