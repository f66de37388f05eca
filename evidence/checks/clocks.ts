import type { Calendar } from '../../domain/calendar.ts';
import type { ClockReading, GrantedExtension } from '../../domain/case.ts';
import { extended, readClock, type RunningLimit } from '../../domain/clock.ts';
import { daysLate } from '../../domain/deadline.ts';
import { isPlainDate, type PlainDate } from '../../domain/plain-date.ts';
import { TIME_LIMITS, timeLimit, type LimitId, type LimitTable } from '../../domain/time-limits.ts';
import { differs, type Findings } from '../check.ts';
import type { ToldPeriod, WalkedTurn } from '../walk.ts';

/** Builds the calendar of the editions a reading names ('CN-2025-1+CN-2026-1'); undefined when one is not in the bundle. */
export type CalendarOf = (editionIds: string) => Calendar | undefined;

/**
 * Every due day of every turn, counted again from its start, the stops and extensions told before it, and the calendar it names;
 * every number of days late against the due day then in force; and every effect of the clock against its hour.
 */
export function checkClocks(
  turns: readonly WalkedTurn[],
  calendarOf: CalendarOf,
  found: Findings,
  table: LimitTable = timeLimit,
): void {
  const armed = new Map<string, number>();
  for (const walked of turns) {
    const { state, turn } = walked;
    for (const [clock, reading] of [
      ['STAGE', state.stageClock],
      ['TOTAL', state.totalClock],
    ] as const) {
      if (!reading) continue;
      const of = `turn ${turn.turn} ${clock} ${reading.limitId}`;
      const counted = recount(walked, clock, reading, calendarOf, table);
      found.hold('DATES', of, counted !== undefined && sameReading(reading, counted), () =>
        differs(readingText(reading), counted ? readingText(counted) : 'no such limit or calendar'),
      );
    }
    checkLateness(walked, calendarOf, found, table);
    checkEffect(walked, armed, found);
    for (const item of state.agenda) armed.set(item.key, item.at);
  }
}

function recount(
  { state, periods, extensions, today }: WalkedTurn,
  clock: GrantedExtension['clock'],
  reading: ClockReading,
  calendarOf: CalendarOf,
  table: LimitTable,
): ClockReading | undefined {
  const calendar = calendarOf(reading.calendarEdition);
  if (!calendar || !(reading.limitId in TIME_LIMITS)) return undefined;
  return readClock(startedAs(reading, clock, state.stageSeq ?? 0, extensions, table), periods, calendar, today, table);
}

/** The limit of a reading as it was started, with what was granted on top. */
function startedAs(
  { limitId, startOn, dueOn }: ClockReading,
  clock: GrantedExtension['clock'],
  stageSeq: number,
  extensions: readonly GrantedExtension[],
  table: LimitTable,
): RunningLimit {
  const id = limitId as LimitId;
  const setTo = table(id).unit === 'DATE' && dueOn ? { setTo: dueOn } : {};
  return extended({ id, startOn, ...setTo }, clock, stageSeq, extensions);
}

const readingText = ({ dueOn, reminderOn, daysLeft, provisional, startOn, article }: ClockReading): string =>
  [
    startOn,
    '→',
    dueOn ?? `stopped, ${daysLeft ?? '?'} left`,
    reminderOn ?? '',
    provisional ? 'provisional' : '',
    article,
  ]
    .join(' ')
    .trim();
const sameReading = (a: ClockReading, b: ClockReading): boolean => readingText(a) === readingText(b);

/** C11. Work may be entered later than it was done; then the day is one the form names. */
function checkLateness(
  { turn, event, stateBefore, periods, periodsBefore, extensions, today, form }: WalkedTurn,
  calendarOf: CalendarOf,
  found: Findings,
  table: LimitTable,
): void {
  const late = (
    reading: ClockReading,
    stops: readonly ToldPeriod[],
    seq: number,
    clock: GrantedExtension['clock'],
    editions: string,
  ) => {
    const calendar = calendarOf(editions);
    if (!calendar) return [];
    const running = startedAs(reading, clock, seq, extensions, table);
    return [today, ...daysIn(form)].map((day) => {
      const { dueOn } = readClock(running, stops, calendar, day, table);
      return dueOn ? daysLate(table(running.id), dueOn, day, calendar, stops) : 0;
    });
  };
  const editions = turn.result.state.stageClock?.calendarEdition ?? turn.result.state.totalClock?.calendarEdition;
  const stage = stateBefore?.stageClock;
  if (event.days_late !== null && stage && turn.request) {
    const possible = late(stage, periods, stateBefore.stageSeq ?? 0, 'STAGE', editions ?? stage.calendarEdition);
    found.hold('LATENESS', `turn ${turn.turn} ${stage.limitId}`, possible.includes(event.days_late), () =>
      differs(event.days_late, possible),
    );
  }
  const ended = event.data['totalEnded'] as { on: PlainDate; daysLate: number } | undefined;
  const total = stateBefore?.totalClock;
  if (ended && total) {
    const possible = [periods, periodsBefore].flatMap((stops) =>
      late(total, stops, 0, 'TOTAL', total.calendarEdition).slice(0, 1),
    );
    found.hold(
      'LATENESS',
      `turn ${turn.turn} TOTAL ${total.limitId}`,
      possible.includes(ended.daysLate) && ended.on === today,
      () => differs(ended, today),
    );
  }
}

const daysIn = (form: object): PlainDate[] =>
  Object.values(form).filter((value): value is PlainDate => typeof value === 'string' && isPlainDate(value));

/** Never early, and only what a turn before had armed. */
function checkEffect({ turn, event }: WalkedTurn, armed: ReadonlyMap<string, number>, found: Findings): void {
  const key = event.effect_key;
  if (key === null) return;
  const at = armed.get(key);
  const happened = Date.parse(event.at);
  found.hold('EFFECTS', `turn ${turn.turn} ${key}`, at !== undefined && at <= happened, () =>
    differs(event.at, at === undefined ? 'never armed' : `not before ${new Date(at).toISOString()}`),
  );
}
