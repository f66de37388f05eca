import type { Role } from '../../../domain/case.ts';

/** Who may do what, written a second time by hand: a slip in the product's table shows against it. Nothing here is derived. */

export const TOWN = '441602001';
export const SIBLING_TOWN = '441602002';
export const COUNTY = '441602';
export const SIBLING_COUNTY = '441625';
export const CITY = '441600';
export const OTHER_CITY = '449900';
/** The case lies in this township, county and city. */
export const OFFICES = [TOWN, SIBLING_TOWN, COUNTY, SIBLING_COUNTY, CITY, OTHER_CITY];
export const IN_AREA = [TOWN, COUNTY, CITY];
export const HOSPITALS = ['H4416020001', 'H4416020002'];
export const PERSONS = ['p-0001', 'p-0002'];

export const CLERKS: Role[] = ['TOWNSHIP_CLERK', 'COUNTY_CLERK'];
export const DECIDING: Role[] = [
  ...CLERKS,
  ...(['COUNTY_FIRST_REVIEWER', 'COUNTY_SECOND_REVIEWER', 'COUNTY_APPROVER', 'CITY_LEADER'] as const),
  ...(['CITY_MEDICAL_CLERK', 'CITY_MEDICAL_REVIEWER', 'CITY_FINANCE_CLERK', 'CITY_FINANCE_CHECKER'] as const),
  ...(['CITY_FINANCE_REVIEWER', 'CITY_FINANCE_PAYER', 'AUDITOR', 'AUDIT_LEAD'] as const),
];
export const AGENCY: Role[] = [...DECIDING, 'COUNTY_ENROLMENT_CLERK', 'MANAGER'];
export const HOSPITAL: Role[] = ['HOSPITAL_PHYSICIAN', 'HOSPITAL_MEDICAL_AFFAIRS'];
const ADMINISTRATORS: Role[] = ['SYSTEM_ADMIN', 'SECURITY_ADMIN', 'AUDIT_ADMIN'];
export const APART: Role[] = [...ADMINISTRATORS, 'SERVICE_MONITOR', 'SERVICE_INTAKE'];
export const EVERY: Role[] = [...AGENCY, ...HOSPITAL, 'INSURED_PERSON', ...APART];
const WORKERS: Role[] = [...AGENCY, ...HOSPITAL, 'INSURED_PERSON'];
const PAYMENT: Role[] = [
  ...(['CITY_MEDICAL_CLERK', 'CITY_MEDICAL_REVIEWER', 'CITY_FINANCE_CLERK', 'CITY_FINANCE_CHECKER'] as const),
  ...(['CITY_FINANCE_REVIEWER', 'CITY_FINANCE_PAYER', 'CITY_LEADER', 'MANAGER'] as const),
];

/** `at`: only in these offices; `sees`: of a case, only whoever has a part in it; `needs`: of these only them, unless it lies on their desk. */
export interface Expected {
  roles: Role[] | 'PUBLIC';
  at?: string[];
  sees?: true;
  needs?: Role[];
}
const everybody: Expected = { roles: EVERY };
const reference: Expected = { roles: EVERY.filter((role) => role !== 'SERVICE_MONITOR') };
const worker: Expected = { roles: WORKERS };
const program: Expected = { roles: [...WORKERS, 'SERVICE_INTAKE'] };
const theCase: Expected = { roles: WORKERS, sees: true };
const manager: Expected = { roles: ['MANAGER'] };
const open: Expected = { roles: 'PUBLIC' };

export const ROUTES: Record<string, Expected> = {
  listProcesses: reference,
  checkList: reference,
  previewDeadline: reference,
  calendar: reference,
  listCalendarEditions: reference,
  me: everybody,
  permissions: everybody,
  listOffices: reference,
  catalogue: reference,
  listRevealReasons: reference,
  fileCase: { roles: ['INSURED_PERSON', ...CLERKS, 'AUDITOR', 'AUDIT_LEAD', 'SERVICE_INTAKE'] },
  listCases: program,
  searchCases: program,
  getCase: { roles: [...WORKERS, 'SERVICE_INTAKE'], sees: true },
  listEvents: theCase,
  listDocuments: { roles: [...WORKERS, 'SERVICE_INTAKE'], sees: true },
  revealCase: { ...theCase, needs: ['MANAGER', 'INSURED_PERSON'] },
  evidence: { roles: ['MANAGER', 'CITY_LEADER'], sees: true },
  evidenceKeys: open,
  viewOutput: theCase,
  printOutput: theCase,
  clockProof: theCase,
  printClockProof: theCase,
  // What of it may be decided is the other matrix.
  decide: { roles: [...DECIDING, ...HOSPITAL, 'INSURED_PERSON'], sees: true },
  uploadDocument: program,
  getDocument: { roles: [...WORKERS, 'SERVICE_INTAKE'], sees: true },
  desk: worker,
  digest: worker,
  outbox: manager,
  stuck: manager,
  termUse: manager,
  fastForward: { ...manager, sees: true },
  decodePayloads: { ...manager, at: [CITY, OTHER_CITY] },
  encodePayloads: { ...manager, at: [CITY, OTHER_CITY] },
  applyCalendarEdition: { ...manager, at: [CITY, OTHER_CITY] },
  calendarRun: manager,
  listSchedules: { ...manager, at: [CITY, OTHER_CITY] },
  listDuties: { roles: [...AGENCY, ...HOSPITAL] },
  getDuty: { roles: [...AGENCY, ...HOSPITAL] },
  markDutyDone: {
    roles: [
      ...(['HOSPITAL_MEDICAL_AFFAIRS', 'COUNTY_APPROVER', 'COUNTY_ENROLMENT_CLERK', 'CITY_MEDICAL_CLERK'] as const),
      ...(['CITY_MEDICAL_REVIEWER', 'CITY_FINANCE_CLERK', 'CITY_FINANCE_REVIEWER', 'CITY_FINANCE_PAYER'] as const),
    ],
  },
  listPaymentLists: { roles: PAYMENT },
  getPaymentList: { roles: PAYMENT },
  listStaff: { roles: ['AUDIT_LEAD', 'AUDITOR', 'MANAGER', 'CITY_LEADER'], at: [COUNTY, CITY] },
  declareRelative: { roles: [...AGENCY, ...HOSPITAL] },
  listRelatives: { roles: [...AGENCY, ...HOSPITAL] },
  endRelative: manager,
  appointDeputy: { roles: AGENCY },
  listDeputies: { roles: AGENCY },
  endDeputy: { roles: AGENCY },
  monitoring: { roles: ['MANAGER', 'SERVICE_MONITOR'] },
  listAccounts: { roles: ADMINISTRATORS },
  listAccountEvents: { roles: ADMINISTRATORS },
  enableAccount: { roles: ['SYSTEM_ADMIN'] },
  disableAccount: { roles: ['SYSTEM_ADMIN'] },
  endSessions: { roles: ['SYSTEM_ADMIN'] },
  unlockAccount: { roles: ['SYSTEM_ADMIN'] },
  setRoles: { roles: ['SECURITY_ADMIN'] },
  listIncidents: { roles: ['SYSTEM_ADMIN'] },
  getIncident: { roles: ['SYSTEM_ADMIN'] },
  retryIncident: { roles: ['SYSTEM_ADMIN'] },
  skipIncident: { roles: ['SYSTEM_ADMIN'] },
  accessLog: { roles: ['AUDIT_ADMIN'] },
  health: open,
  ready: open,
  openapi: open,
};

/** `WHO@DESK: what`, several with `;`. CLERKS and TEAM are two roles each. */
interface ProcessExpected {
  receiving: string;
  files: Role[];
  applicant: boolean;
  limits: boolean;
  steps: Record<string, string>;
}
const CHAIN = 'APPROVE RETURN_TO_PREVIOUS RETURN_TO_APPLICANT REJECT';
const BACK = 'APPROVE RETURN_TO_PREVIOUS';
export const PROCESSES: Record<string, ProcessExpected> = {
  CHRONIC_DISEASE_APPROVAL: {
    ...{ receiving: COUNTY, files: ['INSURED_PERSON', 'COUNTY_CLERK'], applicant: true, limits: false },
    steps: {
      APPLICATION_FILLED: '',
      PHYSICIAN_REVIEW: 'HOSPITAL_PHYSICIAN@HOSPITAL: APPROVE REJECT',
      HOSPITAL_CONFIRMATION: `HOSPITAL_MEDICAL_AFFAIRS@HOSPITAL: ${BACK}`,
      AGENCY_ACCEPTANCE: 'COUNTY_CLERK@COUNTY: APPROVE RETURN_TO_APPLICANT',
      FIRST_REVIEW: 'COUNTY_FIRST_REVIEWER@COUNTY: APPROVE RETURN_TO_APPLICANT REJECT',
      SECOND_REVIEW: `COUNTY_SECOND_REVIEWER@COUNTY: ${CHAIN}`,
      APPROVAL: `COUNTY_APPROVER@COUNTY: ${BACK} REJECT`,
      REGISTRATION: 'COUNTY_CLERK@COUNTY: APPROVE',
      FORM_ISSUED: 'COUNTY_CLERK@COUNTY: APPROVE',
    },
  },
  OUT_OF_AREA_REFERRAL: {
    ...{ receiving: TOWN, files: ['INSURED_PERSON', ...CLERKS], applicant: true, limits: false },
    steps: {
      REGISTERED: 'CLERKS@RECEIVING: APPROVE RETURN_TO_APPLICANT',
      REVIEW: 'COUNTY_APPROVER@COUNTY: APPROVE RETURN_TO_APPLICANT REJECT',
      FILED: 'COUNTY_CLERK@COUNTY: APPROVE; COUNTY_APPROVER@COUNTY: APPROVE',
      FORM_ISSUED: 'CLERKS@RECEIVING: APPROVE CANCEL',
    },
  },
  REIMBURSEMENT_REVIEW: {
    ...{ receiving: TOWN, files: CLERKS, applicant: true, limits: true },
    steps: {
      INTAKE: 'CLERKS@RECEIVING: SAVE APPROVE RETURN_TO_APPLICANT',
      FIRST_REVIEW: `COUNTY_FIRST_REVIEWER@COUNTY: ${CHAIN}`,
      SECOND_REVIEW: `COUNTY_SECOND_REVIEWER@COUNTY: ${CHAIN}`,
      APPROVAL: `COUNTY_APPROVER@COUNTY: ${CHAIN}`,
      CITY_SUMMARY: `CITY_MEDICAL_CLERK@CITY: ${BACK} REJECT`,
      MEDICAL_RECHECK: `CITY_MEDICAL_REVIEWER@CITY: ${BACK}`,
      FINANCE_RECHECK: `CITY_FINANCE_REVIEWER@CITY: ${BACK}`,
      LEADER_APPROVAL: `CITY_LEADER@CITY: ${BACK}`,
      MADE_OUT: 'CITY_FINANCE_CLERK@CITY: APPROVE',
      CHECKED: `CITY_FINANCE_CHECKER@CITY: ${BACK}`,
      RECHECKED: `CITY_FINANCE_REVIEWER@CITY: ${BACK}`,
      PAID: 'CITY_FINANCE_PAYER@CITY: APPROVE',
      BANK_RESULT: 'CITY_FINANCE_CLERK@CITY: APPROVE',
      ACCOUNT_CORRECTION: 'CLERKS@RECEIVING: APPROVE',
      CLOSED: '',
    },
  },
  AUDIT: {
    ...{ receiving: COUNTY, files: ['AUDIT_LEAD'], applicant: false, limits: true },
    steps: {
      PLANNED: 'AUDIT_LEAD@RECEIVING: SAVE APPROVE',
      NOTICE_SERVED: 'AUDIT_LEAD@RECEIVING: SAVE RETURN_TO_PREVIOUS; TEAM@RECEIVING: APPROVE',
      ON_SITE: 'AUDIT_LEAD@RECEIVING: RETURN_TO_PREVIOUS; TEAM@RECEIVING: SAVE APPROVE',
      RECORD_SIGNED: 'AUDIT_LEAD@RECEIVING: RETURN_TO_PREVIOUS; TEAM@RECEIVING: SAVE APPROVE',
      AUDIT_ENDED: `AUDIT_LEAD@RECEIVING: ${BACK}`,
      RESULT_NOTIFIED: 'AUDIT_LEAD@RECEIVING: RETURN_TO_PREVIOUS; TEAM@RECEIVING: APPROVE',
      OPINION_SERVED: 'AUDIT_LEAD@RECEIVING: RETURN_TO_PREVIOUS; TEAM@RECEIVING: APPROVE',
      RECTIFICATION: 'AUDIT_LEAD@RECEIVING: REPORT; TEAM@RECEIVING: APPROVE',
      RECTIFIED: `TEAM@RECEIVING: ${BACK}`,
      REPORTED_TO_ADMIN: 'AUDIT_LEAD@RECEIVING: APPROVE',
      ADMIN_RESULT_RECEIVED: 'TEAM@RECEIVING: APPROVE',
      CLOSED: '',
    },
  },
  TRAUMA_VERIFICATION: {
    ...{ receiving: COUNTY, files: ['COUNTY_CLERK', 'AUDITOR'], applicant: true, limits: false },
    steps: {
      REPORTED: 'COUNTY_CLERK@COUNTY: APPROVE RETURN_TO_APPLICANT; AUDITOR@COUNTY: APPROVE RETURN_TO_APPLICANT',
      VERIFYING: 'AUDITOR@COUNTY: APPROVE REJECT',
      LETTER_ISSUED: 'COUNTY_CLERK@COUNTY: APPROVE; AUDITOR@COUNTY: APPROVE',
      SETTLED_ON_SITE: 'COUNTY_CLERK@COUNTY: APPROVE; AUDITOR@COUNTY: APPROVE',
    },
  },
  LOST_RECEIPT_VERIFICATION: {
    ...{ receiving: TOWN, files: CLERKS, applicant: true, limits: false },
    steps: {
      APPLIED: 'CLERKS@RECEIVING: APPROVE RETURN_TO_APPLICANT',
      VERIFYING: 'AUDITOR@COUNTY: APPROVE REJECT',
      CONFIRMED: 'CLERKS@RECEIVING: APPROVE',
      NOT_CONFIRMED: '',
    },
  },
};
