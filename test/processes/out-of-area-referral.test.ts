import { randomInt } from 'node:crypto';
import type { JsonObject } from '../../domain/case.ts';
import type { DocumentType } from '../../domain/document-types.ts';
import { Refusal } from '../../domain/refusal.ts';
import { PERSONS } from '../../prisma/seed/persons.ts';
import { openOffice, type Office } from '../support/office.ts';

const PROCESS = 'OUT_OF_AREA_REFERRAL';
const PAPERS: DocumentType[] = ['ID_CARD', 'REFERRAL_CERTIFICATE'];

let office: Office;
beforeAll(async () => {
  office = await openOffice({ clockAt: '2025-09-22T10:00:00+08:00' });
  // Every test database counts from 1, the engine is shared: another file's case of the same number is not this one's.
  await office.owner.query(`SELECT setval('acceptance_number', $1)`, [randomInt(1_000_000, 900_000_000)]);
});
afterAll(() => office.close());

/** A filing of the n-th seeded person for Guangzhou from 9 October to 8 November 2025. */
function filing(person: number, change: JsonObject = {}): JsonObject {
  const { id_card_no: idCardNo, name } = PERSONS[person - 1] as (typeof PERSONS)[number];
  return {
    idCardNo,
    name,
    phone: '13800138000',
    filingKind: 'REFERRAL',
    destinationProvince: '广东省',
    destinationCity: '广州市',
    diagnosis: '冠心病',
    plannedFrom: '2025-10-09',
    plannedTo: '2025-11-08',
    ...change,
  };
}

const file = (person: number, change: JsonObject = {}, username = 'town1.clerk', documents = PAPERS): Promise<string> =>
  office.file(PROCESS, username, { form: filing(person, change), documents });

const approve = (no: string, username: string) => office.decide(no, username, { decision: 'APPROVE' });
const cancel = (no: string, username: string, form?: JsonObject) =>
  office.decide(no, username, { decision: 'CANCEL', ...(form ? { form } : {}) });

/** Filed at the township, reviewed and filed by the county, form issued at the window. */
async function closed(person: number, change: JsonObject = {}): Promise<string> {
  const no = await file(person, change);
  for (const username of ['town1.clerk', 'county1.approver', 'county1.clerk', 'town1.clerk'])
    await approve(no, username);
  return no;
}

async function refusalOf(act: Promise<unknown>): Promise<string> {
  try {
    await act;
  } catch (problem) {
    if (problem instanceof Refusal) return problem.code;
    throw problem;
  }
  return 'POSSIBLE';
}

async function rowOf(table: 'out_of_area_filing' | 'case_output', no: string): Promise<JsonObject[]> {
  const { rows } = await office.deps.db.query<{ row: JsonObject }>(
    `SELECT to_jsonb(t) AS row FROM ${table} t JOIN case_file USING (case_id) WHERE acceptance_no = $1`,
    [no],
  );
  return rows.map(({ row }) => row);
}

const running = async (no: string): Promise<string> =>
  (await office.engine.client.workflow.getHandle(no).describe()).status.name;

describe('a filing for treatment outside the city', () => {
  it('goes from the township window over the county back to the window, which issues the form', async () => {
    const no = await file(1);
    expect(await office.case(no)).toMatchObject({
      currentStage: 'REGISTERED',
      agencyId: '441602001',
      countyId: '441602',
      stageDueOn: null,
    });
    expect(await approve(no, 'town1.clerk')).toMatchObject({ currentStage: 'REVIEW', status: 'IN_PROGRESS' });
    expect(await approve(no, 'county1.approver')).toMatchObject({ currentStage: 'FILED', status: 'APPROVED' });
    expect(await approve(no, 'county1.approver')).toMatchObject({ currentStage: 'FORM_ISSUED', status: 'APPROVED' });
    expect(await refusalOf(cancel(no, 'town1.clerk'))).toBe('DECISION_NOT_POSSIBLE');
    expect(await approve(no, 'town1.clerk')).toMatchObject({ status: 'CLOSED' });

    expect(await rowOf('out_of_area_filing', no)).toMatchObject([
      {
        person_id: 'p-0001',
        destination: '广东省广州市',
        valid_from: '2025-10-09',
        valid_to: '2025-11-08',
        cancelled_on: null,
      },
    ]);
    const papers = await rowOf('case_output', no);
    expect(papers.map((paper) => paper['kind'])).toEqual(['PROVINCIAL_PLATFORM_RECORD', 'OUT_OF_AREA_FILING_FORM']);
    expect(papers[1]?.['content']).toMatchObject({
      name: '示例甲',
      filingKind: 'REFERRAL',
      validFrom: '2025-10-09',
      validTo: '2025-11-08',
    });
  });

  it('can be sent in on-line by the person and is then taken in by the county of enrolment', async () => {
    const no = await file(2, { filingKind: 'DIRECT' }, 'person2', ['SOCIAL_SECURITY_CARD', 'DIAGNOSIS_CERTIFICATE']);
    expect(await office.case(no)).toMatchObject({ currentStage: 'REGISTERED', agencyId: '441602' });
    expect(await refusalOf(approve(no, 'person2'))).toBe('NOT_PERMITTED');
    await approve(no, 'county1.clerk');
    await approve(no, 'county1.approver');
    await approve(no, 'county1.clerk');
    expect(await approve(no, 'county1.clerk')).toMatchObject({ status: 'CLOSED' });
  });

  it('needs the certificate of its kind, a place outside the city and days that fit', async () => {
    expect(await refusalOf(file(3, { filingKind: 'DIRECT' }))).toBe('DOCUMENTS_MISSING');
    expect(await refusalOf(file(3, { destinationCity: '河源市' }))).toBe('BAD_REQUEST');
    expect(await refusalOf(file(3, { plannedTo: '2025-10-08' }))).toBe('DATE_OUT_OF_RANGE');
    expect(await refusalOf(file(3, { plannedFrom: '2025-09-21' }))).toBe('DATE_OUT_OF_RANGE');
    expect(await refusalOf(file(3, { plannedFrom: '2025-09-16', admittedOn: '2025-09-16' }))).toBe('DATE_OUT_OF_RANGE');
    expect(await refusalOf(file(3, { plannedFrom: '2025-09-17', admittedOn: '2025-09-17' }))).toBe('POSSIBLE');
    expect(await refusalOf(file(3, {}, 'county1.approver'))).toBe('NOT_PERMITTED');
  });

  it('refuses an overlap for the same destination, not another place and not the day after', async () => {
    await file(4);
    expect(
      await refusalOf(file(4, { destinationCity: '广州', plannedFrom: '2025-11-08', plannedTo: '2025-12-01' })),
    ).toBe('FILING_OVERLAPS');
    expect(await refusalOf(file(4, { destinationCity: '深圳市' }))).toBe('POSSIBLE');
    expect(await refusalOf(file(4, { plannedFrom: '2025-11-09', plannedTo: '2025-12-01' }))).toBe('POSSIBLE');
  });

  it('refuses the wrong role, the wrong window, the wrong step and a review by whoever entered it', async () => {
    const no = await file(5, {}, 'county1.clerk');
    expect(await refusalOf(approve(no, 'county1.approver'))).toBe('NOT_PERMITTED');
    expect(await refusalOf(approve(no, 'town1.clerk'))).toBe('CASE_NOT_FOUND');
    await approve(no, 'county1.clerk');
    expect(await refusalOf(office.decide(no, 'county1.clerk', { decision: 'APPROVE', step: 'REGISTERED' }))).toBe(
      'STAGE_PASSED',
    );
    await office.deps.db.query(
      `UPDATE staff SET roles = ARRAY['COUNTY_CLERK', 'COUNTY_APPROVER'] WHERE username = 'county1.clerk'`,
    );
    expect(await refusalOf(approve(no, 'county1.clerk'))).toBe('SAME_PERSON');
    await office.owner.query(`UPDATE staff SET roles = ARRAY['COUNTY_CLERK'] WHERE username = 'county1.clerk'`);
    const back = office.decide(no, 'county1.approver', { decision: 'RETURN_TO_PREVIOUS', reason: '重填' });
    expect(await refusalOf(back)).toBe('DECISION_NOT_POSSIBLE');
    expect(await office.decide(no, 'county1.approver', { decision: 'REJECT', reason: '市内可治' })).toMatchObject({
      status: 'REJECTED',
    });
    expect(await refusalOf(file(5))).toBe('POSSIBLE');
  });

  it('returned by the reviewer comes back corrected to the reviewer, who checks the corrected days', async () => {
    const no = await file(5, { destinationCity: '珠海市' });
    await approve(no, 'town1.clerk');
    await office.decide(no, 'county1.approver', {
      decision: 'RETURN_TO_APPLICANT',
      reason: '日期不符',
      missing: ['计划就医日期'],
    });
    const corrected = await office.decide(no, 'town1.clerk', {
      decision: 'CORRECTION_RECEIVED',
      form: { plannedTo: '2025-12-31' },
    });
    expect(corrected).toMatchObject({ status: 'IN_PROGRESS', currentStage: 'REVIEW' });
    await approve(no, 'county1.approver');
    await approve(no, 'county1.clerk');
    expect(await rowOf('out_of_area_filing', no)).toMatchObject([{ valid_to: '2025-12-31' }]);
  });

  it('shows as stuck after two working days of silence, over the holiday week, exactly once', async () => {
    const no = await file(5, { destinationCity: '佛山市' });
    await office.forwardTo(no, '2025-09-24T23:30:00+08:00');
    const stuck = async () => (await office.events(no)).filter((event) => event.kind === 'STUCK').length;
    expect(await stuck()).toBe(0);
    await office.forwardTo(no, '2025-09-25T00:30:00+08:00');
    expect(await stuck()).toBe(1);
    await office.forwardTo(no, '2025-09-30T10:00:00+08:00');
    await approve(no, 'town1.clerk');
    // From Tue 2025-09-30: 10-09 and 10-10.
    await office.forwardTo(no, '2025-10-10T23:30:00+08:00');
    expect(await stuck()).toBe(1);
    await office.forwardTo(no, '2025-10-11T00:30:00+08:00');
    expect(await stuck()).toBe(2);
    expect(await office.case(no)).toMatchObject({ status: 'IN_PROGRESS', currentStage: 'REVIEW' });
  });
});

describe('a filing that is not used', () => {
  it('is cancelled before it begins, stays closed and frees the destination', async () => {
    const no = await closed(6);
    expect(await refusalOf(cancel(no, 'town2.clerk'))).toBe('CASE_NOT_FOUND');
    expect(await refusalOf(cancel(no, 'county1.clerk'))).toBe('NOT_PERMITTED');
    expect(await refusalOf(file(6))).toBe('FILING_OVERLAPS');
    expect(await cancel(no, 'town1.clerk')).toMatchObject({ status: 'CLOSED' });
    expect(await office.case(no)).toMatchObject({
      status: 'CLOSED',
      facts: { filingStatus: 'CANCELLED', cancelledOn: '2025-09-22' },
    });
    expect(await rowOf('out_of_area_filing', no)).toMatchObject([{ cancelled_on: '2025-09-22' }]);
    expect(await refusalOf(cancel(no, 'town1.clerk'))).toBe('CASE_ENDED');
    expect(await refusalOf(file(6))).toBe('POSSIBLE');
    expect(await running(no)).toBe('COMPLETED');
  });

  it('is cancelled after its first day only with the declaration that nobody went', async () => {
    const no = await closed(7);
    await office.forwardTo(no, '2025-10-09T09:00:00+08:00');
    expect(await refusalOf(cancel(no, 'town1.clerk'))).toBe('TREATMENT_STARTED');
    expect(await cancel(no, 'town1.clerk', { treatmentNotStarted: true })).toMatchObject({ status: 'CLOSED' });
  });

  it('is never cancelled when the person had been admitted already', async () => {
    const no = await closed(8, { plannedFrom: '2025-09-20', admittedOn: '2025-09-20' });
    expect(await refusalOf(cancel(no, 'town1.clerk', { treatmentNotStarted: true }))).toBe('TREATMENT_STARTED');
  });

  it('runs out with its last day: the procedure ends and nothing can be cancelled any more', async () => {
    const no = await closed(9);
    await office.forwardTo(no, '2025-11-08T23:30:00+08:00');
    expect(await running(no)).toBe('RUNNING');
    await office.forwardTo(no, '2025-11-09T00:30:00+08:00');
    expect(await running(no)).toBe('COMPLETED');
    expect(await refusalOf(cancel(no, 'town1.clerk', { treatmentNotStarted: true }))).toBe('CASE_ENDED');
    expect((await office.case(no)).status).toBe('CLOSED');
  });
});
