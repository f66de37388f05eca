import fc from 'fast-check';
import {
  birthDateOf,
  checkDigit,
  isIdCardNo,
  isPhone,
  maskIdCardNo,
  maskName,
  normaliseIdCardNo,
  sexOf,
} from '../../domain/identifiers.ts';
import { addDays, plainDate } from '../../domain/plain-date.ts';

/** A valid number for a region, a birth date and a sequence. */
const numberOf = (region: string, birth: string, sequence: string): string => {
  const first17 = `${region}${birth.replaceAll('-', '')}${sequence}`;
  return `${first17}${checkDigit(first17)}`;
};
const birthDate = fc.integer({ min: 0, max: 60_000 }).map((n) => addDays(plainDate('1900-01-01'), n));
const digits = (length: number) =>
  fc.integer({ min: 0, max: 10 ** length - 1 }).map((n) => String(n).padStart(length, '0'));
const idCardNo = fc
  .tuple(digits(5), birthDate, digits(3))
  .map(([region, birth, sequence]) => numberOf(`4${region}`, birth, sequence));

describe('an ID card number', () => {
  it("has the check digit of the published standard's examples", () => {
    expect(checkDigit('11010519491231002')).toBe('X');
    expect(checkDigit('44052418800101001')).toBe('4');
    expect(isIdCardNo('11010519491231002X')).toBe(true);
  });

  it.each([
    ['a wrong check digit', '110105194912310021'],
    ['a birth year before 1900', '440524188001010014'],
    ['15 digits', '110105491231002'],
    ['19 digits', '11010519491231002X0'],
    ['an X that is not last', '1101051949123100X2'],
    ['full-width digits', '１１０１０５１９４９１２３１００２Ｘ'],
    ['a space at the end', '11010519491231002X '],
    ['a line break at the end', '11010519491231002X\n'],
    ['nothing', ''],
    ['a leading zero', numberOf('010105', '1990-01-01', '001')],
    ['a 30 February', numberOf('441602', '1990-02-30', '001')],
    ['a 29 February of a common year', numberOf('441602', '2023-02-29', '001')],
    ['a month 13', numberOf('441602', '1990-13-01', '001')],
  ])('is not one with %s', (_what, text) => {
    expect(isIdCardNo(text)).toBe(false);
  });

  it('takes a leap day, and a lower-case x as X', () => {
    expect(isIdCardNo(numberOf('441602', '2024-02-29', '001'))).toBe(true);
    expect(isIdCardNo('11010519491231002x')).toBe(true);
    expect(normaliseIdCardNo('11010519491231002x')).toBe('11010519491231002X');
  });

  it('is valid for every region, real birth date and sequence, and tells birth date and sex', () => {
    fc.assert(
      fc.property(digits(5), birthDate, digits(3), (region, birth, sequence) => {
        const no = numberOf(`4${region}`, birth, sequence);
        expect(isIdCardNo(no)).toBe(true);
        expect(birthDateOf(no)).toBe(birth);
        expect(sexOf(no)).toBe(Number(sequence) % 2 === 1 ? 'MALE' : 'FEMALE');
      }),
    );
  });

  it('shows every single wrong digit and every swap of neighbours', () => {
    fc.assert(
      fc.property(idCardNo, fc.integer({ min: 0, max: 16 }), fc.integer({ min: 1, max: 9 }), (no, at, by) => {
        const wrong = (Number(no[at]) + by) % 10;
        expect(isIdCardNo(`${no.slice(0, at)}${wrong}${no.slice(at + 1)}`)).toBe(false);
        const [a, b] = [no.charAt(at), no.charAt(at + 1)];
        fc.pre(a !== b);
        expect(isIdCardNo(`${no.slice(0, at)}${b}${a}${no.slice(at + 2)}`)).toBe(false);
      }),
    );
  });

  it('takes no text at all for one by chance of its form', () => {
    fc.assert(fc.property(fc.string(), (text) => !isIdCardNo(text)));
  });

  it('is a bug, not a refusal, when asked for the birth date of something else', () => {
    expect(() => birthDateOf('110105194912310021')).toThrow(RangeError);
    expect(() => sexOf('')).toThrow(RangeError);
    expect(() => checkDigit('123')).toThrow(RangeError);
  });
});

describe('a phone number', () => {
  it.each(['13800138000', '19912345678', '0762-3388123', '07623388123', '020-83331234', '02083331234'])(
    '%s is one',
    (text) => {
      expect(isPhone(text)).toBe(true);
    },
  );
  it.each([
    '',
    '12345678901',
    '1380013800',
    '138001380000',
    '+8613800138000',
    '138 0013 8000',
    '１３８００１３８０００',
    '0762',
    '13800138000\n',
  ])('%j is none', (text) => {
    expect(isPhone(text)).toBe(false);
  });
});

describe('masking', () => {
  it('leaves region and last four of an ID card number, the first character of a name', () => {
    expect(maskIdCardNo('441602199001011234')).toBe('4416**********1234');
    expect(maskName('张三丰')).toBe('张*');
    expect(maskName('欧阳娜娜')).toBe('欧*');
    expect(maskName('𠮷田')).toBe('𠮷*');
    expect(maskName('  ')).toBe('*');
  });

  it('hides whole what is not an ID card number, and never shows a birth date', () => {
    expect(maskIdCardNo('12345')).toBe('*****');
    fc.assert(fc.property(idCardNo, (no) => !maskIdCardNo(no).includes(no.slice(6, 14))));
  });
});
