import type { AgendaItem, CaseStatus, ClockReading } from './case.ts';
import type { Calendar } from './calendar.ts';
import { backwardLimit, dueDate, dueOnDate, remaining, type SuspensionPeriod, type TimeLimit } from './deadline.ts';
import { addDays, startOfDay, type PlainDate } from './plain-date.ts';
import { timeLimit, type LimitId } from './time-limits.ts';

/**
 * The clock of a case: what its limits say today, and what they will do next. Pure; the store calls it in every turn
 * and nobody else computes a due day (I4).
 */

/** A limit as it was started. */
export interface RunningLimit {
  id: LimitId;
  startOn: PlainDate;
  /** only for limits set per case (DL-33) */
  setTo?: PlainDate;
}

/**
 * The reading of a limit. While a suspension is open a working-day limit has no due day, only days left – unless the
 * due day had passed before the suspension began: what is late stays late.
 */
export function readClock(
  running: RunningLimit,
  suspensions: readonly SuspensionPeriod[],
  calendar: Calendar,
  today: PlainDate,
): ClockReading {
  const limit: TimeLimit = timeLimit(running.id);
  const common = {
    limitId: limit.id,
    article: limit.article,
    startOn: running.startOn,
    calendarEdition: calendar.editionId,
  };
  if (limit.direction === 'BACKWARD') {
    const { latestLawfulOn, targetOn } = backwardLimit(limit, running.startOn, calendar);
    return { ...common, dueOn: latestLawfulOn, reminderOn: targetOn, provisional: false };
  }
  if (limit.unit === 'DATE') {
    const due = dueOnDate(limit, running.setTo ?? running.startOn, calendar, running.startOn);
    return { ...common, dueOn: due.dueOn, reminderOn: due.reminderOn, provisional: due.provisional };
  }
  const open = limit.unit === 'WORKING_DAY' ? suspensions.find((s) => s.resumedOn === undefined) : undefined;
  const closed = suspensions.filter((s) => s.resumedOn !== undefined);
  const due = dueDate(limit, running.startOn, calendar, closed);
  if (open && due.dueOn >= open.suspendedOn) {
    const { left } = remaining(limit, running.startOn, calendar, suspensions, today);
    return { ...common, provisional: due.provisional, daysLeft: left };
  }
  return { ...common, dueOn: due.dueOn, reminderOn: due.reminderOn, provisional: due.provisional };
}

/** What the agenda is made from. */
export interface AgendaInput {
  acceptanceNo: string;
  ended: boolean;
  stageSeq: number;
  stage?: ClockReading;
  total?: ClockReading;
  /** version of the last thing a person did, and the day from which silence counts as stuck (last day still in order) */
  lastActivityVersion: number;
  stuckOn?: PlainDate;
  correction?: { seq: number; dueOn: PlainDate };
  repairDueOn?: PlainDate;
  /** keys of the effects that have happened */
  fired: ReadonlySet<string>;
  today: PlainDate;
  /** effects of one midnight are spread over this many seconds, each case always at the same second */
  spreadSeconds: number;
}

/**
 * Everything the clock of a case will do, soonest first. Each item's key is unique within the case, so that it happens
 * once. A due day that is provisional arms no breach: the calendar has to be loaded first (C12).
 */
export function agendaOf(input: AgendaInput): AgendaItem[] {
  if (input.ended) return [];
  const jitterMs = stableHash(input.acceptanceNo) % Math.max(1, input.spreadSeconds * 1000);
  const items: AgendaItem[] = [];
  const add = (kind: AgendaItem['kind'], clock: AgendaItem['clock'], key: string, day: PlainDate): void => {
    if (!input.fired.has(key)) items.push({ kind, clock, key, at: startOfDay(day) + jitterMs });
  };
  const limits = [
    ['STAGE', `S${input.stageSeq}`, input.stage],
    ['TOTAL', 'T', input.total],
  ] as const;
  for (const [clock, tag, reading] of limits) {
    if (!reading?.dueOn) continue;
    // A reminder belongs to its due day: when the day moves, the new one is announced too. One that would have been
    // due before the limit began (one-day limits) says nothing new.
    const backward = reading.startOn > reading.dueOn;
    if (reading.reminderOn && (backward || reading.reminderOn > reading.startOn) && input.today <= reading.dueOn) {
      add('REMINDER', clock, `${tag}:REMINDER:${reading.dueOn}`, reading.reminderOn);
    }
    if (!reading.provisional) add('LIMIT_PASSED', clock, `${tag}:LIMIT_PASSED`, addDays(reading.dueOn, 1));
  }
  if (input.stuckOn) add('STUCK', 'NONE', `V${input.lastActivityVersion}:STUCK`, addDays(input.stuckOn, 1));
  if (input.correction)
    add('CORRECTION_WINDOW_PASSED', 'NONE', `C${input.correction.seq}:WINDOW`, addDays(input.correction.dueOn, 1));
  if (input.repairDueOn)
    add('REPAIR_WINDOW_PASSED', 'NONE', `S${input.stageSeq}:REPAIR`, addDays(input.repairDueOn, 1));
  return items.sort((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1));
}

/** The first day on which the case counts as stuck (0.2-11), whatever the engine is doing; undefined = not in sight. */
export function stuckFrom(
  input: Pick<AgendaInput, 'ended' | 'stage' | 'total' | 'stuckOn' | 'correction' | 'repairDueOn'>,
): PlainDate | undefined {
  if (input.ended) return undefined;
  const lastDays = [
    input.stage?.provisional ? undefined : input.stage?.dueOn,
    input.total?.provisional ? undefined : input.total?.dueOn,
    input.stuckOn,
    input.correction?.dueOn,
    input.repairDueOn,
  ].filter((day) => day !== undefined);
  const first = lastDays.sort()[0];
  return first ? addDays(first, 1) : undefined;
}

/** Clocks that stand still: no stage or total limit runs, only the correction window does. */
export const standsStill = (status: CaseStatus): boolean =>
  status === 'AWAITING_CORRECTION' || status === 'AWAITING_VERIFICATION';

/** FNV-1a: the same text gives the same number on every machine and for ever. */
function stableHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}
