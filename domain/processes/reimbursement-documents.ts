import type { ReimbursementCategory } from '../benefits/types.ts';
import type { JsonObject } from '../case.ts';
import type { DocumentType } from '../document-types.ts';
import type { DocumentRule } from '../process.ts';
import { readForm, type ReimbursementForm } from './reimbursement-form.ts';

/**
 * The check lists of S0 Art. 14 as data: documents.md §3 (五 categories), §4 (trauma, newborn), §5 (lost receipt). An
 * agency changes a row here and nothing else. Papers the source gives no "original or copy" for are `[not in the sources]`.
 */

/** M = always for this category; the others only if their condition holds. */
type Needed = 'M' | 'IF_TRAFFIC' | 'IF_ADVANCE';
interface Row {
  anyOf: DocumentType[];
  paper: DocumentRule['paper'];
  needed: Partial<Record<ReimbursementCategory, Needed>>;
}

const INPATIENT_M = {
  MATERNITY_SUBSIDY: 'M',
  GENERAL_INPATIENT: 'M',
  TRAUMA_OWN: 'M',
  TRAUMA_OTHER: 'M',
  TRAUMA_SHARED: 'M',
  NEWBORN_WITH_PARENT: 'M',
  NEWBORN_ENROLLED: 'M',
} as const satisfies Row['needed'];
const TRAUMA_M = { TRAUMA_OWN: 'M', TRAUMA_OTHER: 'M', TRAUMA_SHARED: 'M' } as const satisfies Row['needed'];
const ALL_M = {
  GENERAL_OUTPATIENT: 'M',
  CHRONIC_OUTPATIENT: 'M',
  EMERGENCY_OBSERVATION: 'M',
  ...INPATIENT_M,
} as const satisfies Record<ReimbursementCategory, Needed>;

const CHECK_LIST: readonly Row[] = [
  { anyOf: ['MEDICAL_RECORD_FIRST_PAGE'], paper: 'C', needed: TRAUMA_M },
  { anyOf: ['OUTPATIENT_RECEIPT'], paper: 'O', needed: { GENERAL_OUTPATIENT: 'M', CHRONIC_OUTPATIENT: 'M' } },
  { anyOf: ['EMERGENCY_RECEIPT'], paper: 'O', needed: { EMERGENCY_OBSERVATION: 'M' } },
  { anyOf: ['INPATIENT_RECEIPT'], paper: 'O', needed: INPATIENT_M },
  { anyOf: ['FEE_LIST'], paper: 'O', needed: ALL_M },
  // The chronic category needs none: the registration (P01) proves the illness.
  {
    anyOf: ['DIAGNOSIS_CERTIFICATE'],
    paper: 'O',
    needed: { GENERAL_OUTPATIENT: 'M', EMERGENCY_OBSERVATION: 'M', ...INPATIENT_M },
  },
  { anyOf: ['DISCHARGE_SUMMARY'], paper: 'O', needed: INPATIENT_M },
  { anyOf: ['RESCUE_RECORD'], paper: 'O', needed: { EMERGENCY_OBSERVATION: 'M' } },
  { anyOf: ['PLEDGE'], paper: 'O', needed: TRAUMA_M },
  { anyOf: ['INTRODUCTION_LETTER'], paper: 'O', needed: TRAUMA_M },
  { anyOf: ['LIABILITY_FINDING'], paper: 'O', needed: { TRAUMA_SHARED: 'M' } },
  { anyOf: ['JUDICIAL_DOCUMENT'], paper: 'O', needed: { TRAUMA_OTHER: 'M', TRAUMA_SHARED: 'IF_ADVANCE' } },
  { anyOf: ['ADVANCE_APPLICATION'], paper: 'O', needed: { TRAUMA_OTHER: 'M', TRAUMA_SHARED: 'IF_ADVANCE' } },
  // `[not in the sources]`: the amount taken off first must be proven.
  { anyOf: ['CTI_PAYMENT_PROOF'], paper: 'O', needed: { TRAUMA_OWN: 'IF_TRAFFIC', TRAUMA_SHARED: 'IF_TRAFFIC' } },
  { anyOf: ['MARRIAGE_CERTIFICATE'], paper: 'O', needed: { MATERNITY_SUBSIDY: 'M', NEWBORN_WITH_PARENT: 'M' } },
  { anyOf: ['MATERNITY_PLEDGE'], paper: 'O', needed: { MATERNITY_SUBSIDY: 'M', NEWBORN_WITH_PARENT: 'M' } },
  // Own liability asks for the original (Art. 14(五)1); with a newborn it is the father's or mother's.
  { anyOf: ['ID_CARD'], paper: 'O', needed: { TRAUMA_OWN: 'M' } },
  {
    anyOf: ['ID_CARD'],
    paper: 'S',
    needed: {
      GENERAL_OUTPATIENT: 'M',
      CHRONIC_OUTPATIENT: 'M',
      EMERGENCY_OBSERVATION: 'M',
      MATERNITY_SUBSIDY: 'M',
      GENERAL_INPATIENT: 'M',
      TRAUMA_OTHER: 'M',
      TRAUMA_SHARED: 'M',
      NEWBORN_WITH_PARENT: 'M',
    },
  },
  { anyOf: ['SOCIAL_SECURITY_CARD', 'BANK_CARD'], paper: 'S', needed: ALL_M },
];

const ARTICLE: Readonly<Record<ReimbursementCategory, string>> = {
  GENERAL_OUTPATIENT: 'S0 Art. 14(一)',
  CHRONIC_OUTPATIENT: 'S0 Art. 14(二)',
  EMERGENCY_OBSERVATION: 'S0 Art. 14',
  MATERNITY_SUBSIDY: 'S0 Art. 14(三)',
  GENERAL_INPATIENT: 'S0 Art. 14(四)',
  TRAUMA_OWN: 'S0 Art. 14(五)1',
  TRAUMA_OTHER: 'S0 Art. 14(五)2',
  TRAUMA_SHARED: 'S0 Art. 14(五)3',
  NEWBORN_WITH_PARENT: 'S0 Art. 14(七)1',
  NEWBORN_ENROLLED: 'S0 Art. 14(七)2',
};

/** The check list of a reimbursement: its category's, and with a lost receipt that of Art. 14(八) beside it. */
export function reimbursementDocuments({ form }: { form: JsonObject }): DocumentRule[] {
  const filed = readForm(form);
  const source = ARTICLE[filed.category];
  const ofCategory = CHECK_LIST.filter(({ needed }) => applies(needed[filed.category], filed)).map(
    ({ anyOf, paper }): DocumentRule => ({ anyOf, paper, source }),
  );
  if (!filed.receiptLost) return ofCategory;
  // The stamped stub replaces the receipt; the category's other papers stay `[not in the sources]` (documents.md §5).
  const others = ofCategory.filter(({ anyOf }) => !anyOf.includes('INPATIENT_RECEIPT'));
  const asked = new Set(others.flatMap(({ anyOf }) => anyOf));
  const added = lostReceiptDocuments(filed.receiptDamaged === true).filter(
    ({ anyOf }) => !anyOf.some((t) => asked.has(t)),
  );
  return [...others, ...added];
}

/** documents.md §5; also the check list of P12 itself. */
export function lostReceiptDocuments(originalStillExists: boolean): DocumentRule[] {
  const source = 'S0 Art. 14(八)';
  return [
    { anyOf: ['RECEIPT_STUB_COPY'], paper: 'C', source },
    { anyOf: ['FEE_LIST'], paper: 'O', source },
    { anyOf: ['DIAGNOSIS_CERTIFICATE'], paper: 'O', source },
    { anyOf: ['DISCHARGE_SUMMARY'], paper: 'O', source },
    { anyOf: ['PLEDGE'], paper: 'O', source },
    { anyOf: ['ID_CARD'], paper: 'S', source },
    { anyOf: ['SOCIAL_SECURITY_CARD', 'BANK_CARD'], paper: 'S', source },
    { anyOf: ['MEDICAL_BUSINESS_APPLICATION'], paper: 'O', source },
    // `[not in the sources]`
    ...(originalStillExists ? [{ anyOf: ['DAMAGED_RECEIPT'], paper: 'O', source } satisfies DocumentRule] : []),
  ];
}

function applies(needed: Needed | undefined, filed: ReimbursementForm): boolean {
  switch (needed) {
    case 'M':
      return true;
    case 'IF_TRAFFIC':
      return filed.trauma?.traffic === true;
    case 'IF_ADVANCE':
      return filed.advance !== undefined;
    case undefined:
      return false;
  }
}
