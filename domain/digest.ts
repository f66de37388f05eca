import type { Text } from './case.ts';
import type { DutyEventKind } from './duty.ts';
import type { PlainDate } from './plain-date.ts';

/**
 * The daily digest: what one person has to know this morning. It leaves the system, so nothing in it says whom a case is about:
 * no name, no ID number, no diagnosis, no free text.
 */
export interface Digest {
  /** today, and the next working day, both Asia/Shanghai */
  day: PlainDate;
  nextWorkingDay: PlainDate;
  /** at most `SHOWN` of each; the totals count all */
  overdue: Pile<DueCase>;
  dueToday: Pile<DueCase>;
  dueNext: Pile<DueCase>;
  /** of a manager's area */
  stuck: Pile<StuckInArea>;
  /** to my office, my roles and myself since my last digest */
  notices: Pile<NoticeLine>;
  duties: DutyDigest;
}

/** What comes back every month or year, apart from the cases: it has no acceptance number and its due day is never uncertain. */
export interface DutyDigest {
  /** of my place, for one of my roles to do, and not done */
  overdue: Pile<DueDuty>;
  dueToday: Pile<DueDuty>;
  dueNext: Pile<DueDuty>;
  /** what I was told since my last digest of duties that are in none of the above: a manager's escalations */
  told: Pile<DutyNoticeLine>;
}

export interface Pile<Line> {
  total: number;
  items: Line[];
}

/** Enough for a morning; whoever has more opens the desk. */
export const SHOWN = 30;

export interface CaseLine {
  acceptanceNo: string;
  processType: string;
  processTitle: Text;
  stage: string;
  stageTitle: Text;
}

export interface DueCase extends CaseLine {
  clock: 'STAGE' | 'TOTAL';
  limitId: string;
  dueOn: PlainDate;
  /** counted into a year whose holidays are not announced (C12) */
  provisional: boolean;
  /** in the limit's unit (C11) */
  daysLate: number;
}

export interface StuckInArea extends CaseLine {
  since: PlainDate;
}

export interface NoticeLine extends CaseLine {
  kind: string;
  title: Text;
  dueOn: PlainDate | null;
}

export interface DutyLine {
  dutyId: string;
  limitId: string;
  title: Text;
  period: string;
  dueOn: PlainDate;
  /** in the limit's unit, as of today or of the day it was done */
  daysLate: number;
}

export interface DueDuty extends DutyLine {
  /** the reminder is still to come and may move, since no calendar covers its days (C12); the due day does not */
  provisional: boolean;
}

export interface DutyNoticeLine extends DutyLine {
  kind: DutyEventKind;
  /** the office or hospital that holds it, which is not the reader's */
  holder: string;
  doneOn: PlainDate | null;
}

/** What a notice is about; its content, which may name people, stays in the system. */
export const NOTICE_TITLES: Readonly<Record<string, Text>> = {
  REMINDER: { zh: '时限将至', en: 'limit is near' },
  DUE: { zh: '今日到期', en: 'due' },
  ESCALATED_LIMIT_PASSED: { zh: '逾期督办', en: 'limit passed' },
  ESCALATED_TO_COUNTY: { zh: '逾期上报县区', en: 'escalated to the county' },
  ESCALATED_TO_CITY: { zh: '逾期上报市级', en: 'escalated to the city' },
  ESCALATED_STUCK: { zh: '滞留督办', en: 'nothing has happened for days' },
  ESCALATED_CORRECTION_WINDOW_PASSED: { zh: '补正期限已过', en: 'correction window passed' },
  ESCALATED_REPAIR_WINDOW_PASSED: { zh: '支付失败逾期未处理', en: 'failed payment not repaired' },
  CORRECTION_REMINDER: { zh: '请按期补正材料', en: 'correction is due' },
  RETURNED: { zh: '退回补正,请登录查看原因', en: 'returned for correction; log in to see why' },
  REJECTED: { zh: '不予通过,请登录查看原因', en: 'not approved; log in to see why' },
};
export const OTHER_NOTICE: Text = { zh: '有新通知,请登录查看', en: 'a notice; log in to read it' };

/** Whether there is anything to say: a person with nothing gets no digest. */
export function saysSomething({ overdue, dueToday, dueNext, stuck, notices, duties }: Digest): boolean {
  const ofDuties = [duties.overdue, duties.dueToday, duties.dueNext, duties.told];
  return [overdue, dueToday, dueNext, stuck, notices, ...ofDuties].some(({ total }) => total > 0);
}

/** What the procedures of digest and outbox have done. */
export interface DigestActivities {
  /** writes the digests of at most one batch of persons after `after`; undefined when that was everybody, or no working day */
  writeDigests(batch: DigestBatch): Promise<string | undefined>;
  /** sends what is pending, at most one batch; true when more is waiting */
  sendOutbox(): Promise<boolean>;
}

export interface DigestBatch {
  day: PlainDate;
  /** staff id of the last person of the batch before; '' at first */
  after: string;
}
