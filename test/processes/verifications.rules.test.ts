import type { CaseSnapshot, DecisionInput, JsonObject, User } from '../../domain/case.ts';
import { checkDecision } from '../../domain/decisions.ts';
import { lostReceiptVerification } from '../../domain/processes/lost-receipt-verification.ts';
import { traumaVerification } from '../../domain/processes/trauma-verification.ts';
import type { ProcessDefinition } from '../../domain/process.ts';
import { FACTS, HOSPITAL_ID, PATIENT, refusalOf, TODAY, user } from './reimbursement-cases.ts';

const STAY = { ...PATIENT, hospitalId: HOSPITAL_ID, admittedOn: '2025-09-10' };
const INJURY: JsonObject = {
  ...STAY,
  injuredOn: '2025-09-10',
  injuryPlace: '家中',
  injuryCause: '跌倒',
  traffic: false,
};
const LOSS: JsonObject = { ...STAY, dischargedOn: '2025-09-18', billNos: ['B1'], loss: 'LOST' };

const auditor = user('auditor', 'C1', 'AUDITOR');
const clerk = user('clerk', 'C1', 'COUNTY_CLERK');

function decide(
  definition: ProcessDefinition,
  step: string,
  by: User,
  input: Omit<DecisionInput, 'step'>,
  change: Partial<CaseSnapshot> = {},
): string {
  const snapshot: CaseSnapshot = {
    caseId: '1',
    acceptanceNo: 'A1',
    process: definition.code,
    version: 1,
    status: 'IN_PROGRESS',
    stage: step,
    step,
    offices: { receivingId: 'C1', countyId: 'C1', cityId: 'CITY' },
    receivedOn: TODAY,
    form: definition.code === 'TRAUMA_VERIFICATION' ? INJURY : LOSS,
    facts: FACTS,
    documents: [],
    actors: [],
    ...change,
  };
  return refusalOf(() => checkDecision(definition, snapshot, by, { step, ...input }, TODAY))?.code ?? 'POSSIBLE';
}

describe('verifying an injury (P10)', () => {
  const verify = (form: JsonObject, change: Partial<CaseSnapshot> = {}) =>
    decide(
      traumaVerification,
      'VERIFYING',
      auditor,
      { decision: 'APPROVE', form: { findings: '现场核实', ...form } },
      change,
    );

  it('takes first page and pledge to begin', () => {
    const accept = (documents: string[]) =>
      decide(traumaVerification, 'REPORTED', clerk, { decision: 'APPROVE' }, { documents });
    expect(accept(['MEDICAL_RECORD_FIRST_PAGE', 'PLEDGE'])).toBe('POSSIBLE');
    expect(accept(['PLEDGE'])).toBe('DOCUMENTS_MISSING');
  });

  it('establishes a grade with shared liability and only then', () => {
    expect(verify({ liability: 'OWN' })).toBe('POSSIBLE');
    expect(verify({ liability: 'OTHER' })).toBe('POSSIBLE');
    expect(verify({ liability: 'SHARED' })).toBe('BAD_REQUEST');
    expect(verify({ liability: 'SHARED', liabilityGrade: 'EQUAL' })).toBe('POSSIBLE');
    expect(verify({ liability: 'OWN', liabilityGrade: 'MAIN' })).toBe('BAD_REQUEST');
  });

  it('is done by an auditor who did not take the report', () => {
    expect(verify({ liability: 'OWN' }, { actors: [{ chain: 'REVIEW', duty: 'ENTRY', userId: 'auditor' }] })).toBe(
      'SAME_PERSON',
    );
    expect(decide(traumaVerification, 'VERIFYING', clerk, { decision: 'APPROVE' })).toBe('NOT_PERMITTED');
  });

  it('ends with a reason when it was no accident', () => {
    const refute = (reason?: string) =>
      decide(traumaVerification, 'VERIFYING', auditor, {
        decision: 'REJECT',
        form: { result: 'NOT_ACCIDENT' },
        ...(reason ? { reason } : {}),
      });
    expect(refute()).toBe('REASON_REQUIRED');
    expect(refute('系疾病所致')).toBe('POSSIBLE');
  });
});

describe('verifying a lost receipt (P12)', () => {
  it('needs the damaged original only where it still exists', () => {
    const list = (loss: string) =>
      lostReceiptVerification.filing.documents({ form: { ...LOSS, loss } }).flatMap(({ anyOf }) => anyOf);
    expect(list('LOST')).not.toContain('DAMAGED_RECEIPT');
    expect(list('DAMAGED')).toContain('DAMAGED_RECEIPT');
  });

  it('is confirmed or refuted by an auditor', () => {
    const findings = { findings: '票据属实，未结算' };
    expect(decide(lostReceiptVerification, 'VERIFYING', auditor, { decision: 'APPROVE', form: findings })).toBe(
      'POSSIBLE',
    );
    expect(decide(lostReceiptVerification, 'VERIFYING', clerk, { decision: 'APPROVE', form: findings })).toBe(
      'NOT_PERMITTED',
    );
    expect(decide(lostReceiptVerification, 'VERIFYING', auditor, { decision: 'REJECT', reason: '医院无此票据' })).toBe(
      'POSSIBLE',
    );
  });

  it('is stuck, not overdue, after five working days of silence: the sources set no limit', () => {
    for (const definition of [traumaVerification, lostReceiptVerification]) {
      for (const stage of Object.values(definition.stages)) {
        expect(stage).toMatchObject({ stuckAfterWorkingDays: 5 });
        expect(stage).not.toHaveProperty('limits');
      }
    }
  });
});
