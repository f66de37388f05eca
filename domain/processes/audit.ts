import type { Role } from '../case.ts';
import { defineProcess, type Offer } from '../process.ts';
import { settings } from '../time-limits.ts';
import {
  adminResultForm,
  changePlanForm,
  correctionForm,
  endForm,
  moveStartForm,
  noticeForm,
  onSiteForm,
  onSiteNotesForm,
  opinionForm,
  planForm,
  recordForm,
  recordNotesForm,
  refusalForm,
  reportForm,
  resultForm,
  verificationForm,
} from './audit-form.ts';
import {
  auditeeIsHospital,
  auditeeSignedOrRefused,
  checkListFits,
  inOrder,
  noticeIsComplete,
  noticeIsEarlyEnough,
  notAfterToday,
  ofTheTeam,
  startIsLawful,
  teamChosenByLead,
  teamIsAble,
  twoArePresent,
  twoHaveSigned,
} from './audit-guards.ts';

/**
 * P04, S0 Art. 26: audit of a designated hospital. A stage is current while its work is still to be done:
 * NOTICE_SERVED waits for the notice to be served, RECTIFIED for the correction to be verified.
 */

const LEAD: readonly Role[] = ['AUDIT_LEAD'];
const TEAM: readonly Role[] = ['AUDITOR', 'AUDIT_LEAD'];

// The desks of an audit are in the office that plans it, county or city.
const AT_LEAD = { by: LEAD, at: 'RECEIVING' } as const;
const AT_TEAM = { by: TEAM, at: 'RECEIVING' } as const;

/** Back to the step before, while nothing that left the house depends on it (0.2-5). `[not in the sources]` */
const backTo = <S extends string>(step: S) => ({ by: LEAD, returnTo: [step] as const }) satisfies Offer;

const stuckAfterWorkingDays = settings.STUCK_WORKING_DAYS;

export const audit = defineProcess({
  code: 'AUDIT',
  id: 'P04',
  title: { zh: '稽核', en: 'audit of a designated hospital' },
  source: 'S0 Art. 26',
  filing: {
    by: LEAD,
    form: planForm,
    references: { hospitalId: 'PROVIDER', auditors: 'STAFF_LIST' },
    documents: () => [],
    guards: [auditeeIsHospital, teamIsAble],
    firstStep: 'PLANNED',
    // Nobody applied for an audit, so nobody withdraws it.
    applicant: false,
  },
  stages: {
    PLANNED: { title: { zh: '计划', en: 'planned' }, article: 'S0 Art. 26', stuckAfterWorkingDays },
    NOTICE_SERVED: { title: { zh: '通知', en: 'notice served' }, article: 'S0 Art. 26(二)1', limits: ['DL-30'] },
    ON_SITE: { title: { zh: '实施', en: 'on site' }, article: 'S0 Art. 26(二)2', stuckAfterWorkingDays },
    RECORD_SIGNED: { title: { zh: '笔录', en: 'record signed' }, article: 'S0 Art. 26(二)3', stuckAfterWorkingDays },
    AUDIT_ENDED: { title: { zh: '稽核结束', en: 'audit ended' }, article: 'S0 Art. 26(二)4–5', stuckAfterWorkingDays },
    RESULT_NOTIFIED: {
      title: { zh: '告知结果', en: 'result notified' },
      article: 'S0 Art. 26(二)4',
      limits: ['DL-31'],
    },
    OPINION_SERVED: {
      title: { zh: '送达稽核意见书', en: 'opinion served' },
      article: 'S0 Art. 26(二)5',
      limits: ['DL-32'],
    },
    RECTIFICATION: { title: { zh: '改正', en: 'rectification' }, article: 'S0 Art. 26(二)5', limits: ['DL-33'] },
    RECTIFIED: { title: { zh: '改正核实', en: 'rectified' }, article: 'S0 Art. 26(二)5', stuckAfterWorkingDays },
    REPORTED_TO_ADMIN: {
      title: { zh: '报请处罚', en: 'reported to the administrative department' },
      article: 'S0 Art. 26(二)5',
      stuckAfterWorkingDays,
    },
    // DL-34 及时: no figure in the sources, so no limit.
    ADMIN_RESULT_RECEIVED: {
      title: { zh: '处理结果', en: 'administrative result received' },
      article: 'S0 Art. 26(二)5',
      stuckAfterWorkingDays,
    },
    CLOSED: { title: { zh: '办结', en: 'closed' }, article: 'S0 Art. 26(二)' },
  },
  steps: {
    PLANNED: {
      stage: 'PLANNED',
      title: { zh: '制定稽核计划', en: 'plan the audit' },
      ...AT_LEAD,
      decisions: {
        SAVE: {
          title: { zh: '调整计划', en: 'change the plan' },
          form: changePlanForm,
          references: { auditors: 'STAFF_LIST' },
          guards: [teamIsAble],
        },
        APPROVE: { title: { zh: '确定计划', en: 'fix the plan' }, guards: [teamIsAble] },
      },
    },
    NOTICE_SERVED: {
      stage: 'NOTICE_SERVED',
      title: { zh: '送达稽核通知', en: 'serve the notice' },
      ...AT_TEAM,
      decisions: {
        SAVE: {
          title: { zh: '调整人员或开始日期', en: 'change the team or the start' },
          by: LEAD,
          form: moveStartForm,
          references: { auditors: 'STAFF_LIST' },
          guards: [teamIsAble],
        },
        APPROVE: {
          title: { zh: '送达', en: 'serve' },
          form: noticeForm,
          references: { noticeWaiverApprovedBy: 'STAFF_LIST' },
          when: ofTheTeam,
          guards: [noticeIsComplete, noticeIsEarlyEnough],
        },
        RETURN_TO_PREVIOUS: backTo('PLANNED'),
      },
    },
    ON_SITE: {
      stage: 'ON_SITE',
      title: { zh: '实施稽核', en: 'audit on site' },
      ...AT_TEAM,
      decisions: {
        SAVE: {
          form: onSiteNotesForm,
          references: { auditors: 'STAFF_LIST' },
          when: ofTheTeam,
          guards: [teamChosenByLead, checkListFits('SO_FAR')],
        },
        APPROVE: {
          title: { zh: '现场稽核完成', en: 'audit carried out' },
          form: onSiteForm,
          when: ofTheTeam,
          guards: [twoArePresent, notAfterToday('startedOn'), startIsLawful],
        },
        // The start was put off, or the exception has to be recorded after all.
        RETURN_TO_PREVIOUS: backTo('NOTICE_SERVED'),
      },
    },
    RECORD_SIGNED: {
      stage: 'RECORD_SIGNED',
      title: { zh: '制作并签署笔录', en: 'write and sign the record' },
      ...AT_TEAM,
      decisions: {
        SAVE: { form: recordNotesForm, when: ofTheTeam, guards: [checkListFits('SO_FAR')] },
        APPROVE: {
          title: { zh: '笔录已签署', en: 'record signed' },
          form: recordForm,
          when: ofTheTeam,
          documents: () => [{ anyOf: ['AUDIT_RECORD'], paper: 'O', source: 'S0 Art. 26(二)3' }],
          guards: [twoHaveSigned, auditeeSignedOrRefused, checkListFits('COMPLETELY')],
        },
        RETURN_TO_PREVIOUS: backTo('ON_SITE'),
      },
    },
    AUDIT_ENDED: {
      stage: 'AUDIT_ENDED',
      title: { zh: '结束稽核并作出结论', en: 'end the audit and state the finding' },
      ...AT_LEAD,
      decisions: {
        APPROVE: {
          title: { zh: '结束稽核', en: 'end the audit' },
          form: endForm,
          guards: [notAfterToday('endedOn'), inOrder('startedOn', 'endedOn')],
        },
        RETURN_TO_PREVIOUS: backTo('RECORD_SIGNED'),
      },
    },
    RESULT_NOTIFIED: {
      stage: 'RESULT_NOTIFIED',
      title: { zh: '书面告知稽核结果', en: 'give written notice of the result' },
      ...AT_TEAM,
      decisions: {
        APPROVE: {
          title: { zh: '告知', en: 'notify' },
          form: resultForm,
          when: ofTheTeam,
          guards: [notAfterToday('resultServedOn'), inOrder('endedOn', 'resultServedOn')],
        },
        RETURN_TO_PREVIOUS: backTo('AUDIT_ENDED'),
      },
    },
    OPINION_SERVED: {
      stage: 'OPINION_SERVED',
      title: { zh: '制作并送达稽核意见书', en: 'write and serve the audit opinion' },
      ...AT_TEAM,
      decisions: {
        APPROVE: {
          title: { zh: '送达', en: 'serve' },
          form: opinionForm,
          when: ofTheTeam,
          documents: () => [{ anyOf: ['SERVICE_PROOF'], paper: 'O', source: 'S0 Art. 26(二)5' }],
          guards: [
            notAfterToday('opinionServedOn'),
            inOrder('endedOn', 'opinionServedOn'),
            inOrder('opinionServedOn', 'correctionDueOn', 'LATER'),
          ],
        },
        RETURN_TO_PREVIOUS: backTo('AUDIT_ENDED'),
      },
    },
    RECTIFICATION: {
      stage: 'RECTIFICATION',
      title: { zh: '被稽核对象改正', en: 'the auditee corrects' },
      ...AT_TEAM,
      decisions: {
        APPROVE: {
          title: { zh: '已报告改正', en: 'correction reported' },
          form: correctionForm,
          when: ofTheTeam,
          guards: [notAfterToday('correctedOn'), inOrder('opinionServedOn', 'correctedOn')],
        },
        REPORT: { title: { zh: '拒不改正，报请处罚', en: 'refuses to correct: report' }, by: LEAD, form: refusalForm },
      },
    },
    // Verifying is `[not in the sources]`; a step of its own, so that the office's time isn't counted as the auditee's (DL-33).
    RECTIFIED: {
      stage: 'RECTIFIED',
      title: { zh: '核实改正情况', en: 'verify the correction' },
      ...AT_TEAM,
      decisions: {
        APPROVE: {
          title: { zh: '核实属实，办结', en: 'verified, close' },
          form: verificationForm,
          when: ofTheTeam,
          guards: [notAfterToday('verifiedOn'), inOrder('correctedOn', 'verifiedOn')],
        },
        RETURN_TO_PREVIOUS: {
          ...backTo('RECTIFICATION'),
          by: TEAM,
          when: ofTheTeam,
          title: { zh: '未改正到位', en: 'not corrected' },
        },
      },
    },
    REPORTED_TO_ADMIN: {
      stage: 'REPORTED_TO_ADMIN',
      title: { zh: '报请行政部门处罚', en: 'report to the administrative department' },
      ...AT_LEAD,
      decisions: {
        APPROVE: {
          title: { zh: '报送', en: 'send the report' },
          form: reportForm,
          guards: [notAfterToday('reportedOn'), inOrder('opinionServedOn', 'reportedOn')],
        },
      },
    },
    ADMIN_RESULT_RECEIVED: {
      stage: 'ADMIN_RESULT_RECEIVED',
      title: { zh: '接收行政部门处理结果', en: 'take in the administrative result' },
      ...AT_TEAM,
      decisions: {
        APPROVE: {
          title: { zh: '登记处理结果，办结', en: 'record the result, close' },
          form: adminResultForm,
          when: ofTheTeam,
          guards: [notAfterToday('adminResultReceivedOn'), inOrder('reportedOn', 'adminResultReceivedOn')],
        },
      },
    },
    CLOSED: { stage: 'CLOSED', title: { zh: '办结', en: 'closed' }, ...AT_TEAM, decisions: {} },
  },
  outputs: {
    AUDIT_NOTICE: { title: { zh: '稽核通知书', en: 'audit notice' }, source: 'S0 Art. 26(二)1' },
    AUDIT_RECORD: { title: { zh: '稽核笔录', en: 'audit record' }, source: 'S0 Art. 26(二)3' },
    AUDIT_RESULT_NOTICE: {
      title: { zh: '稽核结果告知书', en: 'written notice of the result' },
      source: 'S0 Art. 26(二)4',
    },
    AUDIT_OPINION: { title: { zh: '稽核意见书', en: 'audit opinion' }, source: 'S0 Art. 26(二)5' },
    REPORT_TO_ADMIN: {
      title: { zh: '报请行政部门处罚的报告', en: 'report to the administrative department' },
      source: 'S0 Art. 26(二)5',
    },
  },
});
