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
  if (!(problem instanceof Error)) return 'unknown';
  const { code, errors } = problem as Error & { code?: unknown; errors?: unknown[] };
  if (errors?.[0]) return reasonOf(errors[0]);
  if (problem.cause) return reasonOf(problem.cause);
  if (typeof code === 'number') return GRPC[code] ?? `gRPC ${code}`;
  return typeof code === 'string' ? code : problem.name === 'TimeoutError' ? 'no answer in time' : problem.message;
}
