import { payBy } from '../../domain/deadline.ts';
import type { EffectOf } from '../../domain/turn.ts';
import type { EffectContext, EffectResult } from './index.ts';

/** The summary payment list (汇总拨付清单) and what becomes of a case on it, S0 Art. 15 and 19(一). */

/** Printed once a day and city; a case that comes back to the list keeps its first place on it. */
export async function listForPayment({ tx, row, next, turn, today }: EffectContext): Promise<EffectResult> {
  const listNo = `HZ-${row.city_id}-${today.replaceAll('-', '')}`;
  await tx.query({
    name: 'open-list',
    text: 'INSERT INTO payment_list (list_no, city_id, printed_on) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
    values: [listNo, row.city_id, today],
  });
  await tx.query({
    name: 'list-item',
    text: `INSERT INTO payment_item (case_id, list_no, county_id, amount, status) VALUES ($1, $2, $3, $4, 'LISTED')
           ON CONFLICT (case_id) DO UPDATE SET list_no = excluded.list_no, amount = excluded.amount, status = 'LISTED'`,
    values: [turn.caseId, listNo, row.county_id, next.facts['fundPays'] ?? '0.00'],
  });
  return { facts: { listNo } };
}

/** DL-12: handed over after the 25th, paid in the following month. */
export async function handOver({ tx, turn, today, calendar }: EffectContext): Promise<EffectResult> {
  const { dueOn } = payBy(today, calendar);
  await setItem(tx, turn.caseId, 'HANDED_OVER', { payBy: dueOn });
  return { facts: { handedOverOn: today, payBy: dueOn } };
}

export async function order({ tx, turn, next, today }: EffectContext): Promise<EffectResult> {
  const paidOn = String(next.facts['paidOn'] ?? today);
  await setItem(tx, turn.caseId, 'ORDERED', { paidOn });
  return {};
}

export async function recordBankResult(
  { tx, turn }: EffectContext,
  effect: EffectOf<'RECORD_BANK_RESULT'>,
): Promise<EffectResult> {
  await setItem(tx, turn.caseId, effect.result, {});
  return { facts: { paymentItemStatus: effect.result } };
}

/** A case that ends without payment leaves the list; a case that was never on it has nothing to leave. */
export async function takeOff({ tx, turn }: EffectContext): Promise<EffectResult> {
  await tx.query({
    name: 'take-off',
    text: `UPDATE payment_item SET status = 'TAKEN_OFF' WHERE case_id = $1`,
    values: [turn.caseId],
  });
  return {};
}

/** P11: the fund's claim against the liable party. */
export async function registerRecovery(
  { tx, turn, next }: EffectContext,
  effect: EffectOf<'REGISTER_RECOVERY'>,
): Promise<EffectResult> {
  const amount = next.facts['toRecover'];
  if (typeof amount !== 'string') return {};
  await tx.query({
    name: 'register-recovery',
    text: `INSERT INTO recovery_claim (case_id, ground, amount, status) VALUES ($1, $2, $3, 'OPEN') ON CONFLICT (case_id) DO UPDATE SET amount = excluded.amount`,
    values: [turn.caseId, effect.ground, amount],
  });
  return {};
}

async function setItem(
  tx: EffectContext['tx'],
  caseId: string,
  status: string,
  days: { payBy?: string; paidOn?: string },
): Promise<void> {
  const { rowCount } = await tx.query({
    name: 'set-payment-item',
    text: 'UPDATE payment_item SET status = $2, pay_by = coalesce($3, pay_by), paid_on = coalesce($4, paid_on) WHERE case_id = $1',
    values: [caseId, status, days.payBy, days.paidOn],
  });
  if (rowCount !== 1) throw new Error(`case ${caseId} is on no payment list`);
}
