/** Builders for bills and claims; each default is the plainest thing that passes, so a test names only what it is about. */
import type { BenefitClaim, BenefitFigures, BillLine, DatedRate } from '../../domain/benefits/types.ts';
import type { Yuan } from '../../domain/money.ts';
import { openBill } from '../../domain/benefits/bill.ts';
import { calculateBenefit } from '../../domain/benefits/calculate.ts';
import { classifyLine } from '../../domain/benefits/classify.ts';
import { initialFigures } from '../../domain/benefits/figures.ts';
import { Decimal, roundToFen, yuan } from '../../domain/money.ts';
import { plainDate } from '../../domain/plain-date.ts';
import { calendar } from '../support/days.ts';

export const figures: BenefitFigures = initialFigures(calendar);

const DAY = plainDate('2025-09-15');

/** A line of `quantity × unitPrice`; the amount follows. */
export function line(unitPrice: string, more: Partial<BillLine> = {}): BillLine {
  const quantity = more.quantity ?? '1';
  const price = yuan(unitPrice);
  return {
    name: '项目',
    feeCategory: 'OTHER',
    quantity,
    unitPrice: price,
    amount: roundToFen(new Decimal(quantity).times(price)),
    servedOn: DAY,
    ...more,
  };
}

export const drug = (unitPrice: string, more: Partial<BillLine> = {}): BillLine =>
  line(unitPrice, { name: '药品', feeCategory: 'DRUG', ...more });
export const exam = (name: string, unitPrice: string, more: Partial<BillLine> = {}): BillLine =>
  line(unitPrice, { name, feeCategory: 'EXAMINATION', ...more });
export const material = (name: string, unitPrice: string, more: Partial<BillLine> = {}): BillLine =>
  line(unitPrice, { name, feeCategory: 'MATERIAL', ...more });
export const treatment = (name: string, unitPrice: string, more: Partial<BillLine> = {}): BillLine =>
  line(unitPrice, { name, feeCategory: 'TREATMENT', ...more });

/** An inpatient claim at a grade-3 hospital: example figures D 500.00, R 70 %. */
export const claim = (lines: BillLine[], more: Partial<BenefitClaim> = {}): BenefitClaim => ({
  category: 'GENERAL_INPATIENT',
  hospitalGrade: 3,
  hospitalName: '市人民医院',
  lines,
  ...more,
});

export const calculate = (lines: BillLine[], more: Partial<BenefitClaim> = {}, with_ = figures) =>
  calculateBenefit(claim(lines, more), with_);

/** The breakdown of the only line of a bill. */
export function calculateOne(only: BillLine) {
  const [first] = calculate([only]).lines;
  if (!first) throw new Error('no line came back');
  return first;
}

export const classOf = (one: BillLine, bill: BillLine[] = [one]): string =>
  classifyLine(one, openBill(bill, figures)).costClass;

/** A bill with exactly `inScope` in scope and the rest self-paid. */
export const billOf = (total: string, inScope: string): BillLine[] => {
  const rest = roundToFen(new Decimal(total).minus(inScope));
  const outside = rest === '0.00' ? [] : [line(rest, { costClass: 'CLASS_C' })];
  return [line(inScope), ...outside];
};

/** The same figures with some replaced. */
export const withRates = (values: Record<string, string>): BenefitFigures => ({
  ...figures,
  rates: figures.rates.map((rate): DatedRate => ({ ...rate, value: values[rate.key] ?? rate.value })),
});

export const money = (text: string): Yuan => yuan(text);
