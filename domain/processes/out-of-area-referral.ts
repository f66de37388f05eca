import { defineProcess } from '../process.ts';
import { settings } from '../time-limits.ts';
import {
  CANCELLATION_FORM,
  FILING_FORM,
  beforeTreatment,
  destinationKey,
  filingDocuments,
  outsideTheCity,
  periodIsPossible,
  stillCancellable,
} from './out-of-area-referral-form.ts';
import type { PlainDate } from '../plain-date.ts';

// DL-40: no limits in the sources. A patient waits to be treated, hence the short threshold `[not in the sources]`.
const STUCK = { stuckAfterWorkingDays: settings.OUT_OF_AREA_STUCK_WORKING_DAYS };
const WINDOW = ['TOWNSHIP_CLERK', 'COUNTY_CLERK'] as const;
/** Checked by the window and again by the reviewer, since a correction may have changed it. */
const SOUND = { documents: filingDocuments, guards: [outsideTheCity, periodIsPossible] } as const;

/**
 * P02 异地就医备案 (S0 Art. 12(二)): an insured person who will be an inpatient outside the city is filed beforehand.
 * Brought to a township or county window, or sent in on-line by the person (S3 ch. 3 §6), which the county of enrolment
 * then takes in. After `CLOSED` the filing stays valid until its last day and can be cancelled before treatment begins.
 */
export const outOfAreaReferral = defineProcess({
  code: 'OUT_OF_AREA_REFERRAL',
  id: 'P02',
  title: { zh: '异地就医备案', en: 'out-of-area care filing' },
  source: 'S0 Art. 12(二)',

  stages: {
    REGISTERED: { title: { zh: '登记', en: 'registered' }, article: 'S0 Art. 12(二)', ...STUCK },
    REVIEW: { title: { zh: '审核', en: 'review' }, article: 'S0 Art. 12(二)', ...STUCK },
    FILED: { title: { zh: '备案', en: 'filed' }, article: 'S0 Art. 12(二)', ...STUCK },
    FORM_ISSUED: { title: { zh: '出具备案登记表', en: 'form issued' }, article: 'S0 Art. 12(二)', ...STUCK },
  },

  steps: {
    REGISTERED: {
      stage: 'REGISTERED',
      title: { zh: '办理登记', en: 'register' },
      by: WINDOW,
      at: 'RECEIVING',
      duty: { chain: 'REVIEW', duty: 'ENTRY' },
      decisions: {
        APPROVE: { title: { zh: '登记上报', en: 'accept and submit' }, ...SOUND },
        RETURN_TO_APPLICANT: {},
      },
    },
    // `[not in the sources]`: the source only says "after review"; the county's approver does it.
    REVIEW: {
      stage: 'REVIEW',
      title: { zh: '审核', en: 'review' },
      by: ['COUNTY_APPROVER'],
      at: 'COUNTY',
      duty: { chain: 'REVIEW', duty: 'APPROVAL' },
      decisions: {
        APPROVE: { title: { zh: '审核通过', en: 'approve' }, ...SOUND },
        RETURN_TO_APPLICANT: {},
        REJECT: {},
      },
    },
    FILED: {
      stage: 'FILED',
      title: { zh: '完成备案', en: 'file' },
      by: ['COUNTY_CLERK', 'COUNTY_APPROVER'],
      at: 'COUNTY',
      decisions: { APPROVE: { title: { zh: '完成备案', en: 'complete the filing' } } },
    },
    FORM_ISSUED: {
      stage: 'FORM_ISSUED',
      title: { zh: '出具备案登记表', en: 'issue the form' },
      by: WINDOW,
      at: 'RECEIVING',
      decisions: {
        APPROVE: { title: { zh: '出具备案登记表', en: 'issue the filing form' } },
        // `[not in the sources]`; offered once the case is CLOSED, see domain/decisions.ts.
        CANCEL: {
          title: { zh: '注销备案', en: 'cancel the filing' },
          form: CANCELLATION_FORM,
          when: stillCancellable,
          guards: [beforeTreatment],
        },
      },
    },
  },

  filing: {
    by: ['INSURED_PERSON', ...WINDOW],
    applicant: true,
    form: FILING_FORM,
    references: { idCardNo: 'INSURED_PERSON' },
    documents: filingDocuments,
    guards: [outsideTheCity, periodIsPossible],
    // `[not in the sources]`: filings for one destination may follow each other but not overlap.
    claims: ({ form, personId }) => [
      {
        kind: 'OUT_OF_AREA_FILING',
        key: `${personId}/${destinationKey(form)}`,
        from: form['plannedFrom'] as PlainDate,
        to: form['plannedTo'] as PlainDate,
      },
    ],
    firstStep: 'REGISTERED',
  },

  outputs: {
    OUT_OF_AREA_FILING_FORM: {
      title: { zh: '《广东省异地就医备案登记表》', en: 'out-of-area filing form' },
      source: 'S0 Art. 12(二)',
    },
    // `[not in the sources]`: what the provincial platform is told; sending it is an interface of its own.
    PROVINCIAL_PLATFORM_RECORD: {
      title: { zh: '省异地就医平台备案信息', en: 'record for the provincial platform' },
      source: 'S0 Art. 13(二)',
    },
  },
});
