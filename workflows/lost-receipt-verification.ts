import type { FiledCase } from '../domain/case.ts';
import { lostReceiptVerification as rules } from '../domain/processes/lost-receipt-verification.ts';
import type { VerificationOutcome } from '../domain/turn.ts';
import { openCaseFile } from './case-file.ts';
import { reviewChain } from './review-chain.ts';

/**
 * P12, S0 Art. 14(八): applied for, checked with the hospital, confirmed or not. For a reimbursement that waits, the
 * confirmation ends the case; applied for on its own, the window closes it and files the reimbursement.
 */
export async function lostReceiptVerification(filed: FiledCase): Promise<VerificationOutcome> {
  const file = openCaseFile(rules, filed);
  const somebodyWaits = file.step === rules.filing.firstStepWhenOpened;

  const outcome = await reviewChain(
    file,
    ['APPLIED', 'VERIFYING'],
    'CONFIRMED',
    {
      VERIFYING: () => ({
        status: somebodyWaits ? 'CLOSED' : 'APPROVED',
        facts: { receiptVerified: true, verificationResult: 'CONFIRMED' },
      }),
    },
    {
      onOther: {
        REJECT: () => ({
          goTo: 'NOT_CONFIRMED',
          facts: { receiptVerified: false, verificationResult: 'NOT_CONFIRMED' },
        }),
      },
    },
  );
  if (outcome === 'PASSED' && !somebodyWaits) {
    await reviewChain(file, ['CONFIRMED'], 'CONFIRMED', { CONFIRMED: () => ({ status: 'CLOSED' }) });
  }
  return file.report({
    acceptanceNo: file.snapshot.acceptanceNo,
    confirmed: outcome === 'PASSED',
    facts:
      outcome === 'PASSED'
        ? { receiptVerified: true }
        : { receiptVerified: false, verificationResult: outcome === 'REJECTED' ? 'NOT_CONFIRMED' : 'WITHDRAWN' },
  });
}
