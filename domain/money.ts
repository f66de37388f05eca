/**
 * Money in yuan (元). Amounts travel as text with exactly two decimals ('12247.70') and are computed as decimals, never as
 * binary floating point; results are rounded half up to the fen (benefit-rules.md §0). Amounts are never negative.
 */
import { Decimal as DecimalJs } from 'decimal.js';
import { Refusal } from './refusal.ts';

declare const brand: unique symbol;

/** '12247.70': yuan, two decimals, not negative. Made by `yuan` or by the functions here, never by a cast of unchecked text. */
export type Yuan = string & { readonly [brand]: 'Yuan' };

/**
 * Own constructor, so that no other module can change our precision. 60 digits hold the product of the largest amount,
 * ratio and share exactly: the only rounding is the one we ask for.
 */
export const Decimal = DecimalJs.clone({
  precision: 60,
  rounding: DecimalJs.ROUND_HALF_UP,
  toExpNeg: -60,
  toExpPos: 60,
});
export type Decimal = DecimalJs;

/** What a person may type: ASCII digits, at most ten before the point, at most two after; no sign, exponent or space. */
const TYPED = /^(0|[1-9][0-9]{0,9})(\.[0-9]{1,2})?$/;
/** The same for JSON Schema. */
export const YUAN_PATTERN = TYPED.source;
/** The normal form; sums may have more digits than a typed amount. */
const NORMAL = /^(0|[1-9][0-9]*)\.[0-9]{2}$/;

export const ZERO_YUAN = '0.00' as Yuan;

/** Whether a person may type this as an amount: '100', '100.5', '100.50', but not '-1', '1e3', '0.005', '１００'. */
export const isYuanText = (text: unknown): text is string => typeof text === 'string' && TYPED.test(text);

/** Whether this is an amount in normal form, with its two decimals. */
export const isYuan = (text: unknown): text is Yuan => typeof text === 'string' && NORMAL.test(text);

/** A typed amount in normal form ('100.5' → '100.50'). Refuses with BAD_REQUEST naming `path`. */
export function yuan(text: string, path?: string): Yuan {
  if (isYuanText(text)) return new Decimal(text).toFixed(2) as Yuan;
  throw new Refusal('BAD_REQUEST', [
    {
      path,
      zh: '金额须为非负数，整数部分最多十位，最多两位小数，例如 12247.70。',
      en: 'An amount is not negative and has at most ten digits before and two after the point, for example 12247.70.',
    },
  ]);
}

/** Rounds half up to the fen. A negative or endless value here is a bug in a calculation. */
export function roundToFen(value: Decimal): Yuan {
  if (!value.isFinite() || value.isNegative()) {
    if (!value.isZero()) throw new RangeError(`${value.toString()} is not an amount of money`);
    return ZERO_YUAN;
  }
  return value.toFixed(2, DecimalJs.ROUND_HALF_UP) as Yuan;
}

/** `amount × factor`, rounded half up to the fen; the factor is a decimal text such as '0.05'. */
export const times = (amount: Yuan, factor: string): Yuan => roundToFen(new Decimal(amount).times(factor));

export const sum = (amounts: readonly Yuan[]): Yuan =>
  roundToFen(amounts.reduce((total, amount) => total.plus(amount), new Decimal(0)));

/** `a − b`; a negative result is a bug. Where the rule says "not below zero", use `subtractToZero`. */
export const subtract = (a: Yuan, b: Yuan): Yuan => roundToFen(new Decimal(a).minus(b));

/** `max(0, a − b)`. */
export const subtractToZero = (a: Yuan, b: Yuan): Yuan => (atLeast(b, a) ? ZERO_YUAN : subtract(a, b));

/** Whether `a ≥ b`. 以上 and 以内 include the figure itself (Civil Code Art. 1259). */
export const atLeast = (a: Yuan, b: Yuan): boolean => new Decimal(a).greaterThanOrEqualTo(b);

export const lesser = (a: Yuan, b: Yuan): Yuan => (atLeast(a, b) ? b : a);

/** For people: '12,247.70'. */
export function formatYuan(amount: Yuan): string {
  const point = amount.indexOf('.');
  const groups: string[] = [];
  for (let end = point; end > 0; end -= 3) groups.unshift(amount.slice(Math.max(0, end - 3), end));
  return groups.join(',') + amount.slice(point);
}

/** Whole fen, for places that want an integer. */
export const toFen = (amount: Yuan): bigint => BigInt(amount.replace('.', ''));

/** A negative number of fen is a bug. */
export const fromFen = (fen: bigint): Yuan => roundToFen(new Decimal(fen.toString()).dividedBy(100));
