/** Builders for tests about reimbursements: a form of every category, its papers, cases at a step, people. */
import type { CaseSnapshot, DecisionInput, JsonObject, Role, User } from '../../domain/case.ts';
import type { ReimbursementCategory } from '../../domain/benefits/types.ts';
import type { DocumentType } from '../../domain/document-types.ts';
import { checkDecision, refuseFirst } from '../../domain/decisions.ts';
import { plainDate } from '../../domain/plain-date.ts';
import { reimbursementDocuments } from '../../domain/processes/reimbursement-documents.ts';
import { reimbursementReview as rules } from '../../domain/processes/reimbursement-review.ts';
import { Refusal } from '../../domain/refusal.ts';
import { PERSONS } from '../../prisma/seed/persons.ts';

export type Step = keyof typeof rules.steps;
export const TODAY = plainDate('2025-09-22');
export const HOSPITAL_ID = 'H4416020001';
export const HOSPITAL = { providerId: HOSPITAL_ID, name: '市人民医院', type: 'HOSPITAL', grade: 3, designated: true };

const PERSON = PERSONS[0];
if (!PERSON) throw new Error('the seed has nobody');
export const PATIENT = { idCardNo: PERSON.id_card_no, name: PERSON.name };

type LineChange = JsonObject & { quantity?: string };
export const billLine = (
  name: string,
  feeCategory: string,
  unitPrice: string,
  amount: string,
  more: LineChange = {},
): JsonObject => ({
  name,
  feeCategory,
  quantity: '1',
  unitPrice,
  amount,
  servedOn: '2025-09-12',
  ...more,
});

/** The bill of benefit-rules.md §8.1: total 12,247.70, fund 6,161.81, person 6,085.89 with D 500.00 and R 70 %. */
export const BILL_8_1: JsonObject[] = [
  billLine('普通床位', 'BED', '45.00', '360.00', { quantity: '8' }),
  billLine('乙类药品', 'DRUG', '1286.40', '1286.40', { costClass: 'CLASS_B' }),
  billLine('甲类药品', 'DRUG', '512.30', '512.30', { costClass: 'CLASS_A' }),
  billLine('目录外药品', 'DRUG', '268.00', '268.00', { costClass: 'CLASS_C' }),
  billLine('CT', 'EXAMINATION', '320.00', '320.00'),
  billLine('化验', 'EXAMINATION', '185.00', '185.00'),
  billLine('手术', 'OPERATION', '2400.00', '2400.00'),
  billLine('进口钢板', 'MATERIAL', '5680.00', '5680.00', { importedMaterial: true }),
  billLine('人血白蛋白', 'DRUG', '796.00', '796.00', { albumin: 'FIRST_AID' }),
  billLine('红细胞悬液', 'OTHER', '440.00', '440.00', { bloodProduct: true }),
];

let bills = 0;
const COMMON = (): JsonObject => ({
  ...PATIENT,
  hospitalId: HOSPITAL_ID,
  notSettledReason: 'SYSTEM_FAULT',
  paymentCard: { kind: 'BANK_CARD', holder: PATIENT.name, bank: '示例银行', account: '6222020000000001' },
  billNos: [`B${++bills}`],
  diagnosis: '示例诊断',
});
const STAY: JsonObject = {
  admittedOn: '2025-09-10',
  dischargedOn: '2025-09-18',
  billTotal: '12247.70',
  lines: BILL_8_1,
};
const VISIT: JsonObject = {
  visitOn: '2025-09-12',
  lines: [billLine('注射费', 'TREATMENT', '24.00', '24.00')],
  billTotal: '24.00',
};
const INJURY: JsonObject = { injuredOn: '2025-09-10', injuryPlace: '家中', injuryCause: '跌倒' };
const ADVANCE: JsonObject = { ground: 'LIABLE_PARTY_FLED' };

const OF_CATEGORY: Readonly<Record<ReimbursementCategory, JsonObject>> = {
  GENERAL_OUTPATIENT: VISIT,
  CHRONIC_OUTPATIENT: VISIT,
  EMERGENCY_OBSERVATION: VISIT,
  MATERNITY_SUBSIDY: STAY,
  GENERAL_INPATIENT: STAY,
  TRAUMA_OWN: { ...STAY, trauma: { liability: 'OWN', traffic: false, ...INJURY } },
  TRAUMA_OTHER: { ...STAY, trauma: { liability: 'OTHER', traffic: false, ...INJURY }, advance: ADVANCE },
  TRAUMA_SHARED: { ...STAY, trauma: { liability: 'SHARED', grade: 'MAIN', traffic: false, ...INJURY } },
  NEWBORN_WITH_PARENT: { ...STAY, newborn: { bornOn: '2025-09-10', parentInsuredAtBirth: true } },
  NEWBORN_ENROLLED: {
    ...STAY,
    newborn: { bornOn: '2025-09-10', householdRegisteredOn: '2025-09-19', enrolledOn: '2025-09-20' },
  },
};
/** A form that may be filed as it is; a test names only what it is about. */
export const formOf = (category: ReimbursementCategory, change: JsonObject = {}): JsonObject => ({
  ...COMMON(),
  category,
  ...OF_CATEGORY[category],
  ...change,
});

/** The first paper of every line of the check list. */
export const papersFor = (form: JsonObject): DocumentType[] =>
  reimbursementDocuments({ form }).flatMap(({ anyOf }) => anyOf.slice(0, 1));

export const FACTS: JsonObject = {
  hospital: HOSPITAL,
  person: { personId: 'p-0001', name: PATIENT.name },
  chronicRegistrations: [],
};

const OFFICES = { receivingId: 'T1', townshipId: 'T1', countyId: 'C1', cityId: 'CITY' };
export const user = (id: string, officeId: string, ...roles: Role[]): User => ({ id, name: id, officeId, roles });
export const township = user('clerk', 'T1', 'TOWNSHIP_CLERK');
export const first = user('first', 'C1', 'COUNTY_FIRST_REVIEWER');
export const second = user('second', 'C1', 'COUNTY_SECOND_REVIEWER');
export const approver = user('approver', 'C1', 'COUNTY_APPROVER');
export const medical = user('medical', 'CITY', 'CITY_MEDICAL_CLERK');

export function caseAt(step: Step, form: JsonObject, change: Partial<CaseSnapshot> = {}): CaseSnapshot {
  return {
    caseId: '1',
    acceptanceNo: 'A1',
    process: rules.code,
    version: 3,
    status: 'IN_PROGRESS',
    stage: rules.steps[step].stage,
    step,
    offices: OFFICES,
    personId: 'p-0001',
    providerId: HOSPITAL_ID,
    receivedOn: TODAY,
    form,
    facts: FACTS,
    documents: papersFor(form),
    actors: [],
    ...change,
  };
}

/** The refusal of the work, or undefined. */
export function refusalOf(work: () => void): Refusal | undefined {
  try {
    work();
    return undefined;
  } catch (problem) {
    if (problem instanceof Refusal) return problem;
    throw problem;
  }
}
const codeOf = (refusal: Refusal | undefined): string => refusal?.code ?? 'POSSIBLE';

export const refusalOfFiling = (form: JsonObject, facts: JsonObject = {}): Refusal | undefined => {
  const all = { ...FACTS, ...facts };
  const snapshot = { ...caseAt('INTAKE', form, { facts: all }), caseId: '', acceptanceNo: '', version: 0 };
  const context = {
    case: snapshot,
    user: township,
    input: { step: 'INTAKE', decision: 'APPROVE' as const },
    form,
    facts: all,
    today: TODAY,
  };
  return refusalOf(() => refuseFirst(rules.filing.guards, context));
};
export const filing = (form: JsonObject, facts: JsonObject = {}): string => codeOf(refusalOfFiling(form, facts));
export const faultPaths = (refusal: Refusal | undefined): Array<string | undefined> =>
  refusal?.faults.map((f) => f.path) ?? [];

export const decide = (snapshot: CaseSnapshot, by: User, input: Omit<DecisionInput, 'step'>): string =>
  codeOf(refusalOf(() => checkDecision(rules, snapshot, by, { step: snapshot.step, ...input }, TODAY)));
