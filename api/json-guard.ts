import type { IncomingMessage } from 'node:http';
import { Refusal } from '../domain/refusal.ts';

/**
 * What a JSON body may be like before it is parsed at all. `[not in the sources]`: a filing with a bill of 500 lines is 5 deep and
 * has about 6,000 fields.
 */
export const JSON_LIMITS = { bytes: 1_000_000, depth: 24, members: 20_000 } as const;

/** Names by which an object's prototype can be reached. No form has a field of such a name. */
const REACHING = new Set(['__proto__', 'constructor', 'prototype']);

const refused = (zh: string, en: string): Refusal => new Refusal('BAD_REQUEST', [{ zh, en }]);

/**
 * For the body parser's `verify`: looks through the bytes once, before anything is built from them. Refuses with BAD_REQUEST what
 * is not UTF-8, nested too deep, has too many members, names one key twice (two readers would take different values) or names a
 * key that reaches an object's prototype.
 */
export function guardJson(_req: IncomingMessage, _res: unknown, body: Buffer, charset: string): void {
  if (!/^utf-?8$/i.test(charset)) throw refused('请使用 UTF-8 编码', 'send UTF-8');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw refused('不是有效的 UTF-8 文本', 'the body is not valid UTF-8');
  }
  guardJsonText(text);
}

/** The same for a text; see `guardJson`. What is not JSON at all is left to the parser to refuse. */
export function guardJsonText(text: string): void {
  /** the keys met so far of every object that is open; undefined for an array */
  const open: (Set<string> | undefined)[] = [];
  let members = 0;
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (sign === '{' || sign === '[') {
      open.push(sign === '{' ? new Set() : undefined);
      if (open.length > JSON_LIMITS.depth) throw refused('JSON 嵌套过深', 'the JSON is nested too deep');
    } else if (sign === '}' || sign === ']') {
      open.pop();
    } else if (sign === ',') {
      members += 1;
      if (members > JSON_LIMITS.members) throw refused('JSON 字段过多', 'the JSON has too many members');
    } else if (sign === '"') {
      const end = endOfString(text, at);
      const keys = open.at(-1);
      if (keys && followedByColon(text, end)) noteKey(keys, text.slice(at, end));
      at = end - 1;
    }
  }
}

/** Where the string that begins at `at` has ended; the end of the text if it never does. */
function endOfString(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === '\\') i += 1;
    else if (text[i] === '"') return i + 1;
  }
  return text.length;
}

function followedByColon(text: string, from: number): boolean {
  let at = from;
  while (at < text.length && ' \t\r\n'.includes(text[at] ?? '')) at += 1;
  return text[at] === ':';
}

function noteKey(keys: Set<string>, literal: string): void {
  const key = keyOf(literal);
  if (REACHING.has(key)) throw refused('含有不允许的字段名', 'the JSON has a key of a name that is not allowed');
  if (keys.has(key)) throw refused('同一字段出现两次', 'the JSON names a key twice');
  keys.add(key);
}

/** `"\u0061"` and `"a"` are the same key. A literal that is broken is refused by the parser afterwards. */
function keyOf(literal: string): string {
  if (!literal.includes('\\')) return literal.slice(1, -1);
  try {
    return JSON.parse(literal) as string;
  } catch {
    return literal;
  }
}
