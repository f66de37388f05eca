import type { Calendar } from './calendar.ts';
import type { SuspensionPeriod } from './deadline.ts';
import { addDays, type PlainDate } from './plain-date.ts';

/**
 * Whose days were used: a term of many offices (5 + 5 + 5 within 15) split day by day among those that held the case.
 * Pure arithmetic on facts; it blames nobody and decides nothing.
 *
 * - Who holds a day: the office on whose desk the case lay when the day began. The day of a hand-over belongs to whoever
 *   hands over, since the next office's day 1 is the day after (C1); of several hand-overs on one day, to the first of them.
 * - Days before the first desk took the case up belong to it: the material lay there from the day it was received.
 * - A return (C8) gives the lower office a fresh limit of its own and leaves the total running: what the loop takes is
 *   attributed day by day like everything else.
 */

/** One time the case passed through a stage. */
export interface StagePass {
  seq: number;
  stage: string;
  officeId: string | null;
  /** place of its stage in the procedure: leaving for a later one hands up, for an earlier one returns */
  rank: number;
  openedOn: PlainDate;
  /** missing while it lies there */
  closedOn?: PlainDate;
  /** start of its own limit */
  startOn: PlainDate;
  /** working days of its own limit with what was granted on top; missing where no limit in working days runs */
  allotted?: number;
}

/** The total limit; `until` is the day it ended, else today. */
export interface Term {
  startOn: PlainDate;
  /** working days, with what was granted on top */
  limit: number;
  until: PlainDate;
}

/** A working day on which the total ran. `late`: after the due day. */
export interface TermDay {
  day: PlainDate;
  n: number;
  late: boolean;
  /** the pass that held the case */
  seq: number;
}

/** All in working days. `used + paused` is what lay between its start and its end. */
export interface PassUse {
  seq: number;
  allotted?: number;
  used: number;
  /** the clock stood still while it was there */
  paused: number;
  left: 'UP' | 'BACK' | 'ENDED' | 'OPEN';
  /** what it left of its own days when it handed up; negative when it took more. Missing otherwise. */
  passedOn?: number;
  /** days of the total it held the case, and those of them after the total's due day; missing without a total */
  ofTerm?: number;
  lateOfTerm?: number;
}

export interface CaseToSplit {
  passes: readonly StagePass[];
  term?: Term;
  calendar: Calendar;
  suspensions: readonly SuspensionPeriod[];
  today: PlainDate;
}

export interface TermUse {
  passes: PassUse[];
  /** empty without a total */
  termDays: TermDay[];
}

export function useOfTerm({ passes, term, calendar, suspensions, today }: CaseToSplit): TermUse {
  const clock = { calendar, suspensions };
  const termDays = term && passes.length > 0 ? splitTerm(passes, term, clock) : [];
  const uses = passes.map((pass, i): PassUse => {
    const next = passes[i + 1];
    const { used, paused } = daysOf(pass.startOn, pass.closedOn ?? today, clock);
    const left = pass.closedOn === undefined ? 'OPEN' : !next ? 'ENDED' : next.rank > pass.rank ? 'UP' : 'BACK';
    const held = termDays.filter((each) => each.seq === pass.seq);
    return {
      seq: pass.seq,
      ...(pass.allotted === undefined ? {} : { allotted: pass.allotted }),
      used,
      paused,
      left,
      ...(left === 'UP' && pass.allotted !== undefined ? { passedOn: pass.allotted - used } : {}),
      ...(term ? { ofTerm: held.length, lateOfTerm: held.filter((each) => each.late).length } : {}),
    };
  });
  return { passes: uses, termDays };
}

interface Clock {
  calendar: Calendar;
  suspensions: readonly SuspensionPeriod[];
}

const isSuspended = (day: PlainDate, { suspensions }: Clock): boolean =>
  suspensions.some((s) => s.suspendedOn < day && (s.resumedOn === undefined || day <= s.resumedOn));

/** Working days after `from` up to and including `to`, by whether the clock ran (C7). */
function daysOf(from: PlainDate, to: PlainDate, clock: Clock): { used: number; paused: number } {
  let used = 0;
  let paused = 0;
  for (let day = addDays(from, 1); day <= to; day = addDays(day, 1)) {
    if (!clock.calendar.isWorkingDay(day)) continue;
    if (isSuspended(day, clock)) paused++;
    else used++;
  }
  return { used, paused };
}

/** Every day the total counted, with the pass that held the case on it. */
function splitTerm(passes: readonly StagePass[], { startOn, limit, until }: Term, clock: Clock): TermDay[] {
  const days: TermDay[] = [];
  let dueOn: PlainDate | undefined;
  for (let day = addDays(startOn, 1); day <= until; day = addDays(day, 1)) {
    if (!clock.calendar.isWorkingDay(day) || isSuspended(day, clock)) continue;
    const n = days.length + 1;
    days.push({ day, n, late: n > limit, seq: holderOf(day, passes) });
    if (n === limit) dueOn = day;
  }
  // C11: late by at least one day, also when the work was done before the next working day began – unless the clock stands
  // since the due day or before: then nothing is due.
  const stands = clock.suspensions.some(
    (s) => s.resumedOn === undefined && dueOn !== undefined && s.suspendedOn <= dueOn,
  );
  if (dueOn !== undefined && until > dueOn && days.length === limit && !stands) {
    days.push({ day: until, n: limit + 1, late: true, seq: holderOf(until, passes) });
  }
  return days;
}

/** The last pass that was opened before the day began; the first one for the days before it. */
function holderOf(day: PlainDate, passes: readonly StagePass[]): number {
  const holder = passes.findLast((pass) => pass.openedOn < day) ?? passes[0];
  if (!holder) throw new Error('nobody holds a case without stages');
  return holder.seq;
}
