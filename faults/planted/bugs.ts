/** A bug of the product: in `file`, the only place that reads `from` reads `to` instead. */
export interface Bug {
  /** what is wrong, as the table says it */
  what: string;
  file: string;
  from: string;
  to: string;
}

/**
 * One bug against each promise, each of a line, as somebody might write it. Where a second safeguard stands behind the one that is
 * taken out, the bug may do no harm; those here all do.
 */
export const BUGS = {
  'answered-early': {
    what: 'a decision is answered before it is written',
    file: 'activities/turn.ts',
    from: 'const written = await write(deps, db, { definition, row, turn: dated, next, result, actors });',
    to: `const written = true;
    void write(deps, db, { definition, row, turn: dated, next, result, actors }).catch(() => undefined);`,
  },
  'half-a-turn': {
    what: 'what a turn does and the turn itself are not one transaction',
    file: 'activities/store/in-transaction.ts',
    from: "between(db, 'BEGIN', work);",
    to: "between(db, 'SELECT 1', work);",
  },
  'anybodys-answer': {
    what: 'who comes second hears the answer of who came first',
    file: 'activities/turn.ts',
    from: 'const same = request.key === turn.request?.key && request.user.id === turn.request.user.id;',
    to: 'const same = true;',
  },
  'outage-is-done': {
    what: 'an engine that does not answer is taken for one that did',
    file: 'api/cases/decide-case.ts',
    from: "throw new Refusal('NOT_AVAILABLE');",
    to: `const { version, stage: currentStage, step: currentStep, status } = checkedAgainst;
        const dates = { stageDueOn: null, totalDueOn: null, provisional: false };
        return { acceptanceNo: checkedAgainst.acceptanceNo, version: version + 1, status, currentStage, currentStep, ...dates };`,
  },
  'outage-is-a-bug': {
    what: 'an engine that does not answer is a bug (500), not an outage (503)',
    file: 'api/cases/decide-case.ts',
    from: 'await mayBeRepeated(deps, checkedAgainst, problem);',
    to: 'if (problem instanceof Refusal) await mayBeRepeated(deps, checkedAgainst, problem);\n      else throw new Error(String(problem));',
  },
  'asked-anew': {
    what: 'a request repeated is another request to the procedure',
    file: 'api/updates.ts',
    from: "createHash('sha256').update(`${userId}\\n${key}`)",
    to: "createHash('sha256').update(`${performance.now()} ${Math.random()}`)",
  },
  'given-up': {
    what: 'what fails once is not tried again',
    file: 'workflows/case-file.ts',
    from: "retry: { initialInterval: '200 milliseconds', maximumInterval: '30 seconds' },",
    to: 'retry: { maximumAttempts: 1 },',
  },
  'no-four-eyes': {
    what: 'who reviewed may approve',
    file: 'domain/separation.ts',
    from: "if (held) throw new Refusal('SAME_PERSON');",
    to: 'void held;',
  },
  'no-rights': {
    what: 'who may not decide, may',
    file: 'domain/decisions.ts',
    from: "if (!as) throw new Refusal('NOT_PERMITTED');",
    to: 'void as;',
  },
  'reminder-early': {
    what: 'a reminder comes a day early',
    file: 'domain/clock.ts',
    from: 'return reminderOn && (backward || reminderOn > startOn) && today <= dueOn ? reminderOn : undefined;',
    to: 'return reminderOn && (backward || reminderOn > startOn) && today <= dueOn ? addDays(reminderOn, -1) : undefined;',
  },
  'due-forgotten': {
    what: 'nobody hears that a limit ends today',
    file: 'domain/clock.ts',
    from: 'return reminderOn !== dueOn && today <= dueOn ? dueOn : undefined;',
    to: 'return undefined;',
  },
  'escalation-untold': {
    what: 'a case is escalated, and the level above is not told',
    file: 'activities/store/notices.ts',
    from: "return [{ kind: `ESCALATED_TO_${turn.effect.to}`, toOfficeId, toRole: 'MANAGER', content: about }];",
    to: 'return toOfficeId ? [] : [];',
  },
  'days-of-suspension': {
    what: 'suspended days count',
    file: 'domain/deadline.ts',
    from: 'suspensions.some((s) => s.suspendedOn < day && (s.resumedOn === undefined || day <= s.resumedOn));',
    to: 'suspensions.some((s) => s.suspendedOn < day && (s.resumedOn === undefined || day < s.resumedOn));',
  },
  'stuck-unseen': {
    what: 'a case stuck since today is not on the list',
    file: 'activities/reading/stuck.ts',
    from: '`c.stuck_from <= ${day}`',
    to: '`c.stuck_from < ${day}`',
  },
  unchained: {
    what: 'events of one turn are not chained to one another',
    file: 'activities/store/events.ts',
    from: 'previous = hash;',
    to: 'void hash;',
  },
  'no-comparison': {
    what: 'nobody compares store and engine',
    file: 'engine/reconcile.ts',
    from: "if ((await handle.query<number>('version')) >= version) return undefined;",
    to: 'if (version >= 0) return undefined;',
  },
} as const satisfies Record<string, Bug>;
export type BugName = keyof typeof BUGS;
export const BUG_NAMES = Object.keys(BUGS) as BugName[];

/** @throws Error when the source has moved on and the bug has to be written anew */
export function plant({ what, file, from, to }: Bug, source: string): string {
  const [before, after, ...more] = source.split(from);
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error(`"${what}": ${file} does not read "${from}" exactly once any more`);
  return before + to + after;
}
