import { z } from 'zod';
import { defineProcess } from '../process.ts';
import { settings } from '../time-limits.ts';
import {
  APPLICATION_FORM,
  MEDICAL_AFFAIRS_OPINION,
  TREATMENT_PLAN,
  applicationDocuments,
  attestedByHospital,
  hospitalPartByWhomItMay,
  hospitalQualifies,
  nothingAheadOfTime,
  recordsOfLastYear,
  takenAtPlaceOfEnrolment,
} from './chronic-disease-approval-form.ts';

// DL-40: no stage of this process has a limit in the sources, so only the stuck threshold of 0.2-11 watches it.
const STUCK = { stuckAfterWorkingDays: settings.STUCK_WORKING_DAYS };
const IN_THE_AGENCY = { at: 'COUNTY' } as const;
/** Checked when the agency takes the file and again by each reviewer, since a correction may have changed it. */
const SOUND = {
  documents: applicationDocuments,
  guards: [hospitalQualifies, attestedByHospital, nothingAheadOfTime, recordsOfLastYear],
} as const;

/**
 * P01 门诊特定病种申请登记 (S0 Art. 11(三)): an insured person with a listed disease is registered for outpatient benefit.
 *
 * `APPLICATION_FILLED` is passed by filing itself: the application that is sent in *is* the filled-in form, so the event
 * "filed" is its trace and the case opens at the next step. Filed by the person it opens at the hospital's physician;
 * typed in by a county clerk from the signed paper it opens at acceptance, since the hospital need not be a user of the
 * system `[not in the sources]`.
 */
export const chronicDiseaseApproval = defineProcess({
  code: 'CHRONIC_DISEASE_APPROVAL',
  id: 'P01',
  title: { zh: '门诊特定病种申请登记', en: 'chronic-disease outpatient approval' },
  source: 'S0 Art. 11(三)',

  stages: {
    APPLICATION_FILLED: { title: { zh: '填表', en: 'application filled' }, article: 'S0 Art. 11(三)1' },
    PHYSICIAN_REVIEW: { title: { zh: '医师审核', en: 'physician review' }, article: 'S0 Art. 11(三)1', ...STUCK },
    HOSPITAL_CONFIRMATION: {
      title: { zh: '医务科确认', en: 'hospital confirmation' },
      article: 'S0 Art. 11(三)1',
      ...STUCK,
    },
    AGENCY_ACCEPTANCE: {
      title: { zh: '受理', en: 'agency acceptance' },
      article: 'S0 Arts. 11(三)1, 28(一)',
      ...STUCK,
    },
    FIRST_REVIEW: { title: { zh: '初审', en: 'first review' }, article: 'S0 Art. 11(三)1', ...STUCK },
    SECOND_REVIEW: { title: { zh: '复审', en: 'second review' }, article: 'S0 Art. 11(三)1', ...STUCK },
    APPROVAL: { title: { zh: '审批', en: 'approval' }, article: 'S0 Art. 11(三)1', ...STUCK },
    REGISTRATION: { title: { zh: '备案', en: 'registration' }, article: 'S0 Art. 11(三)1', ...STUCK },
    FORM_ISSUED: { title: { zh: '出具登记表', en: 'form issued' }, article: 'S0 Art. 11(三)1', ...STUCK },
  },

  steps: {
    APPLICATION_FILLED: {
      stage: 'APPLICATION_FILLED',
      title: { zh: '填写申请表', en: 'fill in the form' },
      by: ['INSURED_PERSON'],
      at: 'PERSON',
      decisions: {},
    },
    // The hospital's two signatures are two people's, as the agency's three are (岗位制约, S0 Art. 27(二)6).
    PHYSICIAN_REVIEW: {
      stage: 'PHYSICIAN_REVIEW',
      title: { zh: '医师审核', en: 'physician review' },
      by: ['HOSPITAL_PHYSICIAN'],
      at: 'HOSPITAL',
      duty: { chain: 'REVIEW', duty: 'ATTESTATION' },
      decisions: {
        APPROVE: {
          title: { zh: '签署治疗方案', en: 'attest' },
          form: z.strictObject({ treatmentPlanSummary: TREATMENT_PLAN }),
        },
        // `[not in the sources]`: the physician's refusal ends the application; the person may apply again.
        REJECT: { title: { zh: '不予出具', en: 'refuse to attest' } },
      },
    },
    HOSPITAL_CONFIRMATION: {
      stage: 'HOSPITAL_CONFIRMATION',
      title: { zh: '医务科确认', en: 'hospital confirmation' },
      by: ['HOSPITAL_MEDICAL_AFFAIRS'],
      at: 'HOSPITAL',
      duty: { chain: 'REVIEW', duty: 'CONFIRMATION' },
      decisions: {
        APPROVE: {
          title: { zh: '签署确认意见', en: 'confirm' },
          form: z.strictObject({ medicalAffairsOpinion: MEDICAL_AFFAIRS_OPINION }),
        },
        RETURN_TO_PREVIOUS: {
          title: { zh: '不予确认，退回医师', en: 'not confirmed, back to the physician' },
          returnTo: ['PHYSICIAN_REVIEW'],
        },
      },
    },
    AGENCY_ACCEPTANCE: {
      stage: 'AGENCY_ACCEPTANCE',
      title: { zh: '受理', en: 'agency acceptance' },
      by: ['COUNTY_CLERK'],
      ...IN_THE_AGENCY,
      duty: { chain: 'REVIEW', duty: 'ENTRY' },
      decisions: {
        APPROVE: { title: { zh: '受理', en: 'accept' }, ...SOUND },
        RETURN_TO_APPLICANT: {},
      },
    },
    FIRST_REVIEW: {
      stage: 'FIRST_REVIEW',
      title: { zh: '初审', en: 'first review' },
      by: ['COUNTY_FIRST_REVIEWER'],
      ...IN_THE_AGENCY,
      duty: { chain: 'REVIEW', duty: 'FIRST_REVIEW' },
      decisions: { APPROVE: SOUND, RETURN_TO_APPLICANT: {}, REJECT: {} },
    },
    SECOND_REVIEW: {
      stage: 'SECOND_REVIEW',
      title: { zh: '复审', en: 'second review' },
      by: ['COUNTY_SECOND_REVIEWER'],
      ...IN_THE_AGENCY,
      duty: { chain: 'REVIEW', duty: 'SECOND_REVIEW' },
      decisions: {
        APPROVE: SOUND,
        RETURN_TO_PREVIOUS: { returnTo: ['FIRST_REVIEW'] },
        RETURN_TO_APPLICANT: {},
        REJECT: {},
      },
    },
    APPROVAL: {
      stage: 'APPROVAL',
      title: { zh: '审批', en: 'approval' },
      by: ['COUNTY_APPROVER'],
      ...IN_THE_AGENCY,
      duty: { chain: 'REVIEW', duty: 'APPROVAL' },
      decisions: {
        APPROVE: { title: { zh: '审批通过', en: 'approve' } },
        RETURN_TO_PREVIOUS: { returnTo: ['SECOND_REVIEW'] },
        REJECT: {},
      },
    },
    REGISTRATION: {
      stage: 'REGISTRATION',
      title: { zh: '录入系统备案', en: 'registration' },
      by: ['COUNTY_CLERK'],
      ...IN_THE_AGENCY,
      decisions: { APPROVE: { title: { zh: '备案', en: 'register' } } },
    },
    FORM_ISSUED: {
      stage: 'FORM_ISSUED',
      title: { zh: '出具登记表', en: 'issue the form' },
      by: ['COUNTY_CLERK'],
      ...IN_THE_AGENCY,
      decisions: { APPROVE: { title: { zh: '出具登记表', en: 'issue the registration form' } } },
    },
  },

  filing: {
    by: ['INSURED_PERSON', 'COUNTY_CLERK'],
    applicant: true,
    form: APPLICATION_FORM,
    references: { idCardNo: 'INSURED_PERSON', hospitalId: 'PROVIDER', diseaseCode: 'CHRONIC_DISEASE' },
    documents: applicationDocuments,
    guards: [
      takenAtPlaceOfEnrolment,
      hospitalPartByWhomItMay,
      hospitalQualifies,
      nothingAheadOfTime,
      recordsOfLastYear,
    ],
    // `[not in the sources]`: one open application or active registration per person and disease, from the day of receipt,
    // so that one that has run out does not stand in the way of the next.
    claims: ({ form, personId, receivedOn }) => [
      { kind: 'CHRONIC_REGISTRATION', key: `${personId}/${String(form['diseaseCode'])}`, from: receivedOn },
    ],
    firstStep: 'PHYSICIAN_REVIEW',
    firstStepFor: (user) => (user.roles.includes('COUNTY_CLERK') ? 'AGENCY_ACCEPTANCE' : 'PHYSICIAN_REVIEW'),
  },

  outputs: {
    CHRONIC_REGISTRATION_FORM: {
      title: { zh: '《河源市特定病种门诊登记表》', en: 'chronic-disease registration form' },
      source: 'S0 Art. 11(三)1',
    },
  },
});
