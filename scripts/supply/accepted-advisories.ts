/** An advisory of high or critical severity we live with for a while: why it does not reach us, and until when that holds. */
export interface AcceptedAdvisory {
  /** as `npm audit` names it */
  url: string;
  reason: string;
  /** YYYY-MM-DD; afterwards the audit fails again */
  until: string;
}

export const ACCEPTED_ADVISORIES: readonly AcceptedAdvisory[] = [];
