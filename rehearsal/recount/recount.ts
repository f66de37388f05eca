import { dayAt, KNOWN_YEARS, midnight, plus, workingDays, type Day, type WorkingDays, type YearTable } from './days.ts';
import { openLedger, type Ledger } from './ledger.ts';
import { LENGTHS, type Lengths } from './limits.ts';
import type { Entered, Level, ProcessCode } from './procedures.ts';
import { rungsOf, type Rung } from './rungs.ts';

/**
 * The second opinion: what every clock of a case must have said and done, counted again from `deadlines.md` and from what
 * people did, by code that shares nothing with the product.
 */

/** One thing that people (or another case they decided) did to a case. */
export interface Act {
  /** epoch ms, on the clock of the case */
  at: number;
  act:
    | 'APPROVE'
    | 'RETURN_TO_PREVIOUS'
    | 'RETURN_TO_APPLICANT'
    | 'CORRECTION_RECEIVED'
    | 'REJECT'
    | 'WITHDRAW'
    | 'CLOSE_AS_WITHDRAWN'
    | 'REPORT'
    | 'VERIFIED'
    | 'SUSPEND'
    | 'RESUME'
    | 'EXTEND';
  /** the number this turn has in the case; names the silence after it */
  version: number;
  entered?: Entered;
  /** the step a return goes to; default: the one before */
  to?: string;
  /** of a submission: what has to be verified on site now stops the clocks (0.2-9) */
  awaitsVerification?: boolean;
  /** of a submission again: it does so, too, where the first one never came about */
  unlessVerified?: boolean;
  /** VERIFIED: a negative result ends the case; with another one to come it goes on waiting */
  verified?: 'CONFIRMED' | 'REFUTED' | 'CONFIRMED_WAITS_FURTHER';
  /** SUSPEND, RESUME: which stop, and from or until which day */
  stop?: { kind: string; on: Day };
  /** EXTEND: which clock, by how many working days */
  extension?: { clock: 'STAGE' | 'TOTAL'; workingDays: number };
}

export interface Life {
  process: ProcessCode;
  receivedOn: Day;
  /** level of the office that received it */
  window: Level;
  firstStep: string;
  /** where it ends early: a verification another case waits for */
  endsAfter?: string;
  filedAt: number;
  filedVersion: number;
  entered?: Entered;
  acts: readonly Act[];
  /** end of the observation, epoch ms on the clock of the case */
  until: number;
}

/** What the clock must have done by itself. */
export interface Expected extends Rung {
  stage: string;
  /** the day it must have happened on: its own, or the day of the act after which it was late already */
  on: Day;
}
export interface Closed {
  seq: number;
  stage: string;
  due?: Day;
  /** what the day of completion was measured as */
  doneOn: Day;
  daysLate: number;
  limit?: string;
}
/** The due days right after an act; absent while the clock stands or nothing runs. */
export interface After {
  version: number;
  stageDue?: Day;
  totalDue?: Day;
  /** the correction window's last day */
  windowEnds?: Day;
}
export interface Recounted {
  effects: Expected[];
  stages: Closed[];
  after: After[];
  total?: { endedOn: Day; due?: Day; daysLate: number };
}

export interface RuleSet {
  lengths: Lengths;
  work: WorkingDays;
}

/** The rules in force, or a what-if: other lengths, other editions of known years. */
export const ruleSet = (lengths: Partial<Lengths> = {}, years: readonly YearTable[] = []): RuleSet => ({
  lengths: { ...LENGTHS, ...lengths },
  work: workingDays([...KNOWN_YEARS, ...years]),
});

export function recount(life: Life, rules: RuleSet = ruleSet()): Recounted {
  const ledger = openLedger(life, rules);
  const effects = new Map<string, Expected>();
  const after: After[] = [];
  const moments = [
    { at: life.filedAt, version: life.filedVersion, act: undefined },
    ...life.acts.map((act) => ({ at: act.at, version: act.version, act })),
  ];
  moments.forEach(({ at, version, act }, index) => {
    if (act) ledger.take(act);
    const { stage, total } = ledger.terms();
    const windowEnds = ledger.openWindow()?.ends;
    after.push({
      version,
      ...(stage ? { stageDue: stage.term.due } : {}),
      ...(total ? { totalDue: total.term.due } : {}),
      ...(windowEnds ? { windowEnds } : {}),
    });
    const next = moments[index + 1]?.at ?? life.until;
    for (const expected of firing(ledger, rules, at, Math.min(next, life.until))) {
      if (!effects.has(expected.key)) effects.set(expected.key, expected);
    }
  });
  return {
    effects: [...effects.values()].sort((a, b) => a.on.localeCompare(b.on) || a.key.localeCompare(b.key)),
    stages: ledger.closed,
    after,
    ...(ledger.totalEnd ? { total: ledger.totalEnd } : {}),
  };
}

/**
 * What fires between two instants if nobody does anything: everything whose day has begun by then. A reminder is raised
 * before a due day (0.2-11): of one that lies behind when the clock begins to run, nobody is reminded any more.
 */
function firing(ledger: Ledger, rules: RuleSet, from: number, until: number): Expected[] {
  const today = dayAt(from);
  return rungsOf(ledger, rules.work)
    .filter((rung) => midnight(rung.day) < until)
    .filter(({ kind, due }) => (kind !== 'REMINDER' && kind !== 'DUE') || due === undefined || due >= today)
    .map((rung) => ({ ...rung, stage: ledger.stage, on: rung.day > today ? rung.day : today }));
}

/** The day after, for callers that think in days. */
export const dayAfter = (day: Day): Day => plus(day, 1);
