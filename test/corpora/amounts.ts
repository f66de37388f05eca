import { dice, fullWidth, times } from './dice.ts';

/** 300 amounts as people and programs write them, and whether they are one here: yuan, not negative, at most two decimals. */

const roll = dice(20_250_922);
const ARABIC = '٠١٢٣٤٥٦٧٨٩';
const whole = (): string => String(1 + roll(9_999_999));
const two = (): string => String(roll(100)).padStart(2, '0');

export const GOOD_AMOUNTS: readonly string[] = [
  '0',
  '0.00',
  '0.01',
  '0.1',
  '1',
  '1.5',
  '9999999999',
  '9999999999.99',
  ...times(92, (i) => (i % 3 === 0 ? whole() : `${whole()}.${i % 3 === 1 ? String(roll(10)) : two()}`)),
];

export const BAD_AMOUNTS: readonly unknown[] = [
  ...[
    '',
    ' ',
    '1e3',
    '1E3',
    '0.001',
    '-0',
    '-1',
    '+1',
    '1000000000000000',
    '10000000000',
    '00',
    '01',
    '1.',
    '.5',
    '1..0',
  ],
  ...[
    '1,000.00',
    '1 000',
    '１００',
    '¥1',
    '1元',
    '0x10',
    '0b1',
    '0o7',
    'NaN',
    'Infinity',
    '-Infinity',
    '1_000',
    '1/2',
    '½',
  ],
  ...['一百', '壹佰', '1.00\n', '\u00a01', '1\u0000', '1\u200b', '1.0.0', '--1', "1' OR '1'='1", '1; SELECT 1', '=1+1'],
  ...[1, 0, -1, 1e15, 0.1 + 0.2, null, true, [], ['1'], {}, { toString: '1' }],
  ...times(40, () => `${whole()}.${two()}${roll(10)}`),
  ...times(30, () => `-${whole()}.${two()}`),
  ...times(30, () => fullWidth(`${whole()}.${two()}`)),
  ...times(30, () => whole().replaceAll(/\d/g, (digit) => ARABIC[Number(digit)] ?? '')),
  ...times(19, (i) => '9'.repeat(11 + i * 20)),
];
