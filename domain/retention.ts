import type { Text } from './case.ts';
import { addDays, addMonths, type PlainDate } from './plain-date.ts';

/**
 * How long each kind of record is kept, in one table; `npm run retention` reports and does what is due by it. Law sets the least
 * for logs (Cybersecurity Law, six months); how long a file is kept the agency decides with its archive department
 * `[not in the sources]` (S0 Arts. 25, 28 name the archives, not the years).
 */
export interface RetentionRule {
  title: Text;
  /** counted from when */
  from: Text;
  /** a whole number of years or of days */
  keep: { years: number } | { days: number };
  /** ARCHIVE: stays in the store, handed to the archive department as an evidence bundle; DELETE: the row goes */
  then: 'ARCHIVE' | 'DELETE';
  basis: string;
}

const NOT_IN_SOURCES = '[not in the sources]';

export const RETENTION = {
  CASE_FILE: {
    title: { zh: '业务档案（案件、日志、材料、文书）', en: 'case files with log, documents and papers' },
    from: { zh: '办结', en: 'the end of the case' },
    keep: { years: 30 },
    then: 'ARCHIVE',
    basis: `S0 Art. 28; ${NOT_IN_SOURCES}`,
  },
  ACCESS_LOG: {
    title: { zh: '访问日志', en: 'access log' },
    from: { zh: '访问', en: 'the access' },
    keep: { days: 1095 },
    then: 'ARCHIVE',
    basis: `网络安全法第二十三条（不少于六个月）; ${NOT_IN_SOURCES}`,
  },
  DIGEST: {
    title: { zh: '每日提醒消息', en: 'messages of the daily digest' },
    from: { zh: '生成', en: 'their writing' },
    keep: { days: 365 },
    then: 'DELETE',
    basis: NOT_IN_SOURCES,
  },
  UNUSED_DOCUMENT: {
    title: { zh: '已上传但未随业务提交的材料', en: 'documents uploaded and never handed in' },
    from: { zh: '上传', en: 'the upload' },
    keep: { days: 30 },
    then: 'DELETE',
    basis: `个人信息保护法第十九条; ${NOT_IN_SOURCES}`,
  },
  SESSION: {
    title: { zh: '登录会话', en: 'sessions' },
    from: { zh: '结束', en: 'their end' },
    keep: { days: 365 },
    then: 'DELETE',
    basis: `网络安全法第二十三条; ${NOT_IN_SOURCES}`,
  },
} as const satisfies Record<string, RetentionRule>;
export type RecordKind = keyof typeof RETENTION;

/** What the law asks of network logs at least: no rule about them goes below. */
export const LEAST_LOG_DAYS = 180;

/** Cybersecurity Law Art. 23(3). */
export const LOGS: readonly RecordKind[] = ['ACCESS_LOG', 'SESSION'];

/** The day before which records are older than their rule, counted back from today, Asia/Shanghai. */
export function keptFrom({ keep }: RetentionRule, today: PlainDate): PlainDate {
  return 'days' in keep ? addDays(today, -keep.days) : addMonths(today, -12 * keep.years);
}
