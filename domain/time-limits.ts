/**
 * Every time limit a process can run by, as data (`deadlines.md` §1). The counting is in `deadline.ts`. Start events marked
 * `[not in the sources]` there are inferences an agency may change here. S0 ran nominally to 2023-12-31; its limits stay in
 * use until they are replaced, so no row has an `effectiveTo`.
 */
import type { TimeLimit } from './limit.ts';
import type { PlainDate } from './plain-date.ts';

const S0_FROM = '2019-01-01' as PlainDate;
const S2_FROM = '2022-01-28' as PlainDate;

/** A limit of working days never ends on a non-working day (C2), so its policy is never asked. */
const workingDays = { unit: 'WORKING_DAY', direction: 'FORWARD', nonWorkingDayPolicy: 'NEXT_WORKING_DAY' } as const;
/** C9: the monthly dates are chained 5 → 10 → 20 → 24/25 → month end and therefore kept on non-working days. */
const dayOfMonth = { unit: 'DAY_OF_MONTH', direction: 'FORWARD', nonWorkingDayPolicy: 'KEEP' } as const;
/** C5. */
const months = { unit: 'MONTH', direction: 'FORWARD', nonWorkingDayPolicy: 'NEXT_WORKING_DAY' } as const;

/** C10: the last calendar day, whatever day of the week it is. */
const monthEnd = { limit: 0, unit: 'MONTH_END', direction: 'FORWARD', nonWorkingDayPolicy: 'KEEP' } as const;

export const TIME_LIMITS = {
  // P08 special groups. 9月中旬前 is read as no later than the 10th: 中旬 begins with the 11th `[not in the sources]`.
  'DL-01': {
    id: 'DL-01',
    limit: 10,
    month: 9,
    ...dayOfMonth,
    startEvent: { zh: '每年9月', en: 'September of each year' },
    article: 'S0 Art. 9(二)',
    effectiveFrom: S0_FROM,
  },
  // P01 chronic-disease approval
  'DL-03': {
    id: 'DL-03',
    limit: 1,
    unit: 'YEAR',
    direction: 'BACKWARD',
    startEvent: { zh: '申请日期', en: 'the application' },
    nonWorkingDayPolicy: 'KEEP',
    article: 'S0 Art. 11(三)',
    effectiveFrom: S0_FROM,
  },
  // P15, P16 monthly clearing
  'DL-04': {
    id: 'DL-04',
    limit: 10,
    ...dayOfMonth,
    startEvent: { zh: '每月', en: 'each month' },
    article: 'S0 Art. 13(一)',
    effectiveFrom: S0_FROM,
  },
  'DL-05': {
    id: 'DL-05',
    limit: 20,
    ...dayOfMonth,
    startEvent: { zh: '每月', en: 'each month' },
    article: 'S0 Art. 13(一)',
    effectiveFrom: S0_FROM,
  },
  'DL-06': {
    id: 'DL-06',
    limit: 25,
    ...dayOfMonth,
    startEvent: { zh: '每月', en: 'each month' },
    article: 'S0 Arts. 13(一), 19(一)',
    effectiveFrom: S0_FROM,
  },
  'DL-07': {
    id: 'DL-07',
    limit: 24,
    ...dayOfMonth,
    startEvent: { zh: '每月', en: 'each month' },
    article: 'S0 Art. 13(二)',
    effectiveFrom: S0_FROM,
  },
  // P03 manual reimbursement
  'DL-08': {
    id: 'DL-08',
    limit: 5,
    ...workingDays,
    startEvent: { zh: '收到申请材料', en: 'receiving the application material' },
    article: 'S0 Art. 15',
    effectiveFrom: S0_FROM,
  },
  'DL-09': {
    id: 'DL-09',
    limit: 5,
    ...workingDays,
    startEvent: { zh: '录入上报县区', en: 'submission to the county' },
    article: 'S0 Art. 15',
    effectiveFrom: S0_FROM,
  },
  'DL-10': {
    id: 'DL-10',
    limit: 5,
    ...workingDays,
    startEvent: { zh: '上报市级', en: 'submission to the city' },
    article: 'S0 Art. 15',
    effectiveFrom: S0_FROM,
  },
  // The total of DL-08–10; it ends when the payment list is printed, not with the payment.
  'DL-11': {
    id: 'DL-11',
    limit: 15,
    ...workingDays,
    startEvent: { zh: '收到申请材料', en: 'receiving the application material' },
    article: 'S0 Art. 15',
    effectiveFrom: S0_FROM,
  },
  // P17 payment run. DL-12 is the cut-off day: handed over after the 25th, paid in the following month.
  'DL-13': {
    id: 'DL-13',
    limit: 0,
    unit: 'MONTH_END',
    direction: 'FORWARD',
    startEvent: { zh: '移交财务科', en: 'hand-over to the finance department' },
    nonWorkingDayPolicy: 'KEEP',
    cutOffDay: 25,
    article: 'S0 Art. 19(一)',
    effectiveFrom: S0_FROM,
  },
  'DL-14': {
    id: 'DL-14',
    limit: 1,
    ...workingDays,
    startEvent: { zh: '拨付(行内)', en: 'payment, same bank' },
    article: 'S0 Art. 19(一)',
    effectiveFrom: S0_FROM,
  },
  'DL-15': {
    id: 'DL-15',
    limit: 3,
    ...workingDays,
    startEvent: { zh: '拨付(跨行)', en: 'payment, other bank' },
    article: 'S0 Art. 19(一)',
    effectiveFrom: S0_FROM,
  },
  // P16: the payment instruction to the provincial platform, in-province cases
  'DL-16': {
    id: 'DL-16',
    ...monthEnd,
    startEvent: { zh: '每月', en: 'each month' },
    article: 'S0 Art. 19(二)',
    effectiveFrom: S0_FROM,
  },
  // P18 fund request
  'DL-19': {
    id: 'DL-19',
    limit: 5,
    ...dayOfMonth,
    startEvent: { zh: '每月', en: 'each month' },
    article: 'S0 Art. 19',
    effectiveFrom: S0_FROM,
  },
  'DL-20': {
    id: 'DL-20',
    limit: 5,
    ...workingDays,
    startEvent: { zh: '收到请拨申请', en: 'receipt of the request' },
    article: 'S0 Art. 19',
    effectiveFrom: S0_FROM,
  },
  // P19: the summary of contributions received is generated and booked
  'DL-22': {
    id: 'DL-22',
    ...monthEnd,
    startEvent: { zh: '每月', en: 'each month' },
    article: 'S0 Art. 18',
    effectiveFrom: S0_FROM,
  },
  // P04 audit: 日 are calendar days, 工作日 working days in one and the same article.
  'DL-30': {
    id: 'DL-30',
    limit: 3,
    unit: 'CALENDAR_DAY',
    direction: 'BACKWARD',
    startEvent: { zh: '稽核开始', en: 'start of the audit' },
    nonWorkingDayPolicy: 'PREVIOUS_WORKING_DAY',
    article: 'S0 Art. 26(二)1',
    effectiveFrom: S0_FROM,
  },
  'DL-31': {
    id: 'DL-31',
    limit: 5,
    ...workingDays,
    startEvent: { zh: '稽核结束', en: 'end of the audit' },
    article: 'S0 Art. 26(二)4',
    effectiveFrom: S0_FROM,
  },
  'DL-32': {
    id: 'DL-32',
    limit: 10,
    ...workingDays,
    startEvent: { zh: '稽核结束', en: 'end of the audit' },
    article: 'S0 Art. 26(二)5',
    effectiveFrom: S0_FROM,
  },
  'DL-33': {
    id: 'DL-33',
    limit: 0,
    unit: 'DATE',
    direction: 'FORWARD',
    startEvent: { zh: '送达稽核意见书', en: 'service of the audit opinion' },
    nonWorkingDayPolicy: 'KEEP',
    article: 'S0 Art. 26(二)5',
    effectiveFrom: S0_FROM,
  },
  // P03 newborns
  'DL-36': {
    id: 'DL-36',
    limit: 3,
    ...months,
    startEvent: { zh: '出生', en: 'birth' },
    article: 'S0 Art. 14(七)2',
    effectiveFrom: S0_FROM,
  },
  'DL-37': {
    id: 'DL-37',
    limit: 0,
    unit: 'YEAR_END',
    direction: 'FORWARD',
    startEvent: { zh: '出生', en: 'birth' },
    nonWorkingDayPolicy: 'KEEP',
    article: 'S0 Art. 14(七)1',
    effectiveFrom: S0_FROM,
  },
  // P30 suspicious records
  'DL-57': {
    id: 'DL-57',
    limit: 3,
    ...months,
    startEvent: { zh: '收到材料', en: 'receipt of the material' },
    article: 'S2 §三(三)',
    effectiveFrom: S2_FROM,
  },
} as const satisfies Record<string, TimeLimit>;

export type LimitId = keyof typeof TIME_LIMITS;

/** The row of a limit; its id is the key, so a misspelt limit doesn't compile. */
export const timeLimit = (id: LimitId): TimeLimit => TIME_LIMITS[id];

/** Which row counts for an id: `timeLimit`, or what a rehearsal tries instead. */
export type LimitTable = (id: LimitId) => TimeLimit;

export type LimitLengths = Partial<Record<LimitId, number>>;

/** The table with other lengths: what would happen if a limit were shorter or longer? For rehearsals only. */
export const withLengths =
  (lengths: LimitLengths): LimitTable =>
  (id) => ({ ...TIME_LIMITS[id], limit: lengths[id] ?? TIME_LIMITS[id].limit });

/** Thresholds the sources do not give; an agency changes them here and nowhere else. `[not in the sources]` */
export const settings = {
  /** A stage without a limit counts as stuck when nothing has happened for so long (processes.md 0.2-11). */
  STUCK_WORKING_DAYS: 5,
  /** The same for out-of-area filings, where a patient waits to be admitted elsewhere (P02). */
  OUT_OF_AREA_STUCK_WORKING_DAYS: 2,
  /** How long an applicant has for a correction before the case shows as stuck (0.2-6). */
  CORRECTION_WINDOW_CALENDAR_DAYS: 30,
  /** A suspension the agency records may have begun at most so long before the day it is entered. */
  SUSPENSION_ENTRY_CALENDAR_DAYS: 7,
  /** A payment the bank fed back as failed must be repaired in this time or shows as stuck (0.2-11). */
  PAYMENT_REPAIR_WORKING_DAYS: 5,
} as const;
