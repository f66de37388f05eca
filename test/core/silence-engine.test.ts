import type { JsonObject } from '../../domain/case.ts';
import { LEGAL_EFFECTS, legalEffectOf } from '../../domain/legal-effects.ts';
import { PROCESSES } from '../../domain/processes/index.ts';
import { TIME_LIMITS, type LimitId } from '../../domain/time-limits.ts';
import { openOffice, type Office } from '../support/office.ts';
import { OUT_OF_AREA_FORM } from '../support/out-of-area.ts';
import { formOf, HOSPITAL_ID, papersFor, PATIENT } from '../processes/reimbursement-cases.ts';
import type { DocumentType } from '../../domain/document-types.ts';

/** Silence is not consent, on the real engine: left alone for more than a year no case is decided, moved or ended. */

const BILL = formOf('GENERAL_INPATIENT');
const STAY = { ...PATIENT, hospitalId: HOSPITAL_ID, admittedOn: '2025-09-10' };
const FILINGS: Record<string, { by: string; form: JsonObject; documents: DocumentType[] }> = {
  REIMBURSEMENT_REVIEW: { by: 'town1.clerk', form: BILL, documents: papersFor(BILL) },
  OUT_OF_AREA_REFERRAL: { by: 'town1.clerk', form: OUT_OF_AREA_FORM, documents: ['ID_CARD', 'REFERRAL_CERTIFICATE'] },
  CHRONIC_DISEASE_APPROVAL: {
    by: 'person1',
    form: { ...PATIENT, diseaseCode: 'CD-001', hospitalId: HOSPITAL_ID },
    documents: ['CHRONIC_APPLICATION_FORM', 'DIAGNOSIS_CERTIFICATE', 'TEST_RESULTS', 'DISCHARGE_SUMMARY', 'ID_CARD'],
  },
  AUDIT: {
    by: 'county1.auditlead',
    form: {
      ...{ hospitalId: 'H4416020004', origin: 'PLAN', scope: ['INFORMATION'], plannedStartOn: '2025-10-09' },
      auditors: ['s-county1.auditor1', 's-county1.auditor2'],
    },
    documents: [],
  },
  TRAUMA_VERIFICATION: {
    by: 'county1.clerk',
    form: { ...STAY, injuredOn: '2025-09-10', injuryPlace: '家中', injuryCause: '跌倒', traffic: false },
    documents: ['ID_CARD', 'MEDICAL_RECORD_FIRST_PAGE', 'PLEDGE'],
  },
  LOST_RECEIPT_VERIFICATION: {
    by: 'town1.clerk',
    form: { ...STAY, billNos: ['LOST-9'], loss: 'LOST' },
    documents: papersFor(formOf('GENERAL_INPATIENT', { receiptLost: true })),
  },
};

describe('a case that nobody decides', () => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice({ clockAt: '2025-09-22T10:00:00+08:00' });
  });
  afterAll(() => office.close());

  it.each(Object.keys(PROCESSES))('%s stays where people left it', async (process) => {
    const filing = FILINGS[process];
    if (!filing) throw new Error(`${process} needs a filing here`);
    const no = await office.file(process, filing.by, filing);
    if (process === 'AUDIT') await office.decide(no, 'county1.auditlead', { decision: 'APPROVE' });
    const { status, currentStage, currentStep } = await office.case(no);
    await office.forwardTo(no, '2026-12-01T09:00:00+08:00');
    expect(await office.case(no)).toMatchObject({ status, currentStage, currentStep, endedAt: null });
    const byTheClock = (await office.events(no)).filter((e) => e.actorId === null);
    expect(byTheClock.every((e) => e.decision === null)).toBe(true);
    expect(byTheClock.length).toBeGreaterThan(0);
    const keys = byTheClock.map((e) => e.effectKey);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('the legal effect of a limit', () => {
  it.each(Object.keys(TIME_LIMITS) as LimitId[])('%s declares one, and it decides nothing', (id) => {
    expect(LEGAL_EFFECTS[legalEffectOf(id)].zh).not.toMatch(/视为|自动(通过|同意|批准|不予)/);
  });
});
