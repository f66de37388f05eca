import type { z } from 'zod';
import type { Fault } from '../domain/refusal.ts';

/**
 * What a schema found wrong with `input`, as faults a person can mend: one per field, each in both languages, never the value
 * itself. `prefix` is put before every path ('form').
 */
export function faultsOf(error: z.ZodError, input: unknown, prefix = ''): Fault[] {
  return error.issues.flatMap((issue) => faultsOfIssue(issue, input, prefix));
}

type Issue = z.core.$ZodIssue;

function faultsOfIssue(issue: Issue, input: unknown, prefix: string): Fault[] {
  const path = pathOf(prefix, issue.path);
  const one = (zh: string, en: string): Fault[] => [path ? { path, zh, en } : { zh, en }];
  const [zh, en] = issue.message.split(' / ');
  // Our own rules carry both sentences, divided by a slash (domain/form.ts).
  if (issue.code !== 'unrecognized_keys' && zh !== undefined && en !== undefined) return one(zh, en);
  switch (issue.code) {
    case 'unrecognized_keys':
      // Several unknown fields are one issue to zod and several mistakes to a person.
      return issue.keys.map((key) => ({
        path: pathOf(prefix, [...issue.path, key]),
        zh: '没有这个字段',
        en: 'unknown field',
      }));
    case 'invalid_type':
      return valueAt(input, issue.path) === undefined
        ? one('必填', 'required')
        : one(`类型不正确，应为 ${issue.expected}`, `wrong type, expected ${issue.expected}`);
    case 'invalid_value':
      return valueAt(input, issue.path) === undefined
        ? one('必填', 'required')
        : one(`只能是：${shown(issue.values)}`, `must be one of: ${shown(issue.values)}`);
    case 'too_small':
      return issue.origin === 'string' && issue.minimum === 1
        ? one('不能为空', 'must not be empty')
        : one(`不能小于 ${issue.minimum}`, `must not be below ${issue.minimum}`);
    case 'too_big':
      return one(`不能超过 ${issue.maximum}`, `must not exceed ${issue.maximum}`);
    case 'invalid_format':
      return one(`格式不正确（${issue.format}）`, `wrong format (${issue.format})`);
    default:
      return one('内容不符合要求', 'not valid');
  }
}

const valueAt = (input: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined | null)?.[key], input);

const shown = (values: readonly unknown[]): string => values.slice(0, 40).map(String).join(', ');

const pathOf = (prefix: string, path: readonly PropertyKey[]): string =>
  [...(prefix ? [prefix] : []), ...path.map((key) => nameOf(String(key)))].join('.');

/** A field's name or a place in a list. Anything else was made up by the sender, may be an ID number, and is not repeated. */
export const nameOf = (key: string): string => (/^([A-Za-z_][A-Za-z0-9_-]{0,59}|[0-9]{1,6})$/.test(key) ? key : '?');
