const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** GB 11643: the check digit of 17 digits. Counted here anew, since a corpus must not share the mistakes of what it tests. */
export const idCheckDigit = (body: string): string =>
  '10X98765432'[WEIGHTS.reduce((sum, weight, i) => sum + weight * Number(body[i]), 0) % 11] ?? '';
