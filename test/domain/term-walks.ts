/** Random ways of a case through township, county and city, up and back, with the days each of them takes. */
import fc from 'fast-check';
import { addDays, plainDate, type PlainDate } from '../../domain/plain-date.ts';
import type { StagePass } from '../../domain/term-use.ts';

export const TOWN = '441602001';
export const COUNTY = '441602';
export const CITY = '441600';

export interface Walk {
  startsAfter: number;
  /** calendar days at each desk, and whether it then goes back */
  desks: { days: number; back: boolean }[];
}
export const walk: fc.Arbitrary<Walk> = fc.record({
  startsAfter: fc.integer({ min: 0, max: 500 }),
  desks: fc.array(fc.record({ days: fc.nat(12), back: fc.boolean() }), { minLength: 1, maxLength: 8 }),
});

export function countCase({ startsAfter, desks }: Walk): {
  passes: StagePass[];
  receivedOn: PlainDate;
  until: PlainDate;
} {
  const receivedOn = addDays(plainDate('2025-01-01'), startsAfter);
  const passes: StagePass[] = [];
  let openedOn = receivedOn;
  let rank = 0;
  for (const [i, { days, back }] of desks.entries()) {
    const closedOn = addDays(openedOn, days);
    passes.push({
      seq: i + 1,
      stage: `RANK_${rank}`,
      officeId: [TOWN, COUNTY, CITY][rank] ?? CITY,
      rank,
      openedOn,
      closedOn,
      startOn: openedOn,
      allotted: 5,
    });
    rank = back && rank > 0 ? rank - 1 : rank + 1;
    openedOn = closedOn;
  }
  return { passes, receivedOn, until: openedOn };
}
