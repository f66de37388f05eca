import request from 'supertest';
import { ROLES, type Role } from '../../domain/case.ts';
import type { Route } from '../../api/route.ts';
import { openAgency, type Agency } from './agency.ts';

/**
 * Every route × every role, from the route table itself, so that a new route is in it the moment it exists. Who may call is
 * written here a second time, by hand: a slip in the table shows.
 */
const EVERYBODY = 'ANY' as const;
const CITY_MONEY: Role[] = [
  'CITY_MEDICAL_CLERK',
  'CITY_MEDICAL_REVIEWER',
  'CITY_FINANCE_CLERK',
  'CITY_FINANCE_CHECKER',
  'CITY_FINANCE_REVIEWER',
  'CITY_FINANCE_PAYER',
  'CITY_LEADER',
  'MANAGER',
];
const MAY_CALL: Record<string, 'ANY' | 'PUBLIC' | Role[]> = {
  listProcesses: EVERYBODY,
  checkList: EVERYBODY,
  fileCase: ['SERVICE_INTAKE', 'INSURED_PERSON', 'TOWNSHIP_CLERK', 'COUNTY_CLERK', 'AUDITOR', 'AUDIT_LEAD'],
  listCases: EVERYBODY,
  getCase: EVERYBODY,
  listEvents: EVERYBODY,
  listDocuments: EVERYBODY,
  searchCases: EVERYBODY,
  revealCase: EVERYBODY,
  listRevealReasons: EVERYBODY,
  viewOutput: EVERYBODY,
  printOutput: EVERYBODY,
  clockProof: EVERYBODY,
  printClockProof: EVERYBODY,
  decide: EVERYBODY,
  uploadDocument: EVERYBODY,
  getDocument: EVERYBODY,
  desk: EVERYBODY,
  digest: EVERYBODY,
  outbox: ['MANAGER'],
  stuck: ['MANAGER'],
  termUse: ['MANAGER'],
  previewDeadline: EVERYBODY,
  calendar: EVERYBODY,
  listCalendarEditions: EVERYBODY,
  // Managers of a city office only, and those here sit in a county: calendar-editions.test.ts has both.
  applyCalendarEdition: [],
  // Managers of the city only, too: codec.test.ts.
  decodePayloads: [],
  encodePayloads: [],
  calendarRun: ['MANAGER'],
  listDuties: EVERYBODY,
  getDuty: EVERYBODY,
  markDutyDone: [
    'HOSPITAL_MEDICAL_AFFAIRS',
    'COUNTY_APPROVER',
    'COUNTY_ENROLMENT_CLERK',
    'CITY_MEDICAL_CLERK',
    'CITY_MEDICAL_REVIEWER',
    'CITY_FINANCE_CLERK',
    'CITY_FINANCE_REVIEWER',
    'CITY_FINANCE_PAYER',
  ],
  listSchedules: [],
  listPaymentLists: CITY_MONEY,
  getPaymentList: CITY_MONEY,
  me: EVERYBODY,
  listOffices: EVERYBODY,
  listStaff: ['AUDIT_LEAD', 'AUDITOR', 'MANAGER', 'CITY_LEADER'],
  catalogue: EVERYBODY,
  fastForward: ['MANAGER'],
  listAccounts: ['SYSTEM_ADMIN', 'SECURITY_ADMIN', 'AUDIT_ADMIN'],
  listAccountEvents: ['SYSTEM_ADMIN', 'SECURITY_ADMIN', 'AUDIT_ADMIN'],
  enableAccount: ['SYSTEM_ADMIN'],
  disableAccount: ['SYSTEM_ADMIN'],
  endSessions: ['SYSTEM_ADMIN'],
  unlockAccount: ['SYSTEM_ADMIN'],
  setRoles: ['SECURITY_ADMIN'],
  accessLog: ['AUDIT_ADMIN'],
  monitoring: ['MANAGER', 'SERVICE_MONITOR'],
  health: 'PUBLIC',
  ready: 'PUBLIC',
  openapi: 'PUBLIC',
};

/** Of what any person may call, the part that is open to programs. */
const PROGRAMS_MAY: Record<string, Role[]> = {
  ...Object.fromEntries(
    [
      'listProcesses',
      'checkList',
      'listCases',
      'getCase',
      'listDocuments',
      'uploadDocument',
      'getDocument',
      'catalogue',
    ].map((id): [string, Role[]] => [id, ['SERVICE_INTAKE']]),
  ),
  me: ['SERVICE_INTAKE', 'SERVICE_MONITOR'],
};
const isProgram = (role: Role): boolean => role.startsWith('SERVICE_');

let agency: Agency;
const tokens = new Map<Role, string>();
beforeAll(async () => {
  agency = await openAgency();
  for (const role of Object.keys(ROLES) as Role[]) {
    const username = `matrix.${role.toLowerCase()}`;
    await agency.office.deps.db.query(
      `INSERT INTO staff (staff_id, username, name, roles, office_id, kind)
       VALUES ($1, $1, $1, $2, CASE WHEN $3 THEN NULL ELSE '441602' END, CASE WHEN $4 THEN 'SERVICE' ELSE 'PERSON' END)`,
      [username, [role], role === 'INSURED_PERSON', isProgram(role)],
    );
    tokens.set(role, await agency.issuer.token(username));
  }
});
afterAll(() => agency?.close());

/** A request that reaches the route, with parameters that exist nowhere. */
function call({ method, path }: Route, token?: string): request.Test {
  const address = path
    .replace('{acceptanceNo}', 'NO-SUCH-CASE')
    .replace('{documentId}', '6f9619ff-8b86-4d01-b42d-00cf4fc964ff')
    .replace(/\{\w+\}/g, 'NOTHING');
  const asked = request(agency.server)[method](address).set('Idempotency-Key', 'matrix');
  return token === undefined ? asked : asked.set('Authorization', `Bearer ${token}`);
}

it('has a hand-written row for every route, and no row without a route', () => {
  expect(agency.api.routes.map((route) => route.id).sort()).toEqual(Object.keys(MAY_CALL).sort());
});

it('asks everybody for a login, except where none is needed', async () => {
  for (const route of agency.api.routes) {
    const answer = await call(route);
    if (MAY_CALL[route.id] === 'PUBLIC') expect([route.id, answer.status]).toEqual([route.id, 200]);
    else
      expect([route.id, answer.status, (answer.body as { code: string }).code]).toEqual([
        route.id,
        401,
        'NOT_AUTHENTICATED',
      ]);
  }
});

it.each(Object.keys(ROLES) as Role[])('lets %s call what is written, and refuses the rest with 403', async (role) => {
  for (const route of agency.api.routes) {
    const expected = MAY_CALL[route.id] ?? [];
    const any = !isProgram(role) || (PROGRAMS_MAY[route.id] ?? []).includes(role);
    const may = expected === 'ANY' ? any : expected === 'PUBLIC' || expected.includes(role);
    const answer = await call(route, tokens.get(role));
    expect([route.id, answer.status === 403]).toEqual([route.id, !may]);
    expect([route.id, answer.status < 500]).toEqual([route.id, true]);
    if (!may) expect([route.id, (answer.body as { code: string }).code]).toEqual([route.id, 'NOT_PERMITTED']);
  }
});

it('writes down every refusal of somebody who is known (I3), and nothing personal with it', async () => {
  await call(agency.api.routes.find((route) => route.id === 'stuck') as Route, tokens.get('AUDITOR')).expect(403);
  await agency.post('city.leader', '/api/v1/cases/search', { idCardNo: '441602199203159011' }).expect(200);
  await agency.get('county1.first', '/api/v1/cases/441602001-20250101-000000').expect(404);
  await agency.api.close();
  const { rows } = await agency.office.deps.db.query<{
    user_id: string;
    route: string;
    status: number;
    code: string;
    acceptance_no: string | null;
  }>(`SELECT user_id, method, route, acceptance_no, status, code, request_id FROM access_log`);
  expect(rows).toContainEqual(
    expect.objectContaining({ user_id: 'matrix.auditor', route: '/api/v1/stuck', status: 403, code: 'NOT_PERMITTED' }),
  );
  expect(rows).toContainEqual(
    expect.objectContaining({
      user_id: 's-county1.first',
      route: '/api/v1/cases/{acceptanceNo}',
      acceptance_no: '441602001-20250101-000000',
      status: 404,
      code: 'CASE_NOT_FOUND',
    }),
  );
  expect(JSON.stringify(rows)).not.toContain('441602199203159011');
});
