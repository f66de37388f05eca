import fc from 'fast-check';
import type { Json } from '../../domain/case.ts';
import { classOf, FIELD_CLASSES } from '../../domain/field-classes.ts';
import { checkDigit, maskAccount, maskBirthDate, maskPhone, maskText } from '../../domain/identifiers.ts';
import { maskJson } from '../../api/read/mask.ts';

const HIDDEN_FIELDS = Object.keys(FIELD_CLASSES).filter((field) => classOf(field) !== 'PUBLIC');

describe('a mask', () => {
  it.each([
    ['13800000000', '138****0000'],
    ['0762-3388123', '********8123'],
    ['110', '***'],
  ])('of the phone %s is %s', (phone, masked) => expect(maskPhone(phone)).toBe(masked));
  it.each([
    ['6217000000000001234', '***************1234'],
    ['12345678', '********'],
  ])('of the account %s is %s', (account, masked) => expect(maskAccount(account)).toBe(masked));
  it('of a birth date leaves the year', () => expect(maskBirthDate('1990-01-31')).toBe('1990-**-**'));

  it('of free text finds ID and mobile numbers in it, and leaves other numbers alone', () => {
    const first17 = '44160219900101123';
    const id = first17 + checkDigit(first17);
    expect(maskText(`${id}（电话13800000000）`)).toBe(`${id.slice(0, 4)}**********${id.slice(14)}（电话138****0000）`);
    const wrong = first17 + (checkDigit(first17) === '0' ? '1' : '0');
    for (const text of [wrong, '441602-20250922-13800000000123', 'a13800000000', '清单 20250922'])
      expect(maskText(text)).toBe(text);
  });
});

it('no personal leaf is left whole, wherever and however deep it stands', () => {
  const secret = fc.stringMatching(/^[A-Z]{6}[0-9]{12}[A-Z]{2}$/);
  fc.assert(
    fc.property(
      fc.constantFrom(...HIDDEN_FIELDS),
      secret,
      fc.array(fc.constantFrom('person', 'trauma', 'x'), { maxLength: 4 }),
      fc.boolean(),
      (field, value, path, inList) => {
        const leaf: Json = { [field]: inList ? [value] : value, kept: 'kept' };
        const whole = path.reduce<Json>((inner, name) => ({ [name]: inner }), leaf);
        const masked = JSON.stringify(maskJson(whole));
        expect(masked).not.toContain(value);
        expect(masked).toContain('"kept":"kept"');
        expect(JSON.stringify(maskJson(whole, { except: new Set([field]) }))).toContain(value);
      },
    ),
    { numRuns: 2_000 },
  );
});

it('names of hospitals, drugs and staff stay, those of illnesses do not', () => {
  const facts = {
    hospital: { name: '示例医院' },
    lines: [{ name: '注射费', amount: '24.00' }],
    auditors: [{ staffId: 's-1', name: '示例员' }],
    disease: { diseaseCode: 'M05', name: '示例病', validMonths: 12 },
    person: { name: '示例甲' },
  };
  expect(maskJson(facts)).toEqual({
    ...facts,
    disease: { diseaseCode: '***', name: '***', validMonths: 12 },
    person: { name: '示*' },
  });
});
