// The workflow type of a case is its process type; the same list stands in `domain/processes/index.ts`.
export { chronicDiseaseApproval as CHRONIC_DISEASE_APPROVAL } from './chronic-disease-approval.ts';
export { outOfAreaReferral as OUT_OF_AREA_REFERRAL } from './out-of-area-referral.ts';
export { reimbursementReview as REIMBURSEMENT_REVIEW } from './reimbursement-review.ts';
export { audit as AUDIT } from './audit.ts';
export { traumaVerification as TRAUMA_VERIFICATION } from './trauma-verification.ts';
export { lostReceiptVerification as LOST_RECEIPT_VERIFICATION } from './lost-receipt-verification.ts';
