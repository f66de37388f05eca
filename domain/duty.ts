import type { LogMark, RefusedTurn, User } from './case.ts';
import type { DutyLimitId } from './duties.ts';
import type { Rung, RungAddressee } from './ladder.ts';
import { permitted } from './permissions/permitted.ts';
import type { PlainDate } from './plain-date.ts';
import { Refusal } from './refusal.ts';

/** One duty of one holder in one period: its words, shared by procedure, store and API, and who may record it as done. */

/** Who holds a duty, and who stands above: a hospital of a county, an office of the county or of the city. */
export interface DutyHolder {
  kind: 'HOSPITAL' | 'COUNTY' | 'CITY';
  /** provider or office */
  id: string;
  countyId?: string;
  cityId: string;
}

export interface DutyDates {
  /** the day its limit is counted from, for `GET /deadlines/preview` */
  startOn: PlainDate;
  dueOn: PlainDate;
  reminderOn: PlainDate;
  targetOn: PlainDate;
  /** C12: reminder and target lie where no edition covers the days; the due day itself is kept */
  provisional: boolean;
  calendarEdition: string;
}

/** A rung of the duty's ladder that is still to come. */
export interface DutyAgendaItem {
  kind: Rung['kind'];
  to: RungAddressee;
  /** unique within the duty: the store takes each key once */
  key: string;
  /** epoch ms on the clock of the duty, already spread */
  at: number;
}

export const DUTY_EVENTS = {
  OPENED: { zh: '生成', en: 'opened' },
  REMINDER: { zh: '提醒', en: 'reminder' },
  DUE: { zh: '到期', en: 'due today' },
  LIMIT_PASSED: { zh: '逾期', en: 'overdue' },
  ESCALATION: { zh: '逐级上报', en: 'escalated' },
  RECOUNTED: { zh: '日历变更，重新推算', en: 'counted again with another calendar' },
  DONE: { zh: '完成', en: 'done' },
} as const;
export type DutyEventKind = keyof typeof DUTY_EVENTS;

/** What the store knows after each step, and what the duty's clock will do next. */
export interface DutyState {
  version: number;
  doneOn?: PlainDate;
  agenda: DutyAgendaItem[];
}

/** A duty that is in the store and may begin: the argument of its procedure. */
export interface OpenedDuty extends DutyStanding {
  dutyId: string;
  state: DutyState;
  /** duty clock minus engine clock in ms: 0 but for rehearsals that play on another date */
  clockAheadMs: number;
  /** where the log of the duty stood */
  log?: LogMark;
}

/** What a rule looks at when it says whether somebody may record the duty as done. */
export interface DutyStanding {
  limitId: DutyLimitId;
  holder: DutyHolder;
  /** the day it was to be opened: it cannot have been done before */
  opensOn: PlainDate;
  doneOn?: PlainDate;
}

export interface MarkDone {
  user: User;
  doneOn: PlainDate;
  note?: string;
  key: string;
  requestHash: string;
}

/** One step of a duty: a rung of its ladder, a calendar that changed, or a person who has done it. */
export type DutyStep = { dutyId: string; /** epoch ms, the duty's clock */ at: number } & (
  { kind: 'RUNG'; item: DutyAgendaItem } | { kind: 'RECOUNT' } | { kind: 'DONE'; request: MarkDone }
);
export type DutyStepResult = {
  state: DutyState;
  refused?: RefusedTurn;
  /** where the log of the duty stood; missing in steps of earlier programs */
  log?: LogMark;
};

/** Asks for a period's duties to be opened, named by an instant of its opening. */
export interface Opening {
  limitId: DutyLimitId;
  /** epoch ms: the nominal time of the schedule */
  nominalAt: number;
  /** epoch ms: now */
  at: number;
}

export interface DutyActivities {
  dutyStep(step: DutyStep): Promise<DutyStepResult>;
  /** answers how many duties were new */
  openDuties(opening: Opening): Promise<number>;
}

/** The duty's roles at the holder's own place; a manager is told of it but does not do it. */
export const mayMarkDone = (duty: DutyStanding, user: User): boolean => permitted(user, 'MARK_DUTY_DONE', { duty });

/** Throws the refusal, if there is one; API, validator and store ask the same question. */
export function checkDone(duty: DutyStanding, { user, doneOn }: MarkDone, today: PlainDate): void {
  if (!mayMarkDone(duty, user)) throw new Refusal('NOT_PERMITTED');
  if (duty.doneOn) throw new Refusal('DUTY_DONE');
  if (doneOn > today)
    throw new Refusal('DATE_IN_FUTURE', [{ path: 'doneOn', zh: `今天是${today}`, en: `today is ${today}` }]);
  if (doneOn < duty.opensOn) {
    const fault = { path: 'doneOn', zh: `该事项自${duty.opensOn}起办理`, en: `the duty begins on ${duty.opensOn}` };
    throw new Refusal('DATE_OUT_OF_RANGE', [fault]);
  }
}
