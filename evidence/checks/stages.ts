import { ENDED } from '../../domain/case.ts';
import type { Bundle } from '../bundle.ts';
import { differs, type Findings } from '../check.ts';
import type { WalkedTurn } from '../walk.ts';

/** The register of stages, which lists and reports read, against what the log tells. */
export function checkStages({ stages }: Bundle, turns: readonly WalkedTurn[], found: Findings): void {
  const told = new Map<number, { stage: string; dueOn: string | null; limitId: string | null }>();
  for (const { state } of turns) {
    const seq = state.stageSeq;
    // The stage a case ends in is never opened: nobody has anything left to do in it.
    if (seq === undefined || (ENDED.includes(state.status) && !told.has(seq))) continue;
    const before = told.get(seq);
    const stopped = state.stageClock && !state.stageClock.dueOn;
    told.set(seq, {
      stage: before?.stage ?? state.stage,
      limitId: state.stageClock?.limitId ?? before?.limitId ?? null,
      dueOn: stopped ? null : (state.stageClock?.dueOn ?? before?.dueOn ?? null),
    });
  }
  for (const row of stages) {
    const known = told.get(row.seq);
    const of = `${row.seq} ${row.stage}`;
    found.hold('STAGES', of, known?.stage === row.stage && known.limitId === row.limitId, () =>
      differs([row.stage, row.limitId], known),
    );
    // A stage closed while its clock stood keeps the day it was closed with.
    if (row.closedAt === null)
      found.hold('STAGES', `${of} due`, known?.dueOn === row.dueOn, () => differs(row.dueOn, known?.dueOn));
  }
  found.hold('STAGES', 'all stages', stages.length === told.size, () => differs(stages.length, told.size));
}
