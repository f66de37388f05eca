import fc from 'fast-check';
import {
  checkEdition,
  checkSuccession,
  horizonOf,
  sameContent,
  type CalendarEdition,
} from '../../domain/calendar-edition.ts';
import { changedDays, createCalendar, horizonWithin } from '../../domain/calendar.ts';
import { dueDate } from '../../domain/deadline.ts';
import { addDays, dayOfWeek, plainDate as day, type PlainDate } from '../../domain/plain-date.ts';
import { Refusal } from '../../domain/refusal.ts';
import { timeLimit } from '../../domain/time-limits.ts';
import { calendar, cn2025, cn2026, madeUpEdition } from '../support/days.ts';

/** Yearly notices, amendments in the middle of the year, and how far an edition is certain. */

const amending = (base: CalendarEdition, changes: Partial<CalendarEdition> = {}): CalendarEdition => ({
  ...base,
  id: `${base.id}-A`,
  amends: base.id,
  ...changes,
});
const refusalOf = (attempt: () => unknown): [string, ...string[]] | undefined => {
  try {
    attempt();
    return undefined;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    for (const fault of error.faults) expect(fault.zh).not.toBe('');
    return [error.code, ...error.faults.map(({ path, en }) => `${path} ${en}`)];
  }
};

describe('the horizon of an edition', () => {
  const untilJune = (): CalendarEdition => ({
    ...cn2026,
    horizonOn: day('2026-06-30'),
    daysOff: cn2026.daysOff.filter((d) => d <= '2026-06-30'),
    makeUpWorkdays: cn2026.makeUpWorkdays.filter((d) => d <= '2026-06-30'),
  });

  it('is the end of its year unless it says so', () => {
    expect([horizonOf(cn2026), horizonOf(untilJune())]).toEqual(['2026-12-31', '2026-06-30']);
  });

  it('leaves the days after it undecided, also within the year: plain Monday to Friday, and provisional', () => {
    const short = createCalendar([cn2025, untilJune()]);
    expect(short.lastDay).toBe('2026-06-30');
    expect(['2026-06-30', '2026-07-01', '2026-10-01'].map((d) => short.isCovered(day(d)))).toEqual([
      ...[true, false, false],
    ]);
    expect(short.isWorkingDay(day('2026-10-01'))).toBe(true);
    expect(dueDate(timeLimit('DL-08'), day('2026-06-26'), short)).toMatchObject({
      ...{ dueOn: '2026-07-03', provisional: true, provisionalBecause: '2026-06-30' },
    });
    expect(dueDate(timeLimit('DL-08'), day('2026-06-22'), short).provisional).toBe(false);
  });

  it('is named where an edition of the next year follows the gap', () => {
    const gapped = createCalendar([cn2025, untilJune(), madeUpEdition(2027, '01-01')]);
    expect(horizonWithin(day('2026-06-01'), day('2027-02-01'), gapped)).toBe('2026-06-30');
    expect(horizonWithin(day('2027-01-01'), day('2027-02-01'), gapped)).toBeUndefined();
    expect(horizonWithin(day('2027-12-31'), day('2028-01-01'), gapped)).toBe('2027-12-31');
  });

  it('must lie in the year, and no day may be listed after it', () => {
    expect(refusalOf(() => checkEdition({ ...cn2026, horizonOn: day('2027-01-31') }))).toEqual([
      'CALENDAR_CONTRADICTION',
      'horizonOn The horizon must be a day of 2026.',
    ]);
    const late = { ...untilJune(), daysOff: [...untilJune().daysOff, day('2026-07-01')], makeUpWorkdays: [] };
    expect(refusalOf(() => checkEdition(late))).toEqual([
      'CALENDAR_CONTRADICTION',
      expect.stringMatching(/^daysOff\.\d+ 2026-07-01 lies after the horizon 2026-06-30\.$/),
    ]);
  });
});

describe('an edition that follows others', () => {
  const stored = [cn2025, cn2026];

  it('is new for a year without one, and as the amendment of the one in force', () => {
    expect(checkSuccession(madeUpEdition(2027, '01-01'), stored)).toBe('NEW');
    expect(checkSuccession(amending(cn2026), stored)).toBe('NEW');
    const second = amending(amending(cn2026));
    expect(checkSuccession(second, [...stored, amending(cn2026)])).toBe('NEW');
  });

  it('is known when the same is stored, in whatever order it lists its days', () => {
    expect(checkSuccession({ ...cn2026, daysOff: [...cn2026.daysOff].reverse() }, stored)).toBe('KNOWN');
    expect(sameContent(cn2026, { ...cn2026, horizonOn: day('2026-12-31') })).toBe(true);
    expect(checkSuccession(cn2026, [...stored, amending(cn2026)])).toBe('KNOWN');
  });

  it.each<[what: string, edition: CalendarEdition, code: string, fault: RegExp]>([
    ['a second notice for a year', { ...cn2026, id: 'X' }, 'CALENDAR_YEAR_TAKEN', /^amends .*CN-2026-1/],
    ['an amendment of another year’s', amending(cn2026, { amends: 'CN-2025-1' }), 'CALENDAR_YEAR_TAKEN', /CN-2026-1/],
    [
      'an amendment of nothing',
      { ...madeUpEdition(2027, '01-01'), amends: 'CN-2026-1' },
      'CALENDAR_CONTRADICTION',
      /no edition of 2027/,
    ],
    [
      'an amendment from before what it amends',
      amending(cn2026, { publishedOn: day('2025-11-03') }),
      'CALENDAR_CONTRADICTION',
      /^publishedOn /,
    ],
    ['other days under the same id', { ...cn2026, makeUpWorkdays: [] }, 'CALENDAR_EDITION_DIFFERS', /^id /],
    ['another source under the same id', { ...cn2026, source: 'x' }, 'CALENDAR_EDITION_DIFFERS', /^id /],
  ])('is refused: %s', (_what, edition, code, fault) => {
    expect(refusalOf(() => checkSuccession(edition, stored))).toEqual([code, expect.stringMatching(fault)]);
  });

  it('is refused when it amends what has been amended already', () => {
    const faults = refusalOf(() => checkSuccession(amending(cn2026, { id: 'Y' }), [...stored, amending(cn2026)]));
    expect(faults).toEqual(['CALENDAR_YEAR_TAKEN', expect.stringContaining('CN-2026-1-A')]);
  });

  it('cannot amend itself', () => {
    expect(refusalOf(() => checkEdition({ ...cn2026, amends: cn2026.id }))?.[1]).toMatch(/^amends /);
  });
});

describe('changed days', () => {
  it('are those worked or certain in one of two calendars only; part of a holiday at a weekend is none', () => {
    const off = [...cn2026.daysOff, day('2026-03-02'), day('2026-03-07')];
    const after = createCalendar([cn2025, amending(cn2026, { daysOff: off, makeUpWorkdays: [] })]);
    const changed = changedDays(calendar, after);
    expect(changed).toEqual([...cn2026.makeUpWorkdays, day('2026-03-02')].sort());
    expect(changedDays(after, calendar)).toEqual(changed);
  });

  it('are all days of a year when its edition comes or goes', () => {
    expect(changedDays(createCalendar([cn2025]), calendar)).toHaveLength(365);
  });
});

const limits = fc.constantFrom(...(['DL-08', 'DL-11', 'DL-14', 'DL-31', 'DL-32'] as const)).map((id) => timeLimit(id));
const starts = fc.nat(340).map((n) => addDays(day('2026-01-01'), n));
const someDays = fc
  .uniqueArray(fc.nat(364), { maxLength: 20 })
  .map((ns) => ns.map((n) => addDays(day('2026-01-01'), n)));
/** Any lists of days, made into an amendment of 2026 that contradicts nothing. */
const amendments = fc.tuple(someDays, someDays).map(([off, worked]): CalendarEdition => {
  const daysOff: PlainDate[] = [day('2026-01-01'), ...off.filter((d) => d !== '2026-01-01')];
  const makeUpWorkdays = worked.filter((d) => dayOfWeek(d) > 5 && !daysOff.includes(d));
  return amending(cn2026, { daysOff, makeUpWorkdays });
});

describe('whatever an amendment says', () => {
  it('a further make-up workday never makes a due day later, a further day off never earlier', () => {
    fc.assert(
      fc.property(limits, starts, amendments, fc.nat(364), (limit, startOn, base, n) => {
        const extra = addDays(day('2026-01-01'), n);
        fc.pre(!base.daysOff.includes(extra) && !base.makeUpWorkdays.includes(extra));
        const more: CalendarEdition =
          dayOfWeek(extra) > 5
            ? { ...base, makeUpWorkdays: [...base.makeUpWorkdays, extra] }
            : { ...base, daysOff: [...base.daysOff, extra] };
        const before = dueDate(limit, startOn, createCalendar([cn2026, base])).dueOn;
        const after = dueDate(limit, startOn, createCalendar([cn2026, more])).dueOn;
        expect(dayOfWeek(extra) > 5 ? after <= before : after >= before).toBe(true);
      }),
    );
  });

  it('the same days move nothing and change no day', () => {
    fc.assert(
      fc.property(limits, starts, amendments, (limit, startOn, base) => {
        const before = createCalendar([cn2026, base]);
        const after = createCalendar([cn2026, base, amending(base)]);
        expect(changedDays(before, after)).toEqual([]);
        const { calendarEdition: _of, ...due } = dueDate(limit, startOn, before);
        expect(dueDate(limit, startOn, after)).toMatchObject(due);
      }),
    );
  });

  it('a due day moves only when a changed day lies in its count', () => {
    fc.assert(
      fc.property(limits, starts, amendments, amendments, (limit, startOn, one, other) => {
        const [before, after] = [createCalendar([cn2026, one]), createCalendar([cn2026, other])];
        const [was, is] = [dueDate(limit, startOn, before), dueDate(limit, startOn, after)];
        const inCount = changedDays(before, after).some((d) => startOn < d && d <= is.dueOn);
        if (!inCount) expect([is.dueOn, is.provisional]).toEqual([was.dueOn, was.provisional]);
      }),
    );
  });
});
