import { z } from 'zod';
import type { CaseSnapshot, Json, JsonObject } from '../case.ts';
import { formCode, formDate, formIdCardNo, formPhone, formText } from '../form.ts';
import { addMonths, type PlainDate } from '../plain-date.ts';
import type { DocumentRule, Guard, GuardContext } from '../process.ts';
import { Refusal, type Fault } from '../refusal.ts';
import { timeLimit } from '../time-limits.ts';

/**
 * What an application for outpatient treatment of a chronic disease (P01, S0 Art. 11(三)) asks, which papers it needs and
 * what is checked. The form follows annex 4, whose contents the sources do not give: its fields are `[not in the sources]`
 * but for the disease, the treatment-plan summary and the medical-affairs opinion.
 */

/** The hospital's two statements: asked of the hospital on-line, or typed in by the county clerk from the paper form. */
export const TREATMENT_PLAN = formText('治疗方案简述', "physician's treatment-plan summary", 2000);
export const MEDICAL_AFFAIRS_OPINION = formText('医务科确认意见', 'confirming opinion of medical affairs', 1000);

export const APPLICATION_FORM = z.strictObject({
  idCardNo: formIdCardNo(),
  name: formText('姓名', 'name', 50),
  phone: formPhone().optional(),
  diseaseCode: formCode('特定病种', 'chronic disease applied for'),
  diagnosedOn: formDate('确诊日期', 'day of the diagnosis').optional(),
  hospitalId: formCode('出具意见的定点医疗机构', 'designated hospital that attests'),
  outpatientRecordsFrom: formDate('门诊病历最早日期', 'earliest day of the outpatient records').optional(),
  treatmentPlanSummary: TREATMENT_PLAN.optional(),
  physicianName: formText('医师姓名', 'name of the physician', 50).optional(),
  physicianSignedOn: formDate('医师签字日期', 'day the physician signed').optional(),
  medicalAffairsOpinion: MEDICAL_AFFAIRS_OPINION.optional(),
  medicalAffairsSigner: formText('医务科签署人', 'signer of medical affairs', 50).optional(),
  medicalAffairsSignedOn: formDate('医务科签署日期', 'day medical affairs signed').optional(),
});

/** Fields only a hospital may fill: a county clerk copies them from the signed paper, an applicant never states them. */
const OF_THE_HOSPITAL = [
  'treatmentPlanSummary',
  'physicianName',
  'physicianSignedOn',
  'medicalAffairsOpinion',
  'medicalAffairsSigner',
  'medicalAffairsSignedOn',
] as const;

const ARTICLE = 'S0 Art. 11(三)1';

/** documents.md §2. All of it is asked when filing, so that a person comes to hospital and window once (0.2-1, 0.2-8). */
export function applicationDocuments(): DocumentRule[] {
  return [
    { anyOf: ['CHRONIC_APPLICATION_FORM'], paper: 'O', source: ARTICLE },
    { anyOf: ['DIAGNOSIS_CERTIFICATE'], paper: 'O', source: ARTICLE },
    { anyOf: ['TEST_RESULTS'], paper: 'C', source: ARTICLE },
    { anyOf: ['DISCHARGE_SUMMARY', 'OUTPATIENT_RECORDS'], paper: 'C', source: ARTICLE },
    // Named for the treatment; asked for the application too `[not in the sources]`.
    { anyOf: ['ID_CARD', 'SOCIAL_SECURITY_CARD'], paper: 'S', source: 'S0 Art. 11(三)2' },
  ];
}

/** The oldest outpatient record that counts for an application of that day (DL-03; the day itself is never moved). */
export const oldestRecordDay = (appliedOn: PlainDate): PlainDate =>
  addMonths(appliedOn, -12 * timeLimit('DL-03').limit);

/** PROVIDER_NOT_DESIGNATED or HOSPITAL_GRADE_TOO_LOW: 二级以上定点医疗机构. */
export const hospitalQualifies: Guard = ({ facts }) => {
  const hospital = facts['hospital'] as JsonObject | undefined;
  if (hospital?.['type'] !== 'HOSPITAL' || hospital['designated'] !== true) {
    return new Refusal('PROVIDER_NOT_DESIGNATED', [fault('hospitalId', '不是定点医院', 'not a designated hospital')]);
  }
  const grade = Number(hospital['grade']);
  if (grade >= 2) return undefined;
  return new Refusal('HOSPITAL_GRADE_TOO_LOW', [
    fault('hospitalId', `该医院为${grade}级，须二级以上`, `level ${grade}; level 2 or above is required`),
  ]);
};

/** BAD_REQUEST naming each statement of the hospital that is missing when the office takes the application. */
export const attestedByHospital: Guard = ({ form }) => {
  const faults: Fault[] = [];
  if (!form['treatmentPlanSummary']) {
    faults.push(fault('treatmentPlanSummary', '缺少医师的治疗方案简述', "the physician's treatment plan is missing"));
  }
  if (!form['medicalAffairsOpinion']) {
    faults.push(fault('medicalAffairsOpinion', '缺少医务科确认意见', 'the medical-affairs opinion is missing'));
  }
  return faults.length > 0 ? new Refusal('BAD_REQUEST', faults) : undefined;
};

/** A clerk files from the signed paper form, an insured person leaves the hospital's part to the hospital. */
export const hospitalPartByWhomItMay: Guard = (context) => {
  if (context.user.roles.includes('COUNTY_CLERK')) return attestedByHospital(context);
  // In a correction the hospital's part stands in the file already: only what the applicant states now counts.
  const stated = context.input.decision === 'CORRECTION_RECEIVED' ? (context.input.form ?? {}) : context.form;
  const claimed = OF_THE_HOSPITAL.filter((field) => stated[field] !== undefined);
  if (claimed.length === 0) return undefined;
  return new Refusal(
    'BAD_REQUEST',
    claimed.map((field) => fault(field, '由医院填写，申请人不填', 'filled in by the hospital, not by the applicant')),
  );
};

/** The agency of the place of enrolment takes the application (参保地社保经办机构), no other county's window. */
export const takenAtPlaceOfEnrolment: Guard = ({ case: { offices }, facts }) =>
  (facts['person'] as JsonObject | undefined)?.['enrolmentAgencyId'] === offices.countyId
    ? undefined
    : new Refusal('NOT_PERMITTED', [
        fault('idCardNo', '须由参保地县区经办机构受理', 'the county of enrolment takes this application'),
      ]);

/** DATE_IN_FUTURE for every day on the form that has not come yet. */
export const nothingAheadOfTime: Guard = ({ form, today }) => {
  const days = ['diagnosedOn', 'outpatientRecordsFrom', 'physicianSignedOn', 'medicalAffairsSignedOn'];
  const ahead = days.filter((field) => String(form[field] ?? '') > today);
  return ahead.length > 0
    ? new Refusal(
        'DATE_IN_FUTURE',
        ahead.map((field) => fault(field, '不能晚于今天', 'not after today')),
      )
    : undefined;
};

/**
 * DL-03: outpatient records count if they are from the year before the application date (the day of receipt
 * `[not in the sources]`). A discharge summary has no such limit, so beside one the records' age does not matter.
 */
export const recordsOfLastYear: Guard = (context) => {
  const attached = attachedTypes(context);
  if (attached.includes('DISCHARGE_SUMMARY') || !attached.includes('OUTPATIENT_RECORDS')) return undefined;
  const from = context.form['outpatientRecordsFrom'];
  if (typeof from !== 'string') {
    return new Refusal('BAD_REQUEST', [
      fault(
        'outpatientRecordsFrom',
        '以门诊病历为依据的须填写病历最早日期',
        'required when outpatient records are the evidence',
      ),
    ]);
  }
  const oldest = oldestRecordDay(context.case.receivedOn);
  return from < oldest
    ? new Refusal('EVIDENCE_TOO_OLD', [
        fault('outpatientRecordsFrom', `不能早于 ${oldest}（DL-03）`, `not before ${oldest} (DL-03)`),
      ])
    : undefined;
};

/**
 * What stands on 《河源市特定病种门诊登记表》. Its layout is not in the sources; it names the person, the disease, the hospital's
 * statements and the validity.
 */
export function registrationFormContent({ acceptanceNo, form, facts }: CaseSnapshot): JsonObject {
  const named = (fact: string): Json => (facts[fact] as JsonObject | undefined)?.['name'] ?? null;
  return {
    acceptanceNo,
    name: form['name'] ?? null,
    idCardNo: form['idCardNo'] ?? null,
    disease: named('disease'),
    diseaseCode: form['diseaseCode'] ?? null,
    hospital: named('hospital'),
    treatmentPlanSummary: form['treatmentPlanSummary'] ?? null,
    physicianName: facts['physicianName'] ?? form['physicianName'] ?? null,
    medicalAffairsOpinion: form['medicalAffairsOpinion'] ?? null,
    medicalAffairsSigner: facts['medicalAffairsSigner'] ?? form['medicalAffairsSigner'] ?? null,
    approvedOn: facts['approvedOn'] ?? null,
    validFrom: facts['validFrom'] ?? null,
    validTo: facts['validTo'] ?? null,
  };
}

const attachedTypes = ({ case: snapshot, input }: GuardContext): string[] => [
  ...snapshot.documents,
  ...(input.documents ?? []).map((document) => document.type),
];

const fault = (field: string, zh: string, en: string): Fault => ({ path: `form.${field}`, zh, en });
