import type { Observed, ObservedEffect } from './observe.ts';
import { dayAt } from './recount/days.ts';
import type { Expected, Recounted } from './recount/recount.ts';

/** The system held against the recount, one case at a time. */

export interface Difference {
  acceptanceNo: string;
  /** what it is about: an effect's key, a stage, the total */
  about: string;
  system: string;
  recount: string;
}
export interface Comparison {
  /** deadlines that were compared: due days, effects of the clock, days late */
  deadlines: number;
  differences: Difference[];
}

/** A limit that has passed tells the head of the office in the same turn, both or neither (0.2-2). */
const TOLD = ':ESCALATED';

export function compare(observed: Observed, recounted: Recounted): Comparison {
  const differences: Difference[] = [];
  let deadlines = 0;
  const compareOne = (about: string, system: string, recount: string): void => {
    deadlines += 1;
    if (system !== recount) differences.push({ acceptanceNo: observed.acceptanceNo, about, system, recount });
  };

  const expected = new Map(recounted.effects.map((effect) => [effect.key, effect]));
  const told = new Set(observed.effects.filter(({ key }) => key.endsWith(TOLD)).map(({ key }) => key));
  const happened = observed.effects.filter(({ key }) => !key.endsWith(TOLD));
  const byKey = new Map<string, ObservedEffect[]>();
  for (const effect of happened) byKey.set(effect.key, [...(byKey.get(effect.key) ?? []), effect]);
  for (const key of new Set([...expected.keys(), ...byKey.keys()])) {
    const effects = byKey.get(key) ?? [];
    compareOne(
      key,
      effects.map((effect) => seen(effect, told)).join(' and again ') || 'nothing',
      due(expected.get(key)),
    );
  }

  const clocks = new Map(observed.clocks.map((each) => [each.turn, each]));
  for (const { version, stageDue, totalDue } of recounted.after) {
    const found = clocks.get(version);
    compareOne(
      `turn ${version}: the stage is due`,
      found ? (found.stageDue ?? 'not now') : 'no such turn',
      stageDue ?? 'not now',
    );
    compareOne(
      `turn ${version}: the total is due`,
      found ? (found.totalDue ?? 'not now') : 'no such turn',
      totalDue ?? 'not now',
    );
  }

  const closed = observed.stages.filter(({ closedAt }) => closedAt !== null);
  const ended = new Map(recounted.stages.map((stage) => [stage.seq, stage]));
  for (const seq of new Set([...closed.map((stage) => stage.seq), ...ended.keys()])) {
    const stage = closed.find((each) => each.seq === seq);
    const own = ended.get(seq);
    const name = stage?.stage ?? own?.stage ?? '';
    compareOne(
      `stage ${seq} ${name}: days late`,
      stage ? late(stage.daysLate) : 'not closed',
      own ? late(own.daysLate) : 'not closed',
    );
  }
  const { total } = recounted;
  compareOne(
    'total: ended, days late',
    endOf(observed.total.endedOn, observed.total.daysLate),
    endOf(total?.endedOn, total?.daysLate),
  );
  return { deadlines, differences };
}

const late = (days: number | null): string => String(days ?? 0);
const endOf = (endedOn: string | null | undefined, days: number | null | undefined): string =>
  endedOn ? `${endedOn}, ${days ?? 0}` : 'open';

/** Kind, the day it was due, the day it was recorded; never early, and told where it has to be. */
function seen({ key, kind, dueAt, at }: ObservedEffect, told: ReadonlySet<string>): string {
  const early = at < dueAt ? ', early' : '';
  const silent = kind === 'LIMIT_PASSED' && !told.has(key + TOLD) ? ', and nobody was told' : '';
  return `${kind} due ${dayAt(dueAt)}, recorded ${dayAt(at)}${early}${silent}`;
}
const due = (effect: Expected | undefined): string =>
  effect ? `${effect.kind} due ${effect.day}, recorded ${effect.on}` : 'nothing';
