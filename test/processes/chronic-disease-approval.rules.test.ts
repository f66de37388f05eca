import type { CaseSnapshot, DecisionInput, JsonObject, User } from '../../domain/case.ts';
import { availableDecisions, checkDecision, possibleNow, refuseFirst } from '../../domain/decisions.ts';
import { missingDocuments } from '../../domain/documents.ts';
import { plainDate } from '../../domain/plain-date.ts';
import { chronicDiseaseApproval as rules } from '../../domain/processes/chronic-disease-approval.ts';
import { Refusal } from '../../domain/refusal.ts';

const TODAY = plainDate('2025-09-22');
const HOSPITAL = { providerId: 'H1', name: '市人民医院', type: 'HOSPITAL', grade: 3, designated: true };
const FACTS: JsonObject = { hospital: HOSPITAL, person: { enrolmentAgencyId: 'C1' } };
const FORM: JsonObject = {
  idCardNo: '441602199001011234',
  name: '张三',
  diseaseCode: 'HYPERTENSION',
  hospitalId: 'H1',
};
const PAPER: JsonObject = { ...FORM, treatmentPlanSummary: '长期服药', medicalAffairsOpinion: '同意' };
const PAPERS = ['CHRONIC_APPLICATION_FORM', 'DIAGNOSIS_CERTIFICATE', 'TEST_RESULTS', 'DISCHARGE_SUMMARY', 'ID_CARD'];

const RECORDS = PAPERS.map((type) => (type === 'DISCHARGE_SUMMARY' ? 'OUTPATIENT_RECORDS' : type));

const person: User = { id: 'u-person', name: '张三', roles: ['INSURED_PERSON'], personId: 'P1' };
const atCounty = (id: string, ...roles: User['roles']): User => ({
  id,
  name: id,
  roles,
  officeId: 'C1',
  level: 'COUNTY',
});
const clerk = atCounty('clerk', 'COUNTY_CLERK');
const first = atCounty('first', 'COUNTY_FIRST_REVIEWER');
const second = atCounty('second', 'COUNTY_SECOND_REVIEWER');
const approver = atCounty('approver', 'COUNTY_APPROVER');
const physician: User = { id: 'doc', name: '李医师', roles: ['HOSPITAL_PHYSICIAN'], providerId: 'H1' };
const affairs: User = { id: 'aff', name: '王科长', roles: ['HOSPITAL_MEDICAL_AFFAIRS'], providerId: 'H1' };

function caseAt(step: keyof typeof rules.steps, change: Partial<CaseSnapshot> = {}): CaseSnapshot {
  return {
    caseId: '1',
    acceptanceNo: 'A1',
    process: rules.code,
    version: 3,
    status: 'IN_PROGRESS',
    stage: rules.steps[step].stage,
    step,
    offices: { receivingId: 'C1', countyId: 'C1', cityId: 'CITY' },
    personId: 'P1',
    providerId: 'H1',
    receivedOn: TODAY,
    form: PAPER,
    facts: { hospital: HOSPITAL },
    documents: PAPERS,
    actors: [],
    ...change,
  };
}

/** The code of the refusal, or 'POSSIBLE'. */
function decide(snapshot: CaseSnapshot, user: User, input: Omit<DecisionInput, 'step'>): string {
  return outcomeOf(() => checkDecision(rules, snapshot, user, { step: snapshot.step, ...input }, TODAY));
}

/** What the guards of the filing say about this form, filed by this user. */
function file(
  user: User,
  form: JsonObject,
  change: JsonObject = {},
  documents = PAPERS,
  input: DecisionInput = { step: 'FILE', decision: 'APPROVE' },
): string {
  const facts = { ...FACTS, ...change };
  const snapshot = caseAt('PHYSICIAN_REVIEW', { form, facts, documents });
  return outcomeOf(() => refuseFirst(rules.filing.guards, { case: snapshot, user, input, form, facts, today: TODAY }));
}

function outcomeOf(act: () => unknown): string {
  try {
    act();
    return 'POSSIBLE';
  } catch (problem) {
    if (problem instanceof Refusal) return problem.code;
    throw problem;
  }
}

describe('P01 filing', () => {
  it('opens at the physician for an insured person and at acceptance for a clerk with the signed paper', () => {
    expect(rules.filing.firstStepFor(person)).toBe('PHYSICIAN_REVIEW');
    expect(rules.filing.firstStepFor(clerk)).toBe('AGENCY_ACCEPTANCE');
  });

  it('asks every paper of documents.md §2 at once, either kind of evidence and either card being enough', () => {
    const check = rules.filing.documents();
    expect(missingDocuments(check, [])).toHaveLength(5);
    expect(missingDocuments(check, PAPERS)).toEqual([]);
    const other = [
      'CHRONIC_APPLICATION_FORM',
      'DIAGNOSIS_CERTIFICATE',
      'TEST_RESULTS',
      'OUTPATIENT_RECORDS',
      'SOCIAL_SECURITY_CARD',
    ];
    expect(missingDocuments(check, other)).toEqual([]);
    expect(missingDocuments(check, ['ID_CARD', 'BANK_CARD']).map((f) => f.en.match(/\[([A-Z_]+)\]/)?.[1])).toEqual([
      'CHRONIC_APPLICATION_FORM',
      'DIAGNOSIS_CERTIFICATE',
      'TEST_RESULTS',
      'DISCHARGE_SUMMARY',
    ]);
  });

  it('takes an application without the hospital part from a person, never with it', () => {
    expect(file(person, FORM)).toBe('POSSIBLE');
    expect(file(person, PAPER)).toBe('BAD_REQUEST');
    expect(file(person, { ...FORM, medicalAffairsSigner: '王' })).toBe('BAD_REQUEST');
  });

  it('lets a person correct an attested application, but not the hospital part of it', () => {
    const correction = { step: 'AGENCY_ACCEPTANCE', decision: 'CORRECTION_RECEIVED' } as const;
    expect(file(person, PAPER, {}, PAPERS, correction)).toBe('POSSIBLE');
    expect(file(person, PAPER, {}, PAPERS, { ...correction, form: { phone: '13800138000' } })).toBe('POSSIBLE');
    expect(file(person, PAPER, {}, PAPERS, { ...correction, form: { treatmentPlanSummary: '自拟' } })).toBe(
      'BAD_REQUEST',
    );
  });

  it('takes a paper application from a clerk only with both statements of the hospital', () => {
    expect(file(clerk, PAPER)).toBe('POSSIBLE');
    expect(file(clerk, FORM)).toBe('BAD_REQUEST');
    expect(file(clerk, { ...FORM, treatmentPlanSummary: '长期服药' })).toBe('BAD_REQUEST');
  });

  it('is taken by the county of enrolment only', () => {
    expect(file(clerk, PAPER, { person: { enrolmentAgencyId: 'C2' } })).toBe('NOT_PERMITTED');
  });

  it.each([
    [{ ...HOSPITAL, grade: 2 }, 'POSSIBLE'],
    [{ ...HOSPITAL, grade: 1 }, 'HOSPITAL_GRADE_TOO_LOW'],
    [{ ...HOSPITAL, designated: false }, 'PROVIDER_NOT_DESIGNATED'],
    [{ ...HOSPITAL, type: 'PHARMACY' }, 'PROVIDER_NOT_DESIGNATED'],
  ])('needs a designated hospital of level 2 or above: %j → %s', (hospital, outcome) => {
    expect(file(person, FORM, { hospital })).toBe(outcome);
  });

  it.each([
    ['2024-09-22', 'POSSIBLE'],
    ['2024-09-21', 'EVIDENCE_TOO_OLD'],
    ['2025-09-22', 'POSSIBLE'],
    ['2025-09-23', 'DATE_IN_FUTURE'],
    [undefined, 'BAD_REQUEST'],
  ])('counts outpatient records of the year before the application (DL-03): from %s → %s', (from, outcome) => {
    const form = from === undefined ? FORM : { ...FORM, outpatientRecordsFrom: from };
    expect(file(person, form, {}, RECORDS)).toBe(outcome);
  });

  it('does not ask how old outpatient records are beside a discharge summary', () => {
    expect(file(person, { ...FORM, outpatientRecordsFrom: '2020-01-01' }, {}, [...PAPERS, 'OUTPATIENT_RECORDS'])).toBe(
      'POSSIBLE',
    );
  });

  it('claims person and disease from the day of receipt, so that a second application is refused by the store', () => {
    expect(rules.filing.claims({ form: FORM, facts: {}, personId: 'P1', receivedOn: TODAY })).toEqual([
      { kind: 'CHRONIC_REGISTRATION', key: 'P1/HYPERTENSION', from: TODAY },
    ]);
  });

  it('refuses a form with an unknown field and one without the disease', () => {
    const real = { ...FORM, idCardNo: '11010519491231002X' };
    expect(rules.filing.form.safeParse(real).success).toBe(true);
    expect(rules.filing.form.safeParse({ ...real, grade: 3 }).success).toBe(false);
    expect(rules.filing.form.safeParse({ ...real, diseaseCode: undefined }).success).toBe(false);
    expect(rules.filing.form.safeParse({ ...real, idCardNo: '110105194912310021' }).success).toBe(false);
  });
});

describe('P01 decisions', () => {
  const RETURN = { reason: '材料不清', missing: ['检查结果'] };

  // processes.md P01, table of stages: what each step offers besides withdrawal.
  it.each([
    ['PHYSICIAN_REVIEW', physician, ['APPROVE', 'REJECT']],
    ['HOSPITAL_CONFIRMATION', affairs, ['APPROVE', 'RETURN_TO_PREVIOUS']],
    ['AGENCY_ACCEPTANCE', clerk, ['APPROVE', 'RETURN_TO_APPLICANT', 'WITHDRAW']],
    ['FIRST_REVIEW', first, ['APPROVE', 'RETURN_TO_APPLICANT', 'REJECT']],
    ['SECOND_REVIEW', second, ['APPROVE', 'RETURN_TO_PREVIOUS', 'RETURN_TO_APPLICANT', 'REJECT']],
    ['APPROVAL', approver, ['APPROVE', 'RETURN_TO_PREVIOUS', 'REJECT']],
  ] as const)('offers at %s what the table says', (step, user, decisions) => {
    expect(possibleNow(rules, caseAt(step), user, TODAY)).toEqual(decisions);
  });

  it.each(['REGISTRATION', 'FORM_ISSUED'] as const)('offers at %s only to go on', (step) => {
    const approved = caseAt(step, { status: 'APPROVED' });
    expect(availableDecisions(rules, approved, clerk, TODAY).map((a) => a.decision)).toEqual(['APPROVE']);
    expect(decide(approved, clerk, { decision: 'WITHDRAW' })).toBe('DECISION_NOT_POSSIBLE');
  });

  it('asks the physician for the plan and medical affairs for the opinion', () => {
    const [attest, confirm] = [rules.steps.PHYSICIAN_REVIEW, rules.steps.HOSPITAL_CONFIRMATION];
    expect(attest.decisions.APPROVE.form.safeParse({}).success).toBe(false);
    expect(confirm.decisions.APPROVE.form.safeParse({}).success).toBe(false);
  });

  it('lets only the hospital named in the application attest', () => {
    const input = { decision: 'APPROVE', form: { treatmentPlanSummary: '服药' } } as const;
    expect(decide(caseAt('PHYSICIAN_REVIEW'), physician, input)).toBe('POSSIBLE');
    expect(decide(caseAt('PHYSICIAN_REVIEW'), { ...physician, providerId: 'H2' }, input)).toBe('NOT_PERMITTED');
    expect(decide(caseAt('PHYSICIAN_REVIEW'), affairs, input)).toBe('NOT_PERMITTED');
  });

  it('does not let one person sign for the physician and for medical affairs', () => {
    const both: User = { ...physician, roles: ['HOSPITAL_PHYSICIAN', 'HOSPITAL_MEDICAL_AFFAIRS'] };
    const attested = caseAt('HOSPITAL_CONFIRMATION', {
      actors: [{ chain: 'REVIEW', duty: 'ATTESTATION', userId: both.id }],
    });
    expect(decide(attested, both, { decision: 'APPROVE', form: { medicalAffairsOpinion: '同意' } })).toBe(
      'SAME_PERSON',
    );
  });

  it('checks hospital, statements, evidence and papers at acceptance', () => {
    const accept = { decision: 'APPROVE' } as const;
    expect(decide(caseAt('AGENCY_ACCEPTANCE'), clerk, accept)).toBe('POSSIBLE');
    const lowGrade = caseAt('AGENCY_ACCEPTANCE', { facts: { hospital: { ...HOSPITAL, grade: 1 } } });
    expect(decide(lowGrade, clerk, accept)).toBe('HOSPITAL_GRADE_TOO_LOW');
    expect(decide(caseAt('AGENCY_ACCEPTANCE', { form: FORM }), clerk, accept)).toBe('BAD_REQUEST');
    expect(decide(caseAt('AGENCY_ACCEPTANCE', { documents: PAPERS.slice(1) }), clerk, accept)).toBe(
      'DOCUMENTS_MISSING',
    );
    const old = caseAt('AGENCY_ACCEPTANCE', {
      documents: RECORDS,
      form: { ...PAPER, outpatientRecordsFrom: '2024-09-21' },
    });
    expect(decide(old, clerk, accept)).toBe('EVIDENCE_TOO_OLD');
  });

  it('needs four people for entry, first review, second review and approval', () => {
    const everything = atCounty(
      'all',
      'COUNTY_CLERK',
      'COUNTY_FIRST_REVIEWER',
      'COUNTY_SECOND_REVIEWER',
      'COUNTY_APPROVER',
    );
    const duties = ['ENTRY', 'FIRST_REVIEW', 'SECOND_REVIEW', 'APPROVAL'];
    const steps = ['AGENCY_ACCEPTANCE', 'FIRST_REVIEW', 'SECOND_REVIEW', 'APPROVAL'] as const;
    for (const [n, step] of steps.entries()) {
      for (const [m, duty] of duties.entries()) {
        const snapshot = caseAt(step, { actors: [{ chain: 'REVIEW', duty, userId: everything.id }] });
        expect([step, duty, decide(snapshot, everything, { decision: 'APPROVE' })]).toEqual([
          step,
          duty,
          n === m ? 'POSSIBLE' : 'SAME_PERSON',
        ]);
      }
    }
  });

  it('does not let the second reviewer or another county do the first review', () => {
    expect(decide(caseAt('FIRST_REVIEW'), second, { decision: 'APPROVE' })).toBe('NOT_PERMITTED');
    expect(decide(caseAt('FIRST_REVIEW'), { ...first, officeId: 'C2' }, { decision: 'APPROVE' })).toBe('NOT_PERMITTED');
  });

  it('takes a return only with a reason and everything that is missing, a rejection only with a reason', () => {
    expect(decide(caseAt('FIRST_REVIEW'), first, { decision: 'RETURN_TO_APPLICANT', ...RETURN })).toBe('POSSIBLE');
    expect(decide(caseAt('FIRST_REVIEW'), first, { decision: 'RETURN_TO_APPLICANT', reason: '不清' })).toBe(
      'MISSING_ITEMS_REQUIRED',
    );
    expect(decide(caseAt('FIRST_REVIEW'), first, { decision: 'REJECT' })).toBe('REASON_REQUIRED');
    expect(decide(caseAt('PHYSICIAN_REVIEW'), physician, { decision: 'REJECT' })).toBe('REASON_REQUIRED');
  });

  it('knows no return to the applicant at the approval and no rejection at acceptance', () => {
    expect(decide(caseAt('APPROVAL'), approver, { decision: 'RETURN_TO_APPLICANT', ...RETURN })).toBe(
      'DECISION_NOT_POSSIBLE',
    );
    expect(decide(caseAt('AGENCY_ACCEPTANCE'), clerk, { decision: 'REJECT', reason: '不符' })).toBe(
      'DECISION_NOT_POSSIBLE',
    );
  });

  it('lets the person withdraw and bring a correction, but only their own case', () => {
    const waiting = caseAt('FIRST_REVIEW', {
      status: 'AWAITING_CORRECTION',
      facts: { hospital: HOSPITAL, person: { enrolmentAgencyId: 'C1' }, suspendedOn: TODAY },
    });
    expect(decide(caseAt('FIRST_REVIEW'), person, { decision: 'WITHDRAW' })).toBe('POSSIBLE');
    expect(decide(waiting, person, { decision: 'CORRECTION_RECEIVED' })).toBe('POSSIBLE');
    expect(decide(waiting, { ...person, personId: 'P2' }, { decision: 'CORRECTION_RECEIVED' })).toBe('NOT_PERMITTED');
  });

  it('watches every stage that waits for somebody by the stuck threshold and by no limit (DL-40)', () => {
    for (const [code, stage] of Object.entries(rules.stages)) {
      expect(stage).not.toHaveProperty('limits');
      if (code !== 'APPLICATION_FILLED') expect(stage).toMatchObject({ stuckAfterWorkingDays: 5 });
    }
  });
});
