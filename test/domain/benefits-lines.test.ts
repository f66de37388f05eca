import { calculate, calculateOne, drug, exam, line, material, treatment } from './benefits-bills.ts';
import type { BillLine } from '../../domain/benefits/types.ts';

type Row = [no: string, what: string, line: BillLine, costClass: string, amount: string, self: string, inScope: string];

const one: Row[] = [
  ['2.1', 'a class-B drug', drug('186.50', { costClass: 'CLASS_B' }), 'CLASS_B', '186.50', '9.33', '177.17'],
  [
    '2.2',
    'a class-B drug whose remainder is in scope',
    drug('12.30', { costClass: 'CLASS_B' }),
    'CLASS_B',
    '12.30',
    '0.62',
    '11.68',
  ],
  ['2.3', 'a class-B drug', drug('333.33', { costClass: 'CLASS_B' }), 'CLASS_B', '333.33', '16.67', '316.66'],
  ['2.4', 'a drug not listed', drug('58.00', { costClass: 'CLASS_C' }), 'CLASS_C', '58.00', '58.00', '0.00'],
  ['2.5', 'an ordinary item', line('1000.00'), 'CLASS_A', '1000.00', '0.00', '1000.00'],
  ['2.6', 'the smallest class-B amounts', drug('0.10', { costClass: 'CLASS_B' }), 'CLASS_B', '0.10', '0.01', '0.09'],
  ['2.7', 'red cells', line('420.00', { bloodProduct: true }), 'BLOOD', '420.00', '21.00', '399.00'],
  ['2.8', 'plasma', line('1365.75', { bloodProduct: true }), 'BLOOD', '1365.75', '68.29', '1297.46'],
  ['2.9', 'platelets', line('230.50', { bloodProduct: true }), 'BLOOD', '230.50', '11.53', '218.97'],
  ['2.10', 'albumin in first aid', drug('398.00', { albumin: 'FIRST_AID' }), 'ALBUMIN', '398.00', '119.40', '278.60'],
  [
    '2.11',
    'albumin for an indication',
    drug('1194.00', { albumin: 'INDICATION' }),
    'ALBUMIN',
    '1194.00',
    '358.20',
    '835.80',
  ],
  [
    '2.12',
    'albumin for an indication',
    drug('455.55', { albumin: 'INDICATION' }),
    'ALBUMIN',
    '455.55',
    '136.67',
    '318.88',
  ],
  ['2.13', 'albumin without indication', drug('455.55', { albumin: 'NONE' }), 'CLASS_C', '455.55', '455.55', '0.00'],
  ['3.1', 'CT at any price', exam('CT', '180.00'), 'SPECIAL_EXAM', '180.00', '45.00', '135.00'],
  ['3.2', 'MRI', exam('MRI', '745.55'), 'SPECIAL_EXAM', '745.55', '186.39', '559.16'],
  [
    '3.3',
    'another examination at exactly 300',
    exam('胃镜检查', '300.00'),
    'SPECIAL_EXAM',
    '300.00',
    '75.00',
    '225.00',
  ],
  ['3.4', 'another examination below 300', exam('胃镜检查', '299.99'), 'CLASS_A', '299.99', '0.00', '299.99'],
  [
    '3.5',
    'two tests of 160 each',
    exam('血液检验', '160.00', { quantity: '2' }),
    'CLASS_A',
    '320.00',
    '0.00',
    '320.00',
  ],
  ['3.6', 'a gene test', exam('基因检测', '320.10'), 'SPECIAL_EXAM', '320.10', '80.03', '240.07'],
  ['4.1', 'a domestic plate', material('国产钢板', '8650.00'), 'SPECIAL_TREATMENT', '8650.00', '2162.50', '6487.50'],
  [
    '4.2',
    'an imported plate',
    material('钢板', '8650.00', { importedMaterial: true }),
    'IMPORTED_MATERIAL',
    '8650.00',
    '3460.00',
    '5190.00',
  ],
  [
    '4.3',
    'an imported stent',
    material('进口血管支架', '15800.55'),
    'IMPORTED_MATERIAL',
    '15800.55',
    '6320.22',
    '9480.33',
  ],
  [
    '4.4',
    'four sutures of 260',
    material('缝合线', '260.00', { quantity: '4' }),
    'SPECIAL_TREATMENT',
    '1040.00',
    '260.00',
    '780.00',
  ],
  ['4.5', 'same-named material below 1,000', material('敷料', '999.99'), 'CLASS_A', '999.99', '0.00', '999.99'],
  [
    '4.6',
    'a single treatment of exactly 1,000',
    treatment('血液净化', '1000.00'),
    'SPECIAL_TREATMENT',
    '1000.00',
    '250.00',
    '750.00',
  ],
  ['4.7', 'a treatment', treatment('血液净化', '1250.30'), 'SPECIAL_TREATMENT', '1250.30', '312.58', '937.72'],
  [
    '4.8',
    'a linear accelerator for a tumour patient',
    treatment('放射治疗', '1800.00', { linearAcceleratorTumour: true }),
    'CLASS_A',
    '1800.00',
    '0.00',
    '1800.00',
  ],
  [
    '4.9',
    'imported material that is not special',
    material('敷料', '960.00', { importedMaterial: true }),
    'CLASS_A',
    '960.00',
    '0.00',
    '960.00',
  ],
  ['4.11', 'an operation fee', line('2400.00', { feeCategory: 'OPERATION' }), 'CLASS_A', '2400.00', '0.00', '2400.00'],
];

describe('the first self-pay of a line', () => {
  it.each(one)('%s: %s', (_no, _what, entered, costClass, amount, firstSelfPay, inScope) => {
    expect(calculateOne(entered)).toMatchObject({
      costClass,
      amount,
      firstSelfPay,
      inScope,
      excess: '0.00',
      covered: amount,
    });
  });

  it('4.10: applies the share line by line once three lines of one material reach 1,000 together', () => {
    const result = calculate(['333.35', '333.35', '333.35'].map((price) => material('止血材料', price)));
    for (const part of result.lines) {
      expect(part).toMatchObject({
        costClass: 'SPECIAL_TREATMENT',
        rule: 'MATERIAL_TOTAL',
        firstSelfPay: '83.34',
        inScope: '250.01',
      });
    }
    expect(result).toMatchObject({ firstSelfPayTotal: '250.02', inScope: '750.03' });
  });

  it('4.12: a treatment of 900 and its operation fee of 400 are both ordinary', () => {
    const result = calculate([treatment('清创', '900.00'), line('400.00', { feeCategory: 'OPERATION' })]);
    expect(result.lines.map((part) => part.costClass)).toEqual(['CLASS_A', 'CLASS_A']);
    expect(result).toMatchObject({ firstSelfPayTotal: '0.00', inScope: '1300.00' });
  });
});

describe('take-home drugs', () => {
  const B = 'CLASS_B' as const;
  const rows: [string, string, number, 'ACUTE' | 'CHRONIC', string, string, string, string, string][] = [
    ['4a.1', '84.00', 7, 'ACUTE', '36.00', '48.00', '1.80', '34.20', '49.80'],
    ['4a.2', '45.60', 3, 'ACUTE', '45.60', '0.00', '2.28', '43.32', '2.28'],
    ['4a.3', '154.00', 14, 'CHRONIC', '77.00', '77.00', '3.85', '73.15', '80.85'],
    ['4a.4', '100.00', 7, 'ACUTE', '42.86', '57.14', '2.14', '40.72', '59.28'],
    ['4a.5', '66.66', 10, 'CHRONIC', '46.66', '20.00', '2.33', '44.33', '22.33'],
  ];
  it.each(rows)(
    '%s: %s yuan for %i days, %s',
    (_no, price, days, illnessKind, covered, excess, selfPayOnCovered, inScope, firstSelfPay) => {
      const part = calculateOne(drug(price, { costClass: B, takeHome: { days, illnessKind } }));
      expect(part).toMatchObject({ covered, excess, selfPayOnCovered, inScope, firstSelfPay });
      expect(part.article).toContain('S0 Art. 15(三)5');
    },
  );

  it('4a.6: covers nothing of a class-C drug', () => {
    expect(
      calculateOne(drug('30.00', { costClass: 'CLASS_C', takeHome: { days: 3, illnessKind: 'ACUTE' } })),
    ).toMatchObject({
      covered: '0.00',
      excess: '30.00',
      selfPayOnCovered: '0.00',
      firstSelfPay: '30.00',
      inScope: '0.00',
    });
  });

  it('allows a chronic illness its seventh day whole and cuts the eighth', () => {
    const days = (n: number) =>
      calculateOne(drug('80.00', { costClass: 'CLASS_A', takeHome: { days: n, illnessKind: 'CHRONIC' } }));
    expect(days(7).excess).toBe('0.00');
    expect(days(8)).toMatchObject({ covered: '70.00', excess: '10.00', inScope: '70.00' });
  });
});
