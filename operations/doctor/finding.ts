import type { Text } from '../../domain/case.ts';

/** ok; works, and somebody should look; does not work. */
export type Level = 'ok' | 'warn' | 'wrong';

/** One line of the doctor's table. `zh`, `en`: one sentence, for what is not ok with what to do. No secret is ever in it. */
export interface Finding extends Text {
  about: string;
  level: Level;
}

export const ok = (about: string, text: string): Finding => ({ about, level: 'ok', zh: text, en: text });
export const warn = (about: string, zh: string, en: string): Finding => ({ about, level: 'warn', zh, en });
export const wrong = (about: string, zh: string, en: string): Finding => ({ about, level: 'wrong', zh, en });

/** The engine's codes for an answer that did not come; its own words name addresses and counters. */
const GRPC: Readonly<Record<number, string>> = { 4: 'no answer in time', 7: 'not permitted', 14: 'unreachable' };

/** Why something cannot be reached, without the address, which may hold a password. */
export function reasonOf(problem: unknown): string {
  const { code, errors, cause, name, message } = (problem ?? {}) as Partial<Error> & {
    code?: unknown;
    errors?: unknown[];
  };
  // A name with several addresses fails with one error for each.
  if (errors?.[0]) return reasonOf(errors[0]);
  if (cause) return reasonOf(cause);
  if (typeof code === 'number') return GRPC[code] ?? `gRPC ${code}`;
  if (typeof code === 'string') return code;
  return name === 'TimeoutError' ? 'no answer in time' : (message ?? 'unknown');
}
