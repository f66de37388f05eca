import type { JsonObject } from '../../domain/case.ts';
import { possibleNow } from '../../domain/decisions.ts';
import { reimbursementReview as rules } from '../../domain/processes/reimbursement-review.ts';
import {
  approver,
  caseAt,
  decide,
  first,
  formOf,
  medical,
  second,
  TODAY,
  township,
  user,
  type Step,
} from './reimbursement-cases.ts';

const INPATIENT = formOf('GENERAL_INPATIENT');
const APPROVE = { decision: 'APPROVE' } as const;
const BACK = { decision: 'RETURN_TO_PREVIOUS', reason: '录入有误' } as const;
const TO_APPLICANT = { decision: 'RETURN_TO_APPLICANT' as const, reason: '缺材料', missing: ['出院小结'] };
const REJECT = { decision: 'REJECT', reason: '不属支付范围' } as const;
const leader = user('leader', 'CITY', 'CITY_LEADER');
const medReviewer = user('medreviewer', 'CITY', 'CITY_MEDICAL_REVIEWER');
const finReviewer = user('finreviewer', 'CITY', 'CITY_FINANCE_REVIEWER');
const finance = {
  clerk: user('finclerk', 'CITY', 'CITY_FINANCE_CLERK'),
  checker: user('finchecker', 'CITY', 'CITY_FINANCE_CHECKER'),
  payer: user('finpayer', 'CITY', 'CITY_FINANCE_PAYER'),
};
const at = (step: Step, change = {}) => caseAt(step, INPATIENT, change);

describe('the stages of a reimbursement', () => {
  it('run by the limits of Art. 15 and 19 in their order, the total until the list is printed', () => {
    const limits = Object.entries(rules.stages).map(([code, stage]) => [code, 'limits' in stage ? stage.limits : []]);
    expect(limits).toEqual([
      ['INTAKE', ['DL-08']],
      ['COUNTY_REVIEW', ['DL-09']],
      ['CITY_SUMMARY', ['DL-10']],
      ['CITY_APPROVAL', ['DL-06']],
      ['PAYMENT', ['DL-13']],
      ['BANK_FEEDBACK', ['DL-14', 'DL-15']],
      ['CLOSED', []],
    ]);
    expect(rules.totalLimit).toEqual({ limit: 'DL-11', endsWithStage: 'CITY_SUMMARY' });
  });

  it('offer what processes.md lists: no rejection at intake, nothing to the applicant from the city', () => {
    const offered = Object.fromEntries(
      Object.entries(rules.steps).map(([code, step]) => [code, Object.keys(step.decisions).sort()]),
    );
    const county = ['APPROVE', 'REJECT', 'RETURN_TO_APPLICANT', 'RETURN_TO_PREVIOUS'];
    const passOrReturn = ['APPROVE', 'RETURN_TO_PREVIOUS'];
    expect(offered).toEqual({
      INTAKE: ['APPROVE', 'RETURN_TO_APPLICANT', 'SAVE'],
      FIRST_REVIEW: county,
      SECOND_REVIEW: county,
      APPROVAL: county,
      CITY_SUMMARY: ['APPROVE', 'REJECT', 'RETURN_TO_PREVIOUS'],
      MEDICAL_RECHECK: passOrReturn,
      FINANCE_RECHECK: passOrReturn,
      LEADER_APPROVAL: passOrReturn,
      MADE_OUT: ['APPROVE'],
      CHECKED: passOrReturn,
      RECHECKED: passOrReturn,
      PAID: ['APPROVE'],
      BANK_RESULT: ['APPROVE'],
      ACCOUNT_CORRECTION: ['APPROVE'],
      CLOSED: [],
    });
  });
});

describe('intake', () => {
  it('submits a file whose lines are entered and whose papers are there', () => {
    expect(decide(at('INTAKE'), township, APPROVE)).toBe('POSSIBLE');
    const { lines: _, billTotal: __, ...unentered } = INPATIENT;
    expect(decide(caseAt('INTAKE', unentered), township, APPROVE)).toBe('LINES_REQUIRED');
    expect(
      decide(caseAt('INTAKE', unentered), township, { ...APPROVE, form: { lines: INPATIENT['lines'] ?? [] } }),
    ).toBe('POSSIBLE');
    expect(decide(at('INTAKE', { documents: ['FEE_LIST'] }), township, APPROVE)).toBe('DOCUMENTS_MISSING');
  });

  it('saves what is right, entered or not, and nothing that is wrong', () => {
    const { lines: _, billTotal: __, ...unentered } = INPATIENT;
    expect(decide(caseAt('INTAKE', unentered), township, { decision: 'SAVE', form: { diagnosis: '骨折' } })).toBe(
      'POSSIBLE',
    );
    expect(decide(at('INTAKE'), township, { decision: 'SAVE', form: { billTotal: '1.00' } })).toBe('TOTAL_MISMATCH');
  });

  it('lets the category be corrected although parts of the other one stay behind', () => {
    const { admittedOn, dischargedOn, billTotal, lines } = formOf('GENERAL_INPATIENT');
    const wrong = formOf('GENERAL_OUTPATIENT');
    const form: JsonObject = {
      category: 'GENERAL_INPATIENT',
      admittedOn: admittedOn ?? null,
      dischargedOn: dischargedOn ?? null,
      billTotal: billTotal ?? null,
      lines: lines ?? null,
    };
    expect(decide(caseAt('INTAKE', wrong), township, { decision: 'SAVE', form })).toBe('POSSIBLE');
  });

  it('is done at the window that received it, not at the county', () => {
    expect(decide(at('INTAKE'), user('x', 'C1', 'COUNTY_CLERK'), APPROVE)).toBe('NOT_PERMITTED');
    expect(decide(at('INTAKE'), first, APPROVE)).toBe('NOT_PERMITTED');
  });
});

describe('county and city review', () => {
  it('go step by step, each by its own post', () => {
    expect(decide(at('FIRST_REVIEW'), first, APPROVE)).toBe('POSSIBLE');
    expect(decide(at('FIRST_REVIEW'), second, APPROVE)).toBe('NOT_PERMITTED');
    expect(decide(at('SECOND_REVIEW'), second, REJECT)).toBe('POSSIBLE');
    expect(decide(at('APPROVAL'), approver, TO_APPLICANT)).toBe('POSSIBLE');
    expect(decide(at('CITY_SUMMARY'), medical, APPROVE)).toBe('POSSIBLE');
    expect(decide(at('CITY_SUMMARY'), medical, TO_APPLICANT)).toBe('DECISION_NOT_POSSIBLE');
    expect(decide(at('LEADER_APPROVAL'), leader, REJECT)).toBe('DECISION_NOT_POSSIBLE');
  });

  it('are four eyes: whoever entered, reviewed or summed up does nothing else of the review', () => {
    const everything = user('x', 'C1', 'COUNTY_FIRST_REVIEWER', 'COUNTY_SECOND_REVIEWER', 'COUNTY_APPROVER');
    const did = (duty: string) => ({ actors: [{ chain: 'REVIEW', duty, userId: 'x' }] });
    expect(decide(at('FIRST_REVIEW', did('ENTRY')), everything, APPROVE)).toBe('SAME_PERSON');
    expect(decide(at('SECOND_REVIEW', did('FIRST_REVIEW')), everything, APPROVE)).toBe('SAME_PERSON');
    expect(decide(at('FIRST_REVIEW', did('FIRST_REVIEW')), everything, APPROVE)).toBe('POSSIBLE');
    const cityWide = user('x', 'CITY', 'CITY_MEDICAL_CLERK', 'CITY_MEDICAL_REVIEWER');
    expect(decide(at('MEDICAL_RECHECK', did('CITY_SUMMARY')), cityWide, APPROVE)).toBe('SAME_PERSON');
  });

  it('return down to the window or an earlier step of their own, the city to the county', () => {
    const returns = (step: Step, by: typeof first, returnTo?: string) =>
      decide(at(step), by, { ...BACK, ...(returnTo ? { returnTo } : {}) });
    expect(returns('FIRST_REVIEW', first, 'INTAKE')).toBe('POSSIBLE');
    expect(returns('FIRST_REVIEW', first, 'SECOND_REVIEW')).toBe('DECISION_NOT_POSSIBLE');
    expect(returns('APPROVAL', approver, 'SECOND_REVIEW')).toBe('POSSIBLE');
    expect(returns('CITY_SUMMARY', medical)).toBe('POSSIBLE');
    expect(returns('CITY_SUMMARY', medical, 'INTAKE')).toBe('DECISION_NOT_POSSIBLE');
    expect(returns('FINANCE_RECHECK', finReviewer, 'MEDICAL_RECHECK')).toBe('POSSIBLE');
    expect(returns('MEDICAL_RECHECK', medReviewer)).toBe('POSSIBLE');
    expect(decide(at('FIRST_REVIEW'), first, { decision: 'RETURN_TO_PREVIOUS' })).toBe('REASON_REQUIRED');
  });

  it('can be withdrawn from until the leader has approved', () => {
    expect(possibleNow(rules, at('LEADER_APPROVAL'), township, TODAY)).toContain('WITHDRAW');
    expect(possibleNow(rules, at('MADE_OUT', { status: 'APPROVED' }), township, TODAY)).toEqual([]);
  });
});

describe('payment', () => {
  const approved = (step: Step, change = {}) => at(step, { status: 'APPROVED', ...change });

  it('takes four people', () => {
    const made = { actors: [{ chain: 'FINANCE', duty: 'MADE_OUT', userId: 'x' }] };
    const two = user('x', 'CITY', 'CITY_FINANCE_CLERK', 'CITY_FINANCE_CHECKER');
    expect(decide(approved('MADE_OUT'), finance.clerk, APPROVE)).toBe('POSSIBLE');
    expect(decide(approved('CHECKED', made), two, APPROVE)).toBe('SAME_PERSON');
    expect(decide(approved('CHECKED', made), finance.checker, BACK)).toBe('POSSIBLE');
  });

  it('lets who rechecked the summary recheck the payment: two duties of two chains', () => {
    const rechecked = { actors: [{ chain: 'REVIEW', duty: 'FINANCE_RECHECK', userId: 'finreviewer' }] };
    expect(decide(approved('RECHECKED', rechecked), finReviewer, APPROVE)).toBe('POSSIBLE');
  });

  it('is ordered between the hand-over and today', () => {
    const paid = (paidOn: string) =>
      decide(approved('PAID', { facts: { handedOverOn: '2025-09-19' } }), finance.payer, {
        ...APPROVE,
        form: { transferKind: 'SAME_BANK', paidOn },
      });
    expect(paid('2025-09-19')).toBe('POSSIBLE');
    expect(paid('2025-09-18')).toBe('DATE_OUT_OF_RANGE');
    expect(paid('2025-09-22')).toBe('POSSIBLE');
    expect(paid('2025-09-23')).toBe('DATE_IN_FUTURE');
  });

  it('says why it failed', () => {
    const fed = (form: JsonObject) => decide(approved('BANK_RESULT'), finance.clerk, { ...APPROVE, form });
    expect(fed({ result: 'PAID' })).toBe('POSSIBLE');
    expect(fed({ result: 'FAILED' })).toBe('REASON_REQUIRED');
    expect(fed({ result: 'FAILED', failureReason: '账号不符' })).toBe('POSSIBLE');
  });

  it('has its account corrected at the window that received the case', () => {
    expect(decide(approved('ACCOUNT_CORRECTION'), township, APPROVE)).toBe('POSSIBLE');
    expect(decide(approved('ACCOUNT_CORRECTION'), finance.clerk, APPROVE)).toBe('NOT_PERMITTED');
  });
});
