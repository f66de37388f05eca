import type pg from 'pg';
import type { ClockReading, Decision } from '../../domain/case.ts';
import type { ProcessDefinition } from '../../domain/process.ts';
import type { PlainDate } from '../../domain/plain-date.ts';
import { instantText } from '../instant.ts';
import type { ProvedLimit } from './clock-schema.ts';
import { titleOf } from './timeline.ts';

/** What the log says of the clocks after each turn: the readings as they were written, and who or what moved them. */
export interface ClockEvent {
  turn: number;
  at: Date;
  kind: string;
  decision: Decision | null;
  step: string;
  actorName: string | null;
  stageClock: ClockReading | null;
  totalClock: ClockReading | null;
  totalEnded: boolean;
}

const EVENTS = {
  name: 'clock-events',
  text: `
  SELECT turn, at, kind, decision, step, actor_name AS "actorName", data->'stageClock' AS "stageClock", data->'totalClock' AS "totalClock",
         data ? 'totalEnded' AS "totalEnded"
  FROM case_event WHERE case_id = $1 AND kind <> 'ESCALATED' ORDER BY seq`,
};

export const clockEventsOf = async (db: pg.Pool, caseId: string): Promise<ClockEvent[]> =>
  (await db.query<ClockEvent>({ ...EVENTS, values: [caseId] })).rows;

/** Every change of a due day between the first reading and the last: moved by a calendar, stopped, resumed, lengthened. */
export function movesOf(
  events: readonly ClockEvent[],
  clock: 'stageClock' | 'totalClock',
  definition: ProcessDefinition,
): ProvedLimit['moves'] {
  const moves: ProvedLimit['moves'] = [];
  let before: ClockReading | undefined;
  for (const event of events) {
    const now = event[clock];
    if (!now) continue;
    const from: PlainDate | null = before?.dueOn ?? null;
    const to: PlainDate | null = now.dueOn ?? null;
    if (before && (from !== to || before.provisional !== now.provisional)) {
      moves.push({
        at: instantText(event.at.getTime()),
        from,
        to,
        provisional: now.provisional,
        calendarEdition: now.calendarEdition,
        because: titleOf(event, definition),
        by: event.actorName,
      });
    }
    before = now;
  }
  return moves;
}

/** Events of one pass through a stage: from the turn that opened it until before the one that closed it. */
export const during = (events: readonly ClockEvent[], openedTurn: number, closedTurn: number | null): ClockEvent[] =>
  events.filter(({ turn }) => turn >= openedTurn && (closedTurn === null || turn < closedTurn));

/** The edition a turn was written with, as its readings say; none if no limit ran after it. */
export const editionAt = (events: readonly ClockEvent[], turn: number | null): string | undefined => {
  const event = events.find((each) => each.turn === turn);
  return (event?.stageClock ?? event?.totalClock)?.calendarEdition;
};
