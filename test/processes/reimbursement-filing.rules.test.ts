import { REIMBURSEMENT_CATEGORIES, type ReimbursementCategory } from '../../domain/benefits/types.ts';
import type { JsonObject } from '../../domain/case.ts';
import { reimbursementForm } from '../../domain/processes/reimbursement-form.ts';
import { reimbursementReview as rules } from '../../domain/processes/reimbursement-review.ts';
import {
  billLine,
  BILL_8_1,
  faultPaths,
  filing,
  formOf,
  HOSPITAL,
  refusalOfFiling,
  TODAY,
} from './reimbursement-cases.ts';

const CATEGORIES = Object.keys(REIMBURSEMENT_CATEGORIES) as ReimbursementCategory[];
const REGISTERED = {
  chronicRegistrations: [{ diseaseCode: 'CD-002', validFrom: '2025-01-01', validTo: '2025-12-31' }],
};
const trauma = (more: JsonObject): JsonObject => ({
  trauma: {
    liability: 'OWN',
    traffic: false,
    injuredOn: '2025-09-10',
    injuryPlace: '家中',
    injuryCause: '跌倒',
    ...more,
  },
});

describe('filing a reimbursement', () => {
  it.each(CATEGORIES)('takes a complete form: %s', (category) => {
    const form = formOf(category);
    expect(reimbursementForm.safeParse(form).success).toBe(true);
    expect(filing(form, REGISTERED)).toBe('POSSIBLE');
  });

  it('takes the lines later', () => {
    const { lines: _, billTotal: __, ...withoutLines } = formOf('GENERAL_INPATIENT');
    expect(filing(withoutLines)).toBe('POSSIBLE');
  });

  it('claims each bill of the hospital', () => {
    const form = formOf('GENERAL_INPATIENT', { billNos: ['A-1', 'A-2'] });
    expect(rules.filing.claims({ form, facts: {}, receivedOn: TODAY })).toEqual([
      { kind: 'BILL', key: 'H4416020001/A-1' },
      { kind: 'BILL', key: 'H4416020001/A-2' },
    ]);
  });

  it('refuses fields it does not know, amounts with three decimals, quantities of nothing', () => {
    const parse = (change: JsonObject) => reimbursementForm.safeParse(formOf('GENERAL_INPATIENT', change)).success;
    expect(parse({ colour: 'red' })).toBe(false);
    expect(parse({ billTotal: '1.005' })).toBe(false);
    expect(parse({ lines: [billLine('注射费', 'TREATMENT', '1.00', '0.00', { quantity: '0.000' })] })).toBe(false);
    expect(parse({ lines: [billLine('注射费', 'TREATMENT', '1.00', '0.50', { quantity: '0.5' })] })).toBe(true);
  });

  it('refuses hospitals without agreement, and pharmacies', () => {
    const form = formOf('GENERAL_INPATIENT');
    expect(filing(form, { hospital: { ...HOSPITAL, designated: false } })).toBe('PROVIDER_NOT_DESIGNATED');
    expect(filing(form, { hospital: { ...HOSPITAL, type: 'PHARMACY' } })).toBe('PROVIDER_NOT_DESIGNATED');
  });

  it('names every part that is missing at once', () => {
    const { admittedOn: _, ...form } = formOf('TRAUMA_SHARED', trauma({ liability: 'SHARED', traffic: true }));
    expect(faultPaths(refusalOfFiling(form))).toEqual(['form.admittedOn', 'form.trauma.grade', 'form.trauma.ctiPaid']);
  });

  it('has no place for the parts of another category, unless an earlier entry left them behind', () => {
    const form = formOf('GENERAL_INPATIENT', { visitOn: '2025-09-12', ...trauma({}) });
    expect(faultPaths(refusalOfFiling(form))).toEqual(['form.visitOn', 'form.trauma']);
  });

  it('refuses dates after today and dates out of order', () => {
    expect(filing(formOf('GENERAL_INPATIENT', { dischargedOn: '2025-09-22' }))).toBe('POSSIBLE');
    expect(filing(formOf('GENERAL_INPATIENT', { dischargedOn: '2025-09-23' }))).toBe('DATE_IN_FUTURE');
    expect(filing(formOf('GENERAL_INPATIENT', { dischargedOn: '2025-09-09' }))).toBe('DATE_OUT_OF_RANGE');
    expect(filing(formOf('TRAUMA_OWN', trauma({ injuredOn: '2025-09-11' })))).toBe('DATE_OUT_OF_RANGE');
    const early = BILL_8_1.map((line, i) => (i === 2 ? { ...line, servedOn: '2025-09-09' } : line));
    expect(faultPaths(refusalOfFiling(formOf('GENERAL_INPATIENT', { lines: early })))).toEqual([
      'form.lines.2.servedOn',
    ]);
    const late = BILL_8_1.map((line, i) => (i === 3 ? { ...line, servedOn: '2025-09-19' } : line));
    expect(faultPaths(refusalOfFiling(formOf('GENERAL_INPATIENT', { lines: late })))).toEqual([
      'form.lines.3.servedOn',
    ]);
  });

  it('loses inpatient receipts only', () => {
    expect(faultPaths(refusalOfFiling(formOf('GENERAL_OUTPATIENT', { receiptLost: true })))).toEqual([
      'form.receiptLost',
    ]);
    expect(filing(formOf('MATERNITY_SUBSIDY', { receiptLost: true }))).toBe('POSSIBLE');
  });

  it('names the line whose amount is not quantity times price, and the total that the lines miss', () => {
    const lines = [billLine('床位', 'BED', '45.00', '360.01', { quantity: '8' })];
    expect(faultPaths(refusalOfFiling(formOf('GENERAL_INPATIENT', { lines })))).toEqual(['form.lines.0.amount']);
    expect(filing(formOf('GENERAL_INPATIENT', { billTotal: '12247.71' }))).toBe('TOTAL_MISMATCH');
    expect(filing(formOf('GENERAL_INPATIENT', { billTotal: '12247.7' }))).toBe('POSSIBLE');
  });
});

describe('chronic outpatient care', () => {
  const form = formOf('CHRONIC_OUTPATIENT');
  const registered = (validFrom: string, validTo: string) => ({
    chronicRegistrations: [{ diseaseCode: 'CD-002', validFrom, validTo }],
  });

  it('needs a registration that was valid on the day of the visit', () => {
    expect(filing(form)).toBe('REGISTRATION_REQUIRED');
    expect(filing(form, registered('2025-09-12', '2025-09-12'))).toBe('POSSIBLE');
    expect(filing(form, registered('2025-09-13', '2026-09-12'))).toBe('REGISTRATION_REQUIRED');
    expect(filing(form, registered('2024-09-12', '2025-09-11'))).toBe('REGISTRATION_REQUIRED');
  });

  it('needs that of the disease, if one is named', () => {
    const named = (diseaseCode: string) => filing({ ...form, diseaseCode }, REGISTERED);
    expect(named('CD-002')).toBe('POSSIBLE');
    expect(named('CD-001')).toBe('REGISTRATION_REQUIRED');
  });
});

describe('injuries', () => {
  it('are the liable party’s to pay unless an advance is asked for', () => {
    const { advance: _, ...form } = formOf('TRAUMA_OTHER');
    expect(filing(form)).toBe('LIABLE_PARTY_PAYS');
    expect(filing(formOf('TRAUMA_OTHER'))).toBe('POSSIBLE');
  });

  it('have an explanation when the ground of the advance is another one', () => {
    expect(faultPaths(refusalOfFiling(formOf('TRAUMA_OTHER', { advance: { ground: 'OTHER' } })))).toEqual([
      'form.advance.explanation',
    ]);
  });

  it('fit their category', () => {
    expect(faultPaths(refusalOfFiling(formOf('TRAUMA_OWN', trauma({ liability: 'SHARED', grade: 'MAIN' }))))).toEqual([
      'form.trauma.liability',
    ]);
    expect(faultPaths(refusalOfFiling(formOf('TRAUMA_OWN', trauma({ ctiPaid: '10.00' }))))).toEqual([
      'form.trauma.ctiPaid',
    ]);
  });

  it('are described for the auditors, unless a letter on record already says who is liable', () => {
    const bare = formOf('TRAUMA_OWN', { trauma: { liability: 'OWN', traffic: false } });
    expect(faultPaths(refusalOfFiling(bare))).toEqual([
      'form.trauma.injuredOn',
      'form.trauma.injuryPlace',
      'form.trauma.injuryCause',
    ]);
    expect(filing(bare, { letter: { liability: 'OWN', liabilityGrade: null } })).toBe('POSSIBLE');
  });

  it('agree with the letter on record', () => {
    const shared = formOf('TRAUMA_SHARED');
    const letter = (liability: string, liabilityGrade: string | null) => ({ letter: { liability, liabilityGrade } });
    expect(filing(shared, letter('SHARED', 'MAIN'))).toBe('POSSIBLE');
    expect(faultPaths(refusalOfFiling(shared, letter('SHARED', 'MINOR')))).toEqual(['form.trauma.grade']);
    expect(faultPaths(refusalOfFiling(shared, letter('OWN', null)))).toEqual(['form.category']);
  });
});

describe('newborns', () => {
  const withParent = (bornOn: string, parentInsuredAtBirth: boolean, more: JsonObject = {}) =>
    filing(formOf('NEWBORN_WITH_PARENT', { newborn: { bornOn, parentInsuredAtBirth }, ...more }));
  const enrolled = (newborn: JsonObject, facts: JsonObject = {}) =>
    filing(formOf('NEWBORN_ENROLLED', { newborn: { bornOn: '2025-07-01', ...newborn } }), facts);

  it('are covered with a parent who was insured when they were born (7.6)', () => {
    expect(withParent('2025-09-10', true)).toBe('POSSIBLE');
    expect(withParent('2025-09-10', false)).toBe('NEWBORN_NOT_COVERED');
  });

  it('are covered with a parent in the calendar year of birth only (DL-37)', () => {
    expect(withParent('2025-01-01', true)).toBe('POSSIBLE');
    expect(withParent('2024-12-31', true)).toBe('NEWBORN_NOT_COVERED');
  });

  it('are covered by enrolment until it is too late (DL-36)', () => {
    const days = { householdRegisteredOn: '2025-09-15', enrolledOn: '2025-09-15' };
    expect(enrolled(days, { newbornEnrolBy: '2025-10-09' })).toBe('POSSIBLE');
    expect(enrolled(days, { newbornEnrolBy: '2025-09-15' })).toBe('POSSIBLE');
    expect(enrolled(days, { newbornEnrolBy: '2025-09-14' })).toBe('NEWBORN_NOT_COVERED');
    expect(enrolled({ enrolledOn: '2025-09-15' })).toBe('NEWBORN_NOT_COVERED');
  });

  it('are insured as anybody once they are enrolled', () => {
    expect(enrolled({ householdRegisteredOn: '2025-09-01', enrolledOn: '2025-09-09' })).toBe('NEWBORN_NOT_COVERED');
    expect(enrolled({ householdRegisteredOn: '2025-09-01', enrolledOn: '2025-09-10' })).toBe('POSSIBLE');
  });
});
