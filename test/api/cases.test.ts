import type { JsonObject } from '../../domain/case.ts';
import { PERSONS } from '../../prisma/seed/persons.ts';
import { formOf, papersFor } from '../processes/reimbursement-cases.ts';
import { OUT_OF_AREA_FORM } from '../support/out-of-area.ts';
import { openAgency, type Agency } from './agency.ts';

const REFERRAL = 'OUT_OF_AREA_REFERRAL';
const PAPERS = ['ID_CARD', 'REFERRAL_CERTIFICATE'] as const;

let agency: Agency;
let reimbursement: string;
let referral: string;
beforeAll(async () => {
  agency = await openAgency({ clockAt: '2025-09-22T10:00:00+08:00' });
  const form = formOf('GENERAL_INPATIENT');
  reimbursement = await agency.file('town1.clerk', 'REIMBURSEMENT_REVIEW', form, papersFor(form), '2025-09-22');
  referral = await agency.file('county1.clerk', REFERRAL, { ...OUT_OF_AREA_FORM, destinationCity: '深圳市' }, [
    ...PAPERS,
  ]);
});
afterAll(() => agency?.close());

const items = (body: unknown): JsonObject[] => (body as { items: JsonObject[] }).items;
const numbers = (body: unknown): unknown[] => items(body).map((item) => item['acceptanceNo']);

describe('filing', () => {
  it('answers 201 with the place of the case, its due days and where it stands', async () => {
    const form = formOf('GENERAL_INPATIENT');
    const documents = await Promise.all(papersFor(form).map((type) => agency.upload('town1.clerk', type)));
    const body = { processType: 'REIMBURSEMENT_REVIEW', form, documents, receivedOn: '2025-09-22' };
    const answer = await agency.post('town1.clerk', '/api/v1/cases', body).expect(201);
    const { acceptanceNo } = answer.body as { acceptanceNo: string };
    expect(answer.headers['location']).toBe(`/api/v1/cases/${acceptanceNo}`);
    // deadlines.md §4: five working days from Monday 2025-09-22 end on the make-up Sunday 2025-09-28.
    expect(answer.body).toMatchObject({
      currentStage: 'INTAKE',
      status: 'IN_PROGRESS',
      stageDueOn: '2025-09-28',
      provisional: false,
    });
  });

  it('files once under one key, however often it is sent, and answers the same', async () => {
    const documents = await Promise.all(PAPERS.map((type) => agency.upload('town1.clerk', type)));
    const body = { processType: REFERRAL, form: { ...OUT_OF_AREA_FORM, destinationCity: '珠海市' }, documents };
    const answers = await Promise.all(
      [1, 2, 3].map(() => agency.post('town1.clerk', '/api/v1/cases', body, 'same-key-1')),
    );
    expect(answers.map((answer) => answer.status)).toEqual([201, 201, 201]);
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
    const filed = await agency.get('town1.clerk', `/api/v1/cases?processType=${REFERRAL}`);
    expect(items(filed.body)).toHaveLength(1);
  });

  it('refuses a key that was used for something else', async () => {
    const documents = await Promise.all(PAPERS.map((type) => agency.upload('town1.clerk', type)));
    const body = { processType: REFERRAL, form: { ...OUT_OF_AREA_FORM, destinationCity: '汕头市' }, documents };
    const answer = await agency.post('town1.clerk', '/api/v1/cases', body, 'same-key-1').expect(422);
    expect(answer.body).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
  });

  it('is refused to people who may not file this process, and names whom nobody may file for', async () => {
    const body = { processType: 'REIMBURSEMENT_REVIEW', form: formOf('GENERAL_INPATIENT') };
    expect((await agency.post('county1.first', '/api/v1/cases', body).expect(403)).body).toMatchObject({
      code: 'NOT_PERMITTED',
    });
  });

  it('does not let anybody hand in a document of another office', async () => {
    const foreign = await agency.upload('town3.clerk', 'ID_CARD');
    const own = await agency.upload('town1.clerk', 'REFERRAL_CERTIFICATE');
    const body = {
      processType: REFERRAL,
      form: { ...OUT_OF_AREA_FORM, destinationCity: '佛山市' },
      documents: [foreign, own],
    };
    const answer = await agency.post('town1.clerk', '/api/v1/cases', body).expect(404);
    expect(answer.body).toMatchObject({ code: 'DOCUMENT_NOT_FOUND', faults: [{ path: 'documents.0.documentId' }] });
  });
});

describe('who sees which case', () => {
  const SEES: [string, string, string[]][] = [
    ['the township that took it', 'town1.clerk', ['reimbursement']],
    ['another township of the county', 'town2.clerk', []],
    ['the county of the township', 'county1.first', ['reimbursement', 'referral']],
    ['another county', 'county2.first', []],
    ['the city', 'city.leader', ['reimbursement', 'referral']],
    ['the person it is about', 'person1', ['reimbursement', 'referral']],
    ['another person', 'person2', []],
    ['a hospital that the bill merely names', 'hosp1.physician', []],
  ];
  it.each(SEES)('%s', async (_who, username, seen) => {
    const cases = { reimbursement, referral };
    const listed = numbers((await agency.get(username, '/api/v1/cases').expect(200)).body);
    for (const [name, no] of Object.entries(cases)) {
      const expected = seen.includes(name);
      expect([name, listed.includes(no)]).toEqual([name, expected]);
      for (const path of ['', '/events', '/documents']) {
        const answer = await agency.get(username, `/api/v1/cases/${no}${path}`);
        expect([name, path, answer.status]).toEqual([name, path, expected ? 200 : 404]);
        if (!expected) expect(answer.body).toMatchObject({ code: 'CASE_NOT_FOUND' });
      }
    }
  });

  it('gives an outsider the same answer for a case that exists and for one that does not', async () => {
    const there = await agency.get('county2.first', `/api/v1/cases/${reimbursement}`);
    const not = await agency.get('county2.first', '/api/v1/cases/441602-20990101-1');
    expect({ ...(there.body as object), requestId: '' }).toEqual({ ...(not.body as object), requestId: '' });
    const decided = await agency.post('county2.first', `/api/v1/cases/${reimbursement}/decisions`, {
      step: 'INTAKE',
      decision: 'APPROVE',
    });
    expect(decided.body).toMatchObject({ code: 'CASE_NOT_FOUND', status: 404 });
  });
});

describe('one case', () => {
  it('shows header, clock with its limit and article, form, documents, timeline and what the caller can decide', async () => {
    const { body } = await agency.get('town1.clerk', `/api/v1/cases/${reimbursement}`).expect(200);
    expect(body).toMatchObject({
      acceptanceNo: reimbursement,
      processTitle: { zh: '零星报销' },
      subjectId: 'p-0001',
      agencyId: '441602001',
      orgLevel: 'TOWNSHIP',
      today: '2025-09-22',
      stageDueOn: '2025-09-28',
      totalDueOn: '2025-10-17',
      overdue: false,
      stuck: false,
      stageClock: {
        state: 'RUNNING',
        limitId: 'DL-08',
        article: 'S0 Art. 15',
        daysLeft: 5,
        daysLate: 0,
        provisional: false,
        calendarEdition: 'CN-2025-1+CN-2026-1',
      },
      totalClock: { limitId: 'DL-11', daysLeft: 15 },
      next: { kind: 'REMINDER', at: '2025-09-26T00:00:00.000+08:00' },
      history: [{ kind: 'FILED', actorName: '上城经办', officeName: '上城街道人力资源和社会保障服务所' }],
    });
    const { documents, possible } = body as { documents: JsonObject[]; possible: JsonObject[] };
    expect(
      items((await agency.get('county1.first', `/api/v1/cases/${reimbursement}/documents`).expect(200)).body),
    ).toEqual(documents);
    expect(documents.length).toBe(papersFor(formOf('GENERAL_INPATIENT')).length);
    expect(possible.find((each) => each['decision'] === 'APPROVE')).toMatchObject({ possible: true, refused: null });
  });

  it('shows a choice that is not the caller’s with the reason why', async () => {
    const { body } = await agency.get('county1.first', `/api/v1/cases/${reimbursement}`).expect(200);
    const { possible } = body as { possible: JsonObject[] };
    expect(possible.find((each) => each['decision'] === 'APPROVE')).toMatchObject({
      possible: false,
      refused: { code: 'NOT_PERMITTED', zh: '您的岗位无权办理此操作。' },
    });
  });
});

describe('the list', () => {
  it('narrows by process, stage, number, day and ID number', async () => {
    const cases: [string, boolean][] = [
      ['processType=REIMBURSEMENT_REVIEW', true],
      ['processType=AUDIT', false],
      ['stage=INTAKE', true],
      ['status=REJECTED', false],
      [`acceptanceNo=${reimbursement}`, true],
      [`acceptanceNo=${reimbursement.slice(0, 6)}`, true],
      ['receivedFrom=2025-09-22&receivedTo=2025-09-22', true],
      ['receivedFrom=2025-09-23', false],
      ['officeId=441602001', true],
      ['officeId=441625', false],
      ['overdue=false', true],
      ['overdue=true', false],
    ];
    for (const [query, found] of cases) {
      const answer = await agency.get('county1.manager', `/api/v1/cases?${query}`);
      expect([query, answer.status]).toEqual([query, 200]);
      expect([query, numbers(answer.body).includes(reimbursement)]).toEqual([query, found]);
    }
  });

  it('finds by ID number and name only what is asked for in a body, never in an address', async () => {
    const cases: [object, boolean][] = [
      [{ idCardNo: '441602199203159011' }, true],
      [{ idCardNo: PERSONS[1]?.id_card_no }, false],
      [{ q: '示例甲' }, true],
      [{ q: '示例' }, false],
      [{ q: '人民医院' }, true],
      [{ q: '中医' }, false],
      [{ q: reimbursement.slice(0, 12) }, true],
      [{ q: reimbursement.slice(1, 12) }, false],
      [{ q: '%' }, false],
      [{ q: '示例甲', processType: 'AUDIT', overdue: false, limit: 10 }, false],
    ];
    for (const [asked, found] of cases) {
      const answer = await agency.post('county1.manager', '/api/v1/cases/search', asked);
      expect([asked, answer.status]).toEqual([asked, 200]);
      expect([asked, numbers(answer.body).includes(reimbursement)]).toEqual([asked, found]);
    }
    const { body } = await agency.post('county1.manager', '/api/v1/cases/search', { q: '示例甲' });
    expect((body as { items: { subjectName: string }[] }).items.map((item) => item.subjectName)).toContain('示*');
  });

  it('pages without losing or doubling a case, and only with its own cursor', async () => {
    const whole = numbers((await agency.get('city.leader', '/api/v1/cases').expect(200)).body);
    expect(whole.length).toBeGreaterThan(2);
    const paged: unknown[] = [];
    let cursor = '';
    do {
      const page = await agency.get('city.leader', `/api/v1/cases?limit=1${cursor && `&cursor=${cursor}`}`).expect(200);
      paged.push(...numbers(page.body));
      cursor = (page.body as { nextCursor: string | null }).nextCursor ?? '';
    } while (cursor);
    expect(paged).toEqual(whole);

    const first = (await agency.get('city.leader', '/api/v1/cases?limit=1')).body as { nextCursor: string };
    const foreign = await agency.get('county1.first', `/api/v1/cases?limit=1&cursor=${first.nextCursor}`).expect(400);
    expect(foreign.body).toMatchObject({ code: 'CURSOR_INVALID' });
    for (const made of ['abc', `${first.nextCursor}x`, `WyI5OTk5Il0.${first.nextCursor.split('.')[1]}`, '....']) {
      const answer = await agency.get('city.leader', `/api/v1/cases?limit=1&cursor=${made}`).expect(400);
      expect(answer.body).toMatchObject({ code: 'CURSOR_INVALID' });
    }
  });
});
