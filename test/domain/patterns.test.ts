import { ID_CARD_NO_PATTERN, isIdCardNo, isPhone, PHONE_PATTERN } from '../../domain/identifiers.ts';
import { isYuanText, YUAN_PATTERN } from '../../domain/money.ts';
import { isPlainDate, PLAIN_DATE_PATTERN } from '../../domain/plain-date.ts';
import { PERSONS } from '../../prisma/seed/persons.ts';
import { BAD_AMOUNTS, GOOD_AMOUNTS } from '../corpora/amounts.ts';
import { BAD_DATES, GOOD_DATES } from '../corpora/dates.ts';

/** What the documents promise in JSON Schema is what is checked. */
const matches = (pattern: string, text: string): boolean => new RegExp(pattern, 'u').test(text);

it('the pattern of a day takes every day there is, and no other', () => {
  let real = 0;
  for (let year = 1898; year <= 2202; year++)
    for (let month = 0; month <= 13; month++)
      for (let day = 0; day <= 32; day++) {
        const text = [year, month, day].map((n) => String(n).padStart(2, '0')).join('-');
        if (isPlainDate(text)) real += 1;
        if (matches(PLAIN_DATE_PATTERN, text) !== isPlainDate(text)) throw new Error(text);
      }
  expect(real).toBe(109_938);
  for (const text of [...GOOD_DATES, ...BAD_DATES])
    expect([text, matches(PLAIN_DATE_PATTERN, text)]).toEqual([text, isPlainDate(text)]);
});

it('the pattern of an amount takes what may be typed', () => {
  for (const text of [...GOOD_AMOUNTS, ...BAD_AMOUNTS])
    if (typeof text === 'string') expect([text, matches(YUAN_PATTERN, text)]).toEqual([text, isYuanText(text)]);
});

it('the patterns of ID and phone numbers refuse no real one', () => {
  for (const { id_card_no: no } of PERSONS) expect([no, matches(ID_CARD_NO_PATTERN, no)]).toEqual([no, isIdCardNo(no)]);
  for (const no of ['441602199001011', '44160219900101123X0', '441602188001011234', '44160219901301123x', 'x'])
    expect([no, matches(ID_CARD_NO_PATTERN, no), isIdCardNo(no)]).toEqual([no, false, false]);
  for (const no of ['13800000000', '0762-3388123', '12345', '１３８00000000', '13800000000\n'])
    expect([no, matches(PHONE_PATTERN, no)]).toEqual([no, isPhone(no)]);
});
