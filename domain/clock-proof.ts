import type { Calendar } from './calendar.ts';
import {
  backwardLimit,
  dueDate,
  dueOnDate,
  explainDays,
  type ExplainedDay,
  type SuspensionPeriod,
  type TimeLimit,
} from './deadline.ts';
import { addDays, daysBetween, type PlainDate } from './plain-date.ts';

/**
 * The proof of a due day: every day from the start to the due day with its reason, and, while the clock stands, every day
 * until now. It counts nothing by itself: `deadline.ts` does, with the calendar it is given, so that a proof made with the
 * calendar of the stored day must arrive at that very day.
 */

/** A suspension with its number in the ledger of the case. */
export interface LedgerPeriod extends SuspensionPeriod {
  seq: number;
}

/** `suspensions`: the numbers of those a stopped day belongs to, whether or not it would have counted without them. */
export interface ProofDay extends ExplainedDay {
  suspensions: number[];
}

export interface LimitToProve {
  /** as it runs in the case: what was granted on top is part of its length */
  limit: TimeLimit;
  startOn: PlainDate;
  /** the day itself, for a limit that is set per case (DL-33) */
  setTo?: PlainDate;
  /** the day the work was done, else today */
  asOf: PlainDate;
}

export interface DueProof {
  /** missing while the clock stands: there is no due day then */
  dueOn?: PlainDate;
  provisional: boolean;
  /** the last day the calendar covers, when the count goes beyond */
  provisionalBecause?: PlainDate;
  /** from the start day to the due day; of a limit counted backward in that order; while the clock stands until `asOf` */
  days: ProofDay[];
  /** the days after the due day until `asOf`, numbered as they are late (C11) */
  lateDays: ProofDay[];
  /** days of the limit that have passed at the end of `asOf`, and those that are left; none are used of a limit counted backward */
  used: number;
  left: number;
  /** C11: 0 in time */
  daysLate: number;
}

/** Explains the due day of a limit, and where the case stands in it at the end of `asOf`. */
export function proveDueDay(
  { limit, startOn, setTo, asOf }: LimitToProve,
  suspensions: readonly LedgerPeriod[],
  calendar: Calendar,
): DueProof {
  if (limit.direction === 'BACKWARD') return proveBackward(limit, startOn, asOf, calendar);
  if (limit.unit === 'DATE') {
    const due = dueOnDate(limit, setTo ?? startOn, calendar, startOn);
    return finish(limit, due, allDays(startOn, due.dueOn), asOf, [], calendar);
  }
  const stops = limit.unit === 'WORKING_DAY' ? suspensions : [];
  const closed = stops.filter((s) => s.resumedOn !== undefined);
  const due = dueDate(limit, startOn, calendar, closed);
  const since = stops
    .filter((s) => s.resumedOn === undefined)
    .map((s) => s.suspendedOn)
    .sort()[0];
  // What was late before the clock stopped stays late; otherwise there is no due day until the clock goes on.
  if (since === undefined || due.dueOn < since) {
    return finish(limit, due, explainDays(limit, startOn, calendar, closed), asOf, stops, calendar);
  }
  const days = explainUntil(limit, startOn, asOf, stops, calendar);
  const used = days.filter((d) => d.counted).length;
  const beyond = due.provisionalBecause && { provisionalBecause: due.provisionalBecause };
  const standing = { provisional: due.provisional, ...beyond, lateDays: [], daysLate: 0 };
  return { ...standing, days: withSuspensions(days, stops), used, left: limit.limit - used };
}

/** C6: the days are counted from the event back to the last lawful one; what follows it is too late. */
function proveBackward(limit: TimeLimit, eventOn: PlainDate, asOf: PlainDate, calendar: Calendar): DueProof {
  const { latestLawfulOn: dueOn } = backwardLimit(limit, eventOn, calendar);
  const days: ProofDay[] = [{ day: eventOn, counted: false, why: 'START', suspensions: [] }];
  for (let n = 1; n <= daysBetween(dueOn, eventOn); n++) {
    days.push({ day: addDays(eventOn, -n), counted: true, n, why: 'COUNTED', suspensions: [] });
  }
  const lateDays = withSuspensions(allDays(dueOn, asOf).slice(1), []);
  return {
    dueOn,
    provisional: false,
    days,
    lateDays,
    used: 0,
    left: Math.max(0, daysBetween(asOf, dueOn)),
    daysLate: lateDays.length,
  };
}

function finish(
  limit: TimeLimit,
  due: { dueOn: PlainDate; provisional: boolean; provisionalBecause?: PlainDate },
  days: readonly ExplainedDay[],
  asOf: PlainDate,
  stops: readonly LedgerPeriod[],
  calendar: Calendar,
): DueProof {
  const { dueOn, provisional, provisionalBecause } = due;
  const working = limit.unit === 'WORKING_DAY';
  const late = working ? explainUntil(limit, dueOn, asOf, stops, calendar) : allDays(dueOn, asOf);
  const lateDays = asOf > dueOn ? late.slice(1) : [];
  const countedLate = lateDays.filter((d) => d.counted).length;
  const counted = days.filter((d) => d.counted);
  const used = counted.filter((d) => d.day <= asOf).length;
  return {
    dueOn,
    provisional,
    ...(provisionalBecause ? { provisionalBecause } : {}),
    days: withSuspensions(days, stops),
    lateDays: withSuspensions(lateDays, stops),
    used,
    left: counted.length - used,
    daysLate: asOf > dueOn ? Math.max(1, countedLate) : 0,
  };
}

/**
 * The days from a start until `upTo`, and no further: of a clock that stands or is late. What is still open stands until
 * that day at least, and later days are cut off, so that closing it there changes nothing that is shown.
 */
function explainUntil(
  limit: TimeLimit,
  startOn: PlainDate,
  upTo: PlainDate,
  stops: readonly SuspensionPeriod[],
  calendar: Calendar,
): ExplainedDay[] {
  const atMost = Math.max(1, daysBetween(startOn, upTo));
  const closed = stops.map(({ suspendedOn, resumedOn }) => ({
    suspendedOn,
    resumedOn: resumedOn ?? (upTo > suspendedOn ? upTo : suspendedOn),
  }));
  return explainDays({ ...limit, limit: atMost }, startOn, calendar, closed).filter(({ day }) => day <= upTo);
}

/** Every calendar day counts. */
function allDays(startOn: PlainDate, upTo: PlainDate): ExplainedDay[] {
  const days: ExplainedDay[] = [{ day: startOn, counted: false, why: 'START' }];
  for (let n = 1; n <= daysBetween(startOn, upTo); n++) {
    days.push({ day: addDays(startOn, n), counted: true, n, why: 'COUNTED' });
  }
  return days;
}

const withSuspensions = (days: readonly ExplainedDay[], stops: readonly LedgerPeriod[]): ProofDay[] =>
  days.map((each) => ({ ...each, suspensions: each.why === 'SUSPENDED' ? coveredBy(stops, each.day) : [] }));

/** C7. */
const coveredBy = (stops: readonly LedgerPeriod[], day: PlainDate): number[] =>
  stops.filter((s) => s.suspendedOn < day && (s.resumedOn === undefined || day <= s.resumedOn)).map(({ seq }) => seq);
