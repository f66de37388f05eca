import type { JsonObject } from '../case.ts';
import type { Guard } from '../process.ts';
import { Refusal } from '../refusal.ts';
import type { EffectOf } from '../turn.ts';
import { establishedLiability, isTrauma, LIABILITY_OF, readForm } from './reimbursement-form.ts';

/**
 * When a reimbursement has to wait for a verification on site (processes.md P03 "Return rules", 0.2-9): an injury
 * without an introduction letter on record (P10, S0 Art. 12(三)), a lost receipt (P12, Art. 14(八)).
 */
export type Verification = 'TRAUMA' | 'RECEIPT';

/** What still has to be verified, in this order, one after the other; a confirmed one is not verified again. */
export function verificationsNeeded(form: JsonObject, facts: JsonObject): Verification[] {
  const { category, receiptLost } = readForm(form);
  const needed: Verification[] = [];
  if (isTrauma(category) && !facts['letter'] && facts['traumaVerified'] !== true) needed.push('TRAUMA');
  if (receiptLost && facts['receiptVerified'] !== true) needed.push('RECEIPT');
  return needed;
}

/** The verification as a case of its own, filled in from what was filed here. */
export function openingOf(verification: Verification, form: JsonObject): EffectOf<'OPEN_CASE'> {
  const {
    idCardNo,
    name,
    hospitalId,
    admittedOn,
    dischargedOn,
    diagnosis,
    trauma,
    billNos,
    billTotal,
    receiptDamaged,
  } = readForm(form);
  const patient = { idCardNo, name, hospitalId, admittedOn };
  return verification === 'TRAUMA'
    ? {
        kind: 'OPEN_CASE',
        process: 'TRAUMA_VERIFICATION',
        form: filledIn({
          ...patient,
          diagnosis,
          traffic: trauma?.traffic,
          injuredOn: trauma?.injuredOn,
          injuryPlace: trauma?.injuryPlace,
          injuryCause: trauma?.injuryCause,
        }),
      }
    : {
        kind: 'OPEN_CASE',
        process: 'LOST_RECEIPT_VERIFICATION',
        form: filledIn({ ...patient, dischargedOn, billNos, billTotal, loss: receiptDamaged ? 'DAMAGED' : 'LOST' }),
      };
}

const filledIn = (fields: Record<string, string | boolean | string[] | undefined>): JsonObject =>
  Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, string | boolean | string[]] => entry[1] !== undefined),
  );

/**
 * For the county: nothing goes up that is not verified, and nothing whose verified liability belongs to another category
 * (own, other and shared liability are paid differently, Art. 14(五)). The clerk amends it at intake.
 */
export const verifiedAsFiled: Guard = ({ form, facts }) => {
  const { category } = readForm(form);
  if (verificationsNeeded(form, facts).length > 0) {
    return new Refusal('DECISION_NOT_POSSIBLE', [
      {
        zh: '尚未稽查核实，请退回受理环节重新上报',
        en: 'not verified yet: return it to the intake, which submits it again',
      },
    ]);
  }
  const established = isTrauma(category) ? establishedLiability(facts) : undefined;
  if (!established || established.liability === LIABILITY_OF[category]) return undefined;
  return new Refusal('DECISION_NOT_POSSIBLE', [
    {
      path: 'form.category',
      zh: `核实的责任为 ${established.liability}，与报销类别不符，请退回受理环节更正或不予通过`,
      en: `the verified liability is ${established.liability}, which is another category: return it to the intake or reject it`,
    },
  ]);
};
