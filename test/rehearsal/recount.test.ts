import fc from 'fast-check';
import chineseDays from 'chinese-days';
import { between, midnight, plus, workingDays, type Day } from '../../rehearsal/recount/days.ts';
import { daysLate, LENGTHS, termOf, type Limit, type Stop } from '../../rehearsal/recount/limits.ts';
import type { Entered } from '../../rehearsal/recount/procedures.ts';
import { recount, ruleSet, type Act, type Life } from '../../rehearsal/recount/recount.ts';

/** The second opinion is itself held to the text: the worked examples of `deadlines.md` §4, then what must hold for any. */

const work = workingDays();
const term = (limit: Limit, start: Day, stops: Stop[] = [], extended = 0) =>
  termOf({ limit, start, extended }, stops, work, LENGTHS);
const due = (limit: Limit, start: Day, stops: Stop[] = []): Day | undefined => term(limit, start, stops)?.due;
const reminder = (limit: Limit, start: Day): Day | undefined => term(limit, start)?.reminder;

describe('the table of working days', () => {
  it('has the working days of each month that §3 gives as check sums', () => {
    const perMonth = (year: number): number[] =>
      Array.from({ length: 12 }, (_, month) => {
        const first = `${year}-${String(month + 1).padStart(2, '0')}-01`;
        return Array.from({ length: 31 }, (_, i) => plus(first, i)).filter(
          (day) => day.slice(0, 7) === first.slice(0, 7) && work.is(day),
        ).length;
      });
    expect(perMonth(2025)).toEqual([19, 19, 21, 22, 19, 20, 23, 21, 23, 18, 20, 23]);
    expect(perMonth(2026)).toEqual([21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23]);
  });

  it('agrees day by day with a public calendar', () => {
    for (let day = '2025-01-01'; day <= '2026-12-31'; day = plus(day, 1))
      expect([day, work.is(day)]).toEqual([day, chineseDays.isWorkday(day)]);
  });
});

describe('the worked examples of deadlines.md §4', () => {
  it.each<[number, Limit, Day, Day]>([
    [1, 'DL-08', '2025-09-22', '2025-09-28'],
    [1, 'DL-11', '2025-09-22', '2025-10-17'],
    [2, 'DL-09', '2025-09-28', '2025-10-11'],
    [2, 'DL-10', '2025-10-11', '2025-10-17'],
    [3, 'DL-08', '2025-09-30', '2025-10-14'],
    [3, 'DL-11', '2025-09-30', '2025-10-28'],
    [4, 'DL-08', '2025-10-03', '2025-10-14'],
    [4, 'DL-11', '2025-10-03', '2025-10-28'],
    [5, 'DL-31', '2025-09-29', '2025-10-13'],
    [5, 'DL-32', '2025-09-29', '2025-10-20'],
    [6, 'DL-30', '2025-10-09', '2025-10-06'],
    [7, 'DL-14', '2025-09-30', '2025-10-09'],
    [7, 'DL-15', '2025-09-30', '2025-10-11'],
    [8, 'DL-13', '2025-10-24', '2025-10-31'],
    [8, 'DL-13', '2025-10-25', '2025-10-31'],
    [8, 'DL-13', '2025-10-27', '2025-11-30'],
    [9, 'DL-19', '2025-10-01', '2025-10-05'],
    [9, 'DL-20', '2025-10-09', '2025-10-15'],
    [10, 'DL-08', '2026-02-12', '2026-02-26'],
    [10, 'DL-11', '2026-02-12', '2026-03-11'],
    [13, 'DL-30', '2026-02-24', '2026-02-21'],
    [14, 'DL-31', '2026-02-13', '2026-02-27'],
    [14, 'DL-32', '2026-02-13', '2026-03-05'],
    [15, 'DL-36', '2025-11-17', '2026-02-24'],
    [15, 'DL-36', '2025-11-28', '2026-02-28'],
    [15, 'DL-36', '2025-11-30', '2026-02-28'],
    [16, 'DL-57', '2025-07-01', '2025-10-09'],
    [16, 'DL-57', '2025-11-20', '2026-02-24'],
    [17, 'DL-04', '2026-01-01', '2026-01-10'],
    [17, 'DL-06', '2026-01-05', '2026-01-25'],
    [17, 'DL-13', '2026-01-26', '2026-02-28'],
    [17, 'DL-13', '2026-01-20', '2026-01-31'],
  ])('%i: %s from %s ends on %s', (_, limit, start, expected) => {
    expect(due(limit, start)).toBe(expected);
  });

  it.each<[number, Limit, Day, Day]>([
    [6, 'DL-30', '2025-10-09', '2025-09-30'],
    [8, 'DL-13', '2025-10-27', '2025-11-28'],
    [8, 'DL-06', '2025-10-01', '2025-10-24'],
    [9, 'DL-19', '2025-10-01', '2025-09-30'],
    [13, 'DL-30', '2026-02-24', '2026-02-14'],
    [17, 'DL-04', '2026-01-01', '2026-01-09'],
    [17, 'DL-06', '2026-01-05', '2026-01-23'],
    [17, 'DL-13', '2026-01-20', '2026-01-30'],
  ])('%i: the reminder of %s from %s is on %s', (_, limit, start, expected) => {
    expect(reminder(limit, start)).toBe(expected);
  });

  it('9, 18: late by 4 calendar days, by 2 working days', () => {
    expect(daysLate('DL-19', '2025-10-05', '2025-10-09', [], work)).toBe(4);
    expect(daysLate('DL-11', '2025-10-17', '2025-10-21', [], work)).toBe(2);
  });

  it('11: a return and a correction stop stage and total', () => {
    const life = reimbursement('2026-02-11', [
      act('2026-02-13', 'RETURN_TO_APPLICANT'),
      act('2026-02-25', 'CORRECTION_RECEIVED'),
    ]);
    expect(recount(life).after.at(1)).toEqual({ version: 2, windowEnds: '2026-03-16' });
    expect(recount(life).after.at(-1)).toMatchObject({ stageDue: '2026-02-28', totalDue: '2026-03-13' });
    const enteredLater = reimbursement('2026-02-11', [
      act('2026-02-13', 'RETURN_TO_APPLICANT'),
      act('2026-02-27', 'CORRECTION_RECEIVED', { correctionReceivedOn: '2026-02-25' }),
    ]);
    expect(recount(enteredLater).after.at(-1)).toMatchObject({ stageDue: '2026-02-28', totalDue: '2026-03-13' });
  });

  it('12: a return to the township gives it five new days and leaves the total', () => {
    const approve = (day: Day) => act(day, 'APPROVE');
    const life = reimbursement('2025-09-24', [
      approve('2025-09-28'),
      act('2025-09-30', 'RETURN_TO_PREVIOUS'),
      approve('2025-10-13'),
      ...[approve('2025-10-15'), approve('2025-10-16'), approve('2025-10-17')],
      approve('2025-10-23'),
    ]);
    const { after, stages, total } = recount(life);
    expect(after.map(({ stageDue }) => stageDue)).toEqual([
      '2025-09-30',
      '2025-10-11',
      '2025-10-14',
      ...['2025-10-20', '2025-10-20', '2025-10-20'],
      '2025-10-24',
      '2025-10-25',
    ]);
    expect(total).toEqual({ endedOn: '2025-10-23', due: '2025-10-21', daysLate: 2 });
    expect(stages.map(({ daysLate: late }) => late)).toEqual([0, 0, 0, 0, 0]);
  });
});

describe('the ladder', () => {
  it('reminds, tells the day, records the passing and escalates from a township to county and city', () => {
    const { effects } = recount(reimbursement('2025-09-22', [], '2025-10-20'));
    expect(effects.map(({ key, day }) => `${day} ${key}`)).toEqual([
      '2025-09-26 S1:REMINDER:2025-09-28',
      '2025-09-28 S1:DUE:2025-09-28',
      '2025-09-29 S1:LIMIT_PASSED:2025-09-28',
      '2025-09-30 S1:ESCALATION:COUNTY:2025-09-28',
      '2025-10-11 S1:ESCALATION:CITY:2025-09-28',
      '2025-10-16 T:REMINDER:2025-10-17',
      '2025-10-17 T:DUE:2025-10-17',
      '2025-10-18 T:LIMIT_PASSED:2025-10-17',
    ]);
  });

  it('stands while a correction is awaited, and minds its window instead', () => {
    const returned = reimbursement('2025-09-22', [act('2025-09-23', 'RETURN_TO_APPLICANT')], '2025-12-01');
    expect(recount(returned).effects.map(({ key, day }) => `${day} ${key}`)).toEqual([
      '2025-10-22 C1:REMINDER:2025-10-23',
      '2025-10-24 C1:WINDOW:2025-10-23',
    ]);
  });

  it('shows a stage without a limit as stuck after its working days of silence, and a provisional day only as due', () => {
    const filing: Life = {
      ...reimbursement('2025-09-30', [], '2025-12-01'),
      process: 'OUT_OF_AREA_REFERRAL',
      firstStep: 'REGISTERED',
    };
    expect(recount(filing).effects.map(({ key, day }) => `${day} ${key}`)).toEqual(['2025-10-11 V1:STUCK']);
    const overTheYear = reimbursement('2026-12-28', [], '2027-02-20');
    expect(recount(overTheYear).effects.map(({ key }) => key)).toEqual([
      'S1:REMINDER:2027-01-04',
      'S1:DUE:2027-01-04',
      'T:REMINDER:2027-01-18',
      'T:DUE:2027-01-18',
    ]);
  });
});

describe('for any days', () => {
  const day = fc.integer({ min: 0, max: 600 }).map((n) => plus('2025-01-01', n));
  const length = fc.integer({ min: 1, max: 30 });
  const counted = (start: Day, n: number, stops: Stop[] = [], calendar = work): Day =>
    termOf({ limit: 'DL-08', start, extended: n - 5 }, stops, calendar, LENGTHS)?.due ?? '';

  it('a stop of k counted days moves the due day by exactly k of them', () => {
    fc.assert(
      fc.property(
        day,
        length,
        fc.integer({ min: 0, max: 40 }),
        fc.integer({ min: 0, max: 40 }),
        (start, n, from, k) => {
          const stop = { suspendedOn: plus(start, from), resumedOn: plus(start, from + k) };
          const before = counted(start, n);
          const after = counted(start, n, [stop]);
          const stopped = stop.suspendedOn >= before ? 0 : workingIn(stop.suspendedOn, stop.resumedOn);
          expect(after).toBe(stopped === 0 ? before : work.nth(before, stopped));
        },
      ),
    );
  });

  it('a make-up day never makes a due day later', () => {
    fc.assert(
      fc.property(day, length, day, (start, n, madeUp) => {
        const more = workingDays([
          ...[2025, 2026].map((year) => ({
            year,
            daysOff: [],
            makeUpWorkdays: madeUp.startsWith(`${year}`) ? [madeUp] : [],
          })),
        ]);
        const plain = workingDays([2025, 2026].map((year) => ({ year, daysOff: [], makeUpWorkdays: [] })));
        expect(counted(start, n, [], more) <= counted(start, n, [], plain)).toBe(true);
      }),
    );
  });

  it('due day and working days late together are the count of N + late days', () => {
    fc.assert(
      fc.property(day, length, fc.integer({ min: 1, max: 30 }), (start, n, late) => {
        const last = counted(start, n);
        const doneOn = counted(start, n + late);
        expect(daysLate('DL-08', last, doneOn, [], work)).toBe(late);
      }),
    );
  });

  const workingIn = (after: Day, until: Day): number =>
    Array.from({ length: between(after, until) }, (_, i) => plus(after, i + 1)).filter(work.is).length;
});

let version = 1;
function act(day: Day, kind: Act['act'], entered: Entered = {}): Act {
  return { at: midnight(day) + 11 * 3_600_000, act: kind, version: (version += 1), entered };
}

/** Received at a township at nine, observed until the given day has ended. */
function reimbursement(receivedOn: Day, acts: Act[], until = '2025-12-31'): Life {
  version = 1;
  return {
    process: 'REIMBURSEMENT_REVIEW',
    receivedOn,
    window: 'TOWNSHIP',
    firstStep: 'INTAKE',
    filedAt: midnight(receivedOn) + 9 * 3_600_000,
    filedVersion: 1,
    acts,
    until: Math.max(midnight(plus(until, 1)), ...acts.map(({ at }) => at + 1)),
  };
}

describe('another set of rules', () => {
  it('moves the due days and nothing else', () => {
    const life = reimbursement('2026-03-02', [act('2026-03-03', 'APPROVE')], '2026-03-04');
    expect(recount(life).after.at(-1)).toMatchObject({ stageDue: '2026-03-10' });
    expect(recount(life, ruleSet({ 'DL-09': 3 })).after.at(-1)).toMatchObject({ stageDue: '2026-03-06' });
  });
});
