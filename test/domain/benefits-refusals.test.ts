import type { BenefitClaim, BillLine } from '../../domain/benefits/types.ts';
import type { Yuan } from '../../domain/money.ts';
import { calculateBenefit } from '../../domain/benefits/calculate.ts';
import { plainDate } from '../../domain/plain-date.ts';
import { Refusal } from '../../domain/refusal.ts';
import { claim, drug, exam, figures, line, material, money } from './benefits-bills.ts';

function refusalOf(refused: BenefitClaim): Refusal {
  try {
    calculateBenefit(refused, figures);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('the claim was not refused');
}
const refused = (lines: BillLine[], more: Partial<BenefitClaim> = {}) => {
  const { code, faults } = refusalOf(claim(lines, more));
  return [code, ...faults.map((fault) => fault.path)];
};

describe('a claim that cannot be calculated', () => {
  it('is refused without lines', () => {
    expect(refused([])).toEqual(['LINES_REQUIRED', 'lines']);
  });

  it('is refused when the lines do not add up to the bill, by a fen', () => {
    expect(refused([line('10.00'), line('5.00')], { total: money('15.01') })).toEqual(['TOTAL_MISMATCH', 'total']);
  });

  it('is refused when quantity times unit price is not the amount, and says what it is', () => {
    const wrong = { ...line('3.33', { quantity: '3' }), amount: money('10.00') };
    const { code, faults } = refusalOf(claim([wrong]));
    expect([code, faults[0]?.path]).toEqual(['BAD_REQUEST', 'lines.0.amount']);
    expect(faults[0]?.en).toContain('9.99');
  });

  it('rounds a fractional quantity half up to the fen', () => {
    expect(line('0.03', { quantity: '1.5' }).amount).toBe('0.05');
    expect(() => calculateBenefit(claim([line('0.03', { quantity: '1.5' })]), figures)).not.toThrow();
  });

  it.each(['0', '0.0000', '-1', '1e3', '1.00001', '１', '', ' 1', '1234567'])(
    'is refused with the quantity %j',
    (quantity) => {
      expect(refused([{ ...line('1.00'), quantity }])).toEqual(['BAD_REQUEST', 'lines.0.quantity']);
    },
  );

  it('is refused with amounts that are no amounts, without stumbling over them', () => {
    const wrong = { ...material('敷料', '1.00'), unitPrice: '-1.00' as Yuan, amount: 'abc' as Yuan };
    expect(refused([wrong])).toEqual(['BAD_REQUEST', 'lines.0.unitPrice', 'lines.0.amount']);
  });

  it('is refused with a compulsory insurance payment that is no amount', () => {
    const trauma = { liability: 'OWN', traffic: true, ctiPaid: '1.005' as Yuan } as const;
    expect(refused([line('1.00')], { category: 'TRAUMA_OWN', trauma })).toEqual(['BAD_REQUEST', 'trauma.ctiPaid']);
  });

  it('is not refused for amounts typed short, and shows them with two decimals', () => {
    const typed = { ...line('45.00', { quantity: '8' }), unitPrice: '45' as Yuan, amount: '360.0' as Yuan };
    const trauma = { liability: 'OWN', traffic: false, ctiPaid: '0' as Yuan } as const;
    const result = calculateBenefit(claim([typed], { category: 'TRAUMA_OWN', trauma, total: '360' as Yuan }), figures);
    expect(result).toMatchObject({
      total: '360.00',
      ctiPaid: '0.00',
      lines: [{ amount: '360.00', inScope: '360.00' }],
    });
  });

  it('is refused with a code the catalogue of that day does not have', () => {
    expect(refused([drug('1.00', { catalogueCode: 'NO-SUCH' })])).toEqual(['UNKNOWN_CODE', 'lines.0.catalogueCode']);
    const early = drug('1.00', { catalogueCode: 'DRUG-B-001', servedOn: plainDate('2018-12-31') });
    expect(refused([early])).toEqual(['UNKNOWN_CODE', 'lines.0.catalogueCode']);
  });

  it('is refused when a line contradicts its catalogue entry', () => {
    expect(refused([line('1.00', { catalogueCode: 'DRUG-B-001' })])).toEqual(['BAD_REQUEST', 'lines.0.feeCategory']);
    expect(refused([drug('1.00', { catalogueCode: 'DRUG-B-001', costClass: 'CLASS_A' })])).toEqual([
      'BAD_REQUEST',
      'lines.0.costClass',
    ]);
  });

  it('is refused when nobody said what class a drug has or why albumin was given', () => {
    expect(refused([drug('1.00')])).toEqual(['BAD_REQUEST', 'lines.0.costClass']);
    expect(refused([drug('1.00', { catalogueCode: 'DRUG-ALB-001' })])).toEqual(['BAD_REQUEST', 'lines.0.albumin']);
  });

  it('is refused when a mark does not fit the fee category', () => {
    expect(refused([line('1.00', { feeCategory: 'BED', listedExam: true })])).toEqual([
      'BAD_REQUEST',
      'lines.0.listedExam',
    ]);
    expect(refused([exam('CT', '1.00', { importedMaterial: true })])).toEqual([
      'BAD_REQUEST',
      'lines.0.importedMaterial',
    ]);
    expect(refused([line('1.00', { takeHome: { days: 3, illnessKind: 'ACUTE' } })])).toEqual([
      'BAD_REQUEST',
      'lines.0.takeHome',
    ]);
    expect(
      refused([exam('CT', '1.00', { importedMaterial: false, listedExam: false })].concat([]), { total: money('2') }),
    ).toEqual(['TOTAL_MISMATCH', 'total']);
  });

  it.each([0, -1, 1.5, Number.NaN])('is refused with take-home drugs for %p days', (days) => {
    const takeHome = { days, illnessKind: 'ACUTE' } as const;
    expect(refused([drug('1.00', { costClass: 'CLASS_B', takeHome })])).toEqual([
      'BAD_REQUEST',
      'lines.0.takeHome.days',
    ]);
  });

  it('lists everything that is wrong at once', () => {
    const lines = [{ ...line('1.00'), quantity: '0' }, drug('1.00', { catalogueCode: 'NO-SUCH' }), drug('1.00')];
    expect(refused(lines, { category: 'TRAUMA_OWN', total: money('9') })).toEqual([
      'BAD_REQUEST',
      'lines.0.quantity',
      'lines.1.catalogueCode',
      'lines.2.costClass',
      'total',
      'trauma.liability',
    ]);
  });

  it('is refused when liability and category, or the parts of a liability, contradict each other', () => {
    const one = [line('1.00')];
    expect(refused(one, { trauma: { liability: 'OWN', traffic: false } })).toEqual(['BAD_REQUEST', 'trauma.liability']);
    expect(refused(one, { category: 'TRAUMA_OTHER', trauma: { liability: 'OWN', traffic: false } })).toEqual([
      'BAD_REQUEST',
      'trauma.liability',
    ]);
    expect(refused(one, { category: 'TRAUMA_SHARED', trauma: { liability: 'SHARED', traffic: false } })).toEqual([
      'BAD_REQUEST',
      'trauma.grade',
    ]);
    expect(
      refused(one, { category: 'TRAUMA_OWN', trauma: { liability: 'OWN', grade: 'MAIN', traffic: false } }),
    ).toEqual(['BAD_REQUEST', 'trauma.grade']);
    expect(refused(one, { category: 'TRAUMA_OWN', trauma: { liability: 'OWN', traffic: true } })).toEqual([
      'BAD_REQUEST',
      'trauma.ctiPaid',
    ]);
    expect(
      refused(one, { category: 'TRAUMA_OWN', trauma: { liability: 'OWN', traffic: false, ctiPaid: money('1') } }),
    ).toEqual(['BAD_REQUEST', 'trauma.ctiPaid']);
    expect(
      refused(one, { category: 'TRAUMA_OWN', trauma: { liability: 'OWN', traffic: false, advance: true } }),
    ).toEqual(['BAD_REQUEST', 'trauma.advance']);
  });

  it('is refused when the newborn route and the category contradict each other', () => {
    expect(refused([line('1.00')], { category: 'NEWBORN_ENROLLED' })).toEqual(['BAD_REQUEST', 'newborn.route']);
    const newborn = { route: 'ENROLLED', bornOn: plainDate('2025-09-01'), parentInsuredAtBirth: true } as const;
    expect(refused([line('1.00')], { newborn })).toEqual(['BAD_REQUEST', 'newborn.route']);
  });

  it('is refused when the lines add up to more than an amount can hold', () => {
    expect(refused([line('9999999999.99'), line('0.01')])).toEqual(['BAD_REQUEST', 'lines']);
  });
});
