import { readFileSync } from 'node:fs';
import type { Arm } from './coverage.ts';

/**
 * What a procedure does next hangs on ifs, switches and ?:. Values that stand in for absent ones (`??`, defaults) change a field, not
 * the way. What only throws is a bug and no case's way; a validator leaves nothing in a history and is not replayed. Which release a worker is of is no way of a case (`test/upgrade`).
 */
export const mustBeWalked = ({ name, kind, text }: Arm): boolean =>
  !name.startsWith('workflows/versioning.ts') &&
  ['if', 'switch', 'cond-expr'].includes(kind) &&
  !/throw |instanceof Refusal\)\) return problem/.test(text);

export const hasNoHistory = (): string[] =>
  JSON.parse(readFileSync(new URL('without-history.json', import.meta.url), 'utf8')) as string[];
