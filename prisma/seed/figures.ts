import type { Dated } from '../../domain/benefits/types.ts';
import { CATALOGUE_ITEMS, CHRONIC_DISEASES, EXAMPLE_RATES } from '../../domain/benefits/example-figures.ts';
import { SOURCED_RATES } from '../../domain/benefits/sourced-rates.ts';

/** The dated figures a new installation starts with, as rows; each keeps its label, `S0` or `EXAMPLE`. */

/** EXAMPLE: S0 Art. 11(三) says nothing about how long a registration holds. */
const EXAMPLE_VALID_MONTHS = 12;

const period = ({ effectiveFrom, effectiveTo }: Dated) => ({
  effective_from: effectiveFrom,
  effective_to: effectiveTo ?? null,
});

export const RATE_ROWS = [...SOURCED_RATES, ...EXAMPLE_RATES].map(({ key, value, source, label, ...dated }) => ({
  key,
  value,
  source,
  label,
  ...period(dated),
}));

export const CATALOGUE_ROWS = CATALOGUE_ITEMS.map(({ code, name, feeCategory, costClass, kind, label, ...dated }) => ({
  code,
  name,
  fee_category: feeCategory,
  cost_class: costClass,
  kind,
  label,
  ...period(dated),
}));

export const CHRONIC_DISEASE_ROWS = CHRONIC_DISEASES.map(({ code, zh, label, ...dated }) => ({
  disease_code: code,
  name: zh,
  valid_months: EXAMPLE_VALID_MONTHS,
  label,
  ...period(dated),
}));
