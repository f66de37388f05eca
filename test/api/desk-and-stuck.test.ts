import type { JsonObject } from '../../domain/case.ts';
import { plainDate } from '../../domain/plain-date.ts';
import { PERSONS } from '../../prisma/seed/persons.ts';
import { formOf, papersFor } from '../processes/reimbursement-cases.ts';
import { climbTo, writePeriod } from '../support/duties.ts';
import { OUT_OF_AREA_FORM } from '../support/out-of-area.ts';
import { openAgency, type Agency } from './agency.ts';

let agency: Agency;
beforeAll(async () => {
  agency = await openAgency({ clockAt: '2025-09-22T10:00:00+08:00' });
});
afterAll(() => agency?.close());

interface Pile {
  total: number;
  items: JsonObject[];
  nextCursor: string | null;
}
interface Desk {
  mine: Pile;
  office: Pile;
  notices: JsonObject[];
}
interface Stuck {
  counts: { total: number; byOffice: JsonObject[]; byProcess: JsonObject[]; byStage: JsonObject[] };
  items: (JsonObject & { reasons: JsonObject[] })[];
  nextCursor: string | null;
}
const desk = async (username: string, query = ''): Promise<Desk> =>
  (await agency.get(username, `/api/v1/desk${query}`).expect(200)).body as Desk;
const stuck = async (username: string, query = ''): Promise<Stuck> =>
  (await agency.get(username, `/api/v1/stuck${query}`).expect(200)).body as Stuck;
const numbers = (items: readonly JsonObject[]): unknown[] => items.map((item) => item['acceptanceNo']);

const decide = async (username: string, no: string, step: string, more: object = {}): Promise<void> => {
  const answer = await agency.post(username, `/api/v1/cases/${no}/decisions`, { step, decision: 'APPROVE', ...more });
  if (answer.status !== 200) throw new Error(`${username} ${step}: ${JSON.stringify(answer.body)}`);
};
function bill(receivedOn: string, username = 'town1.clerk'): Promise<string> {
  const form = formOf('GENERAL_INPATIENT');
  return agency.file(username, 'REIMBURSEMENT_REVIEW', form, papersFor(form), receivedOn);
}
let cities = 0;
const referral = (username = 'town1.clerk'): Promise<string> =>
  agency.file(username, 'OUT_OF_AREA_REFERRAL', { ...OUT_OF_AREA_FORM, destinationCity: `示例市${++cities}` }, [
    'ID_CARD',
    'REFERRAL_CERTIFICATE',
  ]);
const forward = (no: string, toDay: string, username = 'city.manager') =>
  agency.post(username, `/api/v1/rehearsal/cases/${no}/fast-forward`, { toDay });

describe('the desk', () => {
  it('shows what waits for me by due day, what has none last, and page by page', async () => {
    const later = await bill('2025-09-22');
    const sooner = await bill('2025-09-18');
    const whenever = await referral();
    const { mine, office } = await desk('town1.clerk');
    expect(numbers(mine.items)).toEqual([sooner, later, whenever]);
    expect(mine.items.map((item) => item['stageDueOn'])).toEqual(['2025-09-25', '2025-09-28', null]);
    expect(numbers(office.items)).toEqual(numbers(mine.items));
    expect(mine.total).toBe(3);

    const paged: unknown[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Desk = await desk('town1.clerk', `?limit=1${cursor && `&mineCursor=${cursor}`}`);
      paged.push(...numbers(page.mine.items));
      cursor = page.mine.nextCursor;
    }
    expect(paged).toEqual([sooner, later, whenever]);
    await agency
      .get('town1.clerk', `/api/v1/desk?officeCursor=${(await desk('town1.clerk', '?limit=1')).mine.nextCursor}`)
      .expect(400);
    expect((await desk('town2.clerk')).office.total).toBe(0);
  });

  it('moves a case from desk to desk with every decision', async () => {
    const no = await bill('2025-09-22');
    await decide('town1.clerk', no, 'INTAKE');
    expect(numbers((await desk('town1.clerk')).mine.items)).not.toContain(no);
    expect(numbers((await desk('county1.first')).mine.items)).toContain(no);
    const approver = await desk('county1.approver');
    expect(numbers(approver.mine.items)).not.toContain(no);
    expect(numbers(approver.office.items)).toContain(no);
    expect(numbers((await desk('county2.first')).office.items)).not.toContain(no);
  });

  it('does not offer me a second duty of a case I have reviewed already (I7), but shows it as my office’s', async () => {
    await agency.office.deps.db.query(
      `UPDATE staff SET roles = '{COUNTY_FIRST_REVIEWER,COUNTY_SECOND_REVIEWER}' WHERE username = 'county1.first'`,
    );
    const [reviewed, fresh] = [await bill('2025-09-22'), await bill('2025-09-22')];
    for (const no of [reviewed, fresh]) await decide('town1.clerk', no, 'INTAKE');
    await decide('county1.first', reviewed, 'FIRST_REVIEW');
    const { mine, office } = await desk('county1.first');
    expect(numbers(mine.items)).toContain(fresh);
    expect(numbers(mine.items)).not.toContain(reviewed);
    expect(numbers(office.items)).toContain(reviewed);
    expect(numbers((await desk('county1.second')).mine.items)).toContain(reviewed);
    const refused = await agency.post('county1.first', `/api/v1/cases/${reviewed}/decisions`, {
      step: 'SECOND_REVIEW',
      decision: 'APPROVE',
    });
    expect([refused.status, (refused.body as JsonObject)['code']]).toEqual([403, 'SAME_PERSON']);
  });

  it('shows a hospital and an insured person what waits for them', async () => {
    const [, person] = PERSONS;
    const form = {
      idCardNo: person?.id_card_no ?? '',
      name: person?.name ?? '',
      diseaseCode: 'CD-001',
      hospitalId: 'H4416020001',
    };
    const applied = await agency.file('person2', 'CHRONIC_DISEASE_APPROVAL', form, [
      'CHRONIC_APPLICATION_FORM',
      'DIAGNOSIS_CERTIFICATE',
      'TEST_RESULTS',
      'DISCHARGE_SUMMARY',
      'SOCIAL_SECURITY_CARD',
    ]);
    expect(numbers((await desk('hosp1.physician')).mine.items)).toEqual([applied]);
    expect((await desk('hosp1.affairs')).mine.total).toBe(0);
    expect((await desk('hosp1.affairs')).office.total).toBe(1);
    expect((await desk('person2')).mine.total).toBe(0);
    expect(numbers(((await agency.get('person2', '/api/v1/cases')).body as Pile).items)).toEqual([applied]);
  });

  it('tells what recurring duties have told my office or hospital and one of my roles, the youngest first', async () => {
    const { db } = agency.office.deps;
    for (const limitId of ['DL-04', 'DL-05'] as const) await writePeriod(db, limitId, '2025-10');
    const hospital = await climbTo(db, 'DL-04', 'H4416020001', plainDate('2025-10-14'));
    const county = await climbTo(db, 'DL-05', '441602', plainDate('2025-10-27'));
    const told = async (username: string): Promise<string[]> =>
      (await desk(username)).notices.flatMap(({ dutyId, kind }) =>
        dutyId === hospital || dutyId === county ? [`${dutyId === county ? 'DL-05' : 'DL-04'} ${String(kind)}`] : [],
      );
    expect(await told('hosp1.affairs')).toEqual(['DL-04 LIMIT_PASSED', 'DL-04 REMINDER', 'DL-04 OPENED']);
    expect(await told('county1.approver')).toEqual(['DL-05 REMINDER', 'DL-05 OPENED']);
    expect(await told('county1.manager')).toEqual(['DL-05 LIMIT_PASSED', 'DL-04 ESCALATION']);
    expect(await told('city.manager')).toEqual(['DL-05 ESCALATION']);
    for (const stranger of ['hosp1.physician', 'county1.first', 'county2.manager', 'town1.manager', 'person2'])
      expect(await told(stranger)).toEqual([]);

    const [notice] = (await desk('city.manager')).notices.filter(({ dutyId }) => dutyId === county);
    expect(notice).toEqual({
      acceptanceNo: null,
      dutyId: county,
      title: expect.objectContaining({ zh: '医疗机构清算经初审、复审、审批后上报市级' }) as object,
      kind: 'ESCALATION',
      toRole: 'MANAGER',
      content: { limitId: 'DL-05', period: '2025-10', holderId: '441602', dueOn: '2025-10-20', daysLate: 7 },
      at: '2025-10-27T00:00:00.000+08:00',
    });
  });
});

describe('the stuck list', () => {
  it('shows a case whose limit has passed with reason, days late and what fires next, from the first minute of the day', async () => {
    const no = await bill('2025-09-22');
    expect(numbers((await stuck('county1.manager')).items)).not.toContain(no);
    await agency.office.forwardTo(no, '2025-09-28T23:59:50+08:00');
    expect(numbers((await stuck('county1.manager')).items)).not.toContain(no);
    await forward(no, '2025-09-29').expect(200);

    const { items, counts } = await stuck('county1.manager');
    const item = items.find((each) => each['acceptanceNo'] === no);
    // deadlines.md §4: received 2025-09-22, five working days end on the make-up Sunday 2025-09-28.
    expect(item).toMatchObject({
      overdue: true,
      stuck: true,
      stuckSince: '2025-09-29',
      today: '2025-09-29',
      stageClock: { limitId: 'DL-08', dueOn: '2025-09-28', daysLate: 1, daysLeft: 0, overdue: true },
      reasons: [
        {
          code: 'STAGE_LIMIT_PASSED',
          since: '2025-09-29',
          dueOn: '2025-09-28',
          daysLate: 1,
          unit: 'WORKING_DAY',
          limitId: 'DL-08',
          article: 'S0 Art. 15',
        },
      ],
      next: { kind: 'ESCALATION', at: '2025-09-30T00:00:00.000+08:00' },
    });
    expect(counts.total).toBeGreaterThanOrEqual(1);
    expect(counts.byProcess.map((each) => each['processType'])).toContain('REIMBURSEMENT_REVIEW');
    expect(counts.byStage).toContainEqual(
      expect.objectContaining({
        stage: 'INTAKE',
        title: expect.objectContaining({ en: expect.any(String) as string }) as object,
      }),
    );
    expect(counts.byOffice).toContainEqual(expect.objectContaining({ officeId: '441602001' }));
    const overdue = await agency.get('county1.manager', '/api/v1/cases?overdue=true').expect(200);
    expect(numbers((overdue.body as { items: JsonObject[] }).items)).toContain(no);

    // The escalation reached the manager of the office, once, and nobody else's manager sees the case.
    const notices = (await desk('town1.manager')).notices.filter((notice) => notice['acceptanceNo'] === no);
    expect(notices.map((notice) => notice['kind'])).toEqual(
      expect.arrayContaining(['ESCALATED_LIMIT_PASSED', 'REMINDER']),
    );
    expect(numbers((await stuck('county2.manager')).items)).not.toContain(no);
    expect(numbers((await stuck('town3.manager')).items)).not.toContain(no);
    expect(numbers((await stuck('town1.manager')).items)).toContain(no);
    expect(numbers((await stuck('city.manager')).items)).toContain(no);
  });

  it('shows silence where the sources give no limit, and every reason that holds at once', async () => {
    const silent = await referral();
    await forward(silent, '2025-09-25').expect(200);
    const quiet = (await stuck('city.manager', '?processType=OUT_OF_AREA_REFERRAL')).items.find(
      (each) => each['acceptanceNo'] === silent,
    );
    // P02: two working days of silence after 2025-09-22.
    expect(quiet).toMatchObject({
      stuckSince: '2025-09-25',
      reasons: [{ code: 'NO_PROGRESS', dueOn: '2025-09-24', limitId: null, daysLate: 1 }],
      stageClock: null,
    });

    const both = await bill('2025-09-22');
    await forward(both, '2025-10-20').expect(200);
    const twice = (await stuck('city.manager')).items.find((each) => each['acceptanceNo'] === both);
    expect(twice?.reasons.map((reason) => [reason['code'], reason['since']])).toEqual([
      ['STAGE_LIMIT_PASSED', '2025-09-29'],
      ['TOTAL_LIMIT_PASSED', '2025-10-18'],
    ]);
  });

  it('pages from the longest stuck on, and narrows by process, stage and office', async () => {
    const whole = await stuck('city.manager');
    expect(whole.items.length).toBeGreaterThan(2);
    const days = whole.items.map((item) => String(item['stuckSince']));
    expect(days).toEqual([...days].sort());
    const paged: unknown[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Stuck = await stuck('city.manager', `?limit=1${cursor && `&cursor=${cursor}`}`);
      expect(page.counts.total).toBe(whole.counts.total);
      paged.push(...numbers(page.items));
      cursor = page.nextCursor;
    }
    expect(paged).toEqual(numbers(whole.items));
    expect((await stuck('city.manager', '?officeId=441625100')).counts.total).toBe(0);
    const atIntake = await stuck('city.manager', '?stage=INTAKE');
    expect(new Set(atIntake.items.map((item) => item['currentStage']))).toEqual(new Set(['INTAKE']));
  });

  it('forgets a case with the decision that was missing', async () => {
    const no = await referral();
    await forward(no, '2025-09-25').expect(200);
    expect(numbers((await stuck('city.manager')).items)).toContain(no);
    await decide('town1.clerk', no, 'REGISTERED');
    expect(numbers((await stuck('city.manager')).items)).not.toContain(no);
  });
});

describe('fast-forwarding', () => {
  it('moves one case and no other, only forward, only for a manager who sees it', async () => {
    const [moved, still] = [await referral(), await referral()];
    const answer = await forward(moved, '2025-09-23').expect(200);
    expect(answer.body).toEqual({ acceptanceNo: moved, today: '2025-09-23', at: '2025-09-23T09:00:00.000+08:00' });
    expect((await agency.get('town1.clerk', `/api/v1/cases/${still}`)).body).toMatchObject({ today: '2025-09-22' });
    expect((await forward(moved, '2025-09-22').expect(422)).body).toMatchObject({ code: 'DATE_OUT_OF_RANGE' });
    await forward(moved, '2025-09-30', 'county2.manager').expect(404);
    await forward(moved, '2025-09-30', 'town1.clerk').expect(403);
    await agency.post('city.manager', `/api/v1/rehearsal/cases/${moved}/fast-forward`, {}).expect(400);
  });
});
