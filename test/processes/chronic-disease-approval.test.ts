import { randomInt } from 'node:crypto';
import type { JsonObject } from '../../domain/case.ts';
import type { DocumentType } from '../../domain/document-types.ts';
import { Refusal } from '../../domain/refusal.ts';
import { PERSONS } from '../../prisma/seed/persons.ts';
import { caseSubject } from '../../vault/vault.ts';
import { openOffice, type Office, type OfficeDecision } from '../support/office.ts';

const PROCESS = 'CHRONIC_DISEASE_APPROVAL';
const PAPERS: DocumentType[] = [
  'CHRONIC_APPLICATION_FORM',
  'DIAGNOSIS_CERTIFICATE',
  'TEST_RESULTS',
  'DISCHARGE_SUMMARY',
  'SOCIAL_SECURITY_CARD',
];
const PLAN = { treatmentPlanSummary: '长期服药，每月复查' };
const OPINION = { medicalAffairsOpinion: '情况属实，同意' };

let office: Office;
beforeAll(async () => {
  office = await openOffice({ clockAt: '2025-09-22T10:00:00+08:00' });
  // Every test database counts from 1, the engine is shared: another file's case of the same number is not this one's.
  await office.owner.query(`SELECT setval('acceptance_number', $1)`, [randomInt(1_000_000, 900_000_000)]);
});
afterAll(() => office.close());

/** The application of the n-th seeded person; each test takes another disease, since a person has one of each. */
function application(person: number, diseaseCode: string, change: JsonObject = {}): JsonObject {
  const { id_card_no: idCardNo, name } = PERSONS[person - 1] as (typeof PERSONS)[number];
  return { idCardNo, name, diseaseCode, hospitalId: 'H4416020001', ...change };
}

const filePaper = (person: number, diseaseCode: string, change: JsonObject = {}, documents = PAPERS): Promise<string> =>
  office.file(PROCESS, 'county1.clerk', {
    form: application(person, diseaseCode, { ...PLAN, ...OPINION, ...change }),
    documents,
  });

const approve = (no: string, username: string, form?: JsonObject) =>
  office.decide(no, username, { decision: 'APPROVE', ...(form ? { form } : {}) });

async function walk(no: string, ...usernames: string[]): Promise<void> {
  for (const username of usernames) await approve(no, username);
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

const kinds = async (no: string): Promise<string[]> =>
  (await office.events(no)).map((event) => event.decision ?? event.kind);

async function paperOf(no: string): Promise<JsonObject | undefined> {
  const { rows } = await office.deps.db.query<{ content: JsonObject }>(
    `SELECT o.content FROM case_output o JOIN case_file USING (case_id) WHERE acceptance_no = $1 AND o.kind = 'CHRONIC_REGISTRATION_FORM'`,
    [no],
  );
  return office.deps.vault.openJson(caseSubject(no), rows[0]?.content);
}

describe('an application filed by the insured person', () => {
  it('goes through hospital and county to the registration, returns included', async () => {
    const no = await office.file(PROCESS, 'person1', { form: application(1, 'CD-001'), documents: PAPERS });
    expect(await office.case(no)).toMatchObject({
      currentStage: 'PHYSICIAN_REVIEW',
      agencyId: '441602',
      providerId: 'H4416020001',
      stageDueOn: null,
      totalDueOn: null,
    });

    await approve(no, 'hosp1.physician', PLAN);
    const back = await office.decide(no, 'hosp1.affairs', { decision: 'RETURN_TO_PREVIOUS', reason: '方案不完整' });
    expect(back.currentStage).toBe('PHYSICIAN_REVIEW');
    await approve(no, 'hosp1.physician', { treatmentPlanSummary: '补充：每月复查血压' });
    await approve(no, 'hosp1.affairs', OPINION);
    await walk(no, 'county1.clerk', 'county1.first', 'county1.second');
    const toSecond = await office.decide(no, 'county1.approver', {
      decision: 'RETURN_TO_PREVIOUS',
      reason: '请核对病历',
    });
    expect(toSecond.currentStage).toBe('SECOND_REVIEW');
    const toFirst = await office.decide(no, 'county1.second', { decision: 'RETURN_TO_PREVIOUS', reason: '请再核' });
    expect(toFirst.currentStage).toBe('FIRST_REVIEW');
    await walk(no, 'county1.first', 'county1.second');
    expect(await approve(no, 'county1.approver')).toMatchObject({ status: 'APPROVED', currentStage: 'REGISTRATION' });

    // The registration begins on the day of the approval, though the clerk enters it two days later.
    await office.forwardTo(no, '2025-09-24T09:00:00+08:00');
    expect(await approve(no, 'county1.clerk')).toMatchObject({ status: 'APPROVED', currentStage: 'FORM_ISSUED' });
    expect(await approve(no, 'county1.clerk')).toMatchObject({ status: 'CLOSED' });

    expect(await paperOf(no)).toMatchObject({
      name: '示例甲',
      diseaseCode: 'CD-001',
      disease: '高血压病（伴靶器官损害）',
      hospital: '市人民医院',
      treatmentPlanSummary: '补充：每月复查血压',
      physicianName: '市人民医院医师',
      medicalAffairsSigner: '市人民医院医务科',
      approvedOn: '2025-09-22',
      validFrom: '2025-09-22',
      validTo: '2026-09-21',
    });
    expect(await refusalOf(approve(no, 'county1.clerk'))).toBe('CASE_ENDED');
    expect(await refusalOf(filePaper(1, 'CD-001'))).toBe('REGISTRATION_EXISTS');
  });

  it('is refused a second time while it is open, but not for another disease, and again after a refusal to attest', async () => {
    const file = (disease: string) =>
      office.file(PROCESS, 'person2', { form: application(2, disease), documents: PAPERS });
    const no = await file('CD-001');
    expect(await refusalOf(file('CD-001'))).toBe('REGISTRATION_EXISTS');
    await file('CD-002');
    expect(await office.decide(no, 'hosp1.physician', { decision: 'REJECT', reason: '不符合病种标准' })).toMatchObject({
      status: 'REJECTED',
    });
    expect((await office.case(await file('CD-001'))).currentStage).toBe('PHYSICIAN_REVIEW');
  });

  it('is refused for somebody else, at a hospital that may not attest, and without its papers', async () => {
    const file = (form: JsonObject, documents = PAPERS) =>
      refusalOf(office.file(PROCESS, 'person3', { form, documents }));
    expect(await file(application(4, 'CD-001'))).toBe('PERSON_NOT_INSURED');
    expect(await file(application(3, 'CD-001', { hospitalId: 'H4416250002' }))).toBe('HOSPITAL_GRADE_TOO_LOW');
    expect(await file(application(3, 'CD-001', { hospitalId: 'H4416020009' }))).toBe('PROVIDER_NOT_DESIGNATED');
    expect(await file(application(3, 'CD-001', { hospitalId: 'P4416020001' }))).toBe('PROVIDER_NOT_DESIGNATED');
    expect(await file(application(3, 'CD-999'))).toBe('UNKNOWN_CODE');
    expect(await file(application(3, 'CD-001', PLAN))).toBe('BAD_REQUEST');
    expect(await file(application(3, 'CD-001'), PAPERS.slice(1))).toBe('DOCUMENTS_MISSING');
  });
});

describe('an application typed in from paper', () => {
  it('opens at acceptance and passes three different reviewers', async () => {
    const no = await filePaper(4, 'CD-001', { physicianName: '李医师', physicianSignedOn: '2025-09-18' });
    expect((await office.case(no)).currentStage).toBe('AGENCY_ACCEPTANCE');
    await walk(
      no,
      'county1.clerk',
      'county1.first',
      'county1.second',
      'county1.approver',
      'county1.clerk',
      'county1.clerk',
    );
    expect((await office.case(no)).status).toBe('CLOSED');
    expect(await paperOf(no)).toMatchObject({
      physicianName: '李医师',
      treatmentPlanSummary: PLAN.treatmentPlanSummary,
    });
    expect(await kinds(no)).toEqual(['FILED', 'APPROVE', 'APPROVE', 'APPROVE', 'APPROVE', 'APPROVE', 'APPROVE']);
  });

  it('is taken by the county of enrolment and only with the hospital part', async () => {
    expect(await refusalOf(filePaper(6, 'CD-001'))).toBe('NOT_PERMITTED');
    const unsigned = office.file(PROCESS, 'county1.clerk', { form: application(4, 'CD-002'), documents: PAPERS });
    expect(await refusalOf(unsigned)).toBe('BAD_REQUEST');
    const byTownship = office.file(PROCESS, 'town1.clerk', { form: application(4, 'CD-002'), documents: PAPERS });
    expect(await refusalOf(byTownship)).toBe('NOT_PERMITTED');
  });

  it('counts outpatient records up to the same day of the year before, not the day before that (DL-03)', async () => {
    const records = PAPERS.map((type) => (type === 'DISCHARGE_SUMMARY' ? 'OUTPATIENT_RECORDS' : type));
    expect(await refusalOf(filePaper(4, 'CD-003', { outpatientRecordsFrom: '2024-09-21' }, records))).toBe(
      'EVIDENCE_TOO_OLD',
    );
    expect(await refusalOf(filePaper(4, 'CD-003', { outpatientRecordsFrom: '2024-09-22' }, records))).toBe('POSSIBLE');
  });

  it('refuses the wrong role, the wrong step, one person twice and a decision the step does not know', async () => {
    const no = await filePaper(5, 'CD-001');
    expect(await refusalOf(approve(no, 'county1.first'))).toBe('NOT_PERMITTED');
    expect(await refusalOf(approve(no, 'county2.clerk'))).toBe('CASE_NOT_FOUND');
    expect(await refusalOf(office.decide(no, 'county1.clerk', { decision: 'REJECT', reason: '不符' }))).toBe(
      'DECISION_NOT_POSSIBLE',
    );
    await approve(no, 'county1.clerk');
    const late = office.decide(no, 'county1.clerk', { decision: 'APPROVE', step: 'AGENCY_ACCEPTANCE' });
    expect(await refusalOf(late)).toBe('STAGE_PASSED');
    await office.deps.db.query(
      `UPDATE staff SET roles = ARRAY['COUNTY_FIRST_REVIEWER', 'COUNTY_SECOND_REVIEWER'] WHERE username = 'county1.first'`,
    );
    await approve(no, 'county1.first');
    expect(await refusalOf(approve(no, 'county1.first'))).toBe('SAME_PERSON');
    await office.deps.db.query(
      `UPDATE staff SET roles = ARRAY['COUNTY_FIRST_REVIEWER'] WHERE username = 'county1.first'`,
    );
    await approve(no, 'county1.second');
    const atApproval = office.decide(no, 'county1.approver', {
      decision: 'RETURN_TO_APPLICANT',
      reason: '缺',
      missing: ['检查结果'],
    });
    expect(await refusalOf(atApproval)).toBe('DECISION_NOT_POSSIBLE');
    expect(await office.decide(no, 'county1.approver', { decision: 'REJECT', reason: '不符合病种标准' })).toMatchObject(
      { status: 'REJECTED' },
    );
    expect(await kinds(no)).toEqual(['FILED', 'APPROVE', 'APPROVE', 'APPROVE', 'REJECT']);
  });
});

describe('a correction', () => {
  const RETURN: OfficeDecision = { decision: 'RETURN_TO_APPLICANT', reason: '检查结果不清', missing: ['检查结果'] };

  it('comes back to the step that asked for it', async () => {
    const no = await filePaper(5, 'CD-002');
    await walk(no, 'county1.clerk', 'county1.first');
    expect(await office.decide(no, 'county1.second', RETURN)).toMatchObject({
      status: 'AWAITING_CORRECTION',
      currentStage: 'SECOND_REVIEW',
    });
    expect(await refusalOf(approve(no, 'county1.second'))).toBe('DECISION_NOT_POSSIBLE');
    const corrected = await office.decide(no, 'county1.clerk', {
      decision: 'CORRECTION_RECEIVED',
      documents: ['TEST_RESULTS'],
    });
    expect(corrected).toMatchObject({ status: 'IN_PROGRESS', currentStage: 'SECOND_REVIEW' });
    await approve(no, 'county1.second');
  });

  it('that never comes shows after thirty days and may then be closed, which frees the disease', async () => {
    const no = await filePaper(5, 'CD-003');
    await office.decide(no, 'county1.clerk', RETURN);
    const close = () => office.decide(no, 'county1.approver', { decision: 'CLOSE_AS_WITHDRAWN' });
    await office.forwardTo(no, '2025-10-22T23:00:00+08:00');
    expect(await refusalOf(close())).toBe('CORRECTION_WINDOW_OPEN');
    await office.forwardTo(no, '2025-10-23T00:30:00+08:00');
    expect((await kinds(no)).filter((kind) => kind === 'CORRECTION_WINDOW_PASSED')).toHaveLength(1);
    expect(await close()).toMatchObject({ status: 'WITHDRAWN' });
    expect(await refusalOf(filePaper(5, 'CD-003'))).toBe('POSSIBLE');
  });
});

describe('silence', () => {
  it('shows as stuck after five working days, once for each silence, and decides nothing', async () => {
    const no = await filePaper(5, 'CD-004');
    const stuck = async () =>
      (await office.events(no)).filter((event) => event.kind === 'STUCK').map((event) => event.stage);
    // From Mon 2025-09-22: 23, 24, 25, 26, 28 (make-up workday).
    await office.forwardTo(no, '2025-09-28T23:30:00+08:00');
    expect(await stuck()).toEqual([]);
    await office.forwardTo(no, '2025-09-29T00:30:00+08:00');
    expect(await stuck()).toEqual(['AGENCY_ACCEPTANCE']);
    await office.forwardTo(no, '2025-09-30T10:00:00+08:00');
    expect(await stuck()).toEqual(['AGENCY_ACCEPTANCE']);
    expect(await approve(no, 'county1.clerk')).toMatchObject({ status: 'IN_PROGRESS', currentStage: 'FIRST_REVIEW' });
    // From Tue 2025-09-30 over the National Day week: 10-09, 10-10, 10-11 (make-up workday), 10-13, 10-14.
    await office.forwardTo(no, '2025-10-14T23:30:00+08:00');
    expect(await stuck()).toHaveLength(1);
    await office.forwardTo(no, '2025-10-15T00:30:00+08:00');
    expect(await stuck()).toEqual(['AGENCY_ACCEPTANCE', 'FIRST_REVIEW']);
    expect((await kinds(no)).filter((kind) => kind === 'ESCALATED')).toHaveLength(2);
    expect(await office.case(no)).toMatchObject({ status: 'IN_PROGRESS', stageDueOn: null });
  });
});
