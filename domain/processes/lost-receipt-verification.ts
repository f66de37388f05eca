import { z } from 'zod';
import { formChoice, formCode, formDate, formIdCardNo, formText, formYuan } from '../form.ts';
import { defineProcess } from '../process.ts';
import type { JsonObject } from '../case.ts';
import { settings } from '../time-limits.ts';
import { lostReceiptDocuments } from './reimbursement-documents.ts';
import { verificationGuards } from './verification-guards.ts';

/** 《医疗业务办理申请表》 (annex 5); its contents are not available, so the fields are `[not in the sources]`. */
export const lostReceiptForm = z.strictObject({
  idCardNo: formIdCardNo(),
  name: formText('参保人姓名', 'name of the insured person', 60),
  hospitalId: formCode('就医机构', 'hospital'),
  admittedOn: formDate('入院日期', 'day of admission'),
  dischargedOn: formDate('出院日期', 'day of discharge').optional(),
  billNos: z
    .array(formCode('票据号码', 'bill number'))
    .min(1)
    .max(20)
    .meta({ title: '票据号码', description: 'numbers of the bills' }),
  billTotal: formYuan('票据总额', 'total on the bills').optional(),
  loss: formChoice('遗失／破损', 'lost or damaged', ['LOST', 'DAMAGED']),
  circumstances: formText('情况说明', 'what happened', 500).optional(),
});

/** `[not in the sources]` what is checked: with the hospital, that the bill is real and was not settled before. */
const verificationForm = z.strictObject({
  findings: formText('核实情况（票据真实性、是否已结算）', 'what was found: bill real, not settled before', 1000),
  checkedWith: formText('医院核实联系人', 'with whom at the hospital', 100).optional(),
});
const refutedForm = z.strictObject({ findings: formText('核实情况', 'what was found', 1000).optional() });

const documents = ({ form }: { form: JsonObject }) => lostReceiptDocuments(form['loss'] === 'DAMAGED');

// DL-40: the sources set no limit for any stage.
const STUCK = { article: 'S0 Art. 14(八)', stuckAfterWorkingDays: settings.STUCK_WORKING_DAYS };
const WINDOW = ['TOWNSHIP_CLERK', 'COUNTY_CLERK'] as const;

/**
 * P12 住院费用票据破损、遗失 (S0 Art. 14(八)): the auditors check a lost or damaged inpatient receipt with the hospital, then
 * the benefit is paid through a reimbursement with `receiptLost`. Opened by that reimbursement, it begins with the check.
 */
export const lostReceiptVerification = defineProcess({
  code: 'LOST_RECEIPT_VERIFICATION',
  id: 'P12',
  title: { zh: '住院费用票据破损、遗失核实', en: 'lost-receipt verification' },
  source: 'S0 Art. 14(八)',

  stages: {
    APPLIED: { title: { zh: '申请', en: 'applied' }, ...STUCK },
    VERIFYING: { title: { zh: '稽查核实', en: 'verification' }, ...STUCK },
    CONFIRMED: { title: { zh: '核实属实', en: 'confirmed' }, ...STUCK },
    NOT_CONFIRMED: { title: { zh: '核实不属实', en: 'not confirmed' }, ...STUCK },
  },

  steps: {
    APPLIED: {
      stage: 'APPLIED',
      title: { zh: '受理申请', en: 'take the application' },
      by: WINDOW,
      at: 'RECEIVING',
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
        APPROVE: { title: { zh: '核实属实', en: 'confirmed' }, form: verificationForm },
        REJECT: { title: { zh: '核实不属实', en: 'not confirmed' }, form: refutedForm },
      },
    },
    CONFIRMED: {
      stage: 'CONFIRMED',
      title: { zh: '转零星报销', en: 'pass to the reimbursement' },
      by: WINDOW,
      at: 'RECEIVING',
      decisions: {
        APPROVE: { title: { zh: '办结，按零星报销核发待遇', en: 'close; the benefit is paid by reimbursement' } },
      },
    },
    NOT_CONFIRMED: {
      stage: 'NOT_CONFIRMED',
      title: { zh: '核实不属实', en: 'not confirmed' },
      by: WINDOW,
      at: 'RECEIVING',
      decisions: {},
    },
  },

  filing: {
    by: WINDOW,
    applicant: true,
    form: lostReceiptForm,
    references: { idCardNo: 'INSURED_PERSON', hospitalId: 'PROVIDER' },
    documents,
    guards: verificationGuards,
    firstStep: 'APPLIED',
    firstStepWhenOpened: 'VERIFYING',
  },

  outputs: {},
});
