import type { AgendaItem, ClockReading, GrantedExtension, OrgLevel } from './case.ts';
import type { Calendar } from './calendar.ts';
import {
  backwardLimit,
  dueDate,
  dueOnDate,
  isCounted,
  remaining,
  workingDaysAfter,
  type SuspensionPeriod,
  type TimeLimit,
} from './deadline.ts';
import { isAbove, ladderOf, type Rung } from './ladder.ts';
import { addDays, startOfDay, type PlainDate } from './plain-date.ts';
import { timeLimit, type LimitId, type LimitTable } from './time-limits.ts';

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
  /** working days granted on top (延长) */
  extendedBy?: number;
}

/** The limit with what was granted on top: a stage's belongs to that pass through it, the total's to the case. */
export function extended(
  running: Omit<RunningLimit, 'extendedBy'>,
  clock: GrantedExtension['clock'],
  stageSeq: number,
  extensions: readonly GrantedExtension[],
): RunningLimit {
  const extendedBy = extensions
    .filter((e) => e.clock === clock && e.limitId === running.id && (clock === 'TOTAL' || e.stageSeq === stageSeq))
    .reduce((sum, e) => sum + e.workingDays, 0);
  return extendedBy > 0 ? { ...running, extendedBy } : running;
}

/** The row of the limit as it runs in this case, what was granted included. */
export const limitInForce = (running: RunningLimit, table: LimitTable = timeLimit): TimeLimit => {
  const limit = table(running.id);
  return running.extendedBy ? { ...limit, limit: limit.limit + running.extendedBy } : limit;
};

/**
 * The reading of a limit. While any suspension is open a working-day limit has no due day, only days left – unless the
 * due day had passed before the first of them began: what is late stays late.
 */
export function readClock(
  running: RunningLimit,
  suspensions: readonly SuspensionPeriod[],
  calendar: Calendar,
  today: PlainDate,
  table: LimitTable = timeLimit,
): ClockReading {
  const limit = limitInForce(running, table);
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
  const since = limit.unit === 'WORKING_DAY' ? openSince(suspensions) : undefined;
  const closed = suspensions.filter((s) => s.resumedOn !== undefined);
  const due = dueDate(limit, running.startOn, calendar, closed);
  if (since !== undefined && due.dueOn >= since) {
    const { left } = remaining(limit, running.startOn, calendar, suspensions, today);
    return { ...common, provisional: due.provisional, daysLeft: left };
  }
  return { ...common, dueOn: due.dueOn, reminderOn: due.reminderOn, provisional: due.provisional };
}

/** Since when the clocks stand: the earliest suspension that is open (several may be). */
export const openSince = (suspensions: readonly SuspensionPeriod[]): PlainDate | undefined =>
  suspensions
    .filter((s) => s.resumedOn === undefined)
    .map((s) => s.suspendedOn)
    .sort()[0];

/** What the agenda is made from. */
export interface AgendaInput {
  acceptanceNo: string;
  ended: boolean;
  stageSeq: number;
  stage?: ClockReading;
  total?: ClockReading;
  /** where the case lies: nobody is escalated to from his own level; none for a hospital's or a person's desk */
  deskLevel?: OrgLevel;
  /** version of the last thing a person did, and the day from which silence counts as stuck (last day still in order) */
  lastActivityVersion: number;
  stuckOn?: PlainDate;
  correction?: { seq: number; dueOn: PlainDate };
  repairDueOn?: PlainDate;
  /** keys of the effects that have happened */
  fired: ReadonlySet<string>;
  /** effects that have come due and not happened: an outage passed them, and they are made good in their order */
  alsoDue?: readonly AgendaItem[];
  today: PlainDate;
  calendar: Calendar;
  suspensions: readonly SuspensionPeriod[];
  /** effects of one midnight are spread over this many seconds, each case always at the same second */
  spreadSeconds: number;
}

/**
 * Everything the clock of a case will do, soonest first. Each item's key is unique within the case and names the due day
 * it belongs to: it happens once, and anew only when that day moves. A due day that is provisional arms no breach: the
 * calendar has to be loaded first (C12).
 */
export function agendaOf(input: AgendaInput): AgendaItem[] {
  if (input.ended) return [];
  const { calendar } = input;
  const jitterMs = stableHash(input.acceptanceNo) % Math.max(1, input.spreadSeconds * 1000);
  const items = new Map<string, AgendaItem>();
  const add = (item: Omit<AgendaItem, 'at'>, day: PlainDate): void => {
    if (!input.fired.has(item.key)) items.set(item.key, { ...item, at: startOfDay(day) + jitterMs });
  };
  const limits = [
    ['STAGE', `S${input.stageSeq}`, input.stage],
    ['TOTAL', 'T', input.total],
  ] as const;
  for (const [clock, tag, reading] of limits) {
    if (!reading?.dueOn) continue;
    for (const rung of ladderOf(reading.limitId as LimitId)) {
      const day = dayOfRung(rung, { ...reading, dueOn: reading.dueOn }, input);
      const of = rung.kind === 'ESCALATION' ? `ESCALATION:${rung.to}` : rung.kind;
      const to = rung.kind === 'ESCALATION' ? { to: rung.to } : {};
      if (day) add({ kind: rung.kind, clock, key: `${tag}:${of}:${reading.dueOn}`, ...to }, day);
    }
  }
  const { stuckOn, correction, repairDueOn } = input;
  if (stuckOn) add({ kind: 'STUCK', clock: 'NONE', key: `V${input.lastActivityVersion}:STUCK` }, addDays(stuckOn, 1));
  if (correction) {
    const { seq, dueOn } = correction;
    const reminderOn = calendar.previousWorkingDay(addDays(dueOn, -1));
    if (input.today <= dueOn)
      add({ kind: 'CORRECTION_REMINDER', clock: 'NONE', key: `C${seq}:REMINDER:${dueOn}` }, reminderOn);
    add({ kind: 'CORRECTION_WINDOW_PASSED', clock: 'NONE', key: `C${seq}:WINDOW:${dueOn}` }, addDays(dueOn, 1));
  }
  if (repairDueOn) {
    const key = `S${input.stageSeq}:REPAIR:${repairDueOn}`;
    add({ kind: 'REPAIR_WINDOW_PASSED', clock: 'NONE', key }, addDays(repairDueOn, 1));
  }
  for (const item of input.alsoDue ?? []) if (!input.fired.has(item.key)) items.set(item.key, item);
  return [...items.values()].sort((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1));
}

/** The day on which a rung fires, or none: it would say nothing new, reaches nobody, or the due day is not certain yet. */
function dayOfRung(
  rung: Rung,
  reading: ClockReading & { dueOn: PlainDate },
  { today, calendar, suspensions, deskLevel }: AgendaInput,
): PlainDate | undefined {
  const { dueOn, reminderOn, startOn, provisional, limitId } = reading;
  switch (rung.kind) {
    case 'REMINDER': {
      // One that would have been due before the limit began (one-day limits) says nothing new.
      const backward = startOn > dueOn;
      return reminderOn && (backward || reminderOn > startOn) && today <= dueOn ? reminderOn : undefined;
    }
    case 'DUE':
      return reminderOn !== dueOn && today <= dueOn ? dueOn : undefined;
    case 'LIMIT_PASSED':
      return provisional ? undefined : addDays(dueOn, 1);
    case 'ESCALATION': {
      // Nobody above can help while the clock stands; it goes on with the days that count. The law's fixed dates and months run on.
      const stops = isCounted(timeLimit(limitId as LimitId)) ? suspensions : [];
      return provisional || openSince(stops) !== undefined || !isAbove(rung.to, deskLevel)
        ? undefined
        : workingDaysAfter(dueOn, rung.workingDaysLate ?? 1, calendar, stops);
    }
  }
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

/** FNV-1a: the same text gives the same number on every machine and for ever. */
export function stableHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}
