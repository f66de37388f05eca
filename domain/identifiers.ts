/**
 * Numbers that identify people: 居民身份证号码 (GB 11643-1999, 18 digits with an ISO 7064 MOD 11-2 check digit) and phone
 * numbers, and how they are masked for readers who may not see them whole.
 */
import type { PlainDate } from './plain-date.ts';
import { isPlainDate } from './plain-date.ts';

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_DIGITS = '10X98765432';

/** The check digit of the first 17 digits: '0' … '9' or 'X'. Anything but 17 ASCII digits is a bug in the caller. */
export function checkDigit(first17: string): string {
  if (!/^[0-9]{17}$/.test(first17)) throw new RangeError('a check digit needs 17 digits');
  const weighted = WEIGHTS.reduce((total, weight, i) => total + weight * Number(first17[i]), 0);
  return CHECK_DIGITS.charAt(weighted % 11);
}

/** The spelling that is stored: a typed lower-case x becomes X; nothing else is repaired. */
export const normaliseIdCardNo = (text: string): string => text.replace(/x$/, 'X');

/** Whether this is an ID card number: ASCII, a real birth date from 1900 on, the right check digit; a final x counts as X. */
export function isIdCardNo(text: string): boolean {
  const no = normaliseIdCardNo(text);
  if (!/^[1-9][0-9]{16}[0-9X]$/.test(no)) return false;
  // A PlainDate begins with 1900: nobody insured today was born earlier, such a year is a typing mistake.
  return isPlainDate(birthText(no)) && checkDigit(no.slice(0, 17)) === no.charAt(17);
}

/** The birth date in a valid number; an invalid one is a bug, check it with `isIdCardNo` first. */
export function birthDateOf(idCardNo: string): PlainDate {
  const birth = birthText(idCardNo);
  if (!isIdCardNo(idCardNo) || !isPlainDate(birth)) throw new RangeError('not an ID card number');
  return birth;
}

/** The 17th digit is odd for men, even for women. */
export function sexOf(idCardNo: string): 'MALE' | 'FEMALE' {
  if (!isIdCardNo(idCardNo)) throw new RangeError('not an ID card number');
  return Number(idCardNo[16]) % 2 === 1 ? 'MALE' : 'FEMALE';
}

const birthText = (no: string): string => `${no.slice(6, 10)}-${no.slice(10, 12)}-${no.slice(12, 14)}`;

const PHONE = /^(1[3-9][0-9]{9}|0[1-9][0-9]{1,2}-?[1-9][0-9]{6,7})$/;
/** For JSON Schema: all of a phone number, and of an ID number what can be said without counting. */
export const PHONE_PATTERN = PHONE.source;
export const ID_CARD_NO_PATTERN =
  '^[1-9][0-9]{5}(?:19|2[01])[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]$';

/** A mainland mobile number (11 digits) or a landline with area code and optional hyphen ('0762-3388123'). */
export const isPhone = (text: string): boolean => PHONE.test(text);

/** '441602199001011234' → '4416**********1234': region and last four stay readable. Shorter text is hidden whole. */
export const maskIdCardNo = (idCardNo: string): string =>
  idCardNo.length === 18
    ? `${idCardNo.slice(0, 4)}${'*'.repeat(10)}${idCardNo.slice(14)}`
    : '*'.repeat(idCardNo.length);

/** '张三丰' → '张*': the first character alone, whatever the length. */
export const maskName = (name: string): string => {
  const [first] = name.trim();
  return first ? `${first}*` : '*';
};

/** '13800000000' → '138****0000'; of a landline the last four stay readable. Shorter text is hidden whole. */
export const maskPhone = (phone: string): string =>
  /^[0-9]{11}$/.test(phone) && phone.startsWith('1') ? `${phone.slice(0, 3)}****${phone.slice(7)}` : maskAccount(phone);

/** '6217000000000001234' → '***************1234': the last four stay readable. Eight characters and fewer are hidden whole. */
export const maskAccount = (account: string): string =>
  account.length > 8 ? `${'*'.repeat(account.length - 4)}${account.slice(-4)}` : '*'.repeat(account.length);

/** '1990-01-01' → '1990-**-**'. */
export const maskBirthDate = (day: string): string => `${day.slice(0, 4)}-**-**`;

const NUMBER = /(?<![0-9A-Za-z])([1-9][0-9]{16}[0-9Xx]|1[3-9][0-9]{9})(?![0-9A-Za-z])/g;

/** Free text in which somebody wrote an ID or mobile number: reasons, file names, remarks. */
export const maskText = (text: string): string =>
  text.replace(NUMBER, (number) =>
    number.length === 11 ? maskPhone(number) : isIdCardNo(number) ? maskIdCardNo(number) : number,
  );
