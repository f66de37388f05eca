import { stringify } from 'csv-stringify/sync';
import { z } from 'zod';
import type { Route } from './route.ts';

/**
 * The lists as tables for a spreadsheet. A table is made from the JSON answer itself, so it can show nothing the list would not:
 * same rows, same columns, same masks, same page.
 */

/** A table of one page: file name without day and ending, and the schema its rows answer with. */
export interface Table {
  name: string;
  row: z.ZodObject;
}

/** What a spreadsheet may take for the beginning of a formula, also behind blanks some of them cut off (OWASP, CSV injection). */
const FORMULA = /^[\s\u200b\u2060]*[=+\-@＝＋－＠﹢﹣﹦﹫−|%]|^[\t\r\n]/;

/** The columns of a row: its fields in their order, those of nested objects as `clock.dueOn`, lists as one cell. */
export function columnsOf(row: z.ZodObject): string[] {
  return Object.entries(row.shape).flatMap(([name, schema]) => {
    const bare = unwrapped(schema as z.ZodType);
    return bare instanceof z.ZodObject ? columnsOf(bare).map((inner) => `${name}.${inner}`) : [name];
  });
}

/**
 * CSV of RFC 4180 with a byte order mark, without which Excel takes Chinese for something else. Texts that could be a formula begin
 * with an apostrophe; numbers stay numbers. When there are more rows than these, the last line says so: nobody may take a page for
 * the whole.
 */
export function csvOf({ row }: Table, items: readonly unknown[], more: boolean): string {
  const columns = columnsOf(row);
  const rows = items.map((item) => columns.map((column) => cell(valueAt(item, column.split('.')))));
  const note = `本表不全：其后还有，请翻页或缩小查询范围 / not all: there are more rows, page on or narrow the question (${items.length})`;
  if (more) rows.push([note, ...columns.slice(1).map(() => '')]);
  return stringify([columns, ...rows], {
    bom: true,
    record_delimiter: 'windows',
    quote_record_delimiter: true,
    quoted_string: true,
    quoted_empty: false,
    escape_formulas: true,
    cast: { string: (text) => (FORMULA.test(text) ? `'${text}` : text), boolean: String },
  });
}

/** The rows of an answer that has a table, and whether there are others behind them. */
export function tableAnswer(table: Table, json: unknown): { csv: string; next: string | null } {
  const { items, nextCursor = null } = answered.parse(json);
  return { csv: csvOf(table, items, nextCursor !== null), next: nextCursor };
}
const answered = z.object({ items: z.array(z.unknown()), nextCursor: z.string().nullable().optional() });

/** Whether this request is to be answered as a table. */
export const asksForTable = (route: Route, query: Record<string, unknown>): boolean =>
  route.table !== undefined && query['format'] === 'csv';

const unwrapped = (schema: z.ZodType): z.ZodType =>
  schema instanceof z.ZodNullable || schema instanceof z.ZodOptional ? unwrapped(schema.unwrap() as z.ZodType) : schema;

const valueAt = (item: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, name) => (value as Record<string, unknown> | null | undefined)?.[name], item);

function cell(value: unknown): string | number | boolean {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.join('; ');
  return JSON.stringify(value);
}
