import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../domain/case.ts';
import { addDays, type PlainDate } from '../../domain/plain-date.ts';
import type { Person } from './people.ts';

/** A designated hospital of level 3, where the seed has a physician and a medical-affairs officer. */
export const HOSPITAL_ID = 'H4416020001';

const line = (
  name: string,
  feeCategory: string,
  unitPrice: string,
  amount: string,
  more: JsonObject = {},
): JsonObject => ({
  name,
  feeCategory,
  quantity: '1',
  unitPrice,
  amount,
  ...more,
});

/** The bill of benefit-rules.md §8.1, line by line; codes where the example catalogue has them, classes where it has not. */
export const BILL_8_1: readonly JsonObject[] = [
  line('普通床位', 'BED', '45.00', '360.00', { quantity: '8', catalogueCode: 'BED-001' }),
  line('乙类药品', 'DRUG', '1286.40', '1286.40', { costClass: 'CLASS_B' }),
  line('甲类药品', 'DRUG', '512.30', '512.30', { costClass: 'CLASS_A' }),
  line('目录外药品', 'DRUG', '268.00', '268.00', { costClass: 'CLASS_C' }),
  line('CT', 'EXAMINATION', '320.00', '320.00', { catalogueCode: 'EXAM-001' }),
  line('血液检验', 'EXAMINATION', '185.00', '185.00', { catalogueCode: 'EXAM-102' }),
  line('骨折切开复位内固定术', 'OPERATION', '2400.00', '2400.00', { catalogueCode: 'OP-001' }),
  line('进口钢板', 'MATERIAL', '5680.00', '5680.00', { catalogueCode: 'MAT-002', importedMaterial: true }),
  line('人血白蛋白', 'DRUG', '796.00', '796.00', { catalogueCode: 'DRUG-ALB-001', albumin: 'FIRST_AID' }),
  line('红细胞悬液', 'OTHER', '440.00', '440.00', { catalogueCode: 'BLOOD-001', bloodProduct: true }),
];
export const TOTAL_8_1 = '12247.70';

/** Bed and operation: (2,760.00 − 500.00) × 70 % = 1,582.00. */
export const SMALL_BILL: readonly JsonObject[] = BILL_8_1.filter(({ feeCategory }) =>
  ['BED', 'OPERATION'].includes(String(feeCategory)),
);
export const SMALL_TOTAL = '2760.00';

/** Bills nobody has handed in yet: a number is reimbursed once. */
const billNo = (): string => `DEMO-${randomUUID().slice(0, 18)}`;

/** An inpatient stay that ended four days ago. */
export function stayOf(
  person: Person,
  today: PlainDate,
  bill: { lines: readonly JsonObject[]; total: string },
): JsonObject {
  const servedOn = addDays(today, -8);
  return {
    idCardNo: person.idCardNo,
    name: person.name,
    hospitalId: HOSPITAL_ID,
    notSettledReason: 'NETWORK_FAULT',
    paymentCard: { kind: 'BANK_CARD', holder: person.name, bank: '示例银行', account: '6222020000000001' },
    billNos: [billNo()],
    billTotal: bill.total,
    admittedOn: addDays(today, -12),
    dischargedOn: addDays(today, -4),
    diagnosis: '胫骨骨折',
    lines: bill.lines.map((each) => ({ ...each, servedOn })),
  };
}
