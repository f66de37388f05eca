import type { Role } from '../../domain/case.ts';
import { CITY_ID, DEMO_HOSPITAL_ID, OFFICES, PROVIDERS } from './offices.ts';
import { PERSONS } from './persons.ts';

/** Users for rehearsals: every role at the city, two counties, their townships and one hospital, and each insured person. */

export interface SeedStaff {
  /** Also the `sub` of the login. */
  staff_id: string;
  username: string;
  name: string;
  roles: Role[];
  office_id: string | null;
  provider_id: string | null;
  person_id: string | null;
  kind: 'PERSON' | 'SERVICE';
  intake_processes: string[];
  /** The natural person behind the account. */
  identity: string;
  /** Made up, in the domain nobody can own (RFC 2606). */
  email: string | null;
}

/** One line of the list shown by launcher and README. */
export interface DemoAccount {
  username: string;
  name: string;
  roles: Role[];
  /** Where the user works, in words; 参保人 for insured persons. */
  office: string;
}

type Desk = readonly [suffix: string, title: string, role: Role];

const TOWNSHIP_DESKS: readonly Desk[] = [['clerk', '经办', 'TOWNSHIP_CLERK']];
const COUNTY_DESKS: readonly Desk[] = [
  ['clerk', '经办', 'COUNTY_CLERK'],
  ['enrolment', '保险关系经办', 'COUNTY_ENROLMENT_CLERK'],
  ['first', '初审', 'COUNTY_FIRST_REVIEWER'],
  ['second', '复审', 'COUNTY_SECOND_REVIEWER'],
  ['approver', '审批', 'COUNTY_APPROVER'],
  ['auditor1', '稽核甲', 'AUDITOR'],
  ['auditor2', '稽核乙', 'AUDITOR'],
  ['auditlead', '稽核负责人', 'AUDIT_LEAD'],
  ['manager', '管理', 'MANAGER'],
];
const CITY_DESKS: readonly Desk[] = [
  ['medical', '医疗科经办', 'CITY_MEDICAL_CLERK'],
  ['medreviewer', '医疗科复核', 'CITY_MEDICAL_REVIEWER'],
  ['finclerk', '财务制单', 'CITY_FINANCE_CLERK'],
  ['finchecker', '财务审核', 'CITY_FINANCE_CHECKER'],
  ['finreviewer', '财务复审', 'CITY_FINANCE_REVIEWER'],
  ['finpayer', '财务拨付', 'CITY_FINANCE_PAYER'],
  ['leader', '领导', 'CITY_LEADER'],
  ['auditor1', '稽核甲', 'AUDITOR'],
  ['auditor2', '稽核乙', 'AUDITOR'],
  ['auditlead', '稽核负责人', 'AUDIT_LEAD'],
  ['manager', '管理', 'MANAGER'],
];
/** The three administrators (三员); they have accounts of their own and nothing to do with cases. */
const ADMINISTRATORS: readonly Desk[] = [
  ['system', '系统管理员', 'SYSTEM_ADMIN'],
  ['security', '安全管理员', 'SECURITY_ADMIN'],
  ['audit', '审计管理员', 'AUDIT_ADMIN'],
];
const HOSPITAL_DESKS: readonly Desk[] = [
  ['physician', '医师', 'HOSPITAL_PHYSICIAN'],
  ['affairs', '医务科', 'HOSPITAL_MEDICAL_AFFAIRS'],
];
const MANAGER_DESK: Desk = ['manager', '管理', 'MANAGER'];

const emailOf = (username: string): string => `${username}@jingban.example.org`;

const NOWHERE = { office_id: null, provider_id: null, person_id: null };
const PERSON = { kind: 'PERSON', intake_processes: [] as string[] } as const;

const staffOf = (
  prefix: string,
  place: string,
  desks: readonly Desk[],
  where: { office_id: string } | { provider_id: string },
): SeedStaff[] =>
  desks.map(([suffix, title, role]) => ({
    ...NOWHERE,
    ...PERSON,
    ...where,
    staff_id: `s-${prefix}.${suffix}`,
    identity: `n-${prefix}.${suffix}`,
    username: `${prefix}.${suffix}`,
    name: `${place}${title}`,
    roles: [role],
    email: emailOf(`${prefix}.${suffix}`),
  }));

const service = (username: string, name: string, role: Role): SeedStaff => ({
  ...NOWHERE,
  staff_id: `s-${username}`,
  identity: `n-${username}`,
  username,
  name,
  roles: [role],
  kind: 'SERVICE',
  intake_processes: [],
  email: null,
});

export const STAFF: readonly SeedStaff[] = [
  ...staffOf('town1', '上城', [...TOWNSHIP_DESKS, MANAGER_DESK], { office_id: '441602001' }),
  ...staffOf('town2', '新江', TOWNSHIP_DESKS, { office_id: '441602002' }),
  ...staffOf('county1', '源城', COUNTY_DESKS, { office_id: '441602' }),
  ...staffOf('town3', '仙塘', [...TOWNSHIP_DESKS, MANAGER_DESK], { office_id: '441625100' }),
  ...staffOf('town4', '灯塔', TOWNSHIP_DESKS, { office_id: '441625101' }),
  ...staffOf('county2', '东源', COUNTY_DESKS, { office_id: '441625' }),
  ...staffOf('city', '市局', CITY_DESKS, { office_id: CITY_ID }),
  ...staffOf('admin', '市局', ADMINISTRATORS, { office_id: CITY_ID }),
  ...staffOf('hosp1', '市人民医院', HOSPITAL_DESKS, { provider_id: DEMO_HOSPITAL_ID }),
  ...PERSONS.map(({ person_id, name }, i): SeedStaff => ({
    ...NOWHERE,
    ...PERSON,
    staff_id: `s-person${i + 1}`,
    identity: `n-person${i + 1}`,
    username: `person${i + 1}`,
    name,
    roles: ['INSURED_PERSON'],
    person_id,
    email: emailOf(`person${i + 1}`),
  })),
  // Programs: the user name is the id of their client at the issuer.
  { ...service('svc.monitor', '监控程序', 'SERVICE_MONITOR'), office_id: CITY_ID },
  {
    ...service('svc.intake', '网办大厅', 'SERVICE_INTAKE'),
    intake_processes: ['CHRONIC_DISEASE_APPROVAL', 'OUT_OF_AREA_REFERRAL'],
  },
];

const placeOf = ({ office_id, provider_id }: SeedStaff): string =>
  OFFICES.find((office) => office.office_id === office_id)?.name ??
  PROVIDERS.find((provider) => provider.provider_id === provider_id)?.name ??
  '参保人';

/** Ids of the demonstration's programs: the user name of their account is the id of their client. */
export const DEMO_SERVICES: readonly string[] = STAFF.filter(({ kind }) => kind === 'SERVICE').map(
  ({ username }) => username,
);

export const DEMO_ACCOUNTS: readonly DemoAccount[] = STAFF.filter(({ kind }) => kind === 'PERSON').map((staff) => ({
  username: staff.username,
  name: staff.name,
  roles: staff.roles,
  office: placeOf(staff),
}));
