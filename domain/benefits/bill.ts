/** What the rules must know about a whole bill before they can judge one of its lines. */
import type { Yuan } from '../money.ts';
import type { RateBook } from './rates.ts';
import type { BenefitFigures, BillLine, CatalogueItem } from './types.ts';
import { sum, ZERO_YUAN } from '../money.ts';
import { nameKey } from './lists.ts';
import { inForce, openRateBook } from './rates.ts';

export interface Bill {
  figures: BenefitFigures;
  rates: RateBook;
  /** The catalogue entry a line's code names, in force on its day of service. */
  itemOf(line: BillLine): CatalogueItem | undefined;
  /** Total of the material with this line's name over the whole bill. */
  materialTotal(line: BillLine): Yuan;
}

export function openBill(lines: readonly BillLine[], figures: BenefitFigures): Bill {
  const codes = new Set(lines.map((line) => line.catalogueCode));
  // A real catalogue has tens of thousands of entries: look through it once, not once per line.
  const items = figures.catalogue.filter((item) => codes.has(item.code));
  const itemOf = (line: BillLine): CatalogueItem | undefined =>
    items.find((item) => item.code === line.catalogueCode && inForce(item, line.servedOn));

  const nameOf = (line: BillLine): string => nameKey(itemOf(line)?.name ?? line.name);
  let totals: Map<string, Yuan> | undefined;
  const totalsByName = (): Map<string, Yuan> => {
    const amounts = new Map<string, Yuan[]>();
    for (const line of lines) {
      if (line.feeCategory !== 'MATERIAL') continue;
      const sameName = amounts.get(nameOf(line));
      if (sameName) sameName.push(line.amount);
      else amounts.set(nameOf(line), [line.amount]);
    }
    return new Map([...amounts].map(([name, parts]) => [name, sum(parts)]));
  };

  return {
    figures,
    rates: openRateBook(figures.rates),
    itemOf,
    // Added up when first asked for: by then the claim is checked and every amount is one.
    materialTotal: (line) => (totals ??= totalsByName()).get(nameOf(line)) ?? ZERO_YUAN,
  };
}
