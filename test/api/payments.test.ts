import type { JsonObject } from '../../domain/case.ts';
import { formOf, papersFor } from '../processes/reimbursement-cases.ts';
import { openAgency, type Agency } from './agency.ts';

/** A reimbursement from the window to the bank, by nothing but HTTP requests of the right people. */
let agency: Agency;
let no: string;
const DESKS: [string, string, JsonObject?][] = [
  ['town1.clerk', 'INTAKE'],
  ['county1.first', 'FIRST_REVIEW'],
  ['county1.second', 'SECOND_REVIEW'],
  ['county1.approver', 'APPROVAL'],
  ['city.medical', 'CITY_SUMMARY'],
  ['city.medreviewer', 'MEDICAL_RECHECK'],
  ['city.finreviewer', 'FINANCE_RECHECK'],
  ['city.leader', 'LEADER_APPROVAL'],
  ['city.finclerk', 'MADE_OUT'],
  ['city.finchecker', 'CHECKED'],
  ['city.finreviewer', 'RECHECKED'],
  ['city.finpayer', 'PAID', { transferKind: 'SAME_BANK' }],
  ['city.finclerk', 'BANK_RESULT', { result: 'PAID' }],
];

async function pass(until: string): Promise<void> {
  for (const [username, step, form] of DESKS.splice(0, DESKS.findIndex(([, each]) => each === until) + 1)) {
    const answer = await agency.post(username, `/api/v1/cases/${no}/decisions`, {
      step,
      decision: 'APPROVE',
      ...(form ? { form } : {}),
    });
    expect([step, answer.status, answer.body]).toEqual([step, 200, expect.anything()]);
  }
}

beforeAll(async () => {
  agency = await openAgency({ clockAt: '2025-09-22T10:00:00+08:00' });
  const form = formOf('GENERAL_INPATIENT');
  no = await agency.file('town1.clerk', 'REIMBURSEMENT_REVIEW', form, papersFor(form), '2025-09-22');
});
afterAll(() => agency?.close());

it('shows the calculation with the case, line by line with rule and article', async () => {
  await pass('INTAKE');
  const { benefit } = (await agency.get('county1.first', `/api/v1/cases/${no}`).expect(200)).body as {
    benefit: JsonObject;
  };
  // benefit-rules.md §8.1.
  expect(benefit).toMatchObject({ total: '12247.70', fundPays: '6161.81', insuredPays: '6085.89' });
  const text = JSON.stringify(benefit['breakdown']);
  expect(text).toContain('进口钢板');
  expect(text).toMatch(/S0 Art\. 15/);
});

it('lists the payment of the day for the city, and to a county its own lines only', async () => {
  await pass('CITY_SUMMARY');
  const { items } = (await agency.get('city.finclerk', '/api/v1/payment-lists').expect(200)).body as {
    items: JsonObject[];
  };
  expect(items).toEqual([
    {
      listNo: 'HZ-441600-20250922',
      cityId: '441600',
      printedOn: '2025-09-22',
      items: 1,
      total: '6161.81',
      paid: '0.00',
    },
  ]);

  const path = '/api/v1/payment-lists/HZ-441600-20250922';
  const list = (await agency.get('city.leader', path).expect(200)).body as JsonObject;
  expect(list).toMatchObject({
    total: '6161.81',
    counties: [{ countyId: '441602', items: 1, total: '6161.81' }],
    lines: [{ acceptanceNo: no, amount: '6161.81', status: 'LISTED', payBy: null, paidOn: null }],
  });
  await agency.get('county1.manager', path).expect(200);
  expect((await agency.get('county2.manager', path).expect(404)).body).toMatchObject({ code: 'NOT_FOUND' });
  expect((await agency.get('county2.manager', '/api/v1/payment-lists').expect(200)).body).toEqual({
    items: [],
    nextCursor: null,
  });
  await agency.get('town1.clerk', path).expect(403);
});

it('pays by month end and closes the case with the bank’s answer, everything in the timeline', async () => {
  await pass('LEADER_APPROVAL');
  const handedOver = (await agency.get('city.leader', '/api/v1/payment-lists/HZ-441600-20250922')).body as {
    lines: JsonObject[];
  };
  expect(handedOver.lines).toMatchObject([{ status: 'HANDED_OVER', payBy: '2025-09-30' }]);
  await pass('BANK_RESULT');
  const paid = (await agency.get('city.leader', '/api/v1/payment-lists/HZ-441600-20250922')).body as {
    paid: string;
    lines: JsonObject[];
  };
  expect(paid).toMatchObject({ paid: '6161.81', lines: [{ status: 'PAID' }] });
  const closed = (await agency.get('person1', `/api/v1/cases/${no}`).expect(200)).body as JsonObject & {
    history: JsonObject[];
    outputs: JsonObject[];
    possible: JsonObject[];
  };
  expect(closed).toMatchObject({
    status: 'CLOSED',
    currentStage: 'CLOSED',
    overdue: false,
    stuck: false,
    next: null,
    stageClock: null,
    totalClock: { state: 'ENDED', endedOn: '2025-09-22', daysLate: 0 },
  });
  expect(closed.possible).toEqual([]);
  expect(closed.outputs.map((output) => output['kind'])).toEqual(['BENEFIT_STATEMENT', 'SUMMARY_PAYMENT_LIST']);
  expect(closed.history.filter((event) => event['kind'] === 'DECIDED')).toHaveLength(13);
  const statement = await agency.get('person1', `/api/v1/cases/${no}/outputs/BENEFIT_STATEMENT`).expect(200);
  expect(statement.text).toContain('统筹基金支付金额');
  expect(statement.text).toContain('6161.81');
});
