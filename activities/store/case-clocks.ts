import {
  ENDED,
  type AgendaItem,
  type ClockReading,
  type GrantedExtension,
  type OpenSuspension,
} from '../../domain/case.ts';
import { agendaOf, extended, readClock, type AgendaInput, type RunningLimit } from '../../domain/clock.ts';
import type { Calendar } from '../../domain/calendar.ts';
import { daysLate, type SuspensionPeriod } from '../../domain/deadline.ts';
import { plainDateAt, type PlainDate } from '../../domain/plain-date.ts';
import type { ProcessDefinition } from '../../domain/process.ts';
import { Refusal } from '../../domain/refusal.ts';
import { timeLimit, type LimitId, type LimitTable } from '../../domain/time-limits.ts';
import type { Turn } from '../../domain/turn.ts';
import { openSuspensions, suspensionsOf, type CaseRow } from './case-row.ts';

/** What a turn does to the clocks of a case: which limits run, what stops, starts and lengthens them. Pure. */

export interface MovedSuspensions {
  /** all of the case after the turn */
  periods: SuspensionPeriod[];
  open: OpenSuspension[];
  begins?: OpenSuspension;
  ends: { seq: number; kind: OpenSuspension['kind']; on: PlainDate }[];
}

/** Throws a Refusal when the dates named cannot be (a correction before its return). */
export function moveSuspensions(row: CaseRow, turn: Turn, today: PlainDate): MovedSuspensions {
  const { suspend, resumeOn, resume, status } = turn.consequence;
  const ended = status !== undefined && ENDED.includes(status);
  const waitsFor = row.status === 'AWAITING_VERIFICATION' ? 'VERIFICATION' : 'CORRECTION';
  const ends: MovedSuspensions['ends'] = [];
  for (const { seq, kind, suspendedOn } of openSuspensions(row)) {
    const on = kind === resume?.kind ? resume.on : kind === waitsFor && resumeOn ? resumeOn : ended ? today : undefined;
    if (on === undefined) continue;
    if (on < suspendedOn)
      throw new Refusal('DATE_OUT_OF_RANGE', [
        { zh: `不能早于中止之日 ${suspendedOn}`, en: `not before ${suspendedOn}` },
      ]);
    ends.push({ seq, kind, on });
  }
  const begins = suspend && {
    seq: row.suspensions.length + 1,
    kind: suspend.kind,
    suspendedOn: suspend.on ?? today,
  };
  const endOf = (index: number): PlainDate | undefined =>
    ends.find(({ seq }) => seq === row.suspensions[index]?.seq)?.on;
  const periods = suspensionsOf(row).map((period, i) => {
    const resumedOn = period.resumedOn ?? endOf(i);
    return resumedOn ? { ...period, resumedOn } : period;
  });
  const stillOpen = openSuspensions(row).filter(({ seq }) => !ends.some((end) => end.seq === seq));
  return {
    periods: begins ? [...periods, { suspendedOn: begins.suspendedOn }] : periods,
    open: begins ? [...stillOpen, begins] : stillOpen,
    ...(begins ? { begins } : {}),
    ends,
  };
}

/** The extensions of a case after the turn. */
export function extensionsAfter(row: CaseRow, turn: Turn): { all: GrantedExtension[]; granted?: GrantedExtension } {
  const { extend } = turn.consequence;
  const limitId = extend?.clock === 'TOTAL' ? row.total_limit_id : row.stage_limit_id;
  if (!extend || !limitId) return { all: row.extensions };
  const granted = { clock: extend.clock, stageSeq: row.stage_seq, limitId, workingDays: extend.workingDays };
  return { all: [...row.extensions, granted], granted };
}

/** The limit a stage opens with: the one the procedure names, else the stage's first, from today. */
export function limitOfOpened(
  definition: ProcessDefinition,
  stage: string,
  turn: Turn,
  today: PlainDate,
): RunningLimit | undefined {
  const first = definition.stages[stage]?.limits?.[0];
  return namedLimit(turn, today) ?? (first ? { id: first, startOn: today } : undefined);
}

/** The running limit of a stage that stays open; a consequence may still set another one. */
export function limitOfOpen(row: CaseRow, turn: Turn, today: PlainDate): RunningLimit | undefined {
  return namedLimit(turn, today) ?? (row.stage_limit_id ? runningOf(row.stage_limit_id, row) : undefined);
}

function namedLimit({ consequence: { limit } }: Turn, today: PlainDate): RunningLimit | undefined {
  return limit && { id: limit.id, startOn: limit.startOn ?? today, ...(limit.dueOn ? { setTo: limit.dueOn } : {}) };
}

const runningOf = (id: LimitId, row: CaseRow): RunningLimit => ({
  id,
  startOn: row.stage_start_on,
  ...(timeLimit(id).unit === 'DATE' && row.stage_set_to ? { setTo: row.stage_set_to } : {}),
});

/** The total ends when its last stage is left for a later one (Art. 15: with the printed list, not with the payment). */
export function leavesTotal(definition: ProcessDefinition, from: string, to: string, opens: boolean): boolean {
  const last = definition.totalLimit?.endsWithStage;
  if (!opens || !last || from !== last) return false;
  const order = Object.keys(definition.stages);
  return order.indexOf(to) > order.indexOf(last);
}

/** What counting a limit takes besides the limit. */
export interface Counting {
  calendar: Calendar;
  periods: readonly SuspensionPeriod[];
  table: LimitTable;
}

/** C11, for the stage that closes: against the due day then in force. */
export function stageLateness(
  row: CaseRow,
  extensions: readonly GrantedExtension[],
  { calendar, periods, table }: Counting,
  doneOn: PlainDate,
): { dueOn?: PlainDate; daysLate?: number } {
  if (!row.stage_limit_id) return {};
  const running = extended(runningOf(row.stage_limit_id, row), 'STAGE', row.stage_seq, extensions);
  const reading = readClock(running, periods, calendar, doneOn, table);
  return reading.dueOn
    ? { dueOn: reading.dueOn, daysLate: lateBy(reading, doneOn, calendar, periods) }
    : { daysLate: 0 };
}

export const lateBy = (
  reading: ClockReading,
  on: PlainDate,
  calendar: Calendar,
  periods: readonly SuspensionPeriod[],
): number =>
  reading.dueOn ? daysLate(timeLimit(reading.limitId as LimitId), reading.dueOn, on, calendar, periods) : 0;

/**
 * Never early, whatever the timer thought: an effect happens only if the clock as it reads now would arm the very same
 * one – for the same due day, which is certain and whose time has come. Asked as of the effect's own day, since an
 * outage may have kept it waiting.
 */
export function stillDue(effect: AgendaItem, input: AgendaInput): boolean {
  const asOf = plainDateAt(effect.at);
  const armed = agendaOf({ ...input, fired: new Set(), alsoDue: [], today: asOf < input.today ? asOf : input.today });
  return armed.some((item) => item.key === effect.key && plainDateAt(item.at) <= input.today);
}
