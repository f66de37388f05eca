import { z } from 'zod';
import { formChoice, formDate, formText, formYesNo } from '../form.ts';
import type { Guard } from '../process.ts';
import { Refusal } from '../refusal.ts';
import type { LimitId } from '../time-limits.ts';
import { paymentCardForm } from './reimbursement-form.ts';

/** What is asked from the county's approval (P11) to the bank's answer (P17, S0 Art. 19(一)), and what must hold then. */

export const approvalForm = z.strictObject({
  advanceGroundConfirmed: formYesNo('先行支付事由属实', 'the ground of the advance payment is confirmed').optional(),
});

/**
 * P11 GROUND_CHECKED: whoever approves an asked-for advance payment says whether its ground holds. Refused with shared
 * liability, the person's own share is still paid; refused with the other party's, nothing is left to pay.
 */
export const groundChecked: Guard = ({ form, input }) => {
  const confirmed = input.form?.['advanceGroundConfirmed'];
  const path = 'form.advanceGroundConfirmed';
  const asked =
    form['advance'] !== undefined && (form['category'] === 'TRAUMA_OTHER' || form['category'] === 'TRAUMA_SHARED');
  if (!asked) {
    return confirmed === undefined
      ? undefined
      : new Refusal('BAD_REQUEST', [{ path, zh: '未申请先行支付', en: 'no advance payment was asked for' }]);
  }
  if (confirmed === undefined) {
    return new Refusal('BAD_REQUEST', [
      { path, zh: '须确认先行支付事由是否属实', en: 'say whether the ground of the advance payment holds' },
    ]);
  }
  return confirmed === false && form['category'] === 'TRAUMA_OTHER'
    ? new Refusal('LIABLE_PARTY_PAYS', [
        { path, zh: '事由不成立的，应不予通过', en: 'without the ground the case has to be rejected' },
      ])
    : undefined;
};

export const TRANSFER_KINDS = ['SAME_BANK', 'OTHER_BANK'] as const;
export type TransferKind = (typeof TRANSFER_KINDS)[number];

/** 行内 1, 跨行 3 working days after the payment. */
export const FEEDBACK_LIMIT = { SAME_BANK: 'DL-14', OTHER_BANK: 'DL-15' } as const satisfies Record<
  TransferKind,
  LimitId
>;

export const paymentForm = z.strictObject({
  transferKind: formChoice('行内／跨行', 'to the same bank or another', TRANSFER_KINDS),
  paidOn: formDate('拨付日期', 'day of the payment; today if left out').optional(),
});

export const bankResultForm = z.strictObject({
  result: formChoice('银行反馈结果', 'result fed back by the bank', ['PAID', 'FAILED']),
  fedBackOn: formDate('反馈日期', 'day of the feedback; today if left out').optional(),
  failureReason: formText('失败原因', 'why it failed').optional(),
});

export const accountCorrectionForm = z.strictObject({ paymentCard: paymentCardForm });

/** A day typed in afterwards lies between the act before it and today. */
const dayBetween =
  (field: string, sinceFact: string): Guard =>
  ({ input, facts, today }) => {
    const day = input.form?.[field];
    const path = `form.${field}`;
    if (typeof day !== 'string') return undefined;
    if (day > today)
      return new Refusal('DATE_IN_FUTURE', [{ path, zh: `不能晚于今天 ${today}`, en: `not after today, ${today}` }]);
    const since = facts[sinceFact];
    return typeof since === 'string' && day < since
      ? new Refusal('DATE_OUT_OF_RANGE', [{ path, zh: `不能早于 ${since}`, en: `not before ${since}` }])
      : undefined;
  };
export const paidAfterHandOver = dayBetween('paidOn', 'handedOverOn');
export const fedBackAfterPayment = dayBetween('fedBackOn', 'paidOn');

/** The receiving office has to know what to correct. */
export const failureExplained: Guard = ({ input }) =>
  input.form?.['result'] === 'FAILED' && !input.form['failureReason']
    ? new Refusal('REASON_REQUIRED', [{ path: 'form.failureReason', zh: '须填写失败原因', en: 'say why it failed' }])
    : undefined;
