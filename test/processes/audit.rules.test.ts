import type { JsonObject, User } from '../../domain/case.ts';
import { possibleNow } from '../../domain/decisions.ts';
import { AUDIT_SCOPES, CHECK_LIST, itemsOf } from '../../domain/processes/audit-checklist.ts';
import { noticeForm, planForm } from '../../domain/processes/audit-form.ts';
import { auditRecord } from '../../domain/processes/audit-papers.ts';
import { audit as rules } from '../../domain/processes/audit.ts';
import type { Refusal } from '../../domain/refusal.ts';
import {
  FACTS,
  NOTICE,
  NOT_REFUSED,
  PLAN,
  RESULTS,
  SIGNED,
  TODAY,
  approve,
  caseAt,
  codeOf,
  decide,
  lead,
  manager,
  one,
  refused,
  staff,
  three,
  two,
  type Sent,
} from './audit-cases.ts';

describe('planning an audit', () => {
  const plan = (form: JsonObject, facts: JsonObject = {}): Refusal => {
    const snapshot = caseAt('PLANNED', { form, facts });
    const context = { case: snapshot, user: lead, input: { step: 'FILE', decision: 'APPROVE' } as const, today: TODAY };
    for (const guard of rules.filing.guards) {
      const refusal = guard({ ...context, form: snapshot.form, facts: snapshot.facts });
      if (refusal) return refusal;
    }
    return NOT_REFUSED;
  };

  it('accepts a designated hospital and two auditors of the office', () => {
    expect(codeOf(plan({}))).toBe('POSSIBLE');
    expect(planForm.safeParse(PLAN).success).toBe(true);
  });

  it('refuses an auditee that is no designated hospital', () => {
    expect(codeOf(plan({}, { hospital: { type: 'HOSPITAL', designated: false } }))).toBe('PROVIDER_NOT_DESIGNATED');
    expect(codeOf(plan({}, { hospital: { type: 'PHARMACY', designated: true } }))).toBe('PROVIDER_NOT_DESIGNATED');
  });

  it('refuses a team of one, also when one person is named twice', () => {
    expect(codeOf(plan({ auditors: ['a1'] }))).toBe('TOO_FEW_AUDITORS');
    expect(codeOf(plan({ auditors: [] }))).toBe('TOO_FEW_AUDITORS');
    expect(codeOf(plan({ auditors: ['a1', 'a1'] }))).toBe('TOO_FEW_AUDITORS');
  });

  it('counts only auditors of the lead’s own office and names those who are none', () => {
    const facts = { auditors: [staff(one), staff({ ...two, officeId: 'C2' }), staff(manager)] };
    const refusal = plan({ auditors: ['a1', 'a2', 'boss'] }, facts);
    expect(refusal.code).toBe('TOO_FEW_AUDITORS');
    expect(refusal.faults.map((f) => f.path)).toEqual(['form.auditors', 'form.auditors.1', 'form.auditors.2']);
  });

  it('refuses a scope without a group, with an unknown one or with one named twice', () => {
    for (const scope of [[], ['KITCHEN'], ['QUALITY', 'QUALITY']]) {
      expect(planForm.safeParse({ ...PLAN, scope }).success).toBe(false);
    }
  });

  it('lets only the lead change or fix the plan, and nobody withdraw it', () => {
    expect(possibleNow(rules, caseAt('PLANNED'), lead, TODAY)).toEqual(['SAVE', 'APPROVE']);
    expect(possibleNow(rules, caseAt('PLANNED'), one, TODAY)).toEqual([]);
    expect(possibleNow(rules, caseAt('PLANNED'), { ...lead, officeId: 'C2' }, TODAY)).toEqual([]);
    expect(decide(caseAt('PLANNED'), lead, { decision: 'WITHDRAW' })).toBe('DECISION_NOT_POSSIBLE');
  });

  it('keeps two auditors when the team changes', () => {
    const form = { auditors: ['a1'] };
    expect(decide(caseAt('PLANNED'), lead, { decision: 'SAVE', form, lookedUp: { auditors: [staff(one)] } })).toBe(
      'TOO_FEW_AUDITORS',
    );
  });
});

describe('the check list of Art. 26(一)', () => {
  it('holds the items of the article, each code once', () => {
    const counts = AUDIT_SCOPES.map((group) => Object.keys(CHECK_LIST[group].items).length);
    expect(counts).toEqual([10, 4, 5, 8, 2]);
    expect(new Set(itemsOf(AUDIT_SCOPES)).size).toBe(29);
  });

  const record = (checkList: JsonObject[]) =>
    refused(caseAt('RECORD_SIGNED', { form: { auditorsPresent: ['a1', 'a2'] }, documents: ['AUDIT_RECORD'] }), one, {
      decision: 'APPROVE',
      form: { ...SIGNED, checkList },
    });

  it('must be answered item by item for the chosen groups', () => {
    expect(codeOf(record(RESULTS))).toBe('POSSIBLE');
    const refusal = record(RESULTS.slice(2));
    expect(refusal.code).toBe('BAD_REQUEST');
    expect(refusal.faults.map((f) => f.en)).toEqual(['not answered: INDICATIONS', 'not answered: CLINICAL_NORMS']);
  });

  it('refuses an item of a group that was not chosen, and an item answered twice', () => {
    const refusal = record([
      ...RESULTS,
      { item: 'FISCAL_RECEIPTS', result: 'OK' },
      { item: 'CONSENT', result: 'NOT_OK' },
    ]);
    expect(refusal.faults.map((f) => f.path)).toEqual(['form.checkList.6.item', 'form.checkList.7.item']);
  });

  it('may be saved half answered while the team is at work', () => {
    const form = { checkList: RESULTS.slice(0, 1) };
    expect(decide(caseAt('ON_SITE'), one, { decision: 'SAVE', form })).toBe('POSSIBLE');
    expect(decide(caseAt('RECORD_SIGNED'), one, { decision: 'SAVE', form })).toBe('POSSIBLE');
    expect(
      decide(caseAt('ON_SITE'), one, { decision: 'SAVE', form: { checkList: [{ item: 'PRICES', result: 'OK' }] } }),
    ).toBe('BAD_REQUEST');
  });

  it('stands on the record in words, with the reason when the auditee refused to sign', () => {
    const form = { ...PLAN, ...SIGNED, representativeSigned: false, signatureRefusalReason: '对事实有异议' };
    const paper = auditRecord({ acceptanceNo: 'A1', form, facts: FACTS });
    expect(paper).toMatchObject({ auditNo: 'A1', signatureRefusalReason: '对事实有异议' });
    expect(paper).not.toHaveProperty('representativeName');
    expect((paper['checkList'] as JsonObject[])[0]).toMatchObject({
      item: 'INDICATIONS',
      result: 'OK',
      zh: '严格掌握入院指征、手术指征',
    });
  });
});

describe('the notice, DL-30', () => {
  const serve = (form: JsonObject, more: Partial<Sent> = {}) =>
    refused(caseAt('NOTICE_SERVED'), one, { decision: 'APPROVE', form: { ...NOTICE, ...form }, ...more });

  it('is lawful three calendar days ahead, holiday or not (deadlines.md example 6)', () => {
    expect(codeOf(serve({ noticeServedOn: '2025-10-06' }))).toBe('POSSIBLE');
  });

  it('is too short two days ahead, and says from which day the audit would be lawful', () => {
    const refusal = serve({ noticeServedOn: '2025-10-07' });
    expect(refusal.code).toBe('NOTICE_TOO_SHORT');
    expect(refusal.faults[0]).toMatchObject({ path: 'form.plannedStartOn', en: expect.stringContaining('2025-10-10') });
  });

  it('may move the start in the same decision: to the earliest lawful day, not to the day before', () => {
    expect(codeOf(serve({ noticeServedOn: '2025-10-07', plannedStartOn: '2025-10-10' }))).toBe('POSSIBLE');
    expect(codeOf(serve({ noticeServedOn: '2025-10-08', plannedStartOn: '2025-10-10' }))).toBe('NOTICE_TOO_SHORT');
  });

  it('counts the weekend and the spring festival too (example 13)', () => {
    const planned = caseAt('NOTICE_SERVED', { form: { plannedStartOn: '2026-02-24' } });
    const on = (noticeServedOn: string) =>
      approve(planned, one, { ...NOTICE, noticeServedOn }, { today: '2026-02-24' });
    expect([on('2026-02-21'), on('2026-02-22')]).toEqual(['POSSIBLE', 'NOTICE_TOO_SHORT']);
  });

  it('cannot have been served tomorrow, nor in another year', () => {
    expect(codeOf(serve({ noticeServedOn: '2025-10-10', plannedStartOn: '2025-10-20' }))).toBe('DATE_IN_FUTURE');
    expect(codeOf(serve({ noticeServedOn: '2024-10-06' }))).toBe('DATE_OUT_OF_RANGE');
  });

  it('says contents, requirements, methods and materials, all missing ones at once', () => {
    const refusal = refused(caseAt('NOTICE_SERVED'), one, { decision: 'APPROVE', form: { contents: '质量管理' } });
    expect(refusal.faults.map((f) => f.path)).toEqual([
      'form.requirements',
      'form.methods',
      'form.materialsToPrepare',
      'form.noticeServedOn',
    ]);
  });

  const WAIVED: JsonObject = {
    noticeWaived: true,
    noticeWaiverReason: '举报称正在销毁病历',
    noticeWaiverApprovedBy: 'boss',
  };
  const waive = (form: JsonObject, approver: User = manager) =>
    refused(caseAt('NOTICE_SERVED'), one, {
      decision: 'APPROVE',
      form,
      lookedUp: { noticeWaiverApprovedBy: [staff(approver)] },
    });

  it('may be left out or shortened in special circumstances that somebody approved', () => {
    expect(codeOf(waive(WAIVED))).toBe('POSSIBLE');
    expect(codeOf(waive({ ...NOTICE, ...WAIVED, noticeServedOn: '2025-10-09' }))).toBe('POSSIBLE');
  });

  it('is not left out without a reason, without an approver, or by an auditor’s own approval', () => {
    expect(waive({ noticeWaived: true }).faults.map((f) => f.path)).toEqual([
      'form.noticeWaiverReason',
      'form.noticeWaiverApprovedBy',
    ]);
    expect(codeOf(waive({ ...WAIVED, noticeWaiverApprovedBy: 'a1' }, one))).toBe('BAD_REQUEST');
    expect(codeOf(waive({ ...NOTICE, noticeWaiverReason: '举报' }))).toBe('BAD_REQUEST');
  });

  it('is served by the chosen team or the lead, not by another auditor', () => {
    expect(approve(caseAt('NOTICE_SERVED'), three, NOTICE)).toBe('NOT_PERMITTED');
    expect(approve(caseAt('NOTICE_SERVED'), lead, NOTICE)).toBe('POSSIBLE');
    expect(noticeForm.safeParse({ ...NOTICE, noticeServedOn: '2025-02-30' }).success).toBe(false);
  });
});
