import type { Yuan } from '../money.ts';
import type { BenefitClaim } from './types.ts';
import { isYuanText, yuan } from '../money.ts';

/**
 * The same claim with every amount in normal form: forms keep what was typed ('45', '100.5'), and 12247.7 on the bill is
 * no mismatch with 12247.70. What is no amount stays as it is and is named by `checkClaim`.
 */
export function normaliseClaim(claim: BenefitClaim): BenefitClaim {
  const { trauma } = claim;
  return {
    ...claim,
    lines: claim.lines.map((line) => ({ ...line, unitPrice: normal(line.unitPrice), amount: normal(line.amount) })),
    total: claim.total && normal(claim.total),
    trauma: trauma && { ...trauma, ctiPaid: trauma.ctiPaid && normal(trauma.ctiPaid) },
    remainingYearlyCap: claim.remainingYearlyCap && normal(claim.remainingYearlyCap),
  };
}

const normal = (amount: Yuan): Yuan => (isYuanText(amount) ? yuan(amount) : amount);
