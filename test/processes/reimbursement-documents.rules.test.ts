import type { ReimbursementCategory } from '../../domain/benefits/types.ts';
import type { JsonObject } from '../../domain/case.ts';
import { missingDocuments } from '../../domain/documents.ts';
import { lostReceiptDocuments, reimbursementDocuments } from '../../domain/processes/reimbursement-documents.ts';
import { formOf, papersFor } from './reimbursement-cases.ts';

/** documents.md §3 and §4, typed off column by column; CARD = social-security or bank card. */
const CARD = 'SOCIAL_SECURITY_CARD|BANK_CARD';
const INPATIENT = ['INPATIENT_RECEIPT', 'FEE_LIST', 'DIAGNOSIS_CERTIFICATE', 'DISCHARGE_SUMMARY'];
const TRAUMA = [...INPATIENT, 'MEDICAL_RECORD_FIRST_PAGE', 'PLEDGE', 'INTRODUCTION_LETTER', 'ID_CARD', CARD];
const EXPECTED: Readonly<Record<ReimbursementCategory, string[]>> = {
  GENERAL_OUTPATIENT: ['OUTPATIENT_RECEIPT', 'FEE_LIST', 'DIAGNOSIS_CERTIFICATE', 'ID_CARD', CARD],
  CHRONIC_OUTPATIENT: ['OUTPATIENT_RECEIPT', 'FEE_LIST', 'ID_CARD', CARD],
  EMERGENCY_OBSERVATION: ['EMERGENCY_RECEIPT', 'FEE_LIST', 'DIAGNOSIS_CERTIFICATE', 'RESCUE_RECORD', 'ID_CARD', CARD],
  MATERNITY_SUBSIDY: [...INPATIENT, 'MARRIAGE_CERTIFICATE', 'MATERNITY_PLEDGE', 'ID_CARD', CARD],
  GENERAL_INPATIENT: [...INPATIENT, 'ID_CARD', CARD],
  TRAUMA_OWN: TRAUMA,
  TRAUMA_OTHER: [...TRAUMA, 'JUDICIAL_DOCUMENT', 'ADVANCE_APPLICATION'],
  TRAUMA_SHARED: [...TRAUMA, 'LIABILITY_FINDING'],
  NEWBORN_WITH_PARENT: [...INPATIENT, 'MATERNITY_PLEDGE', 'MARRIAGE_CERTIFICATE', 'ID_CARD', CARD],
  NEWBORN_ENROLLED: [...INPATIENT, CARD],
};
const CATEGORIES = Object.keys(EXPECTED) as ReimbursementCategory[];

const asked = (form: JsonObject): string[] =>
  reimbursementDocuments({ form })
    .map(({ anyOf }) => anyOf.join('|'))
    .sort();
const sorted = (list: string[]): string[] => [...list].sort();

describe('the check list of a reimbursement', () => {
  it.each(CATEGORIES)('asks for exactly what Art. 14 names: %s', (category) => {
    expect(asked(formOf(category))).toEqual(sorted(EXPECTED[category]));
  });

  it.each(CATEGORIES)('misses each paper that is left out, and only that: %s', (category) => {
    const form = formOf(category);
    const complete = papersFor(form);
    expect(missingDocuments(reimbursementDocuments({ form }), complete)).toEqual([]);
    for (const left of complete) {
      const missing = missingDocuments(
        reimbursementDocuments({ form }),
        complete.filter((type) => type !== left),
      );
      expect(missing.map((fault) => fault.en)).toEqual([expect.stringContaining(`[${left}]`)]);
    }
  });

  it('takes the bank card as well as the social-security card', () => {
    const form = formOf('GENERAL_INPATIENT');
    const others = papersFor(form).filter((type) => type !== 'SOCIAL_SECURITY_CARD');
    expect(missingDocuments(reimbursementDocuments({ form }), [...others, 'BANK_CARD'])).toEqual([]);
  });

  it('adds the proof of compulsory insurance after a traffic accident, but not to an advance for others', () => {
    const traffic = (liability: string, more: JsonObject = {}): JsonObject => ({
      trauma: { liability, traffic: true, ctiPaid: '100.00', ...more },
    });
    expect(asked(formOf('TRAUMA_OWN', traffic('OWN')))).toContain('CTI_PAYMENT_PROOF');
    expect(asked(formOf('TRAUMA_SHARED', traffic('SHARED', { grade: 'MAIN' })))).toContain('CTI_PAYMENT_PROOF');
    expect(asked(formOf('TRAUMA_OTHER', traffic('OTHER')))).not.toContain('CTI_PAYMENT_PROOF');
  });

  it('adds legal document and application when an advance is asked for with shared liability', () => {
    const form = formOf('TRAUMA_SHARED', { advance: { ground: 'LIABLE_PARTY_UNABLE' } });
    expect(asked(form)).toEqual(sorted([...EXPECTED.TRAUMA_SHARED, 'JUDICIAL_DOCUMENT', 'ADVANCE_APPLICATION']));
  });

  it('replaces a lost receipt by the stamped stub and adds what Art. 14(八) asks for', () => {
    const lost = ['RECEIPT_STUB_COPY', 'PLEDGE', 'MEDICAL_BUSINESS_APPLICATION'];
    const others = EXPECTED.GENERAL_INPATIENT.filter((type) => type !== 'INPATIENT_RECEIPT');
    expect(asked(formOf('GENERAL_INPATIENT', { receiptLost: true }))).toEqual(sorted([...others, ...lost]));
    expect(asked(formOf('GENERAL_INPATIENT', { receiptLost: true, receiptDamaged: true }))).toEqual(
      sorted([...others, ...lost, 'DAMAGED_RECEIPT']),
    );
  });

  it('keeps the papers of trauma and newborn categories beside those of a lost receipt, none twice', () => {
    const trauma = asked(formOf('TRAUMA_OWN', { receiptLost: true }));
    expect(trauma).toEqual(expect.arrayContaining(['INTRODUCTION_LETTER', 'RECEIPT_STUB_COPY']));
    expect(trauma).not.toContain('INPATIENT_RECEIPT');
    expect(new Set(trauma).size).toBe(trauma.length);
    expect(asked(formOf('NEWBORN_ENROLLED', { receiptLost: true }))).toContain('ID_CARD');
  });

  it('is, for the verification of a lost receipt, the list of Art. 14(八) itself', () => {
    expect(lostReceiptDocuments(false).map(({ anyOf }) => anyOf.join('|'))).toEqual([
      'RECEIPT_STUB_COPY',
      'FEE_LIST',
      'DIAGNOSIS_CERTIFICATE',
      'DISCHARGE_SUMMARY',
      'PLEDGE',
      'ID_CARD',
      CARD,
      'MEDICAL_BUSINESS_APPLICATION',
    ]);
  });
});
