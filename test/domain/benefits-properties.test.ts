import fc from 'fast-check';
import type { BillLine, TraumaClaim } from '../../domain/benefits/types.ts';
import { Decimal, fromFen, sum, toFen } from '../../domain/money.ts';
import { calculate, drug, exam, line, material, treatment, withRates } from './benefits-bills.ts';

const price = fc.bigInt({ min: 0n, max: 2_000_000n }).map(fromFen);
const quantity = fc.integer({ min: 1, max: 40_000 }).map((n) => new Decimal(n).dividedBy(1000).toString());
const takeHome = fc.record({ days: fc.integer({ min: 1, max: 40 }), illnessKind: fc.constantFrom('ACUTE', 'CHRONIC') });

/** Any line a clerk could enter, over all rules. */
const anyLine: fc.Arbitrary<BillLine> = fc.oneof(
  fc
    .tuple(price, quantity, fc.option(takeHome, { nil: undefined }), fc.constantFrom('CLASS_A', 'CLASS_B', 'CLASS_C'))
    .map(([p, q, home, costClass]) => drug(p, { quantity: q, costClass, takeHome: home })),
  fc.tuple(price, fc.constantFrom('FIRST_AID', 'INDICATION', 'NONE')).map(([p, albumin]) => drug(p, { albumin })),
  fc.tuple(price, quantity, fc.constantFrom('CT', '化验')).map(([p, q, name]) => exam(name, p, { quantity: q })),
  fc
    .tuple(price, quantity, fc.boolean(), fc.constantFrom('钢板', '缝合线', '敷料'))
    .map(([p, q, importedMaterial, name]) => material(name, p, { quantity: q, importedMaterial })),
  fc
    .tuple(price, quantity, fc.boolean())
    .map(([p, q, mark]) => treatment('治疗', p, { quantity: q, linearAcceleratorTumour: mark })),
  fc.tuple(price, quantity, fc.boolean()).map(([p, q, bloodProduct]) => line(p, { quantity: q, bloodProduct })),
);
const bill = fc.array(anyLine, { minLength: 1, maxLength: 8 });

const anyTrauma: fc.Arbitrary<TraumaClaim> = fc.oneof(
  fc.record({ liability: fc.constant('OWN' as const), traffic: fc.constant(true as const), ctiPaid: price }),
  fc.record({ liability: fc.constant('OTHER' as const), traffic: fc.constant(false), advance: fc.boolean() }),
  fc.record({
    liability: fc.constant('SHARED' as const),
    grade: fc.constantFrom('MAIN' as const, 'EQUAL' as const, 'MINOR' as const),
    traffic: fc.constant(true),
    ctiPaid: price,
    advance: fc.boolean(),
  }),
);
const CATEGORY = { OWN: 'TRAUMA_OWN', OTHER: 'TRAUMA_OTHER', SHARED: 'TRAUMA_SHARED' } as const;

describe('whatever the bill', () => {
  it('each line splits without a fen lost, and the lines add up to the bill', () => {
    fc.assert(
      fc.property(bill, (lines) => {
        const result = calculate(lines);
        for (const part of result.lines) {
          expect(sum([part.firstSelfPay, part.inScope])).toBe(part.amount);
          expect(sum([part.covered, part.excess])).toBe(part.amount);
          expect(sum([part.excess, part.selfPayOnCovered])).toBe(part.firstSelfPay);
        }
        expect(sum([result.firstSelfPayTotal, result.inScope])).toBe(result.total);
        expect(sum([result.fundPays, result.insuredPays])).toBe(result.total);
      }),
    );
  });

  it('the fund never pays more than is left after the deductible, nothing is negative, and all parts meet', () => {
    fc.assert(
      fc.property(bill, anyTrauma, price, (lines, trauma, remainingYearlyCap) => {
        const result = calculate(lines, { category: CATEGORY[trauma.liability], trauma, remainingYearlyCap });
        expect(toFen(result.fundPays)).toBeLessThanOrEqual(toFen(result.afterDeductible));
        expect(toFen(result.afterDeductible)).toBeLessThanOrEqual(toFen(result.afterCti));
        expect(toFen(result.afterCti)).toBeLessThanOrEqual(toFen(result.inScope));
        expect(toFen(result.fundPays)).toBeLessThanOrEqual(toFen(remainingYearlyCap));
        const owed = toFen(result.total) - toFen(result.ctiPaid) - toFen(result.fundPays);
        expect(toFen(result.insuredPays)).toBe(owed > 0n ? owed : 0n);
        if (trauma.advance && result.ownShare && result.toRecover) {
          expect(sum([result.ownShare, result.toRecover])).toBe(result.fundPays);
        }
      }),
    );
  });

  it('a higher ratio never pays less, a higher deductible never pays more', () => {
    const percentage = fc.integer({ min: 0, max: 100 }).map((n) => new Decimal(n).dividedBy(100).toString());
    const pay = (lines: BillLine[], ratio: string, deductible: string) =>
      toFen(
        calculate(
          lines,
          {},
          withRates({ 'reimbursementRatio.GENERAL_INPATIENT.3': ratio, 'deductible.GENERAL_INPATIENT.3': deductible }),
        ).fundPays,
      );
    fc.assert(
      fc.property(bill, percentage, percentage, price, price, (lines, r1, r2, d1, d2) => {
        const [low = '0', high = '0'] = [r1, r2].sort((a, b) => new Decimal(a).comparedTo(b));
        expect(pay(lines, low, d1)).toBeLessThanOrEqual(pay(lines, high, d1));
        const [less = d1, more = d1] = [d1, d2].sort((a, b) => new Decimal(a).comparedTo(b));
        expect(pay(lines, r1, less)).toBeGreaterThanOrEqual(pay(lines, r1, more));
      }),
    );
  });

  it('the order of the lines changes no sum', () => {
    fc.assert(
      fc.property(bill, (lines) => {
        expect(calculate([...lines].reverse()).fundPays).toBe(calculate(lines).fundPays);
      }),
    );
  });
});
