import type { Json, JsonObject, User } from '../../domain/case.ts';
import { classOf, type FIELD_CLASSES } from '../../domain/field-classes.ts';
import { maskAccount, maskBirthDate, maskIdCardNo, maskName, maskPhone, maskText } from '../../domain/identifiers.ts';

/**
 * What a reader sees of a person who has not asked for more (PIPL Art. 51): enough to tell one case from the next, 张*,
 * 4416**********1234. One place for lists, case view, papers and exports; which field is what stands in `domain/field-classes.ts`.
 */

/** No mask can be handed in again: no ID number, name or account holds one (`api/cases/forms.ts`). */
export const HIDDEN = '***';

type Masked = { [F in keyof typeof FIELD_CLASSES]: (typeof FIELD_CLASSES)[F] extends 'PUBLIC' ? never : F };
const MASKS: Readonly<Partial<Record<Masked[keyof Masked], (text: string) => string>>> = {
  idCardNo: maskIdCardNo,
  parentIdCardNo: maskIdCardNo,
  phone: maskPhone,
  account: maskAccount,
  name: maskName,
  holder: maskName,
  proxy: maskName,
  liableParty: maskName,
  birthDate: maskBirthDate,
  bornOn: maskBirthDate,
};

/** What of these is called `name` is no insured person: hospitals, drugs and staff may be known to whoever sees the case. */
const NAMES_OF_OTHERS = new Set(['hospital', 'lines', 'auditors', 'auditorsPresent', 'auditorsSigned', 'office']);
/** What of these is called `name` says what somebody suffers from. */
const NAMES_OF_ILLNESSES = new Set(['disease']);

export interface MaskOptions {
  /** shown whole all the same, by field name */
  except?: ReadonlySet<string>;
}

/** A form, facts or a paper with every personal leaf masked; what is in no class is kept, but for numbers typed into free text. */
export function maskJson<T extends Json>(value: T, options: MaskOptions = {}): T {
  return mask(value, '', '', options) as T;
}

function mask(value: Json, field: string, parent: string, options: MaskOptions): Json {
  if (Array.isArray(value)) return value.map((item) => mask(item, field, parent, options));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([name, part]) => [name, mask(part, name, field, options)]),
    ) satisfies JsonObject;
  if (value === null || options.except?.has(field)) return value;
  return isPersonal(field, parent)
    ? maskLeaf(value, field, parent)
    : typeof value === 'string'
      ? maskText(value)
      : value;
}

function isPersonal(field: string, parent: string): boolean {
  if (field === 'name') return !NAMES_OF_OTHERS.has(parent);
  return classOf(field) === 'PERSONAL' || classOf(field) === 'SENSITIVE';
}

function maskLeaf(value: string | number | boolean, field: string, parent: string): string {
  if (field === 'name' && NAMES_OF_ILLNESSES.has(parent)) return HIDDEN;
  const as = MASKS[field as keyof typeof MASKS];
  return as ? as(String(value)) : HIDDEN;
}

/** The name by which a list calls a case: that of a hospital is nobody's. */
export const maskSubject = (row: { person_name: string | null; provider_name: string | null }): string | null =>
  row.person_name === null ? row.provider_name : maskName(row.person_name);

/** Everybody may know all of themselves (PIPL Art. 45). */
export const isOwn = (viewer: User, personId: string | null | undefined): boolean =>
  viewer.personId !== undefined && viewer.personId === personId;

/** Whether a text could be what a mask left of a value. */
export const looksMasked = (text: string): boolean => text.includes('*');
