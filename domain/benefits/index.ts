/** The benefit calculation as others see it. */
export type * from './types.ts';
export { COST_CLASSES, FEE_CATEGORIES, REIMBURSEMENT_CATEGORIES } from './types.ts';
export { calculateBenefit } from './calculate.ts';
export { consultationFee } from './consultation-fee.ts';
export { CATALOGUE_ITEMS, CHRONIC_DISEASES, EXAMPLE_RATES } from './example-figures.ts';
export type { ChronicDisease } from './example-figures.ts';
export { initialFigures } from './figures.ts';
export { LISTED_ITEMS } from './lists.ts';
export { newbornCoverage } from './newborn.ts';
export { findRate, inForce, rateOn } from './rates.ts';
export { SOURCED_RATES } from './sourced-rates.ts';
