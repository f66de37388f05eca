import type { BillLine } from '../../domain/benefits/types.ts';
import { calculateBenefit } from '../../domain/benefits/calculate.ts';
import { consultationFee } from '../../domain/benefits/consultation-fee.ts';
import { plainDate } from '../../domain/plain-date.ts';
import {
  calculate,
  claim,
  drug,
  exam,
  figures,
  line,
  material,
  money,
  treatment,
  withRates,
} from './benefits-bills.ts';

/** The bill of §8.1, as a township clerk enters it. */
const inpatientBill: BillLine[] = [
  line('45.00', { name: '床位', feeCategory: 'BED', quantity: '8' }),
  drug('1286.40', { name: '乙类药品', costClass: 'CLASS_B' }),
  drug('512.30', { name: '甲类药品', costClass: 'CLASS_A' }),
  drug('268.00', { name: '目录外药品', costClass: 'CLASS_C' }),
  exam('CT', '320.00'),
  exam('化验', '185.00'),
  line('2400.00', { name: '手术', feeCategory: 'OPERATION' }),
  material('进口钢板', '5680.00', { importedMaterial: true }),
  drug('796.00', { name: '人血白蛋白', albumin: 'FIRST_AID' }),
  line('440.00', { name: '红细胞悬液', bloodProduct: true }),
];

describe('a whole inpatient case (§8.1)', () => {
  const result = calculate(inpatientBill, { total: money('12247.70') });

  it('classifies line by line and adds up to the fen', () => {
    expect(result.lines.map((part) => [part.costClass, part.amount, part.firstSelfPay, part.inScope])).toEqual([
      ['CLASS_A', '360.00', '0.00', '360.00'],
      ['CLASS_B', '1286.40', '64.32', '1222.08'],
      ['CLASS_A', '512.30', '0.00', '512.30'],
      ['CLASS_C', '268.00', '268.00', '0.00'],
      ['SPECIAL_EXAM', '320.00', '80.00', '240.00'],
      ['CLASS_A', '185.00', '0.00', '185.00'],
      ['CLASS_A', '2400.00', '0.00', '2400.00'],
      ['IMPORTED_MATERIAL', '5680.00', '2272.00', '3408.00'],
      ['ALBUMIN', '796.00', '238.80', '557.20'],
      ['BLOOD', '440.00', '22.00', '418.00'],
    ]);
    expect(result).toMatchObject({ total: '12247.70', firstSelfPayTotal: '2945.12', inScope: '9302.58' });
  });

  it('takes deductible and ratio and rounds once', () => {
    expect(result).toMatchObject({
      deductible: '500.00',
      afterDeductible: '8802.58',
      ratio: '0.70',
      liabilityShare: '1',
      fundPays: '6161.81',
      insuredPays: '6085.89',
    });
    expect(result.cappedBy).toBeUndefined();
    expect(result.toRecover).toBeUndefined();
  });

  it('comes out the same from catalogue codes', () => {
    const codes = [
      'BED-001',
      'DRUG-B-001',
      'DRUG-A-001',
      'DRUG-C-001',
      'EXAM-001',
      'EXAM-102',
      'OP-001',
      'MAT-002',
      'DRUG-ALB-001',
      'BLOOD-001',
    ];
    const coded = inpatientBill.map(
      ({ costClass: _class, bloodProduct: _blood, importedMaterial: _origin, ...rest }, i) => ({
        ...rest,
        catalogueCode: codes[i],
      }),
    );
    expect(calculate(coded).fundPays).toBe('6161.81');
  });

  it('tells every step and names every figure with its source and label', () => {
    expect(result.steps.map((step) => [step.step, step.value])).toEqual([
      ['TOTAL', '12247.70'],
      ['FIRST_SELF_PAY', '2945.12'],
      ['IN_SCOPE', '9302.58'],
      ['AFTER_DEDUCTIBLE', '8802.58'],
      ['RATIO', '0.70'],
      ['BEFORE_LIMITS', '6161.81'],
      ['FUND_PAYS', '6161.81'],
      ['INSURED_PAYS', '6085.89'],
    ]);
    const byKey = new Map(result.figuresUsed.map((used) => [used.key, used]));
    expect(byKey.get('selfPayShare.CLASS_B')).toMatchObject({ value: '0.05', label: 'S0', source: 'S0 Art. 15(三)2' });
    expect(byKey.get('deductible.GENERAL_INPATIENT.3')).toMatchObject({ value: '500.00', label: 'EXAMPLE' });
    expect(byKey.get('reimbursementRatio.GENERAL_INPATIENT.3')).toMatchObject({ value: '0.70', label: 'EXAMPLE' });
  });

  it('8.2: stops at what is left of the yearly cap', () => {
    expect(calculate(inpatientBill, { remainingYearlyCap: money('5000.00') })).toMatchObject({
      fundPays: '5000.00',
      insuredPays: '7247.70',
      cappedBy: 'YEARLY_CAP',
    });
    expect(calculate(inpatientBill, { remainingYearlyCap: money('6161.81') }).cappedBy).toBeUndefined();
    expect(calculate(inpatientBill, { remainingYearlyCap: money('0') })).toMatchObject({
      fundPays: '0.00',
      insuredPays: '12247.70',
    });
  });

  it('8.3: takes the compulsory insurance off first when the same stay is a traffic accident', () => {
    const trauma = { liability: 'SHARED', grade: 'MAIN', traffic: true, ctiPaid: money('3000.00') } as const;
    expect(calculate(inpatientBill, { category: 'TRAUMA_SHARED', trauma })).toMatchObject({
      afterCti: '6302.58',
      afterDeductible: '5802.58',
      liabilityShare: '0.70',
      fundPays: '2843.26',
      insuredPays: '6404.44',
    });
  });
});

describe('other categories', () => {
  it('8.4: chronic outpatient, no deductible, 60 %', () => {
    const result = calculate(
      [
        drug('245.80', { costClass: 'CLASS_B' }),
        drug('96.40', { costClass: 'CLASS_A' }),
        exam('彩色多普勒超声检查', '160.00'),
        treatment('注射费', '24.00'),
      ],
      { category: 'CHRONIC_OUTPATIENT' },
    );
    expect(result.lines.map((part) => [part.firstSelfPay, part.inScope])).toEqual([
      ['12.29', '233.51'],
      ['0.00', '96.40'],
      ['40.00', '120.00'],
      ['0.00', '24.00'],
    ]);
    expect(result).toMatchObject({ total: '526.20', inScope: '473.91', fundPays: '284.35', insuredPays: '241.85' });
  });

  it('pays the maternity subsidy up to its lump sum and never more than is in scope', () => {
    const subsidy = (amount: string) => calculate([line(amount)], { category: 'MATERNITY_SUBSIDY' });
    expect(subsidy('3200.00')).toMatchObject({
      fundPays: '1500.00',
      insuredPays: '1700.00',
      cappedBy: 'SUBSIDY_LIMIT',
    });
    expect(subsidy('1500.00').cappedBy).toBeUndefined();
    expect(subsidy('900.00')).toMatchObject({ fundPays: '900.00', insuredPays: '0.00' });
  });

  it('pays nothing below the deductible, and the deductible exactly is still nothing', () => {
    expect(calculate([line('499.99')])).toMatchObject({
      afterDeductible: '0.00',
      fundPays: '0.00',
      insuredPays: '499.99',
    });
    expect(calculate([line('500.00')]).fundPays).toBe('0.00');
    expect(calculate([line('500.01')]).fundPays).toBe('0.01');
  });

  it('takes deductible and ratio of the hospital grade', () => {
    const fund = (hospitalGrade: 1 | 2 | 3) => calculate([line('1300.00')], { hospitalGrade }).fundPays;
    expect([fund(1), fund(2), fund(3)]).toEqual(['825.00', '650.00', '560.00']);
  });
});

describe('figures with effective dates', () => {
  const rates = withRates({}).rates.flatMap((rate) =>
    rate.key === 'selfPayShare.CLASS_B' || rate.key === 'deductible.GENERAL_INPATIENT.3'
      ? [
          { ...rate, effectiveTo: plainDate('2025-12-31') },
          { ...rate, value: rate.key.startsWith('self') ? '0.10' : '800.00', effectiveFrom: plainDate('2026-01-01') },
        ]
      : [rate],
  );
  const changed = { ...figures, rates };
  const bill = ['2025-12-31', '2026-01-01'].map((day) =>
    drug('1000.00', { costClass: 'CLASS_B', servedOn: plainDate(day) }),
  );

  it('gives each line the share of its day of service', () => {
    expect(calculateBenefit(claim(bill), changed).lines.map((part) => part.firstSelfPay)).toEqual(['50.00', '100.00']);
  });

  it('takes the deductible of the day of discharge, else of the last service', () => {
    expect(calculateBenefit(claim(bill), changed).deductible).toBe('800.00');
    expect(calculateBenefit(claim(bill, { dischargedOn: plainDate('2025-12-31') }), changed).deductible).toBe('500.00');
  });

  it('refuses a day for which no figure is loaded and names it', () => {
    const early = line('10.00', { servedOn: plainDate('2018-12-31') });
    expect(() => calculate([early])).toThrow(expect.objectContaining({ code: 'DATE_OUT_OF_RANGE' }));
  });

  it('is loud about two figures in force at once', () => {
    const [first] = figures.rates;
    const doubled = { ...figures, rates: first ? [...figures.rates, first] : [] };
    expect(() => calculate([line('10.00')], {}, doubled)).toThrow('two figures');
  });
});

describe('consultation fee (§5)', () => {
  const visits = (...fees: string[]) =>
    fees.map((fee, i) => ({ fee: money(fee), servedOn: plainDate(`2025-09-0${i + 1}`) }));
  it.each([
    ['5.1', '市人民医院', ['20.00'], '6.00', '14.00'],
    ['5.2', '源城区人民医院', ['6.00'], '6.00', '0.00'],
    ['5.3', '市中医院', ['5.00'], '5.00', '0.00'],
    ['5.4', '和平县人民医院', ['20.00'], '0.00', '20.00'],
    ['5.5', '市妇幼保健院', ['15.00', '15.00', '15.00'], '18.00', '27.00'],
  ])('%s: %s', (_no, hospital, fees, fund, person) => {
    expect(consultationFee(hospital, visits(...fees), figures)).toEqual({ fund, person });
  });

  it('does not take a hospital for one of the four because its name contains theirs', () => {
    expect(consultationFee('某市人民医院', visits('20.00'), figures).fund).toBe('0.00');
  });
});
