import type { JsonObject } from '../../domain/case.ts';
import { possibleNow } from '../../domain/decisions.ts';
import { onSiteForm, opinionForm, recordForm, refusalForm } from '../../domain/processes/audit-form.ts';
import { audit as rules } from '../../domain/processes/audit.ts';
import {
  SIGNED,
  TODAY,
  approve,
  caseAt,
  decide,
  lead,
  one,
  staff,
  three,
  type Sent,
  type Step,
} from './audit-cases.ts';

describe('the audit on site', () => {
  const START: JsonObject = { startedOn: '2025-10-09', auditorsPresent: ['a1', 'a2'], credentialsShown: true };
  const served = (noticeServedOn: string | null, noticeWaived = false) =>
    caseAt('ON_SITE', { facts: { noticeServedOn, noticeWaived } });

  it('begins three days after the notice at the earliest, whatever was planned', () => {
    expect(approve(served('2025-10-06'), one, START)).toBe('POSSIBLE');
    expect(approve(served('2025-10-07'), one, START)).toBe('NOTICE_TOO_SHORT');
    expect(approve(served('2025-10-07', true), one, START)).toBe('POSSIBLE');
    expect(approve(served(null, true), one, START)).toBe('POSSIBLE');
  });

  it('needs two of the chosen auditors on the spot, credentials shown', () => {
    expect(approve(served('2025-10-06'), one, { ...START, auditorsPresent: ['a1'] })).toBe('TOO_FEW_AUDITORS');
    expect(approve(served('2025-10-06'), one, { ...START, auditorsPresent: ['a1', 'a3'] })).toBe('TOO_FEW_AUDITORS');
    expect(onSiteForm.safeParse({ ...START, credentialsShown: false }).success).toBe(false);
  });

  it('cannot have begun tomorrow', () => {
    expect(approve(served('2025-10-06'), one, { ...START, startedOn: '2025-10-10' })).toBe('DATE_IN_FUTURE');
  });

  it('lets only the lead replace a member of the team', () => {
    const sent: Sent = {
      decision: 'SAVE',
      form: { auditors: ['a1', 'a3'] },
      lookedUp: { auditors: [staff(one), staff(three)] },
    };
    expect(decide(served('2025-10-06'), lead, sent)).toBe('POSSIBLE');
    expect(decide(served('2025-10-06'), one, sent)).toBe('NOT_PERMITTED');
  });
});

describe('the record', () => {
  const afterwards = (documents = ['AUDIT_RECORD']) =>
    caseAt('RECORD_SIGNED', { form: { auditorsPresent: ['a1', 'a2'] }, documents });

  it('must be attached', () => {
    expect(approve(afterwards([]), one, SIGNED)).toBe('DOCUMENTS_MISSING');
    expect(approve(afterwards(), one, SIGNED)).toBe('POSSIBLE');
  });

  it('is signed by two of the auditors who were there', () => {
    expect(approve(afterwards(), one, { ...SIGNED, auditorsSigned: ['a1'] })).toBe('SIGNATURE_REQUIRED');
    expect(approve(afterwards(), one, { ...SIGNED, auditorsSigned: ['a1', 'a3'] })).toBe('SIGNATURE_REQUIRED');
  });

  it('is signed by a named representative, or notes why not, never both', () => {
    const { signerKind: _, representativeName: __, ...unsigned } = SIGNED;
    const without = { ...unsigned, representativeSigned: false };
    expect(approve(afterwards(), one, unsigned)).toBe('SIGNATURE_REQUIRED');
    expect(approve(afterwards(), one, without)).toBe('SIGNATURE_REQUIRED');
    expect(approve(afterwards(), one, { ...without, signatureRefusalReason: '对事实有异议' })).toBe('POSSIBLE');
    expect(approve(afterwards(), one, { ...SIGNED, signatureRefusalReason: '对事实有异议' })).toBe('BAD_REQUEST');
  });

  it('forgets a refusal noted before a step back once the representative has signed', () => {
    const again = caseAt('RECORD_SIGNED', {
      form: { auditorsPresent: ['a1', 'a2'], representativeSigned: false, signatureRefusalReason: '对事实有异议' },
      documents: ['AUDIT_RECORD'],
    });
    expect(approve(again, one, SIGNED)).toBe('POSSIBLE');
    expect(recordForm.safeParse({ ...SIGNED, signerKind: 'COUSIN' }).success).toBe(false);
  });
});

describe('the end and what follows', () => {
  const day = (step: Step, form: JsonObject, sent: JsonObject, documents: string[] = []) =>
    approve(caseAt(step, { form, documents }), lead, sent, { today: '2025-10-20' });

  it('ends between its start and today, by the lead', () => {
    const end = (endedOn: string) => day('AUDIT_ENDED', { startedOn: '2025-10-09' }, { endedOn, finding: 'VIOLATION' });
    expect([end('2025-10-08'), end('2025-10-09'), end('2025-10-20'), end('2025-10-21')]).toEqual([
      'DATE_OUT_OF_RANGE',
      'POSSIBLE',
      'POSSIBLE',
      'DATE_IN_FUTURE',
    ]);
    expect(approve(caseAt('AUDIT_ENDED'), one, { endedOn: '2025-10-09', finding: 'VIOLATION' })).toBe('NOT_PERMITTED');
  });

  it('serves an opinion only with proof of service and a period that ends later', () => {
    const opinion = {
      opinionFacts: '分段结帐',
      violations: '分段结帐',
      opinionServedOn: '2025-10-15',
      correctionDueOn: '2025-11-14',
    };
    const serve = (change: JsonObject, documents = ['SERVICE_PROOF']) =>
      day('OPINION_SERVED', { endedOn: '2025-10-13' }, { ...opinion, ...change }, documents);
    expect(serve({})).toBe('POSSIBLE');
    expect(serve({}, [])).toBe('DOCUMENTS_MISSING');
    expect(serve({ correctionDueOn: '2025-10-15' })).toBe('DATE_OUT_OF_RANGE');
    expect(serve({ opinionServedOn: '2025-10-12' })).toBe('DATE_OUT_OF_RANGE');
    expect(serve({ opinionServedOn: '2025-10-21' })).toBe('DATE_IN_FUTURE');
    const { correctionDueOn: _, ...endless } = opinion;
    expect(opinionForm.safeParse(endless).success).toBe(false);
  });

  it('still serves an opinion whose ten working days have long passed', () => {
    const form = {
      opinionFacts: '事实',
      violations: '违法',
      opinionServedOn: '2025-10-20',
      correctionDueOn: '2025-11-20',
    };
    expect(day('OPINION_SERVED', { endedOn: '2025-08-01' }, form, ['SERVICE_PROOF'])).toBe('POSSIBLE');
  });

  it('reports only when the lead confirms a refusal: a lapsed period alone is none', () => {
    const snapshot = caseAt('RECTIFICATION', {
      form: { opinionServedOn: '2025-08-01', correctionDueOn: '2025-09-01' },
    });
    expect(possibleNow(rules, snapshot, one, TODAY)).toEqual(['APPROVE']);
    expect(possibleNow(rules, snapshot, lead, TODAY)).toEqual(['APPROVE', 'REPORT']);
    expect(refusalForm.safeParse({ refusalFacts: '期限已过' }).success).toBe(false);
    expect(refusalForm.safeParse({ refusalConfirmed: false, refusalFacts: '期限已过' }).success).toBe(false);
  });

  it('steps back only as long as nothing depends on what was served', () => {
    const back = (Object.keys(rules.steps) as Step[]).filter((step) =>
      possibleNow(rules, caseAt(step), lead, TODAY).includes('RETURN_TO_PREVIOUS'),
    );
    expect(back).toEqual([
      'NOTICE_SERVED',
      'ON_SITE',
      'RECORD_SIGNED',
      'AUDIT_ENDED',
      'RESULT_NOTIFIED',
      'OPINION_SERVED',
      'RECTIFIED',
    ]);
    expect(decide(caseAt('AUDIT_ENDED'), lead, { decision: 'RETURN_TO_PREVIOUS' })).toBe('REASON_REQUIRED');
  });
});
