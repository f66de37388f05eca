import { fileOutOfArea } from '../support/out-of-area.ts';
import { openAgency, type Agency } from './agency.ts';

/** Who is shown what of a person, and what it takes to be shown more. */
const ID = '441602199203159011';
const WHOLE = { reason: 'REVIEW' };

let agency: Agency;
let no: string;
beforeAll(async () => {
  agency = await openAgency({ clockAt: '2025-09-22T10:00:00+08:00' });
  no = await fileOutOfArea(agency.office);
}, 180_000);
afterAll(() => agency?.close());

const reveal = (username: string, body: object, which = no) =>
  agency.post(username, `/api/v1/cases/${which}/reveal`, body);
const reasons = async (): Promise<unknown[]> => {
  await agency.api.close();
  const { rows } = await agency.office.owner.query<Record<string, unknown>>(
    `SELECT user_id, status, reason FROM access_log WHERE route LIKE '%/reveal' OR method = 'POST' AND route LIKE '%/outputs/%' ORDER BY 1, 3`,
  );
  return rows;
};

it('the case, its history and every list are masked for staff, and whole for the person', async () => {
  const { body } = await agency.get('town1.clerk', `/api/v1/cases/${no}`).expect(200);
  expect(body).toMatchObject({
    subjectName: '示*',
    form: { idCardNo: '4416**********9011', name: '示*', phone: '138****0000', diagnosis: '***' },
    facts: { person: { name: '示*', birthDate: '1992-**-**', sex: '***', personId: 'p-0001' } },
  });
  const events = await agency.get('town1.clerk', `/api/v1/cases/${no}/events`).expect(200);
  for (const told of [JSON.stringify(body), events.text])
    for (const personal of [ID, '示例甲', '13800000000', '示例诊断', '1992-03-15'])
      expect(told).not.toContain(personal);
  const own = await agency.get('person1', `/api/v1/cases/${no}`).expect(200);
  expect(own.body).toMatchObject({ subjectName: '示例甲', form: { idCardNo: ID, diagnosis: '示例诊断' } });
});

it.each([
  ['no reason', {}],
  ['a reason of three characters', { reason: '看一看' }],
  ['spaces for a reason', { reason: '        ' }],
  ['a field nobody hides', { reason: 'REVIEW', fields: ['processType'] }],
])('is refused with %s', async (_what, body) => {
  const answer = await reveal('town1.clerk', body).expect(400);
  expect((answer.body as { code: string }).code).toBe('BAD_REQUEST');
});

it('is shown whole to whoever has to do with the case, and every time is written down with the reason', async () => {
  const shown = await reveal('town1.clerk', WHOLE).expect(200);
  expect(shown.body).toMatchObject({ subjectName: '示例甲', form: { idCardNo: ID, diagnosis: '示例诊断' } });
  const some = await reveal('town1.manager', { reason: `核对 ${ID} 的电话`, fields: ['phone'] }).expect(200);
  expect(some.body).toMatchObject({
    subjectName: '示*',
    form: { idCardNo: '4416**********9011', phone: '13800000000', diagnosis: '***' },
  });
  // Not at their desk yet, and they have done nothing in it.
  await reveal('county1.approver', WHOLE).expect(403);
  await reveal('county2.manager', WHOLE).expect(404);
  expect(await reasons()).toEqual(
    expect.arrayContaining([
      { user_id: 's-town1.clerk', status: 200, reason: 'REVIEW [*]' },
      { user_id: 's-town1.manager', status: 200, reason: '核对 4416**********9011 的电话 [phone]' },
      { user_id: 's-county1.approver', status: 403, reason: null },
    ]),
  );
});

it('is not shown at all when it cannot be written down', async () => {
  const { owner: db } = agency.office;
  await db.query(`CREATE FUNCTION deaf() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'deaf'; END $$`);
  await db.query('CREATE TRIGGER deaf BEFORE INSERT ON access_log FOR EACH ROW EXECUTE FUNCTION deaf()');
  try {
    const answer = await reveal('town1.clerk', WHOLE).expect(503);
    expect(answer.text).not.toContain(ID);
  } finally {
    await db.query('DROP TRIGGER deaf ON access_log');
  }
});

it('a masked value does not come back as what was filed', async () => {
  const form = { idCardNo: '4416**********9011', name: '示*', phone: '138****0000', diagnosis: '***' };
  const answer = await agency
    .post('town1.clerk', '/api/v1/cases', { processType: 'OUT_OF_AREA_REFERRAL', form, documents: [] })
    .expect(400);
  const { faults } = answer.body as { faults: { path: string; en: string }[] };
  for (const field of Object.keys(form))
    expect(faults.filter(({ path }) => path === `form.${field}`).map(({ en }) => en)).toEqual([
      'a masked value cannot be handed in; send it whole',
    ]);
});
