import { compare, type Difference } from './compare.ts';
import { observe, type Observed } from './observe.ts';
import type { Plan } from './plan/index.ts';
import { play, type Played, type Stage } from './play.ts';
import { recount, ruleSet, type Recounted, type RuleSet } from './recount/recount.ts';

/** One case of a rehearsal: as it was played, as the system has it, as it is counted again. */
export interface Rehearsed {
  number: number;
  played: Played;
  observed: Observed;
  recounted: Recounted;
  deadlines: number;
  differences: Difference[];
}

/** A case whose plan could not be carried out: a mistake of the plan or of the system, in any case no success. */
export interface Failed {
  number: number;
  problem: string;
}

export interface Rehearsal {
  cases: Rehearsed[];
  failed: Failed[];
}

/** For trying the checker: changes what the system says of a case before it is compared. */
export type Plant = (observed: Observed) => Observed;

export interface RunOptions {
  concurrency: number;
  /** told after each plan that has been played */
  progress: (plansDone: number) => void;
  plant?: Plant;
  /** the rules the recount counts by; default: those in force */
  rules?: RuleSet;
}

/** Plays all plans, so many at once, and compares each case with the recount as soon as it is over. */
export async function rehearse(stage: Stage, plans: readonly Plan[], options: RunOptions): Promise<Rehearsal> {
  const cases: Rehearsed[] = [];
  const failed: Failed[] = [];
  let begun = 0;
  let done = 0;
  const player = async (): Promise<void> => {
    for (let plan = plans[begun++]; plan && !stage.stopped(); plan = plans[begun++]) {
      const { number } = plan;
      try {
        for (const played of await play(stage, plan)) {
          const seen = await observe(stage.deps.db, played.acceptanceNo);
          cases.push(judge(number, played, options.plant ? options.plant(seen) : seen, options.rules));
        }
      } catch (problem) {
        if (stage.stopped()) return;
        failed.push({ number, problem: sentenceOf(problem) });
      }
      options.progress(++done);
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, player));
  return { cases, failed };
}

function judge(number: number, played: Played, observed: Observed, rules = ruleSet()): Rehearsed {
  const recounted = recount(played.life, rules);
  return { number, played, observed, recounted, ...compare(observed, recounted) };
}

/** With what is behind it: "update failed" alone helps nobody. */
const sentenceOf = (problem: unknown): string =>
  problem instanceof Error
    ? [problem.message, ...(problem.cause ? [sentenceOf(problem.cause)] : [])].join(': ')
    : String(problem);
