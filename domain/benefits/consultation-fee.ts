import type { Yuan } from '../money.ts';
import type { PlainDate } from '../plain-date.ts';
import type { BenefitFigures } from './types.ts';
import { lesser, subtract, sum, yuan, ZERO_YUAN } from '../money.ts';
import { findListed } from './lists.ts';
import { rateOn } from './rates.ts';

export interface ConsultationVisit {
  fee: Yuan;
  servedOn: PlainDate;
}

export interface ConsultationShare {
  fund: Yuan;
  person: Yuan;
}

/**
 * 门诊诊查费 (S0 Art. 11(二)): the fund pays 6 yuan per visit at the four named hospitals, nothing elsewhere and never more
 * than the fee. Returns the sums over all visits; no deductible, no ratio.
 */
export function consultationFee(
  hospitalName: string,
  visits: readonly ConsultationVisit[],
  { rates, lists }: Pick<BenefitFigures, 'rates' | 'lists'>,
): ConsultationShare {
  const fund = sum(
    visits.map(({ fee, servedOn }) =>
      findListed(lists, 'CONSULTATION_FEE_HOSPITAL', hospitalName, servedOn)
        ? lesser(fee, yuan(rateOn(rates, 'consultationFee', servedOn).value))
        : ZERO_YUAN,
    ),
  );
  return { fund, person: subtract(sum(visits.map(({ fee }) => fee)), fund) };
}
