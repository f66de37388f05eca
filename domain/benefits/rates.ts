/**
 * Looking up dated figures. Every rate, threshold, list and catalogue entry is data with an effective date; the one in
 * force on the asked day holds, both ends of its period included.
 */
import type { PlainDate } from '../plain-date.ts';
import type { Dated, DatedRate, FigureUsed } from './types.ts';
import { Decimal } from '../money.ts';
import { Refusal } from '../refusal.ts';

export const inForce = (entry: Dated, on: PlainDate): boolean =>
  entry.effectiveFrom <= on && (entry.effectiveTo === undefined || on <= entry.effectiveTo);

/** The figure in force on a day, if there is one. Two at once is a bug in the data and loud: money is never guessed. */
export function findRate(rates: readonly DatedRate[], key: string, on: PlainDate): DatedRate | undefined {
  const [rate, second] = rates.filter((candidate) => candidate.key === key && inForce(candidate, on));
  if (second) throw new Error(`two figures ${key} are in force on ${on}`);
  return rate;
}

/** The figure in force on a day; refuses with DATE_OUT_OF_RANGE when none is loaded for it. */
export function rateOn(rates: readonly DatedRate[], key: string, on: PlainDate): DatedRate {
  const rate = findRate(rates, key, on);
  if (rate) return rate;
  throw new Refusal('DATE_OUT_OF_RANGE', [
    {
      zh: `${on} 没有生效的标准 ${key}，请核对日期或先维护该标准。`,
      en: `No figure ${key} is in force on ${on}; check the date or load it.`,
    },
  ]);
}

/** Reads figures and remembers each one that was read, so that a breakdown can name them. */
export interface RateBook {
  get(key: string, on: PlainDate): DatedRate;
  find(key: string, on: PlainDate): DatedRate | undefined;
  used(): FigureUsed[];
}

export function openRateBook(rates: readonly DatedRate[]): RateBook {
  const used = new Map<string, FigureUsed>();
  const note = (rate: DatedRate): DatedRate => {
    const { key, value, effectiveFrom, label, source } = rate;
    used.set(`${key} ${effectiveFrom}`, { key, value, effectiveFrom, label, source });
    return rate;
  };
  return {
    get: (key, on) => note(rateOn(rates, key, on)),
    find: (key, on) => {
      const rate = findRate(rates, key, on);
      return rate && note(rate);
    },
    used: () => [...used.values()],
  };
}

/** '0.25' → '25%', for sentences. */
export const percent = (share: string): string => `${new Decimal(share).times(100).toString()}%`;
