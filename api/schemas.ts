import { z } from 'zod';
import { STAFF_ID } from '../domain/accounts.ts';
import {
  CASE_STATUSES,
  DECISIONS,
  EFFECT_KINDS,
  ORG_LEVELS,
  ROLES,
  type CaseStatus,
  type Decision,
  type Role,
} from '../domain/case.ts';
import { DOCUMENT_TYPES, type DocumentType } from '../domain/document-types.ts';
import { ID_CARD_NO_PATTERN, isIdCardNo, normaliseIdCardNo } from '../domain/identifiers.ts';
import { isPlainDate, PLAIN_DATE_PATTERN, type PlainDate } from '../domain/plain-date.ts';

/** The field kinds the API's own requests and answers are made of. Names are those of the glossary. */
const keys = <K extends string>(table: Readonly<Record<K, unknown>>): K[] => Object.keys(table) as K[];

export const text = z.strictObject({ zh: z.string(), en: z.string() }).meta({ id: 'Text' });
export const day = z
  .string()
  .refine(
    (value): value is PlainDate => isPlainDate(value),
    '日期须为真实存在的 YYYY-MM-DD / must be a real day, YYYY-MM-DD',
  )
  .meta({ format: 'date', pattern: PLAIN_DATE_PATTERN, description: 'civil day, Asia/Shanghai' });
export const instant = z.string().meta({ format: 'date-time', description: 'clock of the case, +08:00' });
export const yuan = z.string().meta({ description: 'yuan, two decimals', examples: ['12247.70'] });
export const caseStatus = z.enum(keys<CaseStatus>(CASE_STATUSES));
export const decision = z.enum(keys<Decision>(DECISIONS));
export const role = z.enum(keys<Role>(ROLES));
export const documentType = z.enum(keys<DocumentType>(DOCUMENT_TYPES));
export const orgLevel = z.enum(ORG_LEVELS);
export const effectKind = z.enum(EFFECT_KINDS);
/** Whatever a definition declares; the schema of each is in `GET /processes`. */
export const jsonObject = z.record(z.string(), z.unknown());
export const jsonSchema = z.record(z.string(), z.unknown()).meta({ description: 'JSON Schema 2020-12' });

/** Letters, digits and hyphens; anything else cannot be one and is not looked for. */
export const acceptanceNo = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,40}$/)
  .meta({ description: '受理号 / acceptance number' });
export const staffId = z.string().regex(STAFF_ID);
export const code = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/);
/** Upper case is the same document, as everywhere with UUIDs. */
export const documentId = z.uuid().transform((id) => id.toLowerCase());

// eslint-disable-next-line no-control-regex
const UNPRINTABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u202a-\u202e\u2066-\u2069]/;
const VISIBLE = /[^\p{C}\p{Z}\p{DI}]/u;
/** Free text of a person: trimmed, NFC, printable; JSON Schema has no words for it, so the document names a format. */
export const freeText = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .normalize('NFC')
    .refine((value) => VISIBLE.test(value), '不能为空白 / must not be blank')
    .refine(
      (value) => !UNPRINTABLE.test(value) && value.isWellFormed(),
      '含有不可打印的字符 / contains unprintable characters',
    )
    .meta({ format: 'free-text' });

export const idCardNo = z
  .string()
  .refine(isIdCardNo, '身份证号码无效（校验码不符） / not a valid ID number (check digit)')
  .meta({ pattern: ID_CARD_NO_PATTERN })
  .transform(normaliseIdCardNo);

/** A whole number in an address; digits only, so that '', '1e2' and '0x10' are not numbers. */
export const queryInteger = (min: number, max: number) =>
  z
    .string()
    .regex(/^[0-9]{1,9}$/)
    .transform(Number)
    .pipe(z.int().min(min).max(max))
    .meta({ override: { type: 'integer', minimum: min, maximum: max, pattern: undefined } });
export const queryFlag = z.enum(['true', 'false']).transform((value) => value === 'true');
export const limit = queryInteger(1, 100).optional();
/** Of lists that can be had as a table too; the table is of the same page. */
export const format = z
  .enum(['json', 'csv'])
  .optional()
  .meta({ description: 'csv：电子表格，与 JSON 同一页、同样遮盖 / a table of the same page, masked alike' });
export const cursor = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{1,400}$/)
  .optional()
  .meta({ format: 'cursor', description: 'nextCursor of the page before' });

export const attachedDocuments = z
  .array(z.strictObject({ type: documentType, documentId }))
  .max(200)
  .meta({ description: 'documents uploaded before, and as what they are handed in' });
