import type { JsonObject } from '../../domain/case.ts';
import { calculateBenefit } from '../../domain/benefits/index.ts';
import { possibleNow } from '../../domain/decisions.ts';
import { lostReceiptForm } from '../../domain/processes/lost-receipt-verification.ts';
import { benefitClaimOf } from '../../domain/processes/reimbursement-claim.ts';
import { reimbursementReview as rules } from '../../domain/processes/reimbursement-review.ts';
import { openingOf, verificationsNeeded } from '../../domain/processes/reimbursement-verification.ts';
import { traumaVerificationForm } from '../../domain/processes/trauma-verification.ts';
import { figures } from '../domain/benefits-bills.ts';
import { approver, caseAt, decide, FACTS, first, formOf, TODAY, township } from './reimbursement-cases.ts';

const INPATIENT = formOf('GENERAL_INPATIENT');
const APPROVE = { decision: 'APPROVE' } as const;
const BACK = { decision: 'RETURN_TO_PREVIOUS', reason: '录入有误' } as const;
const REJECT = { decision: 'REJECT', reason: '不属支付范围' } as const;

describe('verification', () => {
  it('is needed for an injury without a letter on record and for a lost receipt, once each', () => {
    const both = formOf('TRAUMA_OWN', { receiptLost: true });
    expect(verificationsNeeded(INPATIENT, {})).toEqual([]);
    expect(verificationsNeeded(both, {})).toEqual(['TRAUMA', 'RECEIPT']);
    expect(verificationsNeeded(both, { letter: { liability: 'OWN' } })).toEqual(['RECEIPT']);
    expect(verificationsNeeded(both, { traumaVerified: true })).toEqual(['RECEIPT']);
    expect(verificationsNeeded(both, { traumaVerified: true, receiptVerified: true })).toEqual([]);
  });

  it('is opened with a form its own process would take', () => {
    const both = formOf('TRAUMA_OWN', { receiptLost: true });
    expect(traumaVerificationForm.safeParse(openingOf('TRAUMA', both).form).error).toBeUndefined();
    expect(lostReceiptForm.safeParse(openingOf('RECEIPT', both).form).error).toBeUndefined();
  });

  it('comes before the county lets anything pass', () => {
    const form = formOf('TRAUMA_OWN');
    const facts = (more: JsonObject) => ({ facts: { ...FACTS, ...more } });
    expect(decide(caseAt('FIRST_REVIEW', form), first, APPROVE)).toBe('DECISION_NOT_POSSIBLE');
    expect(
      decide(caseAt('FIRST_REVIEW', form, facts({ traumaVerified: true, liability: 'OWN' })), first, APPROVE),
    ).toBe('POSSIBLE');
  });

  it('that finds another kind of liability sends the case back to the window or ends it', () => {
    const facts = { ...FACTS, traumaVerified: true, liability: 'OTHER', liabilityGrade: null };
    const found = caseAt('FIRST_REVIEW', formOf('TRAUMA_OWN'), { facts });
    expect(decide(found, first, APPROVE)).toBe('DECISION_NOT_POSSIBLE');
    expect(decide(found, first, BACK)).toBe('POSSIBLE');
    expect(decide(found, first, REJECT)).toBe('POSSIBLE');
    expect(decide({ ...found, step: 'INTAKE', stage: 'INTAKE' }, township, APPROVE)).toBe('BAD_REQUEST');
  });

  it('leaves nothing to decide but a withdrawal meanwhile', () => {
    const waiting = caseAt('FIRST_REVIEW', formOf('TRAUMA_OWN'), { status: 'AWAITING_VERIFICATION' });
    expect(possibleNow(rules, waiting, first, TODAY)).toEqual([]);
    expect(possibleNow(rules, waiting, township, TODAY)).toEqual(['WITHDRAW']);
  });
});

describe('an advance payment (P11)', () => {
  const facts = { ...FACTS, traumaVerified: true, liability: 'SHARED', liabilityGrade: 'EQUAL' };
  const shared = formOf('TRAUMA_SHARED', {
    trauma: { liability: 'SHARED', grade: 'EQUAL', traffic: false },
    advance: { ground: 'LIABLE_PARTY_UNABLE' },
  });
  const approval = (form: JsonObject, known: JsonObject, confirmed?: boolean) =>
    decide(caseAt('APPROVAL', form, { facts: known }), approver, {
      ...APPROVE,
      ...(confirmed === undefined ? {} : { form: { advanceGroundConfirmed: confirmed } }),
    });

  it('has its ground confirmed or refused with the county’s approval', () => {
    expect(approval(shared, facts)).toBe('BAD_REQUEST');
    expect(approval(shared, facts, true)).toBe('POSSIBLE');
    expect(approval(shared, facts, false)).toBe('POSSIBLE');
    expect(approval(INPATIENT, FACTS)).toBe('POSSIBLE');
    expect(approval(INPATIENT, FACTS, true)).toBe('BAD_REQUEST');
  });

  it('without its ground leaves nothing to pay when the other party is liable', () => {
    const other = { ...FACTS, traumaVerified: true, liability: 'OTHER' };
    expect(approval(formOf('TRAUMA_OTHER'), other, true)).toBe('POSSIBLE');
    expect(approval(formOf('TRAUMA_OTHER'), other, false)).toBe('LIABLE_PARTY_PAYS');
  });

  it('is calculated as one only while its ground is not refused', () => {
    expect(benefitClaimOf(shared, facts).trauma?.advance).toBe(true);
    expect(benefitClaimOf({ ...shared, advanceGroundConfirmed: false }, facts).trauma?.advance).toBeUndefined();
  });
});

describe('what is calculated', () => {
  const amounts = (form: JsonObject, facts: JsonObject = FACTS) => {
    const { fundPays, insuredPays } = calculateBenefit(benefitClaimOf(form, facts), figures);
    return { fundPays, insuredPays };
  };

  it('is the bill of §8.1 to the fen', () => {
    expect(amounts(INPATIENT)).toEqual({ fundPays: '6161.81', insuredPays: '6085.89' });
  });

  it('is §8.3 when the same stay follows a traffic accident with main liability', () => {
    const trauma = { liability: 'SHARED', grade: 'MAIN', traffic: true, ctiPaid: '3000' };
    expect(amounts(formOf('TRAUMA_SHARED', { trauma }))).toEqual({ fundPays: '2843.26', insuredPays: '6404.44' });
  });

  it('takes the verified grade before the stated one', () => {
    const facts = { ...FACTS, liability: 'SHARED', liabilityGrade: 'MINOR' };
    expect(benefitClaimOf(formOf('TRAUMA_SHARED'), facts).trauma).toEqual({
      liability: 'SHARED',
      grade: 'MINOR',
      traffic: false,
    });
  });

  it('does not look at parts of another category or at short spellings of amounts', () => {
    const leftBehind = {
      ...INPATIENT,
      billTotal: '12247.7',
      trauma: { liability: 'OWN', traffic: false },
      newborn: { bornOn: '2025-09-10' },
    };
    expect(benefitClaimOf(leftBehind, FACTS)).toMatchObject({ total: '12247.70' });
    expect(benefitClaimOf(leftBehind, FACTS).trauma).toBeUndefined();
    expect(benefitClaimOf(leftBehind, FACTS).newborn).toBeUndefined();
  });
});
