import { REIMBURSEMENT_CATEGORIES } from '../benefits/types.ts';
import type { CaseSnapshot, JsonObject } from '../case.ts';
import type { PlainDate } from '../plain-date.ts';
import { readForm } from './reimbursement-form.ts';

/** What stands on the papers of a reimbursement. Amounts are the last calculation's; numbers are added by the store. */

function heading(snapshot: CaseSnapshot): JsonObject {
  const { category, name, hospitalId } = readForm(snapshot.form);
  const hospital = snapshot.facts['hospital'] as { name?: string } | undefined;
  return {
    acceptanceNo: snapshot.acceptanceNo,
    name,
    category,
    categoryTitle: REIMBURSEMENT_CATEGORIES[category].zh,
    hospital: hospital?.name ?? hospitalId,
  };
}

/** This case's line of the city's summary payment list (汇总拨付清单, S0 Art. 15). */
export function summaryListContent(snapshot: CaseSnapshot, printedOn: PlainDate): JsonObject {
  const { paymentCard } = readForm(snapshot.form);
  return {
    ...heading(snapshot),
    countyId: snapshot.offices.countyId,
    holder: paymentCard.holder,
    bank: paymentCard.bank,
    account: paymentCard.account,
    fundPays: snapshot.facts['fundPays'] ?? null,
    printedOn,
  };
}

/** For the person `[not in the sources]`: what the bill came to and who paid which part of it. */
export function benefitStatementContent(snapshot: CaseSnapshot): JsonObject {
  const { total, firstSelfPay, inScope, fundPays, insuredPays, paidOn } = snapshot.facts;
  return {
    ...heading(snapshot),
    total: total ?? null,
    firstSelfPay: firstSelfPay ?? null,
    inScope: inScope ?? null,
    fundPays: fundPays ?? null,
    insuredPays: insuredPays ?? null,
    paidOn: paidOn ?? null,
  };
}
