import { z } from 'zod';
import { formChoice, formCode, formDate, formIdCardNo, formText, formYesNo } from '../form.ts';
import { defineProcess, type DocumentRule, type Guard } from '../process.ts';
import { Refusal, type Fault } from '../refusal.ts';
import { settings } from '../time-limits.ts';
import { verificationGuards } from './verification-guards.ts';

/** First page and pledge are named; the rest is `[not in the sources]`, S1/HospitalGZ asks hospitals for time, place, cause. */
export const traumaVerificationForm = z.strictObject({
  idCardNo: formIdCardNo(),
  name: formText('参保人姓名', 'name of the insured person', 60),
  hospitalId: formCode('就医机构', 'hospital'),
  admittedOn: formDate('入院日期', 'day of admission'),
  diagnosis: formText('诊断', 'diagnosis').optional(),
  injuredOn: formDate('受伤日期', 'day of the injury'),
  injuryPlace: formText('受伤地点', 'place of the injury'),
  injuryCause: formText('受伤原因和经过', 'cause and course of the injury', 500),
  traffic: formYesNo('交通事故', 'traffic accident'),
  otherParties: formText('其他当事方', 'other parties').optional(),
  policeFinding: formText('公安或交警认定', 'finding of police or traffic police').optional(),
});

const verifiedForm = z.strictObject({
  liability: formChoice('责任认定', 'liability', ['OWN', 'OTHER', 'SHARED']),
  liabilityGrade: formChoice('己方责任程度', 'grade of the own liability (SHARED only)', [
    'MAIN',
    'EQUAL',
    'MINOR',
  ]).optional(),
  findings: formText('核实情况', 'what was found', 1000),
});
const refutedForm = z.strictObject({
  result: formChoice('核实结果', 'result', ['NOT_ACCIDENT', 'FALSE']),
  findings: formText('核实情况', 'what was found', 1000).optional(),
});
const settledForm = z.strictObject({
  settledOnSite: formYesNo('已即时结算', 'settled on the spot; if not, a reimbursement is filed with the letter'),
});

const documents = (): DocumentRule[] => [
  { anyOf: ['MEDICAL_RECORD_FIRST_PAGE'], paper: 'C', source: 'S0 Art. 12(三)' },
  { anyOf: ['PLEDGE'], paper: 'O', source: 'S0 Art. 12(三)' },
];

/** Art. 14(五)3: only shared liability has a grade, and without it nobody knows the fund's share. */
const gradeFits: Guard = ({ input }) => {
  const { liability, liabilityGrade } = input.form ?? {};
  const path = 'form.liabilityGrade';
  const faults: Fault[] = [];
  if (liability === 'SHARED' && !liabilityGrade)
    faults.push({
      path,
      zh: '多方责任须认定己方责任程度',
      en: 'shared liability needs the grade of the own liability',
    });
  if (liability !== 'SHARED' && liabilityGrade)
    faults.push({ path, zh: '仅多方责任填写', en: 'only with shared liability' });
  return faults.length > 0 ? new Refusal('BAD_REQUEST', faults) : undefined;
};

// DL-40: the sources set no limit for any stage.
const STUCK = { article: 'S0 Art. 12(三)', stuckAfterWorkingDays: settings.STUCK_WORKING_DAYS };
const COUNTER = ['COUNTY_CLERK', 'AUDITOR'] as const;

/**
 * P10 外伤就医核实 (S0 Arts. 12(三), 14(五)): the family reports, the auditors establish who is liable, the agency issues the
 * introduction letter. Opened by a reimbursement that lacks a letter on record, it begins with the verification.
 */
export const traumaVerification = defineProcess({
  code: 'TRAUMA_VERIFICATION',
  id: 'P10',
  title: { zh: '外伤就医核实', en: 'trauma verification' },
  source: 'S0 Arts. 12(三), 14(五)',

  stages: {
    REPORTED: { title: { zh: '报告', en: 'reported' }, ...STUCK },
    VERIFYING: { title: { zh: '稽查核实', en: 'verification' }, ...STUCK },
    LETTER_ISSUED: { title: { zh: '出具就医介绍信', en: 'introduction letter' }, ...STUCK },
    SETTLED_ON_SITE: { title: { zh: '即时结算', en: 'settlement on the spot' }, ...STUCK },
  },

  steps: {
    REPORTED: {
      stage: 'REPORTED',
      title: { zh: '受理报告', en: 'take the report' },
      by: COUNTER,
      at: 'COUNTY',
      duty: { chain: 'REVIEW', duty: 'ENTRY' },
      decisions: {
        APPROVE: {
          title: { zh: '受理，转稽查核实', en: 'accept, pass to the auditors' },
          documents,
          guards: verificationGuards,
        },
        RETURN_TO_APPLICANT: {},
      },
    },
    VERIFYING: {
      stage: 'VERIFYING',
      title: { zh: '稽查核实', en: 'verify' },
      by: ['AUDITOR'],
      at: 'COUNTY',
      duty: { chain: 'REVIEW', duty: 'VERIFICATION' },
      decisions: {
        APPROVE: {
          title: { zh: '核实属实，认定责任', en: 'confirm and establish the liability' },
          form: verifiedForm,
          guards: [gradeFits],
        },
        REJECT: { title: { zh: '非意外伤害或不属实', en: 'not an accident, or false' }, form: refutedForm },
      },
    },
    LETTER_ISSUED: {
      stage: 'LETTER_ISSUED',
      title: { zh: '出具就医介绍信', en: 'issue the introduction letter' },
      by: COUNTER,
      at: 'COUNTY',
      decisions: { APPROVE: { title: { zh: '出具介绍信', en: 'issue the letter' } } },
    },
    // The hospital settles (P14); the agency records how it went `[not in the sources]`.
    SETTLED_ON_SITE: {
      stage: 'SETTLED_ON_SITE',
      title: { zh: '登记结算结果', en: 'record the settlement' },
      by: COUNTER,
      at: 'COUNTY',
      decisions: { APPROVE: { title: { zh: '办结', en: 'close' }, form: settledForm } },
    },
  },

  filing: {
    by: COUNTER,
    applicant: true,
    form: traumaVerificationForm,
    references: { idCardNo: 'INSURED_PERSON', hospitalId: 'PROVIDER' },
    documents,
    guards: verificationGuards,
    firstStep: 'REPORTED',
    firstStepWhenOpened: 'VERIFYING',
  },

  outputs: {
    INTRODUCTION_LETTER: {
      title: { zh: '就医介绍信（住院介绍信）', en: 'introduction letter' },
      source: 'S0 Arts. 12(三), 14(五)',
    },
  },
});
