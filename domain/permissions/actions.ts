import type { Text } from '../case.ts';

/** What can be done at all: every route is one of these, and deciding is one besides. Who may is in `rules.ts`. */
export const ACTIONS = {
  SYSTEM_STATUS: { zh: '系统状态与接口文档', en: 'state of the system, description of the interface' },
  LOG_IN: { zh: '登录', en: 'log in' },
  OWN_ACCOUNT: { zh: '查看本人账号', en: 'see one’s own account' },
  READ_PERMISSIONS: { zh: '查看与本人有关的权限', en: 'see the rights that concern oneself' },
  READ_ALL_PERMISSIONS: { zh: '查看全部权限', en: 'see the whole table of rights' },
  READ_REFERENCE: {
    zh: '业务类型、目录、机构、日历与时限推算',
    en: 'processes, catalogue, offices, calendar, due days worked out',
  },
  FILE_CASE: { zh: '受理', en: 'file a case' },
  LIST_CASES: { zh: '查询业务', en: 'list and search cases' },
  READ_CASE: { zh: '查看业务', en: 'read a case' },
  READ_EVENTS: { zh: '查看业务经过', en: 'read the history of a case' },
  READ_DOCUMENTS: { zh: '查看材料清单', en: 'list the documents of a case' },
  PRINT_PAPER: { zh: '查看、打印文书', en: 'look at and print a paper' },
  REVEAL_CASE: { zh: '说明事由后显示完整个人信息', en: 'see a case unmasked, for a reason' },
  READ_CLOCK: { zh: '查看、打印时限计算说明', en: 'read and print how the limits were counted' },
  DECIDE: { zh: '办理', en: 'decide' },
  UPLOAD_DOCUMENT: { zh: '上传材料', en: 'upload a document' },
  GET_DOCUMENT: { zh: '下载材料', en: 'fetch a document' },
  DESK: { zh: '待办', en: 'the desk' },
  DIGEST: { zh: '每日提醒', en: 'the daily digest' },
  OUTBOX: { zh: '发出的消息', en: 'messages that were sent' },
  STUCK: { zh: '督办滞留件', en: 'stuck cases' },
  TERM_USE: { zh: '用时汇总', en: 'whose days were used' },
  APPLY_CALENDAR: { zh: '启用日历版本', en: 'put a calendar edition in force' },
  CALENDAR_RUN: { zh: '重新计算进度', en: 'how far open cases are counted again' },
  LIST_DUTIES: { zh: '查看定期事项', en: 'read recurring duties' },
  MARK_DUTY_DONE: { zh: '登记定期事项完成', en: 'record a recurring duty as done' },
  LIST_SCHEDULES: { zh: '定期生成计划', en: 'the schedules that open duties' },
  PAYMENT_LISTS: { zh: '汇总拨付清单', en: 'summary payment lists' },
  LIST_STAFF: { zh: '查看在岗人员', en: 'staff of an office' },
  DECLARE_RELATIVES: { zh: '申报回避亲属', en: 'declare relatives whose cases one may not handle' },
  END_RELATIVE: { zh: '终止回避申报', en: 'end such a declaration' },
  APPOINT_DEPUTY: { zh: '委托代办', en: 'appoint a deputy' },
  LIST_DEPUTIES: { zh: '查看委托', en: 'list deputies' },
  MONITORING: { zh: '运行监控数字', en: 'figures for monitoring' },
  READ_ACCOUNTS: { zh: '查看账号及其变更', en: 'read accounts and what was done to them' },
  RUN_ACCOUNTS: { zh: '启用、停用、解锁账号，结束会话', en: 'enable, disable, unlock accounts, end sessions' },
  GRANT_ROLES: { zh: '授予岗位与单位', en: 'grant roles and offices' },
  READ_ACCESS_LOG: { zh: '查看访问日志', en: 'read the access log' },
  OPEN_PAYLOADS: { zh: '在流程引擎页面查看（已遮盖）', en: 'open what the engine’s pages show, masked' },
  EVIDENCE: { zh: '导出证据包', en: 'take out the evidence of a case' },
  FAST_FORWARD: { zh: '演练快进', en: 'rehearsal: let time pass for a case' },
} as const satisfies Record<string, Text>;
export type Action = keyof typeof ACTIONS;

/** What a deputy may do in the place of the person they stand in for; everything else is done in one's own name. */
export const BY_DEPUTY: readonly Action[] = ['FILE_CASE', 'READ_CASE', 'DECIDE', 'DESK'];
