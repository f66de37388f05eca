import { z } from 'zod';
import { code, codes } from './markdown.ts';

/** What a form asks, one row per field, from the same schema that checks it. */
export interface FieldRow {
  /** dotted; `[]` for the entries of a list */
  path: string;
  zh: string;
  en: string;
  kind: string;
  required: boolean;
}

interface JsonSchema {
  title?: string;
  description?: string;
  type?: string;
  format?: string;
  enum?: (string | number)[];
  const?: string | number | boolean;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  anyOf?: JsonSchema[];
}

export const fieldsOf = (form: z.ZodObject): FieldRow[] =>
  rowsOf(z.toJSONSchema(form, { io: 'input', unrepresentable: 'any' }) as JsonSchema, '');

const rowsOf = (schema: JsonSchema, prefix: string): FieldRow[] =>
  Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = `${prefix}${name}`;
    const row: FieldRow = {
      path,
      zh: field.title ?? '',
      en: field.description ?? '',
      kind: kindOf(field),
      required: schema.required?.includes(name) ?? false,
    };
    const inside = field.items?.properties ? rowsOf(field.items, `${path}[].`) : rowsOf(field, `${path}.`);
    return [row, ...inside];
  });

const kindOf = (schema: JsonSchema): string => {
  if (schema.enum) return codes(schema.enum.map(String));
  if (schema.const !== undefined) return code(String(schema.const));
  if (schema.anyOf) return schema.anyOf.map(kindOf).join(' or ');
  switch (schema.type) {
    case 'boolean':
      return 'yes or no';
    case 'integer':
    case 'number':
      return `whole number${rangeOf(schema.minimum, schema.maximum)}`;
    case 'array':
      return `list${rangeOf(schema.minItems, schema.maxItems)} of ${schema.items ? kindOf(schema.items) : 'anything'}`;
    case 'object':
      return 'fields below';
    default:
      return textKind(schema);
  }
};

const textKind = ({ format, maxLength }: JsonSchema): string => {
  if (format === 'date') return 'day, YYYY-MM-DD';
  if (format === 'yuan') return 'yuan, at most two decimals';
  return maxLength === undefined ? 'text' : `text, at most ${maxLength} characters`;
};

const rangeOf = (least?: number, most?: number): string => {
  if (least === undefined && most === undefined) return '';
  if (most === undefined || most >= Number.MAX_SAFE_INTEGER) return `, at least ${least ?? 0}`;
  return `, ${least ?? 0} to ${most}`;
};
