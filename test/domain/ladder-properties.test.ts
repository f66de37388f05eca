import fc from 'fast-check';
import type { ClockReading } from '../../domain/case.ts';
import { agendaOf, readClock, type AgendaInput } from '../../domain/clock.ts';
import type { SuspensionPeriod } from '../../domain/deadline.ts';
import { addDays, plainDate, plainDateAt, startOfDay } from '../../domain/plain-date.ts';
import { calendar } from '../support/days.ts';

/** What holds for every ladder, whatever the case went through. */

const JANUARY = plainDate('2025-01-01');
const day = fc.integer({ min: 0, max: 700 }).map((n) => addDays(JANUARY, n));
const limit = fc.constantFrom('DL-08' as const, 'DL-10' as const, 'DL-14' as const, 'DL-32' as const);
const closed = fc
  .tuple(day, fc.nat(30))
  .map(([suspendedOn, n]): SuspensionPeriod => ({ suspendedOn, resumedOn: addDays(suspendedOn, n) }));

const situation = fc.record({
  startOn: day,
  id: limit,
  extendedBy: fc.nat(5),
  periods: fc.array(closed, { maxLength: 3 }),
  open: fc.option(day, { nil: undefined }),
  later: fc.integer({ min: 0, max: 60 }),
  deskLevel: fc.constantFrom(undefined, 'TOWNSHIP' as const, 'COUNTY' as const, 'CITY' as const),
  spreadSeconds: fc.constantFrom(0, 600),
});
type Situation = typeof situation extends fc.Arbitrary<infer S> ? S : never;

function inputOf({ startOn, id, extendedBy, periods, open, later, deskLevel, spreadSeconds }: Situation) {
  const today = addDays(startOn, later);
  const suspensions = open === undefined ? periods : [...periods, { suspendedOn: open }];
  const stage: ClockReading = readClock({ id, startOn, extendedBy }, suspensions, calendar, today);
  const input: AgendaInput = {
    acceptanceNo: 'A-1',
    ended: false,
    stageSeq: 1,
    stage,
    ...(deskLevel ? { deskLevel } : {}),
    lastActivityVersion: 1,
    fired: new Set(),
    today,
    calendar,
    suspensions,
    spreadSeconds,
  };
  return { input, stage };
}

describe('the agenda of a limit', () => {
  it('is in order of time, has each key once, and nothing before its day', () => {
    fc.assert(
      fc.property(situation, (s) => {
        const { input, stage } = inputOf(s);
        const agenda = agendaOf(input);
        expect(agenda.map((item) => item.at)).toEqual(agenda.map((item) => item.at).sort((a, b) => a - b));
        expect(new Set(agenda.map((item) => item.key)).size).toBe(agenda.length);
        for (const { kind, at, key } of agenda) {
          expect(key.endsWith(`:${stage.dueOn}`)).toBe(true);
          expect(at - startOfDay(plainDateAt(at))).toBeLessThan(Math.max(1, s.spreadSeconds * 1000));
          const on = plainDateAt(at);
          if (kind === 'DUE') expect(on).toBe(stage.dueOn);
          if (kind === 'REMINDER') expect(on < String(stage.dueOn)).toBe(true);
          if (kind === 'LIMIT_PASSED') expect(on).toBe(addDays(plainDate(String(stage.dueOn)), 1));
          if (kind === 'ESCALATION') expect(on > String(stage.dueOn)).toBe(true);
        }
      }),
    );
  });

  it('loses what has happened and nothing else', () => {
    fc.assert(
      fc.property(situation, fc.nat(), (s, n) => {
        const { input } = inputOf(s);
        const agenda = agendaOf(input);
        fc.pre(agenda.length > 0);
        const { key } = agenda[n % agenda.length] as (typeof agenda)[number];
        expect(agendaOf({ ...input, fired: new Set([key]) })).toEqual(agenda.filter((item) => item.key !== key));
      }),
    );
  });

  it('keeps what came due meanwhile, however late it is looked at', () => {
    fc.assert(
      fc.property(situation, fc.nat(400), (s, days) => {
        const { input } = inputOf(s);
        const armed = agendaOf(input);
        const later = agendaOf({ ...input, today: addDays(input.today, days), alsoDue: armed });
        expect(later).toEqual(armed);
      }),
    );
  });

  it('breaks nothing while a working-day limit stands, unless it was late before', () => {
    fc.assert(
      fc.property(situation, (s) => {
        const { input, stage } = inputOf(s);
        fc.pre(s.open !== undefined);
        const agenda = agendaOf(input);
        if (stage.dueOn === undefined) expect(agenda).toEqual([]);
        else expect(stage.dueOn < String(s.open)).toBe(true);
        expect(agenda.some(({ kind }) => kind === 'ESCALATION')).toBe(false);
      }),
    );
  });
});
