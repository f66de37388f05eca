import { openAgency, type Agency } from './agency.ts';

/** The three administrators: what each may do, what none may, and that it is all written down. */

let agency: Agency;
beforeAll(async () => {
  agency = await openAgency();
});
afterAll(() => agency?.close());

const act = (username: string, staffId: string, name: string, body: object = { reason: '依申请' }) =>
  agency.post(username, `/api/v1/accounts/${staffId}/${name}`, body);
const roles = (staffId: string, given: string[], more: object = {}) =>
  act('admin.security', staffId, 'roles', { reason: '岗位调整', roles: given, ...more });
const code = (answer: { status: number; body: unknown }) => [answer.status, (answer.body as { code: string }).code];

it('lets the system administrator close and open an account, and nobody else', async () => {
  await agency.get('town2.clerk', '/api/v1/me').expect(200);
  const closed = await act('admin.system', 's-town2.clerk', 'disable').expect(200);
  expect(closed.body).toMatchObject({ staffId: 's-town2.clerk', active: false, openSessions: 0 });
  expect(code(await agency.get('town2.clerk', '/api/v1/me'))).toEqual([403, 'NOT_PERMITTED']);
  await act('admin.system', 's-town2.clerk', 'enable').expect(200);
  await agency.get('town2.clerk', '/api/v1/me').expect(200);
  for (const other of ['admin.security', 'admin.audit', 'city.leader', 'county1.manager'])
    expect(code(await act(other, 's-town2.clerk', 'disable'))).toEqual([403, 'NOT_PERMITTED']);
});

it('lets the security administrator grant and withdraw, with the next request', async () => {
  expect(code(await agency.get('county2.clerk', '/api/v1/stuck'))).toEqual([403, 'NOT_PERMITTED']);
  const answer = await roles('s-county2.clerk', ['MANAGER', 'COUNTY_CLERK', 'MANAGER']).expect(200);
  expect(answer.body).toMatchObject({ roles: ['COUNTY_CLERK', 'MANAGER'], officeId: '441625' });
  await agency.get('county2.clerk', '/api/v1/stuck').expect(200);
  await roles('s-county2.clerk', ['COUNTY_CLERK'], { officeId: '441621' }).expect(200);
  expect((await agency.get('county2.clerk', '/api/v1/me')).body).toMatchObject({ officeId: '441621' });
  expect(code(await agency.get('county2.clerk', '/api/v1/stuck'))).toEqual([403, 'NOT_PERMITTED']);
  expect(code(await act('admin.system', 's-county2.clerk', 'roles', { reason: 'x', roles: [] }))).toEqual([
    403,
    'NOT_PERMITTED',
  ]);
});

it.each([
  [['SYSTEM_ADMIN', 'SECURITY_ADMIN'], 's-town1.clerk'],
  [['SYSTEM_ADMIN', 'AUDIT_ADMIN'], 's-town1.clerk'],
  [['SECURITY_ADMIN', 'COUNTY_APPROVER'], 's-town1.clerk'],
  [['AUDIT_ADMIN', 'MANAGER'], 's-town1.clerk'],
  [['SYSTEM_ADMIN', 'INSURED_PERSON'], 's-town1.clerk'],
  [['SERVICE_INTAKE'], 's-town1.clerk'],
  [['TOWNSHIP_CLERK', 'SERVICE_MONITOR'], 's-town1.clerk'],
  [['TOWNSHIP_CLERK'], 's-svc.intake'],
  [['SYSTEM_ADMIN'], 's-svc.monitor'],
  [['SERVICE_INTAKE', 'MANAGER'], 's-svc.intake'],
])('refuses %j for %s, in the API and in the store', async (given, staffId) => {
  expect(code(await roles(staffId, given))).toEqual([422, 'ROLES_EXCLUDE']);
  const { db } = agency.office.deps;
  await expect(db.query('UPDATE staff SET roles = $2 WHERE staff_id = $1', [staffId, given])).rejects.toMatchObject({
    code: '23514',
  });
});

it('lets nobody administer an account of their own', async () => {
  expect(code(await act('admin.system', 's-admin.system', 'end-sessions'))).toEqual([403, 'OWN_ACCOUNT']);
  expect(code(await roles('s-admin.security', ['CITY_LEADER']))).toEqual([403, 'OWN_ACCOUNT']);
});

it('asks for a reason, a known account and a known office', async () => {
  expect(code(await act('admin.system', 's-town1.clerk', 'disable', {}))).toEqual([400, 'BAD_REQUEST']);
  expect(code(await act('admin.system', 's-nobody', 'disable'))).toEqual([404, 'NOT_FOUND']);
  expect(code(await roles('s-town1.clerk', ['TOWNSHIP_CLERK'], { officeId: '999999' }))).toEqual([422, 'UNKNOWN_CODE']);
});

it('writes every act down, before and after, by whom and why, and never lets it be changed', async () => {
  await roles('s-town4.clerk', ['TOWNSHIP_CLERK', 'MANAGER']).expect(200);
  const { body } = await agency.get('admin.audit', '/api/v1/accounts/s-town4.clerk/events').expect(200);
  expect(body).toMatchObject({
    items: [
      {
        act: 'ROLES_CHANGED',
        by: 's-admin.security',
        reason: '岗位调整',
        before: { roles: ['TOWNSHIP_CLERK'] },
        after: { roles: ['MANAGER', 'TOWNSHIP_CLERK'] },
      },
    ],
    nextCursor: null,
  });
  // The program has no right to try, and the owner meets the triggers.
  const { owner } = agency.office;
  for (const statement of [
    'DELETE FROM account_event',
    `UPDATE account_event SET reason = 'x'`,
    'TRUNCATE account_event',
  ])
    await expect(owner.query(statement)).rejects.toThrow('never changed or deleted');
});

it('gives administrators no case, no paper and no desk', async () => {
  const { db } = agency.office.deps;
  await db.query(
    `INSERT INTO document (document_id, sha256, media_type, byte_size, file_name, uploaded_by, office_id, uploaded_at)
     VALUES ('6f9619ff-8b86-4d01-b42d-00cf4fc964fa', repeat('0', 64), 'application/pdf', 1, 'x.pdf', 's-city.leader', '441600', now())`,
  );
  for (const username of ['admin.system', 'admin.security', 'admin.audit']) {
    expect((await agency.get(username, '/api/v1/me')).body).not.toHaveProperty('officeId');
    expect(code(await agency.get(username, '/api/v1/documents/6f9619ff-8b86-4d01-b42d-00cf4fc964fa'))[0]).toBe(403);
  }
});

it('pages accounts and the access log, narrowed to a person, a case or a day, and logs that it was read', async () => {
  const first = await agency.get('admin.security', '/api/v1/accounts?role=AUDITOR&limit=2').expect(200);
  const page = first.body as { items: { staffId: string }[]; nextCursor: string };
  const second = await agency
    .get('admin.security', `/api/v1/accounts?role=AUDITOR&limit=2&cursor=${page.nextCursor}`)
    .expect(200);
  const ids = [...page.items, ...(second.body as typeof page).items].map(({ staffId }) => staffId);
  expect(new Set(ids).size).toBe(4);

  await agency.get('county1.first', '/api/v1/cases/441602001-20250101-000000').expect(404);
  const log = async (query: string) =>
    (
      (await agency.get('admin.audit', `/api/v1/access-log?${query}`).expect(200)).body as {
        items: Record<string, unknown>[];
      }
    ).items;
  // An access is written a moment after it was answered.
  const written = async (query: string, least: number): Promise<Record<string, unknown>[]> => {
    for (let tries = 0; tries < 100; tries++) {
      const items = await log(query);
      if (items.length >= least) return items;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`nothing is in the access log for ${query}`);
  };
  expect(await written('acceptanceNo=441602001-20250101-000000', 1)).toEqual([
    expect.objectContaining({ userId: 's-county1.first', status: 404, code: 'CASE_NOT_FOUND' }),
  ]);
  expect(await log('day=2020-01-01')).toEqual([]);
  const reads = await written('userId=s-admin.audit', 6);
  expect(reads.filter(({ route, status }) => route === '/api/v1/access-log' && status === 200).length).toBeGreaterThan(
    1,
  );
});
