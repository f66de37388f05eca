import {
  ENDED,
  type CaseState,
  type CaseStatus,
  type GrantedExtension,
  type JsonObject,
  type OpenSuspension,
} from '../../domain/case.ts';
import {
  agendaOf,
  extended,
  openSince,
  readClock,
  stuckFrom,
  type AgendaInput,
  type RunningLimit,
} from '../../domain/clock.ts';
import type { Calendar } from '../../domain/calendar.ts';
import { workingDaysAfter } from '../../domain/deadline.ts';
import { addDays, plainDateAt, type PlainDate } from '../../domain/plain-date.ts';
import type { ProcessDefinition } from '../../domain/process.ts';
import { settings, timeLimit, type LimitTable } from '../../domain/time-limits.ts';
import type { Turn } from '../../domain/turn.ts';
import {
  extensionsAfter,
  lateBy,
  leavesTotal,
  limitOfOpen,
  limitOfOpened,
  moveSuspensions,
  stageLateness,
  stillDue,
} from './case-clocks.ts';
import { suspensionsOf, type CaseRow } from './case-row.ts';
import { deskLevel, deskOf } from './desk.ts';

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
  begins?: OpenSuspension;
  ends: { seq: number; kind: OpenSuspension['kind']; on: PlainDate }[];
  extends?: GrantedExtension;
  stageSeq: number;
  stuckOn?: PlainDate;
  stuckFrom?: PlainDate;
  correctionDueOn?: PlainDate;
  repairDueOn?: PlainDate;
  /** where the repair window counts from */
  repairFrom?: PlainDate;
  lastActivityOn: PlainDate;
  suspendedOn?: PlainDate;
  /** all days of the case are counted anew in every turn, with this */
  calendarEdition: string;
  /** false: the effect that was due no longer is, since the day moved; the turn only counts again (C12) */
  effectHolds: boolean;
}

/** Throws a Refusal when the dates named cannot be (a correction before its return). */
export function nextCase(
  definition: ProcessDefinition,
  row: CaseRow,
  turn: Turn,
  calendar: Calendar,
  spreadSeconds: number,
  table: LimitTable = timeLimit,
): NextCase {
  const today = plainDateAt(turn.at);
  const { consequence } = turn;
  const byPerson = turn.user !== undefined;
  const status = consequence.status ?? row.status;
  const ended = ENDED.includes(status);
  const step = consequence.goTo ?? row.current_step;
  const stage = stepOf(definition, step).stage;

  const { periods, open, begins, ends } = moveSuspensions(row, turn, today);
  const { all: extensions, granted } = extensionsAfter(row, turn);
  const opens = stage !== row.current_stage || consequence.reopen === true;
  const stageSeq = opens ? row.stage_seq + 1 : row.stage_seq;
  // A case that has ended has no open stage any more; cancelling a filing afterwards closes nothing twice.
  const closing = !ENDED.includes(row.status) && (opens || ended);
  const running = opens ? limitOfOpened(definition, stage, turn, today) : limitOfOpen(row, turn, today);

  const totalRuns = row.total_limit_id !== null && row.total_ended_on === null;
  const totalEnds = totalRuns && (ended || leavesTotal(definition, row.current_stage, stage, opens));
  const total =
    totalRuns && row.total_limit_id
      ? extended({ id: row.total_limit_id, startOn: row.received_on }, 'TOTAL', stageSeq, extensions)
      : undefined;

  const read = (limit: RunningLimit) => readClock(limit, periods, calendar, today, table);
  const stageClock = running && !ended ? read(extended(running, 'STAGE', stageSeq, extensions)) : undefined;
  const totalClock = total ? read(total) : undefined;

  const lastActivityOn = byPerson ? today : row.last_activity_on;
  const silence = definition.stages[stage]?.stuckAfterWorkingDays;
  const stuckOn =
    !ended && open.length === 0 && !running && silence !== undefined
      ? workingDaysAfter(lastActivityOn, silence, calendar, periods)
      : undefined;
  const correction = status === 'AWAITING_CORRECTION' ? open.find(({ kind }) => kind === 'CORRECTION') : undefined;
  // C4: a window in calendar days that ends on a non-working day ends on the next working day.
  const correctionDueOn =
    correction && calendar.nextWorkingDay(addDays(correction.suspendedOn, settings.CORRECTION_WINDOW_CALENDAR_DAYS));
  const repair = repairWindow(row, turn, opens || ended, today, calendar);

  const desk = deskOf(definition, row, { step, status });
  const level = deskLevel(row, desk.officeId);
  const armed: AgendaInput = {
    acceptanceNo: turn.acceptanceNo,
    ended,
    stageSeq,
    stage: stageClock,
    total: totalEnds ? undefined : totalClock,
    ...(level ? { deskLevel: level } : {}),
    lastActivityVersion: byPerson ? turn.turn : row.last_activity_version,
    ...(stuckOn ? { stuckOn } : {}),
    ...(correction && correctionDueOn ? { correction: { seq: correction.seq, dueOn: correctionDueOn } } : {}),
    ...(repair ? { repairDueOn: repair.dueOn } : {}),
    fired: new Set(row.fired),
    today,
    calendar,
    suspensions: periods,
    spreadSeconds,
  };
  // What was due before the count is due after it, unless the count has moved the day it belongs to.
  const alsoDue = turn.kind === 'RECOUNTED' ? turn.alsoDue?.filter((item) => stillDue(item, armed)) : turn.alsoDue;
  const input: AgendaInput = { ...armed, alsoDue };
  const effectHolds = turn.effect ? stillDue(turn.effect, input) : true;
  const fired = turn.effect && effectHolds ? new Set([...row.fired, turn.effect.key]) : input.fired;
  const establishedFacts: JsonObject = {
    ...(consequence.suspend && consequence.status ? { suspendedOn: today, correctionReminded: false } : {}),
    ...(turn.kind === 'CORRECTION_WINDOW_PASSED' ? { correctionReminded: true } : {}),
  };
  // Whoever gives up while the clock stands is not late by the days it stood.
  const atTheEnd = ended ? suspensionsOf(row) : periods;
  const counting = { calendar, periods: atTheEnd, table };
  const totalAtTheEnd = totalEnds && total ? readClock(total, atTheEnd, calendar, today, table) : undefined;
  const suspendedOn = ended ? undefined : openSince(periods);
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
      stageSeq,
      ...(open.length > 0 ? { open } : {}),
      ...(extensions.length > 0 ? { extensions } : {}),
      agenda: agendaOf({ ...input, fired }),
    },
    ...(opens && !ended ? { opensStage: { seq: stageSeq, stage, ...(running ? { limit: running } : {}) } } : {}),
    ...(closing
      ? {
          closesStage: {
            seq: row.stage_seq,
            ...stageLateness(row, extensions, counting, consequence.doneOn ?? today),
          },
        }
      : {}),
    ...(totalAtTheEnd ? { totalEnds: { on: today, daysLate: lateBy(totalAtTheEnd, today, calendar, atTheEnd) } } : {}),
    ...(begins ? { begins } : {}),
    ends,
    ...(granted ? { extends: granted } : {}),
    ...(stuckOn ? { stuckOn } : {}),
    stuckFrom: stuckFrom(input),
    ...(correctionDueOn ? { correctionDueOn } : {}),
    ...(repair ? { repairDueOn: repair.dueOn, repairFrom: repair.from } : {}),
    lastActivityOn,
    calendarEdition: calendar.editionId,
    effectHolds,
    ...(suspendedOn ? { suspendedOn } : {}),
  };
}

const stepOf = (definition: ProcessDefinition, step: string) => {
  const found = definition.steps[step];
  if (!found) throw new Error(`${definition.code} has no step ${step}`);
  return found;
};

/** 0.2-11: counted anew in every turn from the day the bank's refusal came in, so that it follows the calendar. */
function repairWindow(
  row: CaseRow,
  { consequence }: Turn,
  left: boolean,
  today: PlainDate,
  calendar: Calendar,
): { from: PlainDate; dueOn: PlainDate } | undefined {
  const within = consequence.repairWithinWorkingDays;
  if (within !== undefined) return { from: today, dueOn: workingDaysAfter(today, within, calendar) };
  if (left || row.repair_from === null) return undefined;
  const dueOn = workingDaysAfter(row.repair_from, settings.PAYMENT_REPAIR_WORKING_DAYS, calendar);
  return { from: row.repair_from, dueOn };
}
