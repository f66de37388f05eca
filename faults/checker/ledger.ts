import type { Answered, Asked, WrittenLine } from '../record.ts';
import type { Ledger } from './invariants.ts';

/** What the clients wrote down, by key: what was asked, and every answer that came. */
export interface Sheet {
  asked: Asked & Pick<WrittenLine, 'at'>;
  answers: (Answered & Pick<WrittenLine, 'at'>)[];
}

export function sheetsOf(lines: readonly WrittenLine[]): Sheet[] {
  const sheets = new Map<string, Sheet>();
  for (const line of lines) {
    if (line.what === 'ASKED') sheets.set(line.key, { asked: line, answers: [] });
    if (line.what === 'ANSWERED') sheets.get(line.key)?.answers.push(line);
  }
  return [...sheets.values()];
}

/** The client waits and repeats: neither done nor refused. */
const NEITHER = new Set([401, 408, 429, 502, 503, 504]);
export const isDone = ({ status }: Answered): boolean => status < 300;
const isRefusal = ({ status }: Answered): boolean => status >= 400 && status < 500 && !NEITHER.has(status);

/** What whoever asked has heard at last. */
export type Fate = 'DONE' | 'REFUSED' | 'NEITHER';
export const fateOf = ({ answers }: Sheet): Fate =>
  answers.some(isDone) ? 'DONE' : answers.some(isRefusal) ? 'REFUSED' : 'NEITHER';

/** Rows of the client's record as the invariants want them; `userIdOf` knows who is behind a login. */
export function ledgerOf(sheets: readonly Sheet[], userIdOf: (username: string) => string): Ledger {
  const ledger: Ledger = { filings: [], decisions: [] };
  for (const { asked, answers } of sheets) {
    const common = { userId: userIdOf(asked.username), key: asked.key };
    const done = answers.find(isDone);
    const refused = done ? undefined : answers.find(isRefusal)?.code;
    if (asked.process !== undefined) {
      ledger.filings.push({
        ...common,
        ...(done ? { acceptanceNo: done.acceptanceNo } : {}),
        ...(refused ? { refused } : {}),
      });
      continue;
    }
    ledger.decisions.push({
      ...common,
      acceptanceNo: asked.acceptanceNo ?? '',
      step: asked.step ?? '',
      decision: asked.decision ?? '',
      ...(done?.version === undefined ? {} : { answeredVersion: done.version }),
      ...(refused ? { refused } : {}),
    });
  }
  return ledger;
}

/** What the answers say of themselves: one key, one answer; nobody is let in who may not; a bug is never an answer. */
export function answersAreRight(sheets: readonly Sheet[]): string[] {
  return sheets.flatMap(({ asked, answers }) => {
    const named = `${asked.acceptanceNo ?? asked.process ?? ''}: ${asked.decision ?? 'FILE'} by ${asked.username} under ${asked.key}`;
    const done = answers.filter(isDone);
    return [
      ...(new Set(done.map(({ body }) => body)).size > 1 ? [`${named} got ${done.length} different answers`] : []),
      // A refusal is kept nowhere (I3): a copy that comes once the case has got there is judged anew, and let in. After that, never.
      ...answers
        .filter((answer, n) => isRefusal(answer) && answers.slice(0, n).some(isDone))
        .map(({ code }) => `${named} was answered and then refused (${code})`),
      ...(done.some(({ version }) => version === undefined)
        ? [`${named} was answered with something that is no answer`]
        : []),
      ...(asked.forbidden && done.length > 0 ? [`${named} was let through`] : []),
      ...answers.filter(({ status }) => status === 500).map(({ code }) => `${named} met a bug (500 ${code})`),
    ];
  });
}

export const countDecided = (sheets: readonly Sheet[]): number =>
  sheets.filter(({ asked, answers }) => asked.decision !== undefined && answers.some(isDone)).length;
