import type { ProcessDefinition } from '../process.ts';
import { Refusal } from '../refusal.ts';
import { audit } from './audit.ts';
import { chronicDiseaseApproval } from './chronic-disease-approval.ts';
import { lostReceiptVerification } from './lost-receipt-verification.ts';
import { outOfAreaReferral } from './out-of-area-referral.ts';
import { reimbursementReview } from './reimbursement-review.ts';
import { traumaVerification } from './trauma-verification.ts';

/** Every process there is; the line here and the one in `workflows/index.ts` are all it takes to add one. */
export const PROCESSES: Readonly<Record<string, ProcessDefinition>> = {
  CHRONIC_DISEASE_APPROVAL: chronicDiseaseApproval,
  OUT_OF_AREA_REFERRAL: outOfAreaReferral,
  REIMBURSEMENT_REVIEW: reimbursementReview,
  AUDIT: audit,
  TRAUMA_VERIFICATION: traumaVerification,
  LOST_RECEIPT_VERIFICATION: lostReceiptVerification,
};

/** The definition of a process type, or the refusal UNKNOWN_PROCESS. */
export function getProcess(code: string): ProcessDefinition {
  const definition = Object.hasOwn(PROCESSES, code) ? PROCESSES[code] : undefined;
  if (!definition)
    throw new Refusal('UNKNOWN_PROCESS', [
      {
        path: 'processType',
        zh: `没有业务类型 ${code.slice(0, 60)}`,
        en: `known: ${Object.keys(PROCESSES).join(', ')}`,
      },
    ]);
  return definition;
}
