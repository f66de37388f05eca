import type { JsonObject } from '../../domain/case.ts';
import { fileOutOfArea, OUT_OF_AREA_WALK, type PatientClient } from '../end-to-end/client.ts';
import { formOf, HOSPITAL_ID, papersFor, PATIENT } from '../processes/reimbursement-cases.ts';
import { DESK, TRANSFER } from '../processes/reimbursement-walk.ts';

/** Cases that are somewhere on their way while the release changes under them. */
export interface Walk {
  process: string;
  file(client: PatientClient): Promise<string>;
  steps: readonly (readonly [step: string, username: string, form?: JsonObject])[];
}

const FORMS: Readonly<Record<string, JsonObject>> = { PAID: TRANSFER, BANK_RESULT: { result: 'PAID' } };
const injury = {
  ...PATIENT,
  ...{ hospitalId: HOSPITAL_ID, admittedOn: '2025-09-10', injuredOn: '2025-09-10' },
  ...{ injuryPlace: '路口', injuryCause: '被车撞', traffic: false },
};

export const WALKS: readonly Walk[] = [
  { process: 'OUT_OF_AREA_REFERRAL', file: (client) => fileOutOfArea(client), steps: OUT_OF_AREA_WALK },
  {
    process: 'TRAUMA_VERIFICATION',
    file: (client) =>
      client.file('TRAUMA_VERIFICATION', 'county1.clerk', {
        form: injury,
        documents: ['MEDICAL_RECORD_FIRST_PAGE', 'PLEDGE'],
      }),
    steps: [
      ['REPORTED', 'county1.clerk'],
      ['VERIFYING', 'county1.auditor1', { findings: '现场核实属实', liability: 'OTHER' }],
      ['LETTER_ISSUED', 'county1.clerk'],
      ['SETTLED_ON_SITE', 'county1.clerk', { settledOnSite: false }],
    ],
  },
  {
    process: 'REIMBURSEMENT_REVIEW',
    file(client) {
      const form = formOf('GENERAL_INPATIENT');
      return client.file('REIMBURSEMENT_REVIEW', DESK.INTAKE, { form, documents: papersFor(form) });
    },
    steps: Object.entries(DESK)
      .filter(([step]) => step !== 'ACCOUNT_CORRECTION')
      .map(([step, username]) => [step, username, FORMS[step]] as const),
  },
];

/** One case on its way; it remembers how many of its steps are passed. */
export interface Walker {
  walk: Walk;
  acceptanceNo: string;
  passed: number;
}

/** Passes steps until `until` of them are behind the case. */
export async function walkOn(client: PatientClient, walker: Walker, until = walker.walk.steps.length): Promise<void> {
  while (walker.passed < until) {
    const [step, username, form] = walker.walk.steps[walker.passed] ?? ['', ''];
    await client.decide(walker.acceptanceNo, username, step, form ? { form } : {});
    walker.passed += 1;
  }
}
