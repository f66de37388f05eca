import type { HospitalGrade, ReimbursementCategory, TraumaClaim } from '../../domain/benefits/types.ts';
import { billOf, calculate, money } from './benefits-bills.ts';

const CATEGORY = { OWN: 'TRAUMA_OWN', OTHER: 'TRAUMA_OTHER', SHARED: 'TRAUMA_SHARED' } as const satisfies Record<
  TraumaClaim['liability'],
  ReimbursementCategory
>;
const trauma = (total: string, inScope: string, of: Omit<TraumaClaim, 'traffic'>, hospitalGrade: HospitalGrade = 3) =>
  calculate(billOf(total, inScope), {
    category: CATEGORY[of.liability],
    hospitalGrade,
    trauma: { ...of, traffic: of.ctiPaid !== undefined },
  });

const own = (cti?: string) => ({ liability: 'OWN', ctiPaid: cti === undefined ? undefined : money(cti) }) as const;
const shared = (grade: 'MAIN' | 'EQUAL' | 'MINOR', cti?: string) =>
  ({ liability: 'SHARED', grade, ctiPaid: cti === undefined ? undefined : money(cti) }) as const;

type Row = [
  no: string,
  what: string,
  total: string,
  E: string,
  of: Omit<TraumaClaim, 'traffic'>,
  b1: string,
  b2: string,
  fund: string,
  person: string,
];
const rows: Row[] = [
  ['6.1', 'own, fall at home', '14000.00', '12345.67', own(), '12345.67', '11845.67', '8291.97', '5708.03'],
  ['6.2', 'own, traffic', '27310.40', '24680.50', own('10000.00'), '14680.50', '14180.50', '9926.35', '7384.05'],
  [
    '6.3',
    'own, traffic, insurance pays more than is in scope',
    '9400.00',
    '8200.00',
    own('10000.00'),
    '0.00',
    '0.00',
    '0.00',
    '0.00',
  ],
  [
    '6.4',
    'own, traffic, rest below the deductible',
    '19500.00',
    '18000.00',
    own('17800.00'),
    '200.00',
    '0.00',
    '0.00',
    '1700.00',
  ],
  ['6.5', 'shared, main', '23000.00', '20000.00', shared('MAIN'), '20000.00', '19500.00', '9555.00', '13445.00'],
  ['6.6', 'shared, minor', '23000.00', '20000.00', shared('MINOR'), '20000.00', '19500.00', '4095.00', '18905.00'],
  ['6.7', 'shared, equal', '23000.00', '20000.00', shared('EQUAL'), '20000.00', '19500.00', '6825.00', '16175.00'],
  [
    '6.8',
    'shared, main, traffic',
    '40000.00',
    '36888.88',
    shared('MAIN', '18000.00'),
    '18888.88',
    '18388.88',
    '9010.55',
    '12989.45',
  ],
  [
    '6.9',
    'shared, minor, traffic',
    '40000.00',
    '36888.88',
    shared('MINOR', '18000.00'),
    '18888.88',
    '18388.88',
    '3861.66',
    '18138.34',
  ],
  [
    '6.10',
    'shared, equal, traffic',
    '40000.00',
    '36888.88',
    shared('EQUAL', '18000.00'),
    '18888.88',
    '18388.88',
    '6436.11',
    '15563.89',
  ],
];

describe('trauma (§6)', () => {
  it.each(rows)('%s: %s', (_no, _what, total, inScope, of, afterCti, afterDeductible, fundPays, insuredPays) => {
    const result = trauma(total, inScope, of);
    expect(result).toMatchObject({ total, inScope, afterCti, afterDeductible, fundPays, insuredPays });
    expect(result.toRecover).toBeUndefined();
  });

  it('6.11: shared, minor, at a grade-2 hospital (D 300, R 65 %)', () => {
    expect(trauma('11000.00', '9876.54', shared('MINOR'), 2)).toMatchObject({
      afterDeductible: '9576.54',
      fundPays: '1867.43',
      insuredPays: '9132.57',
    });
  });

  it('6.12: other party liable, able to pay: the fund pays nothing', () => {
    expect(trauma('17000.00', '15000.00', { liability: 'OTHER' })).toMatchObject({
      liabilityShare: '0',
      fundPays: '0.00',
      insuredPays: '17000.00',
    });
  });

  it('6.13: other party fled, advance payment: all of it is to be recovered', () => {
    expect(trauma('17000.00', '15000.00', { liability: 'OTHER', advance: true })).toMatchObject({
      afterDeductible: '14500.00',
      liabilityShare: '1',
      fundPays: '10150.00',
      ownShare: '0.00',
      toRecover: '10150.00',
      insuredPays: '6850.00',
    });
  });

  it('6.14: shared, equal, party unable to pay: the advance splits into own share and recovery', () => {
    expect(trauma('22000.00', '21000.00', { ...shared('EQUAL'), advance: true })).toMatchObject({
      fundPays: '14350.00',
      ownShare: '7175.00',
      toRecover: '7175.00',
      insuredPays: '7650.00',
    });
  });

  it('says which liability moved the amount, with its article', () => {
    const step = trauma('23000.00', '20000.00', shared('MINOR')).steps.find(
      ({ step: name }) => name === 'LIABILITY_SHARE',
    );
    expect(step).toMatchObject({ article: 'S0 Art. 14(五)3', value: '0.30', zh: '己方次要责任，责任比例 30%（L）' });
  });
});
