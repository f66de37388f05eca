/**
 * The closed list of refusals. A refusal is something a person can act on; it is neither an outage (retried)
 * nor a bug (loud). Every code has one Chinese and one English sentence here and one HTTP status in `api/problems.ts`.
 */
export const REFUSALS = {
  // the request itself
  BAD_REQUEST: {
    zh: '请求内容不符合要求，请按提示修改后重新提交。',
    en: 'The request is not valid; correct the listed fields and send it again.',
  },
  BODY_TOO_LARGE: { zh: '提交的内容过大。', en: 'The request body is too large.' },
  ADDRESS_TOO_LONG: { zh: '请求地址过长。', en: 'The address of the request is too long.' },
  HEADERS_TOO_LARGE: { zh: '请求头过大。', en: 'The headers of the request are too large.' },
  REQUEST_TOO_SLOW: { zh: '请求未在规定时间内发送完毕。', en: 'The request was not sent in time.' },
  ENCODING_REFUSED: {
    zh: '不接受压缩的请求内容，请以未压缩的方式提交。',
    en: 'Compressed request bodies are not accepted; send it uncompressed.',
  },
  IDEMPOTENCY_KEY_REQUIRED: {
    zh: '缺少 Idempotency-Key 请求头，请为每次操作提供唯一编号。',
    en: 'The Idempotency-Key header is missing; send a unique key with every filing and decision.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    zh: '该 Idempotency-Key 已用于另一项内容不同的操作。',
    en: 'This Idempotency-Key was already used for a different request.',
  },
  CURSOR_INVALID: {
    zh: '分页标记无效，请从第一页重新查询。',
    en: 'The page cursor is not valid; start again from the first page.',
  },
  ROUTE_NOT_FOUND: { zh: '没有这个接口地址。', en: 'There is no such address in this API.' },
  METHOD_NOT_ALLOWED: { zh: '该接口不支持此请求方法。', en: 'This address does not support that method.' },
  TOO_MANY_REQUESTS: { zh: '请求过于频繁，请稍后再试。', en: 'Too many requests; wait a moment and try again.' },
  // who is asking
  NOT_AUTHENTICATED: { zh: '请先登录。', en: 'Log in first.' },
  TOKEN_EXPIRED: { zh: '登录已过期，请重新登录。', en: 'The login has expired; log in again.' },
  AMBIGUOUS_LOGIN: {
    zh: '请求同时带有登录会话和访问令牌，请只用其中一种。',
    en: 'The request carries both a session and a token; use one of them.',
  },
  CSRF: {
    zh: '该请求不是由本系统页面发出的，已拒绝。',
    en: 'This request was not made by a page of this system and is refused.',
  },
  LOGIN_FAILED: { zh: '登录未完成，请重新登录。', en: 'The login was not completed; log in again.' },
  NOT_PERMITTED: { zh: '您的岗位无权办理此操作。', en: 'Your post may not do this.' },
  CASE_NOT_FOUND: { zh: '没有找到该业务。', en: 'No such case was found.' },
  DOCUMENT_NOT_FOUND: { zh: '没有找到该材料。', en: 'No such document was found.' },
  NOT_FOUND: { zh: '没有找到所查询的内容。', en: 'What you asked for was not found.' },
  // accounts
  ROLES_EXCLUDE: {
    zh: '这些岗位不得由同一账号兼任。',
    en: 'These roles must not be held by one account.',
  },
  OWN_ACCOUNT: { zh: '不得管理本人的账号。', en: 'Nobody administers an account of their own.' },
  // filing
  UNKNOWN_PROCESS: { zh: '没有这种业务类型。', en: 'There is no such process.' },
  PERSON_NOT_INSURED: {
    zh: '未找到该参保人，请核对姓名和居民身份证号码。',
    en: 'No insured person matches; check the name and the ID number.',
  },
  PROVIDER_NOT_DESIGNATED: { zh: '该机构不是定点医疗机构。', en: 'This institution is not a designated provider.' },
  HOSPITAL_GRADE_TOO_LOW: {
    zh: '须由二级以上定点医疗机构出具意见。',
    en: 'A designated hospital of level 2 or above is required.',
  },
  UNKNOWN_CODE: { zh: '所填代码不在目录中。', en: 'A code that was entered is not in the catalogue.' },
  DOCUMENTS_MISSING: {
    zh: '材料不齐全，请一次补齐所列材料。',
    en: 'Mandatory documents are missing; all of them are listed.',
  },
  DATE_IN_FUTURE: { zh: '日期不能晚于今天。', en: 'The date may not lie in the future.' },
  DATE_OUT_OF_RANGE: { zh: '日期不在允许的范围内。', en: 'The date is outside the permitted range.' },
  EVIDENCE_TOO_OLD: {
    zh: '门诊病历须为申请日前一年以内。',
    en: 'Outpatient records must be from the year before the application.',
  },
  REGISTRATION_EXISTS: {
    zh: '该参保人的此病种已有有效登记或正在办理的申请。',
    en: 'This person already has an active registration or an open application for this disease.',
  },
  REGISTRATION_REQUIRED: {
    zh: '该参保人没有有效的门诊特定病种登记。',
    en: 'This person has no active chronic-disease registration.',
  },
  FILING_OVERLAPS: {
    zh: '同一就医地已有时间重叠的异地就医备案。',
    en: 'An out-of-area filing for the same destination overlaps this period.',
  },
  TREATMENT_STARTED: {
    zh: '已开始就医，备案不能注销。',
    en: 'Treatment has begun; the filing can no longer be cancelled.',
  },
  BILL_ALREADY_REIMBURSED: {
    zh: '该票据已报销或正在报销。',
    en: 'This bill has been reimbursed already or is in an open case.',
  },
  LIABLE_PARTY_PAYS: {
    zh: '他方负全责，除先行支付情形外医保基金不予支付。',
    en: 'The other party is fully liable; the fund pays only as an advance payment.',
  },
  NEWBORN_NOT_COVERED: { zh: '不符合新生儿报销条件。', en: 'The conditions for reimbursing a newborn are not met.' },
  // deciding
  STAGE_PASSED: { zh: '该业务已不在此环节。', en: 'The case is no longer at this step.' },
  DECISION_NOT_POSSIBLE: { zh: '当前环节不能作出该决定。', en: 'This decision is not possible at this step.' },
  BEING_DECIDED: {
    zh: '另一位经办人正在办理，请刷新后再试。',
    en: 'Somebody else is deciding this case right now; reload and look again.',
  },
  VERSION_CHANGED: {
    zh: '该业务已被更新，请刷新后再办理。',
    en: 'The case has changed since you read it; reload it first.',
  },
  SAME_PERSON: {
    zh: '同一业务的录入、初审、复审、审批须由不同人员办理。',
    en: 'Entry, reviews and approval of one case must be done by different people.',
  },
  OWN_CASE: { zh: '不得办理本人的业务。', en: 'Nobody decides a case of their own.' },
  RELATIVES_CASE: {
    zh: '该业务涉及您申报回避的亲属，不得办理。',
    en: 'The case concerns a relative you have declared; somebody else must handle it.',
  },
  DEPUTY_NOT_POSSIBLE: { zh: '不能如此委托代办。', en: 'This deputy cannot be appointed.' },
  REASON_REQUIRED: { zh: '退回或不予通过须说明理由。', en: 'A return or rejection needs a reason.' },
  MISSING_ITEMS_REQUIRED: {
    zh: '退回补正须一次列明全部需补正的内容。',
    en: 'A return to the applicant must list every missing or wrong item.',
  },
  CASE_ENDED: { zh: '该业务已办结。', en: 'The case has ended.' },
  LINES_REQUIRED: { zh: '请先逐项录入费用明细。', en: 'Enter the bill line by line first.' },
  TOTAL_MISMATCH: { zh: '费用明细合计与票据总额不一致。', en: 'The lines do not add up to the total of the bill.' },
  NOTICE_TOO_SHORT: {
    zh: '稽核通知须提前3日送达，请调整开始日期或登记事先不通知的特殊情况。',
    en: 'An audit notice must be served 3 days ahead; move the start date or record the exception.',
  },
  TOO_FEW_AUDITORS: { zh: '稽核须有两名以上稽核人员。', en: 'An audit needs at least two auditors.' },
  SIGNATURE_REQUIRED: {
    zh: '笔录须双方签名，或注明被稽核对象拒签原因。',
    en: 'The record needs both signatures, or one and the reason for the refusal.',
  },
  CORRECTION_WINDOW_OPEN: {
    zh: '补正期限未满或尚未提醒，不能按撤回办结。',
    en: 'The correction window is still open or no reminder is recorded.',
  },
  // the clock
  EXTENSION_NOT_ALLOWED: { zh: '该时限不能延长。', en: 'This limit cannot be extended.' },
  EXTENSION_TOO_LATE: { zh: '时限已过，不能再延长。', en: 'The limit has passed and can no longer be extended.' },
  EXTENSION_USED_UP: {
    zh: '该时限已延长过，不能再次延长。',
    en: 'This limit has been extended as often as it may be.',
  },
  EXTENSION_TOO_LONG: { zh: '延长天数超过规定。', en: 'The extension is longer than permitted.' },
  NO_LIMIT_RUNS: { zh: '该业务当前没有在计的时限。', en: 'No limit of this case is running.' },
  ALREADY_SUSPENDED: { zh: '该业务已因同一事由中止计时。', en: 'The clock is stopped for this reason already.' },
  NOT_SUSPENDED: { zh: '该业务没有因该事由中止计时。', en: 'The clock is not stopped for this reason.' },
  // incidents
  INCIDENT_RESOLVED: { zh: '该故障已经消除，无须再试。', en: 'This incident is over; there is nothing to try again.' },
  INCIDENT_NOT_SKIPPABLE: {
    zh: '法定环节不得跳过：请排除故障后再试。',
    en: 'A statutory step cannot be skipped: mend the cause and retry.',
  },
  // recurring duties
  DUTY_DONE: { zh: '该事项已登记完成。', en: 'This duty is recorded as done already.' },
  // documents
  DOCUMENT_TYPE_REFUSED: {
    zh: '只接受 PDF、JPEG、PNG 文件，且内容须与类型一致。',
    en: 'Only PDF, JPEG and PNG are accepted, and the content must match the type.',
  },
  IMAGE_TOO_LARGE: {
    zh: '图片的像素尺寸过大，请降低扫描分辨率。',
    en: 'The picture has too many pixels; scan it at a lower resolution.',
  },
  DOCUMENT_INFECTED: {
    zh: '文件未通过恶意代码检查，未予保存。',
    en: 'The malware scanner rejected this file; it was not kept.',
  },
  // calendar
  CALENDAR_CONTRADICTION: { zh: '日历数据自相矛盾。', en: 'The calendar edition contradicts itself.' },
  CALENDAR_YEAR_TAKEN: {
    zh: '该年度已有现行日历版本，修订须指明所修订的版本。',
    en: 'The year has an edition in force; an amendment must name it.',
  },
  CALENDAR_EDITION_DIFFERS: {
    zh: '该编号的日历版本已存在，内容不同。',
    en: 'A calendar edition of this id is stored with other content.',
  },
  CALENDAR_RUN_ACTIVE: {
    zh: '另一个日历版本正在启用，请待其完成后再试。',
    en: 'Another calendar edition is still being applied; wait until that run has finished.',
  },
  // the system cannot answer now: the same request with the same key may be repeated
  NOT_AVAILABLE: {
    zh: '系统暂时无法处理，请稍后用同一编号重试，不会重复办理。',
    en: 'The system cannot answer right now; repeat with the same key, nothing is done twice.',
  },
} as const satisfies Record<string, { zh: string; en: string }>;

export type RefusalCode = keyof typeof REFUSALS;

/** One thing that is wrong: `path` points at the field (`form.lines.0.amount`), sentences in both languages. */
export interface Fault {
  path?: string;
  zh: string;
  en: string;
}

/** Thrown wherever a person can act on it. `faults` lists every single thing that is wrong, never just the first. */
export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly faults: Fault[];
  constructor(code: RefusalCode, faults: Fault[] = []) {
    super(`${code}: ${REFUSALS[code].en}${faults.map((f) => ` ${f.path ?? ''} ${f.en}`).join(';')}`);
    this.name = 'Refusal';
    this.code = code;
    this.faults = faults;
  }
}
