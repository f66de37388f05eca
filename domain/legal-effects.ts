import type { Text } from './case.ts';
import type { LimitId } from './time-limits.ts';

/**
 * What the law attaches to a limit that has passed. The list is closed and none of its members decides a case: silence is
 * not consent (processes.md 0.2-2). A limit without a row does not compile.
 */
export const LEGAL_EFFECTS = {
  RECORDED: {
    zh: '来源未规定后果：登记逾期并逐级上报，仍可照常办理',
    en: 'no consequence in the sources: recorded and escalated, the decision can still be taken',
  },
  PAID_NEXT_MONTH: { zh: '推迟至次月拨付', en: 'payment moves to the following month' },
  START_MUST_MOVE: {
    zh: '通知不足期：须推迟稽核开始日期，或登记事先不通知的特殊情况',
    en: 'notice too short: the start of the audit must be moved, or the exception recorded',
  },
  PERSON_CONFIRMS: {
    zh: '期满本身不等于拒不改正，须由经办人确认后报请处罚',
    en: 'a lapsed period alone is no refusal; a person confirms it before it is reported',
  },
  EVIDENCE_VOID: { zh: '超出期限的病历不作为依据', en: 'older records do not count as evidence' },
  NOT_COVERED: { zh: '期后费用不在该待遇范围内', en: 'later cost is not covered by this route' },
} as const satisfies Record<string, Text>;
export type LegalEffect = keyof typeof LEGAL_EFFECTS;

/** Column "when late" of deadlines.md §1, limit by limit. */
const LEGAL_EFFECT_OF = {
  'DL-01': 'RECORDED',
  'DL-03': 'EVIDENCE_VOID',
  'DL-04': 'RECORDED',
  'DL-05': 'RECORDED',
  'DL-06': 'PAID_NEXT_MONTH',
  'DL-07': 'RECORDED',
  'DL-08': 'RECORDED',
  'DL-09': 'RECORDED',
  'DL-10': 'RECORDED',
  'DL-11': 'RECORDED',
  'DL-13': 'RECORDED',
  'DL-14': 'RECORDED',
  'DL-15': 'RECORDED',
  'DL-16': 'RECORDED',
  'DL-19': 'RECORDED',
  'DL-20': 'RECORDED',
  'DL-22': 'RECORDED',
  'DL-30': 'START_MUST_MOVE',
  'DL-31': 'RECORDED',
  'DL-32': 'RECORDED',
  'DL-33': 'PERSON_CONFIRMS',
  'DL-36': 'NOT_COVERED',
  'DL-37': 'NOT_COVERED',
  'DL-57': 'RECORDED',
} as const satisfies Record<LimitId, LegalEffect>;

export const legalEffectOf = (id: LimitId): LegalEffect => LEGAL_EFFECT_OF[id];
