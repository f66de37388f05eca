/**
 * Duties that come back every month or year, as data: who holds them, by when they are done, when they are opened. The
 * due rule is the limit's row in `time-limits.ts`, its counting `deadline.ts`'s (C9, C10); here is only which days they are.
 */
import type { Calendar } from './calendar.ts';
import type { OrgLevel, Role, Text } from './case.ts';
import { stableHash } from './clock.ts';
import { dueDate, workingDaysAfter } from './deadline.ts';
import type { DutyAgendaItem, DutyDates, DutyHolder } from './duty.ts';
import { isAbove, ladderOf, type Rung } from './ladder.ts';
import { addDays, addMonths, onDayOfMonth, startOfDay, type PlainDate } from './plain-date.ts';
import { TIME_LIMITS, timeLimit, type LimitId } from './time-limits.ts';

export interface DutyRule {
  limitId: LimitId;
  title: Text;
  /** every designated hospital, every county office, or every city office holds one of its own */
  holder: 'HOSPITAL' | 'COUNTY' | 'CITY';
  /** may record it as done; the first answers for it and is the one who is told */
  roles: readonly [Role, ...Role[]];
  every: 'MONTH' | 'YEAR';
  /** the day it is opened: of the month it is due in, or of the month before */
  opens: { monthsBefore: 0 | 1; day: number };
}

/**
 * When a duty is opened is `[not in the sources]`. It must lie before the earliest reminder, which is the last working day on
 * or before the due day: the longest break there has been was 17 days (Guangdong, Spring Festival 2020), so every duty is
 * open at least 18 days ahead, and no earlier than needed, so that an office sees one period of each duty at a time.
 */
export const LONGEST_BREAK_DAYS = 17;
const MIDDLE_OF_MONTH_BEFORE = { monthsBefore: 1, day: 15 } as const;
const FIRST_OF_MONTH_BEFORE = { monthsBefore: 1, day: 1 } as const;
const FIRST_OF_MONTH = { monthsBefore: 0, day: 1 } as const;
/** Hour of the opening, Asia/Shanghai: after midnight's deadline effects, before the office begins. */
export const OPENING_HOUR = 5;

/** In the order of their days. Which role stands for a department is `[not in the sources]` where the article names none. */
export const DUTIES = {
  'DL-19': {
    limitId: 'DL-19',
    title: { zh: '申报请拨上月实际支付的待遇', en: 'request the funds for last month’s actual payments' },
    holder: 'CITY',
    roles: ['CITY_FINANCE_CLERK', 'CITY_FINANCE_REVIEWER'],
    every: 'MONTH',
    opens: MIDDLE_OF_MONTH_BEFORE,
  },
  'DL-04': {
    limitId: 'DL-04',
    title: {
      zh: '报送清算申请和人员分类汇总表',
      en: 'submit the clearing application and the summary by kind of person',
    },
    holder: 'HOSPITAL',
    // The hospital's settlement clerk has no account of his own; medical affairs is the nearest role there is.
    roles: ['HOSPITAL_MEDICAL_AFFAIRS'],
    every: 'MONTH',
    opens: MIDDLE_OF_MONTH_BEFORE,
  },
  'DL-05': {
    limitId: 'DL-05',
    title: {
      zh: '医疗机构清算经初审、复审、审批后上报市级',
      en: 'review the hospitals’ clearing three times and submit it',
    },
    holder: 'COUNTY',
    roles: ['COUNTY_APPROVER'],
    every: 'MONTH',
    opens: FIRST_OF_MONTH,
  },
  'DL-07': {
    limitId: 'DL-07',
    title: { zh: '异地就医拨付表移交财务科', en: 'hand the out-of-area payment table to finance' },
    holder: 'CITY',
    roles: ['CITY_MEDICAL_CLERK', 'CITY_MEDICAL_REVIEWER'],
    every: 'MONTH',
    opens: FIRST_OF_MONTH,
  },
  'DL-06': {
    limitId: 'DL-06',
    title: { zh: '审批后的全市汇总单据移交财务科', en: 'hand the approved city summary to finance' },
    holder: 'CITY',
    roles: ['CITY_MEDICAL_CLERK', 'CITY_MEDICAL_REVIEWER'],
    every: 'MONTH',
    opens: FIRST_OF_MONTH,
  },
  'DL-13': {
    limitId: 'DL-13',
    title: { zh: '制单、审核、复审、拨付', en: 'make out, check, recheck and pay' },
    holder: 'CITY',
    roles: ['CITY_FINANCE_PAYER'],
    every: 'MONTH',
    opens: FIRST_OF_MONTH,
  },
  'DL-16': {
    limitId: 'DL-16',
    title: { zh: '向省结算平台发送拨付指令', en: 'send the payment instruction to the provincial platform' },
    holder: 'CITY',
    roles: ['CITY_FINANCE_PAYER'],
    every: 'MONTH',
    opens: FIRST_OF_MONTH,
  },
  'DL-22': {
    limitId: 'DL-22',
    title: { zh: '生成缴费收入到账汇总表并记账', en: 'generate and book the contribution receipt summary' },
    holder: 'CITY',
    roles: ['CITY_FINANCE_CLERK', 'CITY_FINANCE_REVIEWER'],
    every: 'MONTH',
    opens: FIRST_OF_MONTH,
  },
  'DL-01': {
    limitId: 'DL-01',
    title: { zh: '生成特殊人群托收单', en: 'generate the collection slip for special groups' },
    holder: 'COUNTY',
    roles: ['COUNTY_ENROLMENT_CLERK'],
    every: 'YEAR',
    opens: FIRST_OF_MONTH_BEFORE,
  },
} as const satisfies Partial<Record<LimitId, DutyRule>>;

export type DutyLimitId = keyof typeof DUTIES;
export const DUTY_LIMITS = Object.keys(DUTIES) as DutyLimitId[];
export const dutyRule = (id: DutyLimitId): DutyRule => DUTIES[id];
export const isDutyLimit = (id: string): id is DutyLimitId => Object.hasOwn(DUTIES, id);

/** 'YYYY-MM' of a monthly duty, 'YYYY' of a yearly one: the month or year in which it is due. */
export type Period = string;

/** The first day of the month a period is due in: the day its limit is counted from. */
export const startOfPeriod = (rule: DutyRule, period: Period): PlainDate =>
  (rule.every === 'MONTH' ? `${period}-01` : `${period}-${dueMonth(rule)}-01`) as PlainDate;

const dueMonth = ({ limitId }: DutyRule): string => String(timeLimit(limitId).month ?? 1).padStart(2, '0');

export const opensOn = (rule: DutyRule, period: Period): PlainDate =>
  onDayOfMonth(addMonths(startOfPeriod(rule, period), -rule.opens.monthsBefore), rule.opens.day);

const periodWith = (rule: DutyRule, day: PlainDate): Period => day.slice(0, rule.every === 'MONTH' ? 7 : 4);

export const nextPeriod = (rule: DutyRule, period: Period, by: 1 | -1 = 1): Period =>
  periodWith(rule, addMonths(startOfPeriod(rule, period), rule.every === 'MONTH' ? by : 12 * by));

/** The period whose opening is the last one on or before a day. */
export function periodOpenedBy(rule: DutyRule, day: PlainDate): Period {
  const period = periodWith(rule, addMonths(onDayOfMonth(day, 1), rule.opens.monthsBefore));
  return opensOn(rule, period) <= day ? period : nextPeriod(rule, period, -1);
}

/**
 * Which periods a holder is to be given, now that those up to `through` are open. All that were missed since his last one; a
 * holder without any is new and begins with what he can still do in time `[not in the sources]`. `through` itself whatever
 * happens, when its opening was asked for by name (`always`).
 */
export function periodsToOpen(
  rule: DutyRule,
  asked: { last: Period | undefined; through: Period; always: boolean; today: PlainDate },
  calendar: Calendar,
): Period[] {
  const { last, through, always, today } = asked;
  const periods: Period[] = [];
  for (let period = last === undefined ? through : nextPeriod(rule, last); period <= through;) {
    if (last !== undefined || dutyDates(rule, period, calendar).dueOn >= today) periods.push(period);
    period = nextPeriod(rule, period);
  }
  return always && !periods.includes(through) ? [...periods, through] : periods;
}

/** Due day, reminder and target of a period. The day is kept (C9, C10), so only the other two can hang on the calendar. */
export function dutyDates(rule: DutyRule, period: Period, calendar: Calendar): DutyDates {
  const startOn = startOfPeriod(rule, period);
  const { dueOn, reminderOn, targetOn, provisional, calendarEdition } = dueDate(
    TIME_LIMITS[rule.limitId],
    startOn,
    calendar,
  );
  const certain = !provisional && calendar.isCovered(dueOn) && calendar.isCovered(reminderOn);
  return { startOn, dueOn, reminderOn, targetOn, provisional: !certain, calendarEdition };
}

/** What makes the agenda of one duty. */
export interface DutyClock {
  limitId: DutyLimitId;
  period: Period;
  holder: DutyHolder;
  dates: DutyDates;
  /** the day it was really opened: after the due day there is nothing to remind of */
  openedOn: PlainDate;
  fired: ReadonlySet<string>;
  spreadSeconds: number;
}

/** The rungs that are still to come, soonest first, each with the instant it is due and a key that happens once. */
export function dutyAgenda(clock: DutyClock, calendar: Calendar): DutyAgendaItem[] {
  const { limitId, period, holder, dates, fired, spreadSeconds } = clock;
  const jitterMs = stableHash(`${limitId}-${holder.id}-${period}`) % Math.max(1, spreadSeconds * 1000);
  return ladderOf(limitId)
    .flatMap((rung): DutyAgendaItem[] => {
      const day = dayOfRung(rung, clock, calendar);
      const key = `${rung.kind === 'ESCALATION' ? `ESCALATION:${rung.to}` : rung.kind}:${dates.dueOn}`;
      return day && !fired.has(key) ? [{ kind: rung.kind, to: rung.to, key, at: startOfDay(day) + jitterMs }] : [];
    })
    .sort((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1));
}

function dayOfRung(
  { kind, to, workingDaysLate }: Rung,
  { dates: { dueOn, reminderOn }, openedOn, holder }: DutyClock,
  calendar: Calendar,
): PlainDate | undefined {
  switch (kind) {
    case 'REMINDER':
      return openedOn <= dueOn ? reminderOn : undefined;
    case 'DUE':
      return openedOn <= dueOn && reminderOn !== dueOn ? dueOn : undefined;
    case 'LIMIT_PASSED':
      return addDays(dueOn, 1);
    case 'ESCALATION':
      return isAbove(to, levelOf(holder)) ? workingDaysAfter(dueOn, workingDaysLate ?? 1, calendar) : undefined;
  }
}

const levelOf = ({ kind }: DutyHolder): OrgLevel | undefined => (kind === 'HOSPITAL' ? undefined : kind);
