import type { Calendar } from '../calendar.ts';
import type { BenefitFigures } from './types.ts';
import { CATALOGUE_ITEMS, EXAMPLE_RATES } from './example-figures.ts';
import { LISTED_ITEMS } from './lists.ts';
import { SOURCED_RATES } from './sourced-rates.ts';

/** The figures a new installation starts with: what S0 states, and the example figures for what it leaves open. */
export const initialFigures = (calendar: Calendar): BenefitFigures => ({
  rates: [...SOURCED_RATES, ...EXAMPLE_RATES],
  lists: LISTED_ITEMS,
  catalogue: CATALOGUE_ITEMS,
  ctiDeductionBase: 'IN_SCOPE',
  calendar,
});
