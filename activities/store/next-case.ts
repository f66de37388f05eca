import {
  ENDED,
  type AgendaItem,
  type CaseState,
  type CaseStatus,
  type ClockReading,
  type JsonObject,
} from '../../domain/case.ts';
import {
  agendaOf,
  readClock,
  standsStill,
  stuckFrom,
  type AgendaInput,
  type RunningLimit,
} from '../../domain/clock.ts';
import type { Calendar } from '../../domain/calendar.ts';
import { daysLate, workingDaysAfter, type SuspensionPeriod } from '../../domain/deadline.ts';
import { addDays, plainDateAt, type PlainDate } from '../../domain/plain-date.ts';
import type { ProcessDefinition } from '../../domain/process.ts';
import { Refusal } from '../../domain/refusal.ts';
import { settings, timeLimit, type LimitId } from '../../domain/time-limits.ts';
import type { Turn } from '../../domain/turn.ts';
import { suspensionsOf, type CaseRow } from './case-row.ts';

/** The case after a turn, worked out before anything is written. Pure: row + turn + calendar → next. */
export interface NextCase {
  status: CaseStatus;
  stage: string;
  step: string;
  form: JsonObject;
  facts: JsonObject;
  /** facts that follow from the turn itself; the procedure learns them from the result */
  establishedFacts: JsonObject;
  state: Omit<CaseState, 'caseId' | 'acceptanceNo' | 'version'>;
  opensStage?: { seq: number; stage: string; limit?: RunningLimit };
  closesStage?: { seq: number; daysLate?: number; dueOn?: PlainDate };
  totalEnds?: { on: PlainDate; daysLate: number };
  suspends?: { seq: number; on: PlainDate };
  resumes?: { seq: number; on: PlainDate };
  stageSeq: number;
  stuckOn?: PlainDate;
  stuckFrom?: PlainDate;
  correctionDueOn?: PlainDate;
  repairDueOn?: PlainDate;
  lastActivityOn: PlainDate;
  suspendedOn?: PlainDate;
  /** false: the effect that was due no longer is, since the calendar moved the day; the turn only counts again (C12) */
  effectHolds: boolean;
}

/** Throws a Refusal when the dates named cannot be (a correction before its return). */
export function nextCase(
  definition: ProcessDefinition,
  row: CaseRow,
  turn: Turn,
  calendar: Calendar,
  spreadSeconds: number,
): NextCase {
  const today = plainDateAt(turn.at);
  const { consequence } = turn;
  const byPerson = turn.user !== undefined;
  const status = consequence.status ?? row.status;
  const ended = ENDED.includes(status);
  const step = consequence.goTo ?? row.current_step;
  const stage = stepOf(definition, step).stage;

  const { suspensions, suspends, resumes, openSeq } = moveSuspensions(row, turn, today);
  const opens = stage !== row.current_stage || consequence.reopen === true;
  const stageSeq = opens ? row.stage_seq + 1 : row.stage_seq;
  // A case that has ended has no open stage any more; cancelling a filing afterwards closes nothing twice.
  const closing = !ENDED.includes(row.status) && (opens || ended);
  const running: RunningLimit | undefined = opens
    ? limitFor(definition, stage, turn, today)
    : relimited(row, turn, today);

  const totalRuns = row.total_limit_id !== null && row.total_ended_on === null;
  const totalEnds = totalRuns && (ended || leavesTotal(definition, row.current_stage, stage, opens));
  const total: RunningLimit | undefined =
    totalRuns && row.total_limit_id ? { id: row.total_limit_id, startOn: row.received_on } : undefined;

  const stageClock = running && !ended ? readClock(running, suspensions, calendar, today) : undefined;
  const totalClock = total ? readClock(total, suspensions, calendar, today) : undefined;

  const lastActivityOn = byPerson ? today : row.last_activity_on;
  const stopped = standsStill(status);
  const silence = definition.stages[stage]?.stuckAfterWorkingDays;
  const stuckOn =
    !ended && !stopped && !running && silence !== undefined
      ? workingDaysAfter(lastActivityOn, silence, calendar)
      : undefined;
  const correctionDueOn =
    status !== 'AWAITING_CORRECTION'
      ? undefined
      : suspends
        ? // C4: a window in calendar days that ends on a non-working day ends on the next working day.
          calendar.nextWorkingDay(addDays(today, settings.CORRECTION_WINDOW_CALENDAR_DAYS))
        : (row.correction_due_on ?? undefined);
  const repairDueOn =
    consequence.repairWithinWorkingDays !== undefined
      ? workingDaysAfter(today, consequence.repairWithinWorkingDays, calendar)
      : opens || ended
        ? undefined
        : (row.repair_due_on ?? undefined);

  const effectHolds = turn.effect
    ? stillDue(turn.effect, { STAGE: stageClock, TOTAL: totalClock, NONE: undefined }, today)
    : true;

  const agendaInput: AgendaInput = {
    acceptanceNo: turn.acceptanceNo,
    ended,
    stageSeq,
    stage: stageClock,
    total: totalEnds ? undefined : totalClock,
    lastActivityVersion: byPerson ? turn.turn : row.last_activity_version,
    ...(stuckOn ? { stuckOn } : {}),
    ...(correctionDueOn && openSeq !== undefined ? { correction: { seq: openSeq, dueOn: correctionDueOn } } : {}),
    ...(repairDueOn ? { repairDueOn } : {}),
    fired: new Set(turn.effect && effectHolds ? [...row.fired, turn.effect.key] : row.fired),
    today,
    spreadSeconds,
  };
  const establishedFacts: JsonObject = {
    ...(suspends ? { suspendedOn: today, correctionReminded: false } : {}),
    ...(turn.kind === 'CORRECTION_WINDOW_PASSED' ? { correctionReminded: true } : {}),
  };
  const lateAtStage = closing ? lateness(row, suspensions, calendar, consequence.doneOn ?? today) : undefined;
  return {
    status,
    stage,
    step,
    stageSeq,
    form: { ...row.form, ...turn.form },
    facts: { ...row.facts, ...consequence.facts, ...establishedFacts },
    establishedFacts,
    state: {
      status,
      stage,
      step,
      ...(stageClock ? { stageClock } : {}),
      ...(totalClock && !totalEnds ? { totalClock } : {}),
      agenda: agendaOf(agendaInput),
    },
    ...(opens && !ended ? { opensStage: { seq: stageSeq, stage, ...(running ? { limit: running } : {}) } } : {}),
    ...(closing ? { closesStage: { seq: row.stage_seq, ...lateAtStage } } : {}),
    ...(totalEnds && totalClock ? { totalEnds: { on: today, daysLate: lateBy(totalClock, today, calendar) } } : {}),
    ...(suspends ? { suspends } : {}),
    ...(resumes ? { resumes } : {}),
    ...(stuckOn ? { stuckOn } : {}),
    stuckFrom: stuckFrom(agendaInput),
    ...(correctionDueOn ? { correctionDueOn } : {}),
    ...(repairDueOn ? { repairDueOn } : {}),
    lastActivityOn,
    effectHolds,
    ...(standsStill(status) && !ended ? { suspendedOn: suspends?.on ?? openSince(row) } : {}),
  };
}

const stepOf = (definition: ProcessDefinition, step: string) => {
  const found = definition.steps[step];
  if (!found) throw new Error(`${definition.code} has no step ${step}`);
  return found;
};

/** Never early, whatever the timer thought: a breach is recorded only against a day that has passed and is certain. */
function stillDue(
  effect: AgendaItem,
  clocks: Record<AgendaItem['clock'], ClockReading | undefined>,
  today: PlainDate,
): boolean {
  const reading = clocks[effect.clock];
  if (effect.kind === 'LIMIT_PASSED')
    return reading?.dueOn !== undefined && !reading.provisional && reading.dueOn < today;
  if (effect.kind === 'REMINDER') return reading?.reminderOn !== undefined && reading.reminderOn <= today;
  return true;
}

function moveSuspensions(row: CaseRow, turn: Turn, today: PlainDate) {
  const suspensions: SuspensionPeriod[] = suspensionsOf(row);
  const open = row.suspensions.find((s) => s.resumedOn === null);
  const { suspend, resumeOn, status } = turn.consequence;
  const endsWhileStopped = open !== undefined && status !== undefined && ENDED.includes(status);
  let resumes: NextCase['resumes'];
  if (open && (resumeOn !== undefined || endsWhileStopped)) {
    const on = resumeOn ?? today;
    if (on < open.suspendedOn)
      throw new Refusal('DATE_OUT_OF_RANGE', [
        { zh: `不能早于中止之日 ${open.suspendedOn}`, en: `not before ${open.suspendedOn}` },
      ]);
    resumes = { seq: open.seq, on };
    suspensions.forEach((s) => (s.resumedOn ??= on));
  }
  if (suspend === undefined)
    return { suspensions, resumes, suspends: undefined, openSeq: resumes ? undefined : open?.seq };
  const seq = row.suspensions.length + 1;
  suspensions.push({ suspendedOn: today });
  return { suspensions, resumes, suspends: { seq, on: today }, openSeq: seq };
}

const openSince = (row: CaseRow): PlainDate | undefined =>
  row.suspensions.find((s) => s.resumedOn === null)?.suspendedOn;

function limitFor(
  definition: ProcessDefinition,
  stage: string,
  turn: Turn,
  today: PlainDate,
): RunningLimit | undefined {
  const named = turn.consequence.limit;
  if (named) return { id: named.id, startOn: named.startOn ?? today, ...(named.dueOn ? { setTo: named.dueOn } : {}) };
  const first = definition.stages[stage]?.limits?.[0];
  return first ? { id: first, startOn: today } : undefined;
}

/** The running limit of a stage that stays open; a consequence may still set another one. */
function relimited(row: CaseRow, turn: Turn, today: PlainDate): RunningLimit | undefined {
  const named = turn.consequence.limit;
  if (named) return { id: named.id, startOn: named.startOn ?? today, ...(named.dueOn ? { setTo: named.dueOn } : {}) };
  if (!row.stage_limit_id) return undefined;
  return runningOf(row.stage_limit_id, row);
}

const runningOf = (id: LimitId, row: CaseRow): RunningLimit => ({
  id,
  startOn: row.stage_start_on,
  ...(timeLimit(id).unit === 'DATE' && row.stage_set_to ? { setTo: row.stage_set_to } : {}),
});

/** The total ends when its last stage is left for a later one (Art. 15: with the printed list, not with the payment). */
function leavesTotal(definition: ProcessDefinition, from: string, to: string, opens: boolean): boolean {
  const last = definition.totalLimit?.endsWithStage;
  if (!opens || !last || from !== last) return false;
  const order = Object.keys(definition.stages);
  return order.indexOf(to) > order.indexOf(last);
}

/** C11, for the stage that closes: against the due day then in force. */
function lateness(row: CaseRow, suspensions: readonly SuspensionPeriod[], calendar: Calendar, doneOn: PlainDate) {
  if (!row.stage_limit_id) return {};
  const reading = readClock(runningOf(row.stage_limit_id, row), suspensions, calendar, doneOn);
  return reading.dueOn ? { dueOn: reading.dueOn, daysLate: lateBy(reading, doneOn, calendar) } : { daysLate: 0 };
}

export const lateBy = (reading: ClockReading, on: PlainDate, calendar: Calendar): number =>
  reading.dueOn ? daysLate(timeLimit(reading.limitId as LimitId), reading.dueOn, on, calendar) : 0;
