import { defineProcess, type Offer } from '../process.ts';
import { settings } from '../time-limits.ts';
import { reimbursementDocuments } from './reimbursement-documents.ts';
import { reimbursementForm, readForm } from './reimbursement-form.ts';
import { linesEntered, reimbursementGuards } from './reimbursement-guards.ts';
import {
  accountCorrectionForm,
  approvalForm,
  bankResultForm,
  failureExplained,
  fedBackAfterPayment,
  groundChecked,
  paidAfterHandOver,
  paymentForm,
} from './reimbursement-payment.ts';
import { verifiedAsFiled } from './reimbursement-verification.ts';

const WINDOW = ['TOWNSHIP_CLERK', 'COUNTY_CLERK'] as const;
const REFERENCES = {
  idCardNo: 'INSURED_PERSON',
  hospitalId: 'PROVIDER',
  lines: 'BILL_LINES',
  proxy: 'PROXY',
} as const;

const returnTo = (...steps: string[]): Offer => ({ returnTo: steps });
/** The detail goes up to the next desk (Art. 15); nothing unverified does. */
const upward = (zh: string, en: string): Offer => ({ title: { zh, en }, when: verifiedAsFiled });

/**
 * P03 零星报销 (S0 Arts. 3, 14, 15, 19(一)): a bill that was not settled on the spot goes from the township (or the county
 * counter) over the county to the city's payment list within 15 working days, then to payment and the bank's answer.
 * The county's first review, second review and approval are taken over from Art. 13 `[not in the sources]`; so is the
 * return of a step to any earlier one of its office.
 */
export const reimbursementReview = defineProcess({
  code: 'REIMBURSEMENT_REVIEW',
  id: 'P03',
  title: { zh: '零星报销', en: 'manual reimbursement review' },
  source: 'S0 Arts. 3, 14, 15, 19(一)',
  totalLimit: { limit: 'DL-11', endsWithStage: 'CITY_SUMMARY' },

  stages: {
    INTAKE: { title: { zh: '受理录入', en: 'intake and entry' }, article: 'S0 Art. 15', limits: ['DL-08'] },
    COUNTY_REVIEW: { title: { zh: '县区审核', en: 'county review' }, article: 'S0 Art. 15', limits: ['DL-09'] },
    CITY_SUMMARY: { title: { zh: '市级汇总', en: 'city summary' }, article: 'S0 Art. 15', limits: ['DL-10'] },
    CITY_APPROVAL: {
      title: { zh: '复核、领导审批', en: 'recheck and leader’s approval' },
      article: 'S0 Arts. 13(一), 19(一)',
      limits: ['DL-06'],
    },
    // DL-12: handed over after the 25th, paid by the end of the following month.
    PAYMENT: { title: { zh: '拨付', en: 'payment' }, article: 'S0 Art. 19(一)', limits: ['DL-13'] },
    BANK_FEEDBACK: {
      title: { zh: '银行反馈', en: 'bank feedback' },
      article: 'S0 Art. 19(一)',
      limits: ['DL-14', 'DL-15'],
    },
    CLOSED: {
      title: { zh: '办结', en: 'closed' },
      article: 'S0 Art. 28',
      stuckAfterWorkingDays: settings.STUCK_WORKING_DAYS,
    },
  },

  steps: {
    INTAKE: {
      stage: 'INTAKE',
      title: { zh: '受理录入', en: 'receive, check, enter line by line' },
      by: WINDOW,
      at: 'RECEIVING',
      duty: { chain: 'REVIEW', duty: 'ENTRY' },
      decisions: {
        SAVE: { amends: true, references: REFERENCES, guards: reimbursementGuards },
        APPROVE: {
          title: { zh: '上报县区', en: 'submit to the county' },
          amends: true,
          references: REFERENCES,
          documents: reimbursementDocuments,
          guards: [...reimbursementGuards, linesEntered],
        },
        RETURN_TO_APPLICANT: {},
      },
    },

    FIRST_REVIEW: {
      stage: 'COUNTY_REVIEW',
      title: { zh: '初审', en: 'first review' },
      by: ['COUNTY_FIRST_REVIEWER'],
      at: 'COUNTY',
      duty: { chain: 'REVIEW', duty: 'FIRST_REVIEW' },
      decisions: {
        APPROVE: upward('初审通过', 'pass the first review'),
        RETURN_TO_PREVIOUS: returnTo('INTAKE'),
        RETURN_TO_APPLICANT: {},
        REJECT: {},
      },
    },
    SECOND_REVIEW: {
      stage: 'COUNTY_REVIEW',
      title: { zh: '复审', en: 'second review' },
      by: ['COUNTY_SECOND_REVIEWER'],
      at: 'COUNTY',
      duty: { chain: 'REVIEW', duty: 'SECOND_REVIEW' },
      decisions: {
        APPROVE: upward('复审通过', 'pass the second review'),
        RETURN_TO_PREVIOUS: returnTo('INTAKE', 'FIRST_REVIEW'),
        RETURN_TO_APPLICANT: {},
        REJECT: {},
      },
    },
    APPROVAL: {
      stage: 'COUNTY_REVIEW',
      title: { zh: '审批', en: 'approval' },
      by: ['COUNTY_APPROVER'],
      at: 'COUNTY',
      duty: { chain: 'REVIEW', duty: 'APPROVAL' },
      decisions: {
        APPROVE: {
          ...upward('审批通过，上报市级', 'approve and submit to the city'),
          form: approvalForm,
          guards: [groundChecked],
        },
        RETURN_TO_PREVIOUS: returnTo('INTAKE', 'FIRST_REVIEW', 'SECOND_REVIEW'),
        RETURN_TO_APPLICANT: {},
        REJECT: {},
      },
    },

    // The city never returns to the applicant: it returns to the county, which does `[not in the sources]`.
    CITY_SUMMARY: {
      stage: 'CITY_SUMMARY',
      title: { zh: '市级汇总', en: 'check and print the summary payment list' },
      by: ['CITY_MEDICAL_CLERK'],
      at: 'CITY',
      duty: { chain: 'REVIEW', duty: 'CITY_SUMMARY' },
      decisions: {
        APPROVE: { title: { zh: '打印汇总拨付清单', en: 'print the summary payment list' } },
        RETURN_TO_PREVIOUS: returnTo('FIRST_REVIEW'),
        REJECT: {},
      },
    },

    // Art. 13: recheck by the medical AND the finance department, then the leader.
    MEDICAL_RECHECK: {
      stage: 'CITY_APPROVAL',
      title: { zh: '医疗科复核', en: 'recheck by the medical department' },
      by: ['CITY_MEDICAL_REVIEWER'],
      at: 'CITY',
      duty: { chain: 'REVIEW', duty: 'MEDICAL_RECHECK' },
      decisions: {
        APPROVE: { title: { zh: '复核通过', en: 'pass the recheck' } },
        RETURN_TO_PREVIOUS: returnTo('CITY_SUMMARY'),
      },
    },
    // `[not in the sources]` who in the finance department rechecks: its reviewer, whose post it is to recheck. This is
    // a duty of the review; in the payment chain the same person may recheck again, but nothing else.
    FINANCE_RECHECK: {
      stage: 'CITY_APPROVAL',
      title: { zh: '财务科复核', en: 'recheck by the finance department' },
      by: ['CITY_FINANCE_REVIEWER'],
      at: 'CITY',
      duty: { chain: 'REVIEW', duty: 'FINANCE_RECHECK' },
      decisions: {
        APPROVE: { title: { zh: '复核通过', en: 'pass the recheck' } },
        RETURN_TO_PREVIOUS: returnTo('CITY_SUMMARY', 'MEDICAL_RECHECK'),
      },
    },
    LEADER_APPROVAL: {
      stage: 'CITY_APPROVAL',
      title: { zh: '领导审批', en: 'leader’s approval' },
      by: ['CITY_LEADER'],
      at: 'CITY',
      duty: { chain: 'REVIEW', duty: 'LEADER_APPROVAL' },
      decisions: {
        APPROVE: { title: { zh: '审批通过，移交财务', en: 'approve and hand over to finance' } },
        RETURN_TO_PREVIOUS: returnTo('CITY_SUMMARY', 'MEDICAL_RECHECK', 'FINANCE_RECHECK'),
      },
    },

    MADE_OUT: {
      stage: 'PAYMENT',
      title: { zh: '制单', en: 'make out' },
      by: ['CITY_FINANCE_CLERK'],
      at: 'CITY',
      duty: { chain: 'FINANCE', duty: 'MADE_OUT' },
      decisions: { APPROVE: { title: { zh: '制单', en: 'make out' } } },
    },
    CHECKED: {
      stage: 'PAYMENT',
      title: { zh: '审核', en: 'check' },
      by: ['CITY_FINANCE_CHECKER'],
      at: 'CITY',
      duty: { chain: 'FINANCE', duty: 'CHECKED' },
      decisions: {
        APPROVE: { title: { zh: '审核通过', en: 'pass the check' } },
        RETURN_TO_PREVIOUS: returnTo('MADE_OUT'),
      },
    },
    RECHECKED: {
      stage: 'PAYMENT',
      title: { zh: '复审', en: 'recheck' },
      by: ['CITY_FINANCE_REVIEWER'],
      at: 'CITY',
      duty: { chain: 'FINANCE', duty: 'RECHECKED' },
      decisions: {
        APPROVE: { title: { zh: '复审通过', en: 'pass the recheck' } },
        RETURN_TO_PREVIOUS: returnTo('CHECKED', 'MADE_OUT'),
      },
    },
    PAID: {
      stage: 'PAYMENT',
      title: { zh: '拨付', en: 'order to the bank' },
      by: ['CITY_FINANCE_PAYER'],
      at: 'CITY',
      duty: { chain: 'FINANCE', duty: 'PAID' },
      decisions: {
        APPROVE: { title: { zh: '拨付', en: 'order the payment' }, form: paymentForm, guards: [paidAfterHandOver] },
      },
    },

    // P17's RECONCILED and WRITTEN_BACK are one act here: entering the bank's answer writes it back into the case.
    BANK_RESULT: {
      stage: 'BANK_FEEDBACK',
      title: { zh: '银行反馈、回盘', en: 'enter the bank’s feedback' },
      by: ['CITY_FINANCE_CLERK'],
      at: 'CITY',
      decisions: {
        APPROVE: {
          title: { zh: '录入反馈结果', en: 'enter the result' },
          form: bankResultForm,
          guards: [failureExplained, fedBackAfterPayment],
        },
      },
    },
    // A failed transfer still has to be paid, in the next run; until the account is right it waits at its own window.
    ACCOUNT_CORRECTION: {
      stage: 'PAYMENT',
      title: { zh: '更正收款账户', en: 'correct the account' },
      by: WINDOW,
      at: 'RECEIVING',
      decisions: {
        APPROVE: {
          title: { zh: '更正账户，重新拨付', en: 'correct and pay in the next run' },
          form: accountCorrectionForm,
        },
      },
    },

    CLOSED: {
      stage: 'CLOSED',
      title: { zh: '办结归档', en: 'closed and filed' },
      by: WINDOW,
      at: 'RECEIVING',
      decisions: {},
    },
  },

  filing: {
    by: WINDOW,
    applicant: true,
    form: reimbursementForm,
    references: REFERENCES,
    documents: reimbursementDocuments,
    guards: reimbursementGuards,
    // Rejection ground "already reimbursed" `[not in the sources]`: a bill is in one open or paid case only.
    claims: ({ form }) => {
      const { hospitalId, billNos } = readForm(form);
      return billNos.map((billNo) => ({ kind: 'BILL', key: `${hospitalId}/${billNo}` }));
    },
    firstStep: 'INTAKE',
  },

  outputs: {
    SUMMARY_PAYMENT_LIST: { title: { zh: '汇总拨付清单', en: 'summary payment list' }, source: 'S0 Art. 15' },
    // `[not in the sources]`
    BENEFIT_STATEMENT: { title: { zh: '报销待遇结算单', en: 'benefit statement' }, source: 'S0 Art. 13(一)' },
  },
});
