import type { Role } from '../case.ts';
import { DUTIES } from '../duties.ts';
import type { ProcessDefinition } from '../process.ts';
import { PROCESSES } from '../processes/index.ts';
import type { Action } from './actions.ts';
import { decisionRules, type DecisionRule } from './decision-rules.ts';
import type { Relation } from './relations.ts';
import { AGENCY, CASE_WORKERS, EVERY_ROLE, HOSPITAL, PERSON, STAFF } from './roles.ts';

/**
 * The one table of rights: roles × how they stand to it × process × stage, step and decision × action. API, workflow validator,
 * SQL, documents and console all read it through `permitted` and `areas`; nothing else says who may. Who decides and who files
 * stands in the definition of each process and is taken from there.
 */
export interface GeneralRule {
  action: Exclude<Action, 'DECIDE'>;
  /** empty: nobody needs to log in */
  roles: readonly Role[];
  relation: Relation;
  /** only of this process */
  process?: string;
  /** only duties of this limit */
  limitId?: string;
}
export type Rule = GeneralRule | DecisionRule;
type General = GeneralRule['action'];

const rows = (
  actions: readonly General[],
  roles: readonly Role[],
  relations: readonly Relation[],
  only: Pick<GeneralRule, 'process' | 'limitId'> = {},
): GeneralRule[] => actions.flatMap((action) => relations.map((relation) => ({ action, roles, relation, ...only })));

const processes = Object.values(PROCESSES);

/**
 * A hospital sees the procedures in which one of the steps lies on its desk. It does not see reimbursements that merely name
 * it, nor the plan of an audit before it has been served (Art. 26 knows audits without notice). `[not in the sources]`
 */
const hospitalHasPart = ({ steps }: ProcessDefinition): boolean =>
  Object.values(steps).some((step) => step.at === 'HOSPITAL');

/** Cases: a township sees its own, a county those of its townships, the city all; a hospital those it has a part in. */
const IN_THE_AGENCY = ['RECEIVING', 'TOWNSHIP', 'COUNTY', 'CITY'] as const;
const READING = [
  'LIST_CASES',
  'READ_CASE',
  'READ_EVENTS',
  'READ_DOCUMENTS',
  'PRINT_PAPER',
  'REVEAL_CASE',
  'READ_CLOCK',
  'GET_DOCUMENT',
  'DESK',
  'DIGEST',
] as const;
const SUPERVISING = ['STUCK', 'TERM_USE', 'FAST_FORWARD'] as const;

/** Summary payment lists (S0 Art. 15): who makes one, rechecks it, approves it and pays by it. */
const PAYMENT: readonly Role[] = [
  'CITY_MEDICAL_CLERK',
  'CITY_MEDICAL_REVIEWER',
  'CITY_FINANCE_CLERK',
  'CITY_FINANCE_CHECKER',
  'CITY_FINANCE_REVIEWER',
  'CITY_FINANCE_PAYER',
  'CITY_LEADER',
];

/** Whoever files a case at a window makes that window the case's; whoever applies does so for themselves. */
const filing = processes.flatMap(({ code, filing: { by } }) =>
  [
    ...by.filter((role) => role !== 'INSURED_PERSON').map((role) => ({ role, relation: 'RECEIVING' as const })),
    ...by.filter((role) => role === 'INSURED_PERSON').map((role) => ({ role, relation: 'PERSON' as const })),
  ].flatMap(({ role, relation }) => rows(['FILE_CASE'], [role], [relation], { process: code })),
);

export const GENERAL_RULES: readonly GeneralRule[] = [
  ...rows(['SYSTEM_STATUS', 'LOG_IN'], [], ['PUBLIC']),
  ...rows(['OWN_ACCOUNT', 'READ_PERMISSIONS'], EVERY_ROLE, ['SELF']),
  ...rows(['READ_ALL_PERMISSIONS'], ['SECURITY_ADMIN', 'AUDIT_ADMIN'], ['ANY']),
  ...rows(
    ['READ_REFERENCE'],
    EVERY_ROLE.filter((role) => role !== 'SERVICE_MONITOR'),
    ['ANY'],
  ),

  ...filing,
  ...rows(READING, AGENCY, IN_THE_AGENCY),
  ...processes.filter(hospitalHasPart).flatMap(({ code }) => rows(READING, HOSPITAL, ['HOSPITAL'], { process: code })),
  ...rows(READING, PERSON, ['PERSON']),
  // A program files for the persons it names and sees what it filed itself, nothing else of them.
  ...processes
    .filter(({ filing: { by } }) => by.includes('INSURED_PERSON'))
    .flatMap(({ code }) => rows(['FILE_CASE'], ['SERVICE_INTAKE'], ['ANY'], { process: code })),
  ...rows(['LIST_CASES', 'READ_CASE', 'READ_DOCUMENTS', 'GET_DOCUMENT'], ['SERVICE_INTAKE'], ['FILER']),
  ...rows(['UPLOAD_DOCUMENT'], [...CASE_WORKERS, 'SERVICE_INTAKE'], ['ANY']),
  // Before it is handed in with a case a document belongs to whoever uploaded it, and to their office.
  ...rows(['GET_DOCUMENT'], [...CASE_WORKERS, 'SERVICE_INTAKE'], ['SELF']),
  ...rows(['GET_DOCUMENT'], AGENCY, ['OFFICE']),

  ...rows(SUPERVISING, ['MANAGER'], IN_THE_AGENCY),
  // It discloses a whole file: for who answers for the case to a court, an auditor or the person. `[not in the sources]`
  ...rows(['EVIDENCE'], ['MANAGER', 'CITY_LEADER'], IN_THE_AGENCY),
  ...rows(['OUTBOX'], ['MANAGER'], ['OFFICE', 'BELOW']),
  // One calendar counts for the whole city, and so do the schedules.
  ...rows(['APPLY_CALENDAR', 'LIST_SCHEDULES'], ['MANAGER'], ['LEVEL:CITY']),
  ...rows(['OPEN_PAYLOADS'], ['MANAGER'], ['LEVEL:CITY']),
  // A program that watches an office counts what the office's managers could, and reads nothing.
  ...rows(['MONITORING'], ['MANAGER', 'SERVICE_MONITOR'], IN_THE_AGENCY),
  ...rows(['CALENDAR_RUN'], ['MANAGER'], ['ANY']),
  ...rows(['PAYMENT_LISTS'], PAYMENT, ['CITY']),
  ...rows(['PAYMENT_LISTS'], ['MANAGER'], IN_THE_AGENCY),

  // A duty that is seen is not therefore one's own to do.
  ...rows(['LIST_DUTIES'], STAFF, ['HOLDER']),
  ...rows(['LIST_DUTIES'], ['MANAGER'], ['BELOW']),
  ...Object.values(DUTIES).flatMap(({ limitId, roles }) => rows(['MARK_DUTY_DONE'], roles, ['HOLDER'], { limitId })),

  // Three administrators who exclude each other (GB/T 22239 level 3, 8.1.4.2).
  ...rows(['READ_ACCOUNTS'], ['SYSTEM_ADMIN', 'SECURITY_ADMIN', 'AUDIT_ADMIN'], ['ANY']),
  ...rows(['RUN_ACCOUNTS'], ['SYSTEM_ADMIN'], ['ANY']),
  // Numbers of cases and kinds of error: nothing of a person, and nothing that decides.
  ...rows(['READ_INCIDENTS', 'MEND_INCIDENT'], ['SYSTEM_ADMIN'], ['ANY']),
  ...rows(['GRANT_ROLES'], ['SECURITY_ADMIN'], ['ANY']),
  ...rows(['READ_ACCESS_LOG'], ['AUDIT_ADMIN'], ['ANY']),

  // Whom one works with is the office's own knowledge: insured persons and hospitals have no use for it.
  ...rows(['LIST_STAFF'], ['AUDIT_LEAD', 'AUDITOR', 'MANAGER', 'CITY_LEADER'], ['OFFICE', 'BELOW']),
  ...rows(['DECLARE_RELATIVES'], STAFF, ['SELF']),
  // Never by whoever declared it: a tie given up for an afternoon would be no tie.
  ...rows(['END_RELATIVE'], ['MANAGER'], ['OFFICE', 'BELOW']),
  ...rows(['APPOINT_DEPUTY', 'LIST_DEPUTIES'], AGENCY, ['SELF']),
  ...rows(['APPOINT_DEPUTY', 'LIST_DEPUTIES'], ['MANAGER'], ['OFFICE']),
];

/** Every row there is. */
export const RULES: readonly Rule[] = [...GENERAL_RULES, ...processes.flatMap(decisionRules)];
