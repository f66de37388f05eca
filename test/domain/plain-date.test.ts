import fc from 'fast-check';
import type { PlainDate } from '../../domain/plain-date.ts';
import {
  addDays,
  addMonths,
  dayOfMonth,
  dayOfWeek,
  daysBetween,
  isPlainDate,
  monthEnd,
  onDayOfMonth,
  plainDate,
  plainDateAt,
  startOfDay,
  yearEnd,
} from '../../domain/plain-date.ts';
import { Refusal } from '../../domain/refusal.ts';

/** The host's own calendar, in UTC, is the independent witness; only this test may ask it. */
const byHost = (ms: number): PlainDate => new Date(ms).toISOString().slice(0, 10) as PlainDate;
const DAY_MS = 86_400_000;
const days = fc
  .integer({ min: Date.UTC(1900, 0, 1) / DAY_MS, max: Date.UTC(2200, 11, 31) / DAY_MS })
  .map((n) => byHost(n * DAY_MS));
const instants = fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2200, 11, 31) });

describe('a plain date', () => {
  it('is every day of 1900 to 2200 that exists, and no other text', () => {
    fc.assert(fc.property(days, (d) => isPlainDate(d)));
    const wrong = [
      ...['', '2026-2-1', '2026-02-1', '26-02-01', '2026/02/01', '2026-02-01T00:00', '2026-02-01 ', ' 2026-02-01'],
      ...['2026-02-29', '2025-02-29', '1900-02-29', '2100-02-29', '2026-04-31', '2026-06-31', '2026-01-32'],
      ...['2026-00-10', '2026-13-01', '2026-01-00', '1899-12-31', '2201-01-01', '2026-02-01\n', '２０２６-02-01'],
    ];
    expect(wrong.filter(isPlainDate)).toEqual([]);
    expect(['2024-02-29', '2000-02-29', '1900-01-01', '2200-12-31'].filter(isPlainDate)).toHaveLength(4);
  });

  it('is refused with both sentences and a short quotation when it is no day', () => {
    expect(plainDate('2026-02-28')).toBe('2026-02-28');
    const text = '2026-02-30'.repeat(1000);
    let refusal: unknown;
    try {
      plainDate(text);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(Refusal);
    if (!(refusal instanceof Refusal)) return;
    expect(refusal.code).toBe('BAD_REQUEST');
    expect(refusal.faults).toHaveLength(1);
    expect(refusal.faults[0]?.zh).toMatch(/不是有效日期/);
    expect(refusal.faults[0]?.en).toMatch(/is not a day/);
    expect(refusal.message.length).toBeLessThan(300);
  });

  it('sorts as text in the order of days', () => {
    fc.assert(fc.property(days, days, (a, b) => Math.sign(daysBetween(a, b)) === (a < b ? 1 : a > b ? -1 : 0)));
  });
});

describe('counting days', () => {
  it('agrees with the host calendar in UTC for every day and every distance', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: -40_000, max: 40_000 }), (d, n) => {
        const expected = byHost(Date.parse(d) + n * DAY_MS);
        expect(addDays(d, n)).toBe(expected);
        expect(daysBetween(d, addDays(d, n))).toBe(n);
        expect(addDays(addDays(d, n), -n)).toBe(d);
      }),
    );
  });

  it('walks through three centuries without a gap', () => {
    let day = plainDate('1900-01-01');
    let ms = Date.UTC(1900, 0, 1);
    const wrong: string[] = [];
    for (; day < '2200-12-31'; day = addDays(day, 1), ms += DAY_MS) if (day !== byHost(ms)) wrong.push(day);
    expect(wrong).toEqual([]);
    expect(ms).toBe(Date.UTC(2200, 11, 31));
  });

  it('knows the day of the week from Monday 1 to Sunday 7', () => {
    fc.assert(fc.property(days, (d) => dayOfWeek(d) === (new Date(`${d}T00:00:00Z`).getUTCDay() || 7)));
    expect(dayOfWeek(plainDate('2026-02-28'))).toBe(6);
    expect(dayOfWeek(plainDate('1900-01-01'))).toBe(1);
  });

  it('is loud when a count leaves the years that four digits can write', () => {
    expect(() => addDays(plainDate('2200-12-31'), 3_000_000)).toThrow(RangeError);
    expect(() => addMonths(plainDate('1900-01-01'), -12 * 1900)).toThrow(RangeError);
    expect(() => addDays(plainDate('2026-01-01'), NaN)).toThrow(RangeError);
    expect(() => plainDateAt(NaN)).toThrow(RangeError);
  });
});

describe('counting months', () => {
  it.each([
    ['2025-11-17', 3, '2026-02-17'],
    ['2025-11-30', 3, '2026-02-28'],
    ['2023-11-30', 3, '2024-02-29'],
    ['2025-01-31', 1, '2025-02-28'],
    ['2025-12-31', 1, '2026-01-31'],
    ['2026-03-31', -1, '2026-02-28'],
    ['2026-01-15', -12, '2025-01-15'],
    ['2024-02-29', -12, '2023-02-28'],
    ['2026-01-01', -1, '2025-12-01'],
  ])('C5: %s and %i months is %s', (from, n, to) => {
    expect(addMonths(plainDate(from), n)).toBe(to);
  });

  it('keeps the day number or takes the last day of a shorter month, whatever the distance', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: -1200, max: 1200 }), (d, n) => {
        const [y, m] = [Number(d.slice(0, 4)), Number(d.slice(5, 7))];
        const inMonth = byHost(Date.UTC(y, m - 1 + n, 1));
        const last = byHost(Date.UTC(y, m + n, 0));
        const result = addMonths(d, n);
        expect(result.slice(0, 7)).toBe(inMonth.slice(0, 7));
        expect(dayOfMonth(result)).toBe(Math.min(dayOfMonth(d), dayOfMonth(last)));
        expect(monthEnd(result)).toBe(last);
      }),
    );
  });

  it('finds a day of the month, the month end and the year end', () => {
    expect(onDayOfMonth(plainDate('2026-01-31'), 25)).toBe('2026-01-25');
    expect(onDayOfMonth(plainDate('2026-02-01'), 31)).toBe('2026-02-28');
    expect(monthEnd(plainDate('2024-02-01'))).toBe('2024-02-29');
    expect(yearEnd(plainDate('2025-11-17'))).toBe('2025-12-31');
  });
});

describe('a day and an instant', () => {
  it('begins at 00:00 in Shanghai, 16:00 UTC of the day before', () => {
    expect(startOfDay(plainDate('2026-02-28'))).toBe(Date.UTC(2026, 1, 27, 16));
    expect(plainDateAt(Date.UTC(2026, 1, 27, 15, 59, 59, 999))).toBe('2026-02-27');
    expect(plainDateAt(Date.UTC(2026, 1, 27, 16))).toBe('2026-02-28');
  });

  it('holds exactly the instants from its own start to the start of the next day', () => {
    fc.assert(
      fc.property(instants, (ms) => {
        const d = plainDateAt(ms);
        expect(d).toBe(byHost(ms + 8 * 3_600_000));
        expect(startOfDay(d)).toBeLessThanOrEqual(ms);
        expect(startOfDay(addDays(d, 1))).toBeGreaterThan(ms);
      }),
    );
  });
});
