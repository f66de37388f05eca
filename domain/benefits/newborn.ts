/**
 * From when to when a newborn's inpatient cost is covered (S0 Art. 14(七), benefit-rules.md §7). A line belongs to the
 * period by its day of service; a stay over New Year is split by it.
 */
import type { Calendar } from '../calendar.ts';
import type { Text } from '../case.ts';
import type { PlainDate } from '../plain-date.ts';
import type { NewbornClaim } from './types.ts';
import { dueDate } from '../deadline.ts';
import { yearEnd } from '../plain-date.ts';
import { TIME_LIMITS } from '../time-limits.ts';

export type NewbornCoverage = { article: string; why: Text } & (
  { covered: true; from: PlainDate; to: PlainDate } | { covered: false }
);

/** The covered days, both ends included, or why there are none. */
export const newbornCoverage = (newborn: NewbornClaim, calendar: Calendar): NewbornCoverage =>
  newborn.route === 'WITH_PARENT' ? withParent(newborn) : enrolled(newborn, calendar);

export const isCovered = (coverage: NewbornCoverage, servedOn: PlainDate): boolean =>
  coverage.covered && coverage.from <= servedOn && servedOn <= coverage.to;

/** DL-37: the calendar year of birth, if father or mother was insured when the child was born. */
function withParent({ bornOn, parentInsuredAtBirth }: NewbornClaim): NewbornCoverage {
  const article = 'S0 Art. 14(七)1';
  if (!parentInsuredAtBirth) {
    return {
      article,
      covered: false,
      why: {
        zh: '出生时父母均未参加本市基本医疗保险',
        en: 'neither parent was insured in this city when the child was born',
      },
    };
  }
  const to = yearEnd(bornOn);
  return {
    article,
    covered: true,
    from: bornOn,
    to,
    why: {
      zh: `随父母享受出生自然年度（${bornOn} 至 ${to}）内的住院待遇`,
      en: `covered with the parent in the calendar year of birth, ${bornOn} to ${to}`,
    },
  };
}

/** DL-36: registered and enrolled within three months; then from birth until enrolment, that day included. */
function enrolled({ bornOn, householdRegisteredOn, enrolledOn }: NewbornClaim, calendar: Calendar): NewbornCoverage {
  const article = 'S0 Art. 14(七)2';
  const { dueOn } = dueDate(TIME_LIMITS['DL-36'], bornOn, calendar);
  if (!householdRegisteredOn || !enrolledOn) {
    return {
      article,
      covered: false,
      why: { zh: '尚未入户并参保', en: 'the child is not both registered in a household and enrolled' },
    };
  }
  if (householdRegisteredOn > dueOn || enrolledOn > dueOn) {
    return {
      article,
      covered: false,
      why: {
        zh: `入户、参保须在 ${dueOn} 前（含当日）办理，已超过三个月`,
        en: `registration and enrolment were possible until ${dueOn}; later than three months after birth`,
      },
    };
  }
  return {
    article,
    covered: true,
    from: bornOn,
    to: enrolledOn,
    why: {
      zh: `三个月内（至 ${dueOn}）入户参保，出生至参保（${bornOn} 至 ${enrolledOn}）的住院费用`,
      en: `registered and enrolled within three months (until ${dueOn}): cost from birth until enrolment, ${bornOn} to ${enrolledOn}`,
    },
  };
}
