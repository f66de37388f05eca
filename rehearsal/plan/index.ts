import type { Day } from '../recount/days.ts';
import { chronicDisease, lostReceipt, outOfArea, trauma, type Maker } from './applications.ts';
import { audit } from './audit.ts';
import { city } from './city.ts';
import { dice } from './dice.ts';
import { reimbursement } from './reimbursement.ts';
import type { Plan } from './types.ts';

export type { Move, Plan } from './types.ts';
export type { Person } from './city.ts';

/** What a year brings an agency: mostly bills, since they are what has limits. */
const MIX: readonly (readonly [share: number, make: Maker])[] = [
  [0.6, reimbursement],
  [0.14, audit],
  [0.11, chronicDisease],
  [0.09, outOfArea],
  [0.03, trauma],
  [0.03, lostReceipt],
];

/** The plan of one case: the same for a seed and a number, whatever else is rehearsed. */
export function planOf(seed: number, number: number, from: Day, to: Day): Plan {
  const chance = dice(seed, number);
  let left = chance.throw();
  const [, make] = MIX.find(([share]) => (left -= share) < 0) ?? [1, reimbursement];
  return make(number, chance, city(seed), from, to);
}
