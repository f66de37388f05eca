import type { JsonObject } from '../../domain/case.ts';
import { PROCESSES } from '../../domain/processes/index.ts';
import { formOf, papersFor } from '../processes/reimbursement-cases.ts';
import { OUT_OF_AREA_FORM } from '../support/out-of-area.ts';
import { openAgency, type Agency } from './agency.ts';

let agency: Agency;
beforeAll(async () => {
  agency = await openAgency();
});
afterAll(() => agency?.close());

const items = async (path: string): Promise<JsonObject[]> =>
  ((await agency.get('town1.clerk', path).expect(200)).body as { items: JsonObject[] }).items;

describe('what would be the due day', () => {
  // deadlines.md §4.
  const EXAMPLES: [string, string, JsonObject][] = [
    ['a make-up Sunday counts', 'limit=DL-08&from=2025-09-22', { dueOn: '2025-09-28', provisional: false }],
    ['the total crosses National Day', 'limit=DL-11&from=2025-09-22', { dueOn: '2025-10-17' }],
    ['three months end on a holiday and move', 'limit=DL-36&from=2025-11-17', { dueOn: '2026-02-24' }],
    ['a day of the month is kept', 'limit=DL-06&from=2026-01-02', { dueOn: '2026-01-25', reminderOn: '2026-01-23' }],
    [
      'notice of an audit is counted backward',
      'limit=DL-30&from=2026-02-24',
      { dueOn: '2026-02-21', targetOn: '2026-02-14', direction: 'BACKWARD' },
    ],
    [
      'days of a suspension do not count',
      'limit=DL-09&from=2026-02-11&suspendedOn=2026-02-13&resumedOn=2026-02-25',
      { dueOn: '2026-02-28' },
    ],
    [
      'beyond the last edition it is provisional',
      'limit=DL-08&from=2026-12-30',
      { provisional: true, provisionalBecause: '2026-12-31' },
    ],
  ];
  it.each(EXAMPLES)('%s', async (_what, query, expected) => {
    const [only] = await items(`/api/v1/deadlines/preview?${query}`);
    expect(only).toMatchObject(expected);
  });

  it('is shown day by day with the reason of each', async () => {
    const [only] = await items('/api/v1/deadlines/preview?limit=DL-08&from=2025-09-24');
    const days = only?.['days'] as JsonObject[];
    expect(days.map(({ day, why, n }) => [day, why, n])).toEqual([
      ['2025-09-24', 'START', null],
      ['2025-09-25', 'COUNTED', 1],
      ['2025-09-26', 'COUNTED', 2],
      ['2025-09-27', 'WEEKEND', null],
      ['2025-09-28', 'MAKE_UP_WORKDAY', 3],
      ['2025-09-29', 'COUNTED', 4],
      ['2025-09-30', 'COUNTED', 5],
    ]);
  });

  it('can be asked for a process: each office uses its whole limit, then the 25th and the month’s end (example 2)', async () => {
    const all = await items('/api/v1/deadlines/preview?processType=REIMBURSEMENT_REVIEW&receivedOn=2025-09-22');
    expect(all.map(({ role, limitId, startOn, dueOn }) => [role, limitId, startOn, dueOn])).toEqual([
      ['INTAKE', 'DL-08', '2025-09-22', '2025-09-28'],
      ['COUNTY_REVIEW', 'DL-09', '2025-09-28', '2025-10-11'],
      ['CITY_SUMMARY', 'DL-10', '2025-10-11', '2025-10-17'],
      ['CITY_APPROVAL', 'DL-06', '2025-10-17', '2025-10-25'],
      ['PAYMENT', 'DL-13', '2025-10-25', '2025-10-31'],
      ['BANK_FEEDBACK', 'DL-14', '2025-10-31', '2025-11-03'],
      ['BANK_FEEDBACK', 'DL-15', '2025-10-31', '2025-11-05'],
      ['TOTAL', 'DL-11', '2025-09-22', '2025-10-17'],
    ]);
    expect(await items('/api/v1/deadlines/preview?processType=OUT_OF_AREA_REFERRAL&receivedOn=2025-09-22')).toEqual([]);
  });

  it('takes several suspensions and extensions', async () => {
    const stops = 'suspendedOn=2025-09-23&resumedOn=2025-09-24&suspendedOn=2025-09-25&resumedOn=2025-09-26';
    const [only] = await items(`/api/v1/deadlines/preview?limit=DL-08&from=2025-09-22&${stops}&extend=DL-08:2`);
    // 23, 25, 28(m), 29, 30 and two more: 10-09, 10-10.
    expect(only).toMatchObject({ limit: 5, extendedBy: 2, dueOn: '2025-10-10' });
    const chain = await items(
      '/api/v1/deadlines/preview?processType=REIMBURSEMENT_REVIEW&receivedOn=2026-12-21&extend=DL-09:3&extend=DL-11:3',
    );
    expect(chain.slice(0, 3).map((item) => [item['limitId'], item['extendedBy'], item['provisional']])).toEqual([
      ['DL-08', 0, false],
      ['DL-09', 3, true],
      ['DL-10', 0, true],
    ]);
    expect(chain.at(-1)).toMatchObject({ limitId: 'DL-11', extendedBy: 3, provisionalBecause: '2026-12-31' });
  });

  it('is refused when the question makes no sense', async () => {
    for (const query of [
      '',
      'limit=DL-08',
      'from=2025-09-22',
      'limit=DL-99&from=2025-09-22',
      'limit=DL-33&from=2025-09-22',
      'limit=DL-08&from=2025-09-31',
      'limit=DL-08&from=2025-09-22&suspendedOn=2025-09-23',
      'limit=DL-08&from=2025-09-22&suspendedOn=2025-09-24&resumedOn=2025-09-23',
      'limit=DL-08&from=2025-09-22&suspendedOn=2025-09-23&suspendedOn=2025-09-25&resumedOn=2025-09-24',
      'limit=DL-08&from=2025-09-22&processType=REIMBURSEMENT_REVIEW',
      'processType=REIMBURSEMENT_REVIEW&receivedOn=2025-09-22&from=2025-09-22',
      'limit=DL-08&from=2025-09-22&extend=DL-08:0',
      'limit=DL-08&from=2025-09-22&extend=DL-08:1&extend=DL-08:2',
      'limit=DL-08&from=2025-09-22&extend=DL-09:1',
      'limit=DL-06&from=2025-09-22&extend=DL-06:1',
    ]) {
      const answer = await agency.get('town1.clerk', `/api/v1/deadlines/preview?${query}`);
      expect([query, answer.status]).toEqual([query, 400]);
    }
    await agency.get('town1.clerk', '/api/v1/deadlines/preview?processType=NONE&receivedOn=2025-09-22').expect(422);
  });
});

describe('the calendar', () => {
  it('has the working days of the loaded years and says so of years it does not know', async () => {
    const year = async (n: number) =>
      (await agency.get('town1.clerk', `/api/v1/calendar?year=${n}`).expect(200)).body as JsonObject;
    expect(await year(2025)).toMatchObject({
      covered: true,
      workingDays: 248,
      workingDaysPerMonth: [19, 19, 21, 22, 19, 20, 23, 21, 23, 18, 20, 23],
    });
    expect(await year(2026)).toMatchObject({
      covered: true,
      workingDays: 248,
      workingDaysPerMonth: [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23],
    });
    expect(await year(2031)).toMatchObject({ covered: false, edition: null, days: [] });
    await agency.get('town1.clerk', '/api/v1/calendar').expect(400);
    await agency.get('town1.clerk', '/api/v1/calendar?year=20x5').expect(400);
  });
});

describe('the list of processes', () => {
  it('says of every process what it asks, who decides what, its limits and articles', async () => {
    const all = await items('/api/v1/processes');
    expect(all.map((each) => each['code'])).toEqual(Object.keys(PROCESSES));
    const reimbursement = all.find((each) => each['code'] === 'REIMBURSEMENT_REVIEW') as JsonObject & {
      stages: JsonObject[];
      steps: JsonObject[];
    };
    expect(reimbursement['totalLimit']).toMatchObject({
      limitId: 'DL-11',
      limit: 15,
      unit: 'WORKING_DAY',
      article: 'S0 Art. 15',
    });
    expect(reimbursement.stages.find((stage) => stage['stage'] === 'INTAKE')).toMatchObject({
      limits: [{ limitId: 'DL-08' }],
    });
    expect(reimbursement.steps.find((step) => step['step'] === 'FIRST_REVIEW')).toMatchObject({
      by: ['COUNTY_FIRST_REVIEWER'],
      duty: { chain: 'REVIEW' },
    });
    const { form, documents } = reimbursement['filing'] as {
      form: JsonObject;
      documents: { when: JsonObject; rules: JsonObject[] }[];
    };
    expect(form).toMatchObject({
      type: 'object',
      additionalProperties: false,
      properties: { idCardNo: { title: expect.any(String) as string } },
    });
    const inpatient = documents.find(({ when }) => when['category'] === 'GENERAL_INPATIENT');
    expect(inpatient?.rules.map((rule) => (rule['anyOf'] as string[])[0])).toEqual(
      papersFor(formOf('GENERAL_INPATIENT')),
    );
  });

  it('gives the check list for a form that is only half filled in', async () => {
    const path = '/api/v1/processes/REIMBURSEMENT_REVIEW/check-list';
    const ask = async (form: object) =>
      (await agency.post('town1.clerk', path, { form }).expect(200)).body as { items: { anyOf: string[] }[] };
    const lost = await ask({ category: 'GENERAL_INPATIENT', receiptLost: true, diagnosis: '' });
    expect(lost.items.map((rule) => rule.anyOf[0])).toContain('RECEIPT_STUB_COPY');
    expect((await ask({ category: 'GENERAL_INPATIENT' })).items.map((rule) => rule.anyOf[0])).not.toContain(
      'RECEIPT_STUB_COPY',
    );
    await agency.post('town1.clerk', '/api/v1/processes/NONE/check-list', { form: {} }).expect(422);
  });
});

describe('offices, staff and catalogue', () => {
  it('are found by name or code, and what looks like a pattern is only text', async () => {
    const search = async (q: string) =>
      (await agency.get('town1.clerk', `/api/v1/catalogue?q=${encodeURIComponent(q)}`).expect(200)).body as Record<
        'providers' | 'diseases' | 'items',
        JsonObject[]
      >;
    expect((await search('市人民医院')).providers.map((each) => each['providerId'])).toEqual(['H4416020001']);
    expect((await search('H441625')).providers).toHaveLength(2);
    expect((await search('CD-001')).diseases).toHaveLength(1);
    for (const pattern of ['%%', '_', '\\'])
      expect(await search(pattern)).toEqual({ providers: [], diseases: [], items: [] });
    expect((await items('/api/v1/offices')).find((office) => office['officeId'] === '441602001')).toMatchObject({
      level: 'TOWNSHIP',
      parentId: '441602',
    });
    const staff = (await agency.get('county1.auditlead', '/api/v1/offices/441602/staff').expect(200)).body as {
      items: JsonObject[];
    };
    expect(staff.items.map((each) => each['staffId'])).toContain('s-county1.auditor1');
  });
});

describe('a paper the process issued', () => {
  it('is a page to print with what stood on it, room for the stamp, and nothing that runs', async () => {
    const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
    const form = {
      ...OUT_OF_AREA_FORM,
      plannedFrom: today,
      plannedTo: today,
      diagnosis: '<script>alert("x")</script>',
    };
    const no = await agency.file('town1.clerk', 'OUT_OF_AREA_REFERRAL', form, ['ID_CARD', 'REFERRAL_CERTIFICATE']);
    const desks: [string, string][] = [
      ['town1.clerk', 'REGISTERED'],
      ['county1.approver', 'REVIEW'],
      ['county1.clerk', 'FILED'],
      ['town1.clerk', 'FORM_ISSUED'],
    ];
    for (const [username, step] of desks) {
      const answer = await agency.post(username, `/api/v1/cases/${no}/decisions`, { step, decision: 'APPROVE' });
      expect([step, answer.status, answer.body]).toEqual([step, 200, expect.anything()]);
    }
    const { body } = await agency.get('town1.clerk', `/api/v1/cases/${no}`).expect(200);
    const [output] = (body as { outputs: { kind: string; page: string }[] }).outputs.filter(
      ({ kind }) => kind === 'OUT_OF_AREA_FILING_FORM',
    );
    const page = await agency.get('person1', output?.page ?? '').expect(200);
    expect(page.headers['content-type']).toMatch(/^text\/html/);
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'none';.*;style-src 'nonce-/);
    expect(page.text).toContain('《广东省异地就医备案登记表》');
    expect(page.text).toContain(no);
    expect(page.text).toContain('（盖章）');
    expect(page.text).toContain('示例甲');
    expect(page.text).not.toContain('<script');
    await agency.get('person2', output?.page ?? '').expect(404);
    await agency.get('town1.clerk', `/api/v1/cases/${no}/outputs/NO_SUCH_PAPER`).expect(404);
  });
});

describe('cases that live today', () => {
  it('are overdue and stuck by the day alone', async () => {
    const form = formOf('GENERAL_INPATIENT');
    const no = await agency.file('town1.clerk', 'REIMBURSEMENT_REVIEW', form, papersFor(form), '2025-09-22');
    expect((await agency.get('town1.clerk', `/api/v1/cases/${no}`)).body).toMatchObject({
      overdue: true,
      stuck: true,
      stageDueOn: '2025-09-28',
    });
    const stuck = (await agency.get('county1.manager', '/api/v1/stuck').expect(200)).body as { items: JsonObject[] };
    expect(stuck.items.map((item) => item['acceptanceNo'])).toContain(no);
    const overdue = async (flag: boolean) =>
      (await agency.get('county1.manager', `/api/v1/cases?overdue=${flag}`)).body as { items: JsonObject[] };
    expect((await overdue(true)).items.map((item) => item['acceptanceNo'])).toContain(no);
    expect((await overdue(false)).items.map((item) => item['acceptanceNo'])).not.toContain(no);
  });
});
