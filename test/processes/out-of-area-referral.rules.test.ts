import type { CaseSnapshot, DecisionInput, JsonObject, User } from '../../domain/case.ts';
import { checkDecision, possibleNow } from '../../domain/decisions.ts';
import { missingDocuments } from '../../domain/documents.ts';
import { plainDate } from '../../domain/plain-date.ts';
import { outOfAreaReferral as rules } from '../../domain/processes/out-of-area-referral.ts';
import { Refusal } from '../../domain/refusal.ts';

const TODAY = plainDate('2025-09-22');
const FORM: JsonObject = {
  idCardNo: '11010519491231002X',
  name: '张三',
  phone: '13800138000',
  filingKind: 'REFERRAL',
  destinationProvince: '广东省',
  destinationCity: '广州市',
  diagnosis: '冠心病',
  plannedFrom: '2025-10-09',
  plannedTo: '2025-11-08',
};
const PAPERS = ['ID_CARD', 'REFERRAL_CERTIFICATE'];

const person: User = { id: 'u-person', name: '张三', roles: ['INSURED_PERSON'], personId: 'P1' };
const township: User = { id: 'tc', name: 'tc', roles: ['TOWNSHIP_CLERK'], officeId: 'T1', level: 'TOWNSHIP' };
const atCounty = (id: string, ...roles: User['roles']): User => ({
  id,
  name: id,
  roles,
  officeId: 'C1',
  level: 'COUNTY',
});
const countyClerk = atCounty('cc', 'COUNTY_CLERK');
const approver = atCounty('ap', 'COUNTY_APPROVER');

function caseAt(step: keyof typeof rules.steps, change: Partial<CaseSnapshot> = {}): CaseSnapshot {
  return {
    caseId: '1',
    acceptanceNo: 'A1',
    process: rules.code,
    version: 1,
    status: 'IN_PROGRESS',
    stage: rules.steps[step].stage,
    step,
    offices: { receivingId: 'T1', townshipId: 'T1', countyId: 'C1', cityId: 'CITY' },
    personId: 'P1',
    receivedOn: TODAY,
    form: FORM,
    facts: {},
    documents: PAPERS,
    actors: [],
    ...change,
  };
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

/** The code of the refusal, or 'POSSIBLE'. */
function decide(snapshot: CaseSnapshot, user: User, input: Omit<DecisionInput, 'step'>, today = TODAY): string {
  return outcomeOf(() => checkDecision(rules, snapshot, user, { step: snapshot.step, ...input }, today));
}

/** What the guards of the filing say about the form with these changes. */
function file(change: JsonObject): Refusal | undefined {
  const form = { ...FORM, ...change };
  const context = {
    case: caseAt('REGISTERED', { form }),
    user: township,
    input: { step: 'FILE', decision: 'APPROVE' } as const,
    form,
    facts: {},
    today: TODAY,
  };
  for (const guard of rules.filing.guards) {
    const refusal = guard(context);
    if (refusal) return refusal;
  }
  return undefined;
}

describe('P02 filing', () => {
  it('asks one of two cards and the certificate that belongs to the kind of filing', () => {
    const referral = rules.filing.documents({ form: FORM });
    const direct = rules.filing.documents({ form: { ...FORM, filingKind: 'DIRECT' } });
    expect(missingDocuments(referral, [])).toHaveLength(2);
    expect(missingDocuments(referral, PAPERS)).toEqual([]);
    expect(missingDocuments(referral, ['ID_CARD', 'DIAGNOSIS_CERTIFICATE'])).toHaveLength(1);
    expect(missingDocuments(direct, ['SOCIAL_SECURITY_CARD', 'DIAGNOSIS_CERTIFICATE'])).toEqual([]);
    expect(missingDocuments(direct, PAPERS)).toHaveLength(1);
  });

  it.each([
    ['begins on the day of receipt', { plannedFrom: '2025-09-22' }, undefined],
    ['begins the day before', { plannedFrom: '2025-09-21' }, 'DATE_OUT_OF_RANGE'],
    ['one day', { plannedTo: '2025-10-09' }, undefined],
    ['ends before it begins', { plannedTo: '2025-10-08' }, 'DATE_OUT_OF_RANGE'],
    ['366 days', { plannedTo: '2026-10-09' }, undefined],
    ['367 days', { plannedTo: '2026-10-10' }, 'DATE_OUT_OF_RANGE'],
    ['emergency five days ago', { admittedOn: '2025-09-17', plannedFrom: '2025-09-17' }, undefined],
    ['emergency six days ago', { admittedOn: '2025-09-16', plannedFrom: '2025-09-16' }, 'DATE_OUT_OF_RANGE'],
    ['admission to come', { admittedOn: '2025-09-23', plannedFrom: '2025-09-23' }, 'DATE_OUT_OF_RANGE'],
    ['valid before the admission', { admittedOn: '2025-09-20', plannedFrom: '2025-09-19' }, 'DATE_OUT_OF_RANGE'],
    ['inside the city', { destinationCity: '河源' }, 'BAD_REQUEST'],
    ['not only its last character', { destinationCity: '沙市' }, undefined],
  ])('period and destination: %s', (_what, change, code) => {
    expect(file(change as JsonObject)?.code).toBe(code);
  });

  it('lists every wrong day at once', () => {
    const refusal = file({ plannedFrom: '2025-09-10', plannedTo: '2025-09-09' });
    expect(refusal?.faults.map((f) => f.path)).toEqual(['form.plannedTo', 'form.plannedFrom']);
  });

  it('claims person and destination for the period, whatever the spelling of the place', () => {
    const claim = (form: JsonObject) => rules.filing.claims({ form, facts: {}, personId: 'P1', receivedOn: TODAY });
    expect(claim(FORM)).toEqual([
      { kind: 'OUT_OF_AREA_FILING', key: 'P1/广东/广州', from: '2025-10-09', to: '2025-11-08' },
    ]);
    expect(claim({ ...FORM, destinationProvince: '广东', destinationCity: ' 广州' })).toEqual(claim(FORM));
  });

  it('is strict about its fields', () => {
    expect(rules.filing.form.safeParse(FORM).success).toBe(true);
    expect(rules.filing.form.safeParse({ ...FORM, ratio: '0.6' }).success).toBe(false);
    expect(rules.filing.form.safeParse({ ...FORM, filingKind: 'OTHER' }).success).toBe(false);
    expect(rules.filing.form.safeParse({ ...FORM, plannedFrom: '2025-02-29' }).success).toBe(false);
  });
});

describe('P02 decisions', () => {
  it.each([
    ['REGISTERED', township, ['APPROVE', 'RETURN_TO_APPLICANT', 'WITHDRAW']],
    ['REVIEW', approver, ['APPROVE', 'RETURN_TO_APPLICANT', 'REJECT']],
    ['REVIEW', township, ['WITHDRAW']],
    ['REGISTERED', person, ['WITHDRAW']],
  ] as const)('offers at %s what the table says', (step, user, decisions) => {
    expect(possibleNow(rules, caseAt(step), user, TODAY)).toEqual(decisions);
  });

  it('lets clerk or approver of the county file, and the receiving window issue the form', () => {
    const filed = caseAt('FILED', { status: 'APPROVED' });
    const issuing = caseAt('FORM_ISSUED', { status: 'APPROVED', facts: { filingStatus: 'ACTIVE' } });
    expect([countyClerk, approver, township].map((u) => possibleNow(rules, filed, u, TODAY))).toEqual([
      ['APPROVE'],
      ['APPROVE'],
      [],
    ]);
    expect([township, countyClerk, approver].map((u) => possibleNow(rules, issuing, u, TODAY))).toEqual([
      ['APPROVE'],
      [],
      [],
    ]);
  });

  it('does not let whoever entered the case review it', () => {
    const both = atCounty('both', 'COUNTY_CLERK', 'COUNTY_APPROVER');
    const entered = caseAt('REVIEW', { actors: [{ chain: 'REVIEW', duty: 'ENTRY', userId: 'both' }] });
    expect(decide(entered, both, { decision: 'APPROVE' })).toBe('SAME_PERSON');
    expect(decide(caseAt('REVIEW'), both, { decision: 'APPROVE' })).toBe('POSSIBLE');
  });

  it('checks papers again when an on-line filing is taken in', () => {
    expect(decide(caseAt('REGISTERED', { documents: ['ID_CARD'] }), township, { decision: 'APPROVE' })).toBe(
      'DOCUMENTS_MISSING',
    );
  });

  it('is stuck after two working days of silence, since a patient waits', () => {
    for (const stage of Object.values(rules.stages)) expect(stage).toMatchObject({ stuckAfterWorkingDays: 2 });
  });
});

describe('P02 cancellation', () => {
  const closed = caseAt('FORM_ISSUED', { status: 'CLOSED', facts: { filingStatus: 'ACTIVE' } });
  const CANCEL = { decision: 'CANCEL' } as const;
  const DECLARED = { decision: 'CANCEL', form: { treatmentNotStarted: true } } as const;

  it.each([
    ['the day before it begins', CANCEL, '2025-10-08', 'POSSIBLE'],
    ['on the first day', CANCEL, '2025-10-09', 'TREATMENT_STARTED'],
    ['on the first day, declared not begun', DECLARED, '2025-10-09', 'POSSIBLE'],
    ['on the last day, declared not begun', DECLARED, '2025-11-08', 'POSSIBLE'],
    ['after the last day', DECLARED, '2025-11-09', 'CASE_ENDED'],
  ] as const)('%s', (_what, input, day, outcome) => {
    expect(decide(closed, township, input, plainDate(day))).toBe(outcome);
  });

  it('is the only thing a closed filing offers, to its own window only', () => {
    expect(possibleNow(rules, closed, township, TODAY)).toEqual(['CANCEL']);
    expect(decide(closed, { ...township, officeId: 'T2' }, CANCEL)).toBe('NOT_PERMITTED');
    expect(decide(closed, approver, CANCEL)).toBe('NOT_PERMITTED');
  });

  it('happens once, not before the form is issued, and never after an emergency admission', () => {
    expect(decide({ ...closed, facts: { filingStatus: 'CANCELLED' } }, township, CANCEL)).toBe('CASE_ENDED');
    expect(decide({ ...closed, status: 'APPROVED' }, township, CANCEL)).toBe('DECISION_NOT_POSSIBLE');
    const emergency = { ...closed, form: { ...FORM, admittedOn: '2025-09-20', plannedFrom: '2025-09-20' } };
    expect(decide(emergency, township, DECLARED)).toBe('TREATMENT_STARTED');
  });
});
