import type { z } from 'zod';
import type { Json, JsonObject } from '../../domain/case.ts';
import { classOf } from '../../domain/field-classes.ts';
import type { Offer, ProcessDefinition } from '../../domain/process.ts';
import { Refusal, type Fault } from '../../domain/refusal.ts';
import { faultsOf, nameOf } from '../faults.ts';
import { looksMasked } from '../read/mask.ts';

/** The form as its schema understands it, or every field that is wrong. */
export function parseForm(schema: z.ZodObject, input: unknown): JsonObject {
  const parsed = schema.safeParse(input);
  const wrong = parsed.success ? [] : faultsOf(parsed.error, input, 'form');
  const masked = maskedFields(input as Json | undefined, '', 'form');
  // Of a field that is both, only what to do about it is told.
  const faults = [...masked, ...wrong.filter(({ path }) => !masked.some((fault) => fault.path === path))];
  if (!parsed.success || faults.length > 0) throw new Refusal('BAD_REQUEST', faults);
  return parsed.data as JsonObject;
}

/** What a reader was shown of a person is not what was filed: sent back, 张* would overwrite a name. */
function maskedFields(value: Json | undefined, field: string, path: string): Fault[] {
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([key, part]) =>
      maskedFields(part, Array.isArray(value) ? field : key, `${path}.${nameOf(key)}`),
    );
  const personal = classOf(field) === 'PERSONAL' || classOf(field) === 'SENSITIVE';
  if (typeof value !== 'string' || !personal || !looksMasked(value)) return [];
  return [
    { path, zh: '遮盖后的内容不能提交，请填写完整内容', en: 'a masked value cannot be handed in; send it whole' },
  ];
}

/**
 * The form of a decision. Where the decision may amend the file, fields of the filing form may come along; the whole
 * is then checked as if it were filed anew, since a correction must not break what was right.
 */
export function parseDecisionForm(
  definition: ProcessDefinition,
  offer: Offer,
  filed: JsonObject,
  input: unknown,
): JsonObject {
  const given = (input ?? {}) as JsonObject;
  const asked = offer.form;
  const own = Object.keys(asked?.shape ?? {});
  const filingFields = Object.keys(definition.filing.form.shape);
  const amendments = offer.amends
    ? Object.keys(given).filter((key) => filingFields.includes(key) && !own.includes(key))
    : [];
  const rest = Object.fromEntries(Object.entries(given).filter(([key]) => !amendments.includes(key)));
  const form = asked ? parseForm(asked, rest) : refuseUnknown(rest);
  if (amendments.length === 0) return form;
  refuseOtherPerson(definition, filed, given, amendments);
  const before = Object.fromEntries(
    filingFields.filter((key) => filed[key] !== undefined).map((key) => [key, filed[key] ?? null]),
  );
  const amended = parseForm(definition.filing.form, {
    ...before,
    ...Object.fromEntries(amendments.map((key) => [key, given[key] ?? null])),
  });
  return {
    ...form,
    ...Object.fromEntries(amendments.flatMap((key) => (amended[key] === undefined ? [] : [[key, amended[key]]]))),
  };
}

function refuseUnknown(rest: JsonObject): JsonObject {
  const faults = Object.keys(rest).map((key) => ({
    path: `form.${nameOf(key)}`,
    zh: '没有这个字段',
    en: 'unknown field',
  }));
  if (faults.length > 0) throw new Refusal('BAD_REQUEST', faults);
  return {};
}

/** A case is about one person from its acceptance to the archive; another person is another case. */
function refuseOtherPerson(
  definition: ProcessDefinition,
  filed: JsonObject,
  given: JsonObject,
  amended: readonly string[],
): void {
  const identity = Object.entries(definition.filing.references ?? {}).flatMap(([field, kind]) =>
    kind === 'INSURED_PERSON' ? [field, 'name'] : [],
  );
  const faults = identity
    .filter((field) => amended.includes(field) && given[field] !== filed[field])
    .map((field) => ({
      path: `form.${field}`,
      zh: '不能更换参保人，请另行受理',
      en: 'another person is another case',
    }));
  if (faults.length > 0) throw new Refusal('BAD_REQUEST', faults);
}
