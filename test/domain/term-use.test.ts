/** Whose days were used: worked examples, and that nothing is lost or counted twice on any walk through the offices. */
import fc from 'fast-check';
import { countCase, TOWN, COUNTY, CITY, walk } from './term-walks.ts';
import { dueDate, type SuspensionPeriod } from '../../domain/deadline.ts';
import { addDays, plainDate as day } from '../../domain/plain-date.ts';
import { useOfTerm, type StagePass } from '../../domain/term-use.ts';
import { timeLimit } from '../../domain/time-limits.ts';
import { calendar, stopped } from '../support/days.ts';
import { calendars, ledgers } from './clock-arbitraries.ts';

const passesOf = (...rows: [string, number, string, string?][]): StagePass[] =>
  rows.map(([officeId, rank, openedOn, closedOn], i) => ({
    seq: i + 1,
    stage: ['INTAKE', 'COUNTY_REVIEW', 'CITY_SUMMARY'][rank] ?? '',
    officeId,
    rank,
    openedOn: day(openedOn),
    startOn: day(openedOn),
    ...(closedOn ? { closedOn: day(closedOn) } : {}),
    allotted: 5,
  }));
const split = (passes: StagePass[], receivedOn: string, until: string, suspensions: SuspensionPeriod[] = []) =>
  useOfTerm({
    passes,
    term: { startOn: day(receivedOn), limit: 15, until: day(until) },
    calendar,
    suspensions,
    today: day(until),
  });
const daysOf = (use: ReturnType<typeof useOfTerm>, seq: number): string[] =>
  use.termDays.filter((d) => d.seq === seq).map((d) => d.day.slice(5) + (d.late ? ' late' : ''));

describe('5 + 5 + 5 within 15', () => {
  it('example 2: three offices that each use their whole limit use the whole total, and pass nothing on', () => {
    const passes = passesOf(
      [TOWN, 0, '2025-09-22', '2025-09-28'],
      [COUNTY, 1, '2025-09-28', '2025-10-11'],
      [CITY, 2, '2025-10-11', '2025-10-17'],
    );
    const use = split(passes, '2025-09-22', '2025-10-17');
    expect(use.passes).toEqual([
      { seq: 1, allotted: 5, used: 5, paused: 0, left: 'UP', passedOn: 0, ofTerm: 5, lateOfTerm: 0 },
      { seq: 2, allotted: 5, used: 5, paused: 0, left: 'UP', passedOn: 0, ofTerm: 5, lateOfTerm: 0 },
      { seq: 3, allotted: 5, used: 5, paused: 0, left: 'ENDED', ofTerm: 5, lateOfTerm: 0 },
    ]);
    // The day of the hand-over belongs to who hands over (C1).
    expect(daysOf(use, 1)).toEqual(['09-23', '09-24', '09-25', '09-26', '09-28']);
    expect(daysOf(use, 2)).toEqual(['09-29', '09-30', '10-09', '10-10', '10-11']);
    expect(daysOf(use, 3)).toEqual(['10-13', '10-14', '10-15', '10-16', '10-17']);
  });

  it('example 12: the loop is attributed to who held the case, and the two late days to the city', () => {
    const passes = passesOf(
      [TOWN, 0, '2025-09-24', '2025-09-28'],
      [COUNTY, 1, '2025-09-28', '2025-09-30'],
      [TOWN, 0, '2025-09-30', '2025-10-13'],
      [COUNTY, 1, '2025-10-13', '2025-10-17'],
      [CITY, 2, '2025-10-17', '2025-10-23'],
    );
    const use = split(passes, '2025-09-24', '2025-10-23');
    expect(passes.map((_, i) => daysOf(use, i + 1))).toEqual([
      ['09-25', '09-26', '09-28'],
      ['09-29', '09-30'],
      ['10-09', '10-10', '10-11', '10-13'],
      ['10-14', '10-15', '10-16', '10-17'],
      ['10-20', '10-21', '10-22 late', '10-23 late'],
    ]);
    expect(use.passes.map(({ used, left, passedOn, lateOfTerm }) => [used, left, passedOn, lateOfTerm])).toEqual([
      [3, 'UP', 2, 0],
      // Returned, not handed up: what was left of the county's five days is nobody's (C8).
      [2, 'BACK', undefined, 0],
      [4, 'UP', 1, 0],
      [4, 'UP', 1, 0],
      [4, 'ENDED', undefined, 2],
    ]);
  });

  it('example 11: the days of a correction are paused where the case lay', () => {
    const passes = passesOf([TOWN, 0, '2026-02-11', '2026-03-02'], [COUNTY, 1, '2026-03-02']);
    const use = split(passes, '2026-02-11', '2026-03-04', [stopped('2026-02-13', '2026-02-25')]);
    expect(daysOf(use, 1)).toEqual(['02-12', '02-13', '02-26', '02-27', '02-28', '03-02']);
    expect(use.passes).toMatchObject([
      // 02-14 (make-up), 24 and 25 were working days on which the clock stood. Six of five: one taken from the others.
      { used: 6, paused: 3, left: 'UP', passedOn: -1 },
      { used: 2, paused: 0, left: 'OPEN', ofTerm: 2 },
    ]);
  });

  it('gives several hand-overs of one day to the first office, the others hold no day', () => {
    const passes = passesOf(
      [TOWN, 0, '2025-10-09', '2025-10-13'],
      [COUNTY, 1, '2025-10-13', '2025-10-13'],
      [CITY, 2, '2025-10-13', '2025-10-14'],
    );
    const use = split(passes, '2025-10-09', '2025-10-14');
    expect(use.passes.map(({ ofTerm }) => ofTerm)).toEqual([3, 0, 1]);
  });

  it('gives the days before the case was entered to the first desk', () => {
    const first: StagePass = { ...(passesOf([TOWN, 0, '2025-10-13'])[0] as StagePass), startOn: day('2025-10-09') };
    expect(daysOf(split([first], '2025-10-09', '2025-10-14'), 1)).toEqual(['10-10', '10-11', '10-13', '10-14']);
  });

  it('counts one late day for work done on the Saturday after the due day (C11)', () => {
    const passes = passesOf([CITY, 2, '2025-09-26', '2025-10-25']);
    const use = split(passes, '2025-09-26', '2025-10-25');
    expect(dueDate(timeLimit('DL-11'), day('2025-09-26'), calendar).dueOn).toBe('2025-10-23');
    expect(daysOf(use, 1).slice(-2)).toEqual(['10-23', '10-24 late']);
    const saturday = split(passesOf([CITY, 2, '2025-09-28', '2025-10-25']), '2025-09-28', '2025-10-25');
    expect(daysOf(saturday, 1).slice(-2)).toEqual(['10-24', '10-25 late']);
  });
});

describe('on every walk', () => {
  it('all days of the total are somebody’s, once, and a stage’s days add up', () => {
    fc.assert(
      fc.property(walk, calendars, ledgers, (steps, cal, ledger) => {
        const closed = ledger.filter((s) => s.resumedOn !== undefined);
        const { passes, receivedOn, until } = countCase(steps);
        const term = { startOn: receivedOn, limit: 15, until };
        const use = useOfTerm({ passes, term, calendar: cal, suspensions: closed, today: until });
        const isStopped = (d: string) => closed.some((s) => s.suspendedOn < d && d <= String(s.resumedOn));
        let ran = 0;
        let working = 0;
        for (let d = addDays(receivedOn, 1); d <= until; d = addDays(d, 1)) {
          if (!cal.isWorkingDay(d)) continue;
          working++;
          if (!isStopped(d)) ran++;
        }
        const sum = (key: 'ofTerm' | 'lateOfTerm' | 'used' | 'paused') =>
          use.passes.reduce((total, pass) => total + (pass[key] ?? 0), 0);
        const { dueOn } = dueDate(timeLimit('DL-11'), receivedOn, cal, closed);
        // C11: at least one day late, even if no working day has passed since the due day.
        const late = until <= dueOn ? 0 : Math.max(1, ran - 15);
        expect(sum('ofTerm')).toBe(Math.min(ran, 15) + late);
        expect(sum('lateOfTerm')).toBe(late);
        expect(new Set(use.termDays.map((d) => d.day)).size).toBe(use.termDays.length);
        expect(use.termDays.map((d) => d.n)).toEqual(use.termDays.map((_, i) => i + 1));
        // Each stage begins where the one before ended: used and paused days are the elapsed ones.
        expect(sum('used')).toBe(ran);
        expect(sum('used') + sum('paused')).toBe(working);
        for (const { allotted, used, passedOn } of use.passes) {
          if (passedOn !== undefined) expect(used + passedOn).toBe(allotted);
        }
      }),
    );
  });
});
