import { idCheckDigit } from './check-digit.ts';
import { dice, fullWidth, times } from './dice.ts';

/** Bad and odd values, made by a seeded generator so that every run has the same. All persons are made up. */

const throwId = dice(20_261_128);
const validId = (): string => {
  const day = `19${50 + throwId(50)}0${1 + throwId(9)}1${throwId(9)}`;
  const body = `441602${day}${String(throwId(1_000)).padStart(3, '0')}`;
  return body + idCheckDigit(body);
};
const DIGITS = '0123456789X';

/** 500 numbers of the form of an ID number, or nearly so, none of which is one. */
export const ID_NUMBERS: readonly string[] = [
  // every other check digit
  ...times(150, () => {
    const id = validId();
    const at = DIGITS.indexOf(id.at(-1) ?? '');
    return id.slice(0, 17) + DIGITS[(at + 1 + throwId(10)) % 11];
  }),
  // of the first generation, 15 digits
  ...times(100, () => validId().replace(/^(\d{6})19(\d{9}).*/, '$1$2')),
  // days that are none, with a check digit that fits
  ...times(100, (i) => {
    const body = `441602${1950 + throwId(50)}${['0230', '1301', '0431', '0000', '0132'][i % 5]}${String(throwId(1_000)).padStart(3, '0')}`;
    return body + idCheckDigit(body);
  }),
  ...times(50, () => fullWidth(validId())),
  // an x in the middle, two, a letter O for a zero, something behind
  ...times(100, (i) => {
    const id = validId();
    return (
      [`${id.slice(0, 8)}X${id.slice(9)}`, `${id}X`, id.replace('0', 'O'), `${id}\u0000`, `-${id.slice(1)}`][i % 5] ??
      ''
    );
  }),
];

const throwText = dice(7);
const RARE = [
  '䶮',
  '𠮷',
  '㐂',
  '龘',
  '𬭎',
  '·',
  '\u3000',
  'é',
  'e\u0301',
  '가',
  '\u200b',
  '\ufeff',
  '\u202e',
  '\u2066',
  '\ud800',
  '\udc00',
  '\u0000',
  '\u0007',
  '\u007f',
  "'",
  '"',
  '\\',
  '%',
  '_',
  '<b>',
  '${x}',
  '{{x}}',
  '=1+1',
  '@SUM',
  '-1',
  '+1',
  '\t',
  '\r',
  '🀄',
  '١٢٣',
];

/** 300 texts: rare characters, halves of characters, marks of direction, compositions, long ones. */
export const STRINGS: readonly string[] = [
  ...RARE,
  ...times(264 - RARE.length + 26, () => times(1 + throwText(12), () => RARE[throwText(RARE.length)] ?? '').join('')),
  ...times(10, (i) => '长'.repeat(2 ** i)),
];

/** Said here anew by Unicode categories: something visible, no halves of characters, no control but tab and line, no mark of direction. */
export const isPrintable = (text: string): boolean =>
  /[^\p{C}\p{Z}\p{DI}]/u.test(text) &&
  // eslint-disable-next-line no-control-regex
  !/\p{Cs}|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u202a-\u202e\u2066-\u2069]/u.test(text.trim());
