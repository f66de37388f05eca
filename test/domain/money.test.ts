import fc from 'fast-check';
import {
  atLeast,
  Decimal,
  formatYuan,
  fromFen,
  isYuan,
  isYuanText,
  lesser,
  roundToFen,
  subtract,
  subtractToZero,
  sum,
  times,
  toFen,
  yuan,
} from '../../domain/money.ts';

const fen = fc.bigInt({ min: 0n, max: 999_999_999_999n });

describe('an amount as a person types it', () => {
  it.each([
    ['0', '0.00'],
    ['100', '100.00'],
    ['100.5', '100.50'],
    ['12247.70', '12247.70'],
    ['9999999999.99', '9999999999.99'],
  ])('%s becomes %s', (typed, normal) => {
    expect(isYuanText(typed)).toBe(true);
    expect(yuan(typed)).toBe(normal);
    expect(isYuan(normal)).toBe(true);
  });

  it.each([
    '',
    ' 1',
    '1 ',
    '1\n',
    '-1',
    '-0',
    '+1',
    '.5',
    '1.',
    '1.005',
    '0.000',
    '1e3',
    '1E3',
    '0x10',
    '1,000',
    '１００',
    '٣',
    '01',
    '00.10',
    '10000000000',
    'NaN',
    'Infinity',
    '1.0.0',
  ])('%j is refused', (typed) => {
    expect(isYuanText(typed)).toBe(false);
    expect(() => yuan(typed, 'form.amount')).toThrow(
      expect.objectContaining({ code: 'BAD_REQUEST', faults: [expect.objectContaining({ path: 'form.amount' })] }),
    );
  });

  it('is text: a number is not taken, it has lost its fen already', () => {
    expect(isYuanText(100)).toBe(false);
    expect(isYuan(null)).toBe(false);
  });

  it('has two decimals once it is an amount of ours', () => {
    expect(['100', '100.5', '-1.00', '01.00'].map(isYuan)).toEqual([false, false, false, false]);
  });
});

describe('calculating with amounts', () => {
  it('rounds half up to the fen', () => {
    expect(times(yuan('186.50'), '0.05')).toBe('9.33');
    expect(times(yuan('0.10'), '0.05')).toBe('0.01');
    expect(['0.004', '0.005', '1.015', '2.675'].map((value) => roundToFen(new Decimal(value)))).toEqual([
      '0.00',
      '0.01',
      '1.02',
      '2.68',
    ]);
  });

  it('treats a negative result as a bug, except where the rule says "not below zero"', () => {
    expect(() => subtract(yuan('1'), yuan('1.01'))).toThrow(RangeError);
    expect(() => fromFen(-1n)).toThrow(RangeError);
    expect(() => roundToFen(new Decimal(NaN))).toThrow(RangeError);
    expect(subtractToZero(yuan('1'), yuan('1.01'))).toBe('0.00');
    expect(roundToFen(new Decimal('-0'))).toBe('0.00');
  });

  it('compares amounts by value, not as text', () => {
    expect(atLeast(yuan('1000'), yuan('999.99'))).toBe(true);
    expect(atLeast(yuan('300'), yuan('300'))).toBe(true);
    expect(atLeast(yuan('299.99'), yuan('300'))).toBe(false);
    expect(lesser(yuan('1000'), yuan('999'))).toBe('999.00');
  });

  it('adds nothing to nothing', () => {
    expect(sum([])).toBe('0.00');
  });

  it('agrees with integer arithmetic in fen, however many amounts', () => {
    fc.assert(
      fc.property(fc.array(fen, { maxLength: 50 }), (parts) => {
        expect(toFen(sum(parts.map(fromFen)))).toBe(parts.reduce((total, part) => total + part, 0n));
      }),
    );
    fc.assert(
      fc.property(fen, fen, (a, b) => {
        expect(toFen(subtractToZero(fromFen(a), fromFen(b)))).toBe(a > b ? a - b : 0n);
        expect(atLeast(fromFen(a), fromFen(b))).toBe(a >= b);
      }),
    );
  });

  it('agrees with integer rounding for every whole percentage', () => {
    fc.assert(
      fc.property(fen, fc.integer({ min: 0, max: 100 }), (amount, percentage) => {
        const share = new Decimal(percentage).dividedBy(100).toString();
        expect(toFen(times(fromFen(amount), share))).toBe((amount * BigInt(percentage) + 50n) / 100n);
      }),
    );
  });

  it('comes back unchanged from fen and from its own text', () => {
    fc.assert(
      fc.property(fen, (amount) => {
        expect(toFen(fromFen(amount))).toBe(amount);
        expect(yuan(fromFen(amount))).toBe(fromFen(amount));
        expect(formatYuan(fromFen(amount)).replaceAll(',', '')).toBe(fromFen(amount));
      }),
    );
  });

  it('is grouped by thousands for people', () => {
    expect(['0', '999.99', '1000', '12247.7', '1234567.89'].map((typed) => formatYuan(yuan(typed)))).toEqual([
      '0.00',
      '999.99',
      '1,000.00',
      '12,247.70',
      '1,234,567.89',
    ]);
  });
});
