import { z } from 'zod';
import { ID_CARD_NO_PATTERN, isIdCardNo, isPhone, PHONE_PATTERN } from './identifiers.ts';
import { isYuanText, YUAN_PATTERN } from './money.ts';
import { isPlainDate, PLAIN_DATE_PATTERN } from './plain-date.ts';

/**
 * The field kinds that forms are made of. Each carries its Chinese and English title, so that the page, the
 * OpenAPI document and the list of processes say the same.
 */
const titled = <T extends z.ZodType>(schema: T, zh: string, en: string): T =>
  schema.meta({ title: zh, description: en });

/** Control characters and lone surrogates have no place in a file that is printed and kept for decades. */
// eslint-disable-next-line no-control-regex
const UNPRINTABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u202a-\u202e\u2066-\u2069]/;
/** Blanks of no width and the like are no answer to any question. */
const VISIBLE = /[^\p{C}\p{Z}\p{DI}]/u;

/** One line or paragraph of text, trimmed, NFC, 1 to `max` characters. */
export const formText = (zh: string, en: string, max = 200) =>
  titled(
    z
      .string()
      .trim()
      .min(1)
      .max(max)
      .normalize('NFC')
      .refine((t) => VISIBLE.test(t), '不能为空白 / must not be blank')
      .refine((t) => !UNPRINTABLE.test(t) && t.isWellFormed(), '含有不可打印的字符 / contains unprintable characters'),
    zh,
    en,
  );
/** A civil day 'YYYY-MM-DD', Asia/Shanghai. */
export const formDate = (zh: string, en: string) =>
  titled(
    z
      .string()
      .refine(isPlainDate, '日期须为真实存在的 YYYY-MM-DD / must be a real day, YYYY-MM-DD')
      .meta({ format: 'date', pattern: PLAIN_DATE_PATTERN }),
    zh,
    en,
  );
/** Yuan with at most two decimals, as text: '12247.70'. */
export const formYuan = (zh: string, en: string) =>
  titled(
    z
      .string()
      .refine(isYuanText, '金额须为非负数，最多两位小数 / a non-negative amount with at most two decimals')
      .meta({ format: 'yuan', pattern: YUAN_PATTERN }),
    zh,
    en,
  );
/** 公民身份号码, GB 11643 with check digit. */
export const formIdCardNo = (zh = '居民身份证号码', en = 'ID card number') =>
  titled(
    z
      .string()
      .refine(isIdCardNo, '身份证号码无效（校验码不符） / not a valid ID number (check digit)')
      .meta({ pattern: ID_CARD_NO_PATTERN }),
    zh,
    en,
  );
export const formPhone = (zh = '联系电话', en = 'phone') =>
  titled(
    z.string().refine(isPhone, '电话号码无效 / not a valid phone number').meta({ pattern: PHONE_PATTERN }),
    zh,
    en,
  );
/** A code of something the office keeps (provider, disease, catalogue item …). */
export const formCode = (zh: string, en: string) =>
  titled(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/, '代码格式不符 / not a code'), zh, en);
export const formChoice = <const V extends readonly [string, ...string[]]>(zh: string, en: string, values: V) =>
  titled(z.enum(values), zh, en);
export const formYesNo = (zh: string, en: string) => titled(z.boolean(), zh, en);
export const formCount = (zh: string, en: string, min: number, max: number) =>
  titled(z.int().min(min).max(max), zh, en);
