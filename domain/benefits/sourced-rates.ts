/**
 * The figures that the Heyuan procedure (S0) states or plainly implies. It was nominally valid to 2023-12-31 (Art. 37);
 * no successor is among the sources, so they stay in force until an agency loads one.
 */
import type { DatedRate } from './types.ts';
import { plainDate } from '../plain-date.ts';

const S0_FROM = plainDate('2019-01-01');

const sourced = (key: string, value: string, source: string): DatedRate => ({
  key,
  value,
  effectiveFrom: S0_FROM,
  source,
  label: 'S0',
});

export const SOURCED_RATES: readonly DatedRate[] = [
  sourced('selfPayShare.CLASS_A', '0', 'S0 Art. 15 (no share named for items without a special rule)'),
  sourced('selfPayShare.CLASS_B', '0.05', 'S0 Art. 15(三)2'),
  sourced('selfPayShare.CLASS_C', '1', 'S0 Art. 15(三)1'),
  sourced('selfPayShare.BLOOD', '0.05', 'S0 Art. 15(三)3'),
  sourced('selfPayShare.ALBUMIN', '0.30', 'S0 Art. 15(三)4'),
  sourced('selfPayShare.SPECIAL_EXAM', '0.25', 'S0 Art. 15(一)'),
  sourced('selfPayShare.SPECIAL_TREATMENT', '0.25', 'S0 Art. 15(二)'),
  sourced('selfPayShare.IMPORTED_MATERIAL', '0.40', 'S0 Art. 15(二)'),
  sourced('selfPayShare.EXCLUDED', '1', 'S0 Art. 15(一)(二)'),
  // 含300元, 含1000元: the figure itself counts.
  sourced('threshold.examUnitPrice', '300.00', 'S0 Art. 15(一)'),
  sourced('threshold.treatmentCost', '1000.00', 'S0 Art. 15(二)'),
  sourced('takeHomeDays.ACUTE', '3', 'S0 Art. 15(三)5'),
  sourced('takeHomeDays.CHRONIC', '7', 'S0 Art. 15(三)5'),
  sourced('consultationFee', '6.00', 'S0 Art. 11(二)'),
  sourced('liabilityShare.OWN', '1', 'S0 Art. 14(五)1'),
  sourced('liabilityShare.OTHER', '0', 'S0 Art. 14(五)2'),
  sourced('liabilityShare.SHARED.MAIN', '0.70', 'S0 Art. 14(五)3'),
  sourced('liabilityShare.SHARED.EQUAL', '0.50', 'S0 Art. 14(五)3'),
  sourced('liabilityShare.SHARED.MINOR', '0.30', 'S0 Art. 14(五)3'),
];
