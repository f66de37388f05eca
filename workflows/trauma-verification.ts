import type { CaseSnapshot, FiledCase } from '../domain/case.ts';
import type { PlainDate } from '../domain/plain-date.ts';
import { traumaVerification as rules } from '../domain/processes/trauma-verification.ts';
import type { Consequence, VerificationOutcome } from '../domain/turn.ts';
import { openCaseFile, type Decided } from './case-file.ts';
import { reviewChain } from './review-chain.ts';

/**
 * P10, S0 Arts. 12(三), 14(五): reported, verified, letter issued, settled at the hospital. For a reimbursement that waits,
 * the letter is issued with the confirmation and the case ends there: what is not settled yet is settled by the other.
 */
export async function traumaVerification(filed: FiledCase): Promise<VerificationOutcome> {
  const file = openCaseFile(rules, filed);
  const somebodyWaits = file.step === rules.filing.firstStepWhenOpened;

  const outcome = await reviewChain(
    file,
    ['REPORTED', 'VERIFYING'],
    'LETTER_ISSUED',
    {
      VERIFYING: (decided) => {
        const facts = findingsOf(decided);
        return somebodyWaits
          ? { status: 'CLOSED', facts, ...letter(file.snapshot, facts) }
          : { status: 'APPROVED', facts };
      },
    },
    {
      onOther: {
        REJECT: ({ form }) => ({ facts: { traumaVerified: false, verificationResult: form['result'] ?? null } }),
      },
    },
  );
  if (outcome === 'PASSED' && !somebodyWaits) {
    await reviewChain(file, ['LETTER_ISSUED'], 'SETTLED_ON_SITE', {
      LETTER_ISSUED: () => letter(file.snapshot, file.snapshot.facts),
    });
    await reviewChain(file, ['SETTLED_ON_SITE'], 'SETTLED_ON_SITE', { SETTLED_ON_SITE: () => ({ status: 'CLOSED' }) });
  }

  const { liability, liabilityGrade, letterNo, verificationResult } = file.snapshot.facts;
  return file.report({
    acceptanceNo: file.snapshot.acceptanceNo,
    confirmed: outcome === 'PASSED',
    facts:
      outcome === 'PASSED'
        ? {
            traumaVerified: true,
            liability: liability ?? null,
            liabilityGrade: liabilityGrade ?? null,
            introductionLetterNo: letterNo ?? null,
          }
        : {
            traumaVerified: false,
            verificationResult: outcome === 'REJECTED' ? (verificationResult ?? null) : 'WITHDRAWN',
          },
  });
}

function findingsOf({ form }: Decided) {
  return {
    traumaVerified: true,
    verificationResult: 'CONFIRMED',
    liability: String(form['liability']),
    liabilityGrade: form['liabilityGrade'] ?? null,
  };
}

/** Also for the liability of others: the letter is a material of the advance payment, too (documents.md §4). */
function letter({ form, facts, acceptanceNo }: CaseSnapshot, established: CaseSnapshot['facts']): Consequence {
  const admittedOn = String(form['admittedOn']) as PlainDate;
  const liability = String(established['liability']);
  const grade = established['liabilityGrade'];
  const hospital = facts['hospital'] as { name?: string } | undefined;
  return {
    effects: [
      {
        kind: 'ISSUE_INTRODUCTION_LETTER',
        admittedOn,
        liability,
        ...(typeof grade === 'string' ? { liabilityGrade: grade } : {}),
      },
    ],
    outputs: [
      {
        kind: 'INTRODUCTION_LETTER',
        content: {
          acceptanceNo,
          name: form['name'] ?? null,
          hospital: hospital?.name ?? form['hospitalId'] ?? null,
          admittedOn,
          liability,
          liabilityGrade: grade ?? null,
        },
      },
    ],
  };
}
