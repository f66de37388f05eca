import type { JsonObject } from '../../domain/case.ts';
import { plainDateAt } from '../../domain/plain-date.ts';
import { BILL_8_1, TOTAL_8_1, stayOf } from './bills.ts';
import { next25th, payBy } from './days.ts';
import { anybody } from './people.ts';
import type { SeenCase, Stage } from './stage.ts';

/** Who sits at which desk of a reimbursement from the first township of the first county, after the window. */
export const DESKS = {
  INTAKE: 'town1.clerk',
  FIRST_REVIEW: 'county1.first',
  SECOND_REVIEW: 'county1.second',
  APPROVAL: 'county1.approver',
  CITY_SUMMARY: 'city.medical',
  MEDICAL_RECHECK: 'city.medreviewer',
  FINANCE_RECHECK: 'city.finreviewer',
  LEADER_APPROVAL: 'city.leader',
  MADE_OUT: 'city.finclerk',
  CHECKED: 'city.finchecker',
  RECHECKED: 'city.finreviewer',
  PAID: 'city.finpayer',
  BANK_RESULT: 'city.finclerk',
} as const satisfies Record<string, string>;
export type Desk = keyof typeof DESKS;

const FORMS: Partial<Record<Desk, JsonObject>> = {
  PAID: { transferKind: 'SAME_BANK' },
  BANK_RESULT: { result: 'PAID' },
};

/** Documents of a general inpatient stay, documents.md §3. */
export const INPATIENT_PAPERS = [
  'INPATIENT_RECEIPT',
  'FEE_LIST',
  'DIAGNOSIS_CERTIFICATE',
  'DISCHARGE_SUMMARY',
  'ID_CARD',
  'BANK_CARD',
] as const;

/** The desk passes the case on. */
export const pass = (stage: Stage, no: string, desk: Desk): Promise<SeenCase> => {
  const form = FORMS[desk];
  return stage.decide(no, DESKS[desk], form ? { form } : {});
};

/** Every desk from `from` to `to`, both included. */
export async function passAll(stage: Stage, no: string, from: Desk, to: Desk): Promise<SeenCase> {
  const order = Object.keys(DESKS) as Desk[];
  const desks = order.slice(order.indexOf(from), order.indexOf(to) + 1);
  for (const desk of desks.slice(0, -1)) await pass(stage, no, desk);
  return pass(stage, no, to);
}

/** P03 with the bill of benefit-rules.md §8.1: from a township window over county and city to the bank's answer. */
export async function reimbursement(stage: Stage): Promise<void> {
  const { days, expect } = stage;
  const bill = { lines: BILL_8_1, total: TOTAL_8_1 };
  const form = { category: 'GENERAL_INPATIENT', ...stayOf(anybody(), plainDateAt(Date.now()), bill) };
  const filed = await stage.file(DESKS.INTAKE, 'REIMBURSEMENT_REVIEW', { form, documents: INPATIENT_PAPERS });
  const no = filed.acceptanceNo;
  const total = await days.workingDaysAfter(filed.today, 15);
  expect(no, 'the due day of the township (DL-08)', filed.stageDueOn, await days.workingDaysAfter(filed.today, 5));
  expect(no, 'the due day of the whole (DL-11)', filed.totalDueOn, total);

  const submitted = await pass(stage, no, 'INTAKE');
  expect(
    no,
    'the due day of the county (DL-09)',
    submitted.stageDueOn,
    await days.workingDaysAfter(submitted.today, 5),
  );
  expect(no, 'the due day of the whole after the township', submitted.totalDueOn, total);
  expect(no, 'the benefit', submitted.benefit, { total: TOTAL_8_1, fundPays: '6161.81', insuredPays: '6085.89' });

  const atCity = await passAll(stage, no, 'FIRST_REVIEW', 'APPROVAL');
  expect(no, 'the due day of the city (DL-10)', atCity.stageDueOn, await days.workingDaysAfter(atCity.today, 5));
  const listed = await pass(stage, no, 'CITY_SUMMARY');
  expect(no, 'the last day of the approval (DL-06)', listed.stageDueOn, next25th(listed.today));
  expect(no, 'a payment list', typeof listed.facts['listNo'], 'string');

  const handedOver = await passAll(stage, no, 'MEDICAL_RECHECK', 'LEADER_APPROVAL');
  expect(no, 'the status after the last approval', handedOver.status, 'APPROVED');
  expect(no, 'the last day of the payment (DL-12, DL-13)', handedOver.stageDueOn, payBy(handedOver.today));
  const paid = await passAll(stage, no, 'MADE_OUT', 'PAID');
  expect(no, 'the due day of the bank (DL-14)', paid.stageDueOn, await days.workingDaysAfter(paid.today, 1));

  const closed = await pass(stage, no, 'BANK_RESULT');
  expect(no, 'the status at the end', closed.status, 'CLOSED');
  const papers = closed.outputs.map(({ kind }) => kind).sort();
  expect(no, 'the papers', papers, ['BENEFIT_STATEMENT', 'SUMMARY_PAYMENT_LIST']);
}
