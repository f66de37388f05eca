import { z } from 'zod';
import type { Text } from '../case.ts';
import { formCode, formDate, formText, formYesNo } from '../form.ts';
import { CHECK_LIST, CHECK_LIST_ITEMS } from './audit-checklist.ts';

/**
 * What is asked in an audit, step by step (S0 Art. 26(二)). All fields end up in the one form of the case, so the three
 * days of service have names of their own. Days of service, start and end are `[not in the sources]` as fields; people
 * enter them, and the statutory counts begin at them, not at the day of entry.
 */

/** What may start an audit. `[not in the sources]` */
export const AUDIT_ORIGINS = {
  PLAN: { zh: '年度计划', en: 'plan' },
  RANDOM_DRAW: { zh: '随机抽取', en: 'random draw' },
  SUSPICION_CASE: { zh: '疑点线索', en: 'suspicion case' },
  COMPLAINT: { zh: '投诉举报', en: 'complaint' },
  JOINT_INSPECTION: { zh: '联合巡查', en: 'finding of a joint inspection' },
  ORDER_FROM_ABOVE: { zh: '上级交办', en: 'order from above' },
} as const satisfies Record<string, Text>;

/** `AuditFinding` */
export const AUDIT_FINDINGS = {
  NO_VIOLATION: { zh: '未发现违法行为', en: 'no violation found' },
  VIOLATION: { zh: '存在违法行为', en: 'violation found' },
} as const satisfies Record<string, Text>;

export const CHECK_RESULTS = {
  OK: { zh: '符合', en: 'ok' },
  NOT_OK: { zh: '不符合', en: 'not ok' },
  NOT_APPLICABLE: { zh: '不适用', en: 'not applicable' },
} as const satisfies Record<string, Text>;

/** Who may sign for the auditee, Art. 26(二)3. */
export const SIGNERS = {
  LEGAL_REPRESENTATIVE: { zh: '法定代表人', en: 'legal representative' },
  PROXY: { zh: '委托的代理人', en: 'authorised proxy' },
} as const satisfies Record<string, Text>;

/** A choice whose values carry their own titles, for the page. */
const choiceOf = <K extends string>(zh: string, en: string, values: Readonly<Record<K, Text>>) =>
  z.enum(Object.keys(values) as [K, ...K[]]).meta({ title: zh, description: en, 'x-labels': values });

const staffIds = (zh: string, en: string) =>
  z.array(formCode('工号', 'staff id')).max(20).meta({ title: zh, description: en });

const scopeTitles = Object.fromEntries(Object.entries(CHECK_LIST).map(([code, { title }]) => [code, title]));

const scope = z
  .array(choiceOf('稽核范围', 'scope', scopeTitles))
  .min(1)
  .refine((groups) => new Set(groups).size === groups.length, '稽核范围重复 / a group is named twice')
  .meta({ title: '稽核范围', description: 'scope: groups of the check list' });
const auditors = staffIds('稽核人员（两人以上）', 'auditors, at least two');
const plannedStartOn = formDate('计划开始日期', 'planned start');

const checkList = z
  .array(
    z.strictObject({
      item: choiceOf('稽核项目', 'item', CHECK_LIST_ITEMS),
      result: choiceOf('结果', 'result', CHECK_RESULTS),
      measured: formText('实测值', 'value found', 100).optional(),
      remark: formText('备注', 'remark', 1000).optional(),
    }),
  )
  .max(Object.keys(CHECK_LIST_ITEMS).length)
  .meta({ title: '稽核项目结果', description: 'check list of Art. 26(一)' });

export const planForm = z.strictObject({
  hospitalId: formCode('被稽核对象', 'auditee: designated hospital'),
  origin: choiceOf('稽核来源', 'origin', AUDIT_ORIGINS),
  scope,
  auditors,
  plannedStartOn,
});

export const changePlanForm = z.strictObject({
  scope: scope.optional(),
  auditors: auditors.optional(),
  plannedStartOn: plannedStartOn.optional(),
});

/** As much of the plan as can change once it is fixed; the notice may already be written for its scope. */
export const moveStartForm = changePlanForm.omit({ scope: true });

export const noticeForm = z.strictObject({
  contents: formText('稽核内容', 'contents', 2000).optional(),
  requirements: formText('稽核要求', 'requirements', 2000).optional(),
  methods: formText('稽核方法', 'methods', 2000).optional(),
  materialsToPrepare: formText('需要准备的资料', 'materials to prepare', 2000).optional(),
  noticeServedOn: formDate('通知送达日期', 'day the notice was served').optional(),
  plannedStartOn: plannedStartOn.optional(),
  noticeWaived: formYesNo('特殊情况，事先不通知', 'special circumstances: no notice, or less than 3 days').optional(),
  noticeWaiverReason: formText('事先不通知的原因', 'the special circumstances', 1000).optional(),
  noticeWaiverApprovedBy: formCode('批准人工号', 'staff id of the person who approved the exception').optional(),
});

export const onSiteForm = z.strictObject({
  startedOn: formDate('实际开始日期', 'day the audit began'),
  auditorsPresent: staffIds('到场稽核人员', 'auditors present'),
  credentialsShown: z
    .literal(true)
    .meta({ title: '已出示执法证件并说明身份', description: 'credentials shown, identity explained' }),
});

export const onSiteNotesForm = z.strictObject({ auditors: auditors.optional(), checkList: checkList.optional() });

export const recordForm = z.strictObject({
  recordFacts: formText('笔录内容（事实）', 'facts on the record', 8000),
  auditorsSigned: staffIds('签名的稽核人员', 'auditors who signed'),
  representativeSigned: formYesNo('被稽核对象已签名或盖章', 'the auditee signed or sealed'),
  signerKind: choiceOf('签名人身份', 'who signed for the auditee', SIGNERS).optional(),
  representativeName: formText('签名人姓名', 'name of who signed for the auditee', 60).optional(),
  signatureRefusalReason: formText('拒签原因', 'reason for refusing to sign', 1000).optional(),
  checkList: checkList.optional(),
});

export const recordNotesForm = z.strictObject({ checkList });

export const endForm = z.strictObject({
  endedOn: formDate('稽核结束日期', 'day the audit ended'),
  finding: choiceOf('稽核结论', 'finding', AUDIT_FINDINGS),
});

export const resultForm = z.strictObject({
  resultText: formText('稽核结果', 'result told to the auditee', 4000),
  resultServedOn: formDate('书面告知日期', 'day the written notice was given'),
});

export const opinionForm = z.strictObject({
  opinionFacts: formText('认定的事实', 'facts found', 8000),
  violations: formText('违法行为', 'violations', 4000),
  opinionServedOn: formDate('意见书送达日期', 'day the opinion was served'),
  // Art. 26(二)5 限定时间: the sources give no figure, each opinion sets its own day (DL-33).
  correctionDueOn: formDate('限定改正日期', 'day by which to correct'),
});

export const correctionForm = z.strictObject({
  correctedOn: formDate('报告改正日期', 'day the auditee reported the correction'),
  correctionText: formText('改正情况', 'what was corrected', 4000),
});

export const verificationForm = z.strictObject({
  verifiedOn: formDate('核实日期', 'day of verification'),
  verificationText: formText('核实情况', 'how the correction was verified', 4000),
});

export const refusalForm = z.strictObject({
  // A period that ran out is not a refusal: a person says so, and what shows it. `[not in the sources]`
  refusalConfirmed: z
    .literal(true)
    .meta({ title: '确认被稽核对象拒不改正', description: 'the auditee refuses to correct' }),
  refusalFacts: formText('拒不改正的事实', 'facts that show the refusal', 4000),
});

export const reportForm = z.strictObject({
  reportedTo: formText('行政部门', 'administrative department', 100),
  reportedOn: formDate('报请日期', 'day of the report'),
  reportText: formText('报请处罚内容', 'what is reported', 4000),
});

export const adminResultForm = z.strictObject({
  adminResultReceivedOn: formDate('收到处理结果日期', 'day the answer came in'),
  adminResult: formText('行政部门处理结果', 'what the administrative department decided', 4000),
});
