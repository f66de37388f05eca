import { changedDays, type Calendar } from '../../domain/calendar.ts';
import type { AgendaItem, ClockReading } from '../../domain/case.ts';
import { isCounted, isSuspended } from '../../domain/deadline.ts';
import { addDays, type PlainDate } from '../../domain/plain-date.ts';
import { getProcess } from '../../domain/processes/index.ts';
import { timeLimit, type LimitId, type LimitTable } from '../../domain/time-limits.ts';
import type { Turn } from '../../domain/turn.ts';
import { suspensionsOf, type CaseRow } from '../store/case-row.ts';
import { nextCase, type NextCase } from '../store/next-case.ts';

/** What another calendar means for one open case. Pure, and counted by `nextCase` itself: nothing here adds a day. */

export const MOVED_CLOCKS = ['STAGE', 'TOTAL', 'STUCK', 'CORRECTION', 'REPAIR'] as const;

/** A day that is another one under the new calendar, or becomes certain or uncertain; days left where a clock stands. */
export interface Move {
  clock: (typeof MOVED_CLOCKS)[number];
  from: PlainDate | null;
  to: PlainDate | null;
  fromDaysLeft: number | null;
  daysLeft: number | null;
  fromProvisional: boolean;
  provisional: boolean;
}

/** The few columns that tell for most cases that a changed day cannot reach them. */
export interface OpenCase {
  case_id: string;
  calendar_edition: string;
  handling_office_id: string | null;
  stage_days_left: number | null;
  total_days_left: number | null;
  /** a due day counted over undecided days */
  provisional: boolean;
  /** the latest day the row names */
  last_on: PlainDate | null;
}

/** Escalations look at most five working days past a due day; no holiday makes a month and a half of them. */
const BEYOND_DUE_DAYS = 45;

/** Which days the calendar a case was counted with and the new one differ in; worked out once per edition string. */
export function createComparison(
  calendar: Calendar,
  byEdition: (editionIds: string) => Calendar | undefined,
  table: LimitTable = timeLimit,
) {
  const known = new Map<string, { before: Calendar; changed: PlainDate[] } | undefined>();
  return {
    calendar,
    table,
    with(editionIds: string): { before: Calendar; changed: PlainDate[] } | undefined {
      if (!known.has(editionIds)) {
        const before = byEdition(editionIds);
        known.set(editionIds, before && { before, changed: changedDays(before, calendar) });
      }
      return known.get(editionIds);
    },
  };
}
export type Comparison = ReturnType<typeof createComparison>;

/** False: no changed day can lie within the case's counts. True: it takes the whole case to tell. */
export function mayTouch(open: OpenCase, comparison: Comparison): boolean {
  const difference = comparison.with(open.calendar_edition);
  if (!difference) return true;
  const [first] = difference.changed;
  if (first === undefined) return false;
  if (open.provisional || open.stage_days_left !== null || open.total_days_left !== null) return true;
  return open.last_on !== null && addDays(open.last_on, BEYOND_DUE_DAYS) >= first;
}

/**
 * What would move, or undefined when no changed day touches the case. No moves: the days stay, but the count or an
 * escalation goes over a changed day, so the proof of the day and the timer are to be renewed.
 */
export function movesOf(open: OpenCase, row: CaseRow, comparison: Comparison, now: number): Move[] | undefined {
  const { calendar, table } = comparison;
  const after = countedWith(row, calendar, now, table);
  const moves = movedDays(open, row, after);
  if (moves.length > 0) return moves;
  const readings = [after.state.stageClock, after.state.totalClock].filter((reading) => reading !== undefined);
  // Without a limit there is no proof to renew, and what the case waits for has not moved.
  if (readings.length === 0 || open.calendar_edition === calendar.editionId) return undefined;
  const difference = comparison.with(open.calendar_edition);
  const touched =
    !difference ||
    agendaText(countedWith(row, difference.before, now, table).state.agenda) !== agendaText(after.state.agenda) ||
    readings.some((reading) => countsOver(reading, row, after, difference.changed));
  return touched ? [] : undefined;
}

/** The case as a turn would write it that only counts again. */
function countedWith(row: CaseRow, calendar: Calendar, now: number, table: LimitTable): NextCase {
  const turn: Turn = {
    caseId: row.case_id,
    acceptanceNo: row.acceptance_no,
    process: row.process_type,
    turn: row.version + 1,
    at: now + Number(row.clock_ahead_ms),
    kind: 'RECOUNTED',
    consequence: {},
  };
  return nextCase(getProcess(row.process_type), row, turn, calendar, 0, table);
}

function movedDays(open: OpenCase, row: CaseRow, after: NextCase): Move[] {
  const { stageClock, totalClock } = after.state;
  const day = (clock: Move['clock'], from: PlainDate | null, to: PlainDate | undefined): Move => ({
    ...{ clock, from, to: to ?? null, fromDaysLeft: null, daysLeft: null },
    ...{ fromProvisional: false, provisional: false },
  });
  const all: Move[] = [
    day('STUCK', row.stuck_on, after.stuckOn),
    day('CORRECTION', row.correction_due_on, after.correctionDueOn),
    day('REPAIR', row.repair_due_on, after.repairDueOn),
  ];
  if (stageClock) {
    const stored = { provisional: row.stage_provisional, daysLeft: open.stage_days_left };
    all.push(moveOfClock('STAGE', row.stage_due_on, stored, stageClock));
  }
  if (totalClock) {
    // The store keeps the total's last due day while its clock stands.
    const dueOn = open.total_days_left === null ? row.total_due_on : null;
    const stored = { provisional: row.total_provisional, daysLeft: open.total_days_left };
    all.push(moveOfClock('TOTAL', dueOn, stored, totalClock));
  }
  return MOVED_CLOCKS.flatMap((clock) => all.filter((move) => move.clock === clock)).filter(
    (move) => move.from !== move.to || move.fromDaysLeft !== move.daysLeft || move.fromProvisional !== move.provisional,
  );
}

const moveOfClock = (
  clock: Move['clock'],
  from: PlainDate | null,
  stored: { provisional: boolean; daysLeft: number | null },
  reading: ClockReading,
): Move => ({
  ...{ clock, from, to: reading.dueOn ?? null },
  ...{ fromDaysLeft: stored.daysLeft, daysLeft: reading.daysLeft ?? null },
  ...{ fromProvisional: stored.provisional, provisional: reading.provisional },
});

const agendaText = (agenda: readonly AgendaItem[]): string => agenda.map(({ key, at }) => `${key}@${at}`).join();

/** Whether a changed day lies among the days the reading counted; only working days are counted one by one. */
function countsOver(reading: ClockReading, row: CaseRow, after: NextCase, changed: readonly PlainDate[]): boolean {
  if (!isCounted(timeLimit(reading.limitId as LimitId))) return false;
  const until = reading.dueOn ?? after.suspendedOn;
  const periods = suspensionsOf(row);
  return (
    until !== undefined && changed.some((day) => reading.startOn < day && day <= until && !isSuspended(day, periods))
  );
}
