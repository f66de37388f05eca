import { plus, type Day, type WorkingDays } from './days.ts';
import type { Ledger, RunningTerm } from './ledger.ts';
import { isBackward } from './limits.ts';

/** One thing the clock of a case has to do by itself, and the day at whose beginning it has to. */
export interface Rung {
  kind:
    | 'REMINDER'
    | 'DUE'
    | 'LIMIT_PASSED'
    | 'ESCALATION'
    | 'STUCK'
    | 'CORRECTION_REMINDER'
    | 'CORRECTION_WINDOW_PASSED'
    | 'REPAIR_WINDOW_PASSED';
  clock: 'STAGE' | 'TOTAL' | 'NONE';
  /** unique within the case */
  key: string;
  day: Day;
  limit?: string;
  /** of a limit's rung: the due day it belongs to */
  due?: Day;
}

/** A failed payment shows as stuck when it has not been repaired for so many working days (0.2-11). */
const REPAIR_WORKING_DAYS = 5;
/** A bank's silence is the finance department's own matter. */
const NOT_ESCALATED: readonly string[] = ['DL-14', 'DL-15'];

/** All rungs ahead of and behind a case as it stands; which of them have fired already is the caller's matter. */
export function rungsOf(ledger: Ledger, work: WorkingDays): Rung[] {
  const { stage, total } = ledger.terms();
  return [
    ...(stage ? ladder(stage, 'STAGE', `S${ledger.stageSeq}`, ledger) : []),
    ...(total ? ladder(total, 'TOTAL', 'T', ledger) : []),
    ...aside(ledger, work),
  ];
}

function ladder(
  { run, term: { due, reminder, provisional }, nthDayLate }: RunningTerm,
  clock: 'STAGE' | 'TOTAL',
  tag: string,
  ledger: Ledger,
): Rung[] {
  const rung = (kind: Rung['kind'], day: Day, name: string = kind): Rung => ({
    kind,
    clock,
    key: `${tag}:${name}:${due}`,
    day,
    limit: run.limit,
    due,
  });
  const rungs: Rung[] = [];
  if (reminder > run.start || isBackward(run.limit)) rungs.push(rung('REMINDER', reminder));
  if (reminder !== due) rungs.push(rung('DUE', due));
  // C12: a breach is recorded only against a day that is no longer provisional.
  if (provisional) return rungs;
  rungs.push(rung('LIMIT_PASSED', plus(due, 1)));
  if (NOT_ESCALATED.includes(run.limit)) return rungs;
  const desk = ledger.desk();
  const escalate = (to: 'COUNTY' | 'CITY', workingDaysLate: number): void => {
    const day = nthDayLate(workingDaysLate);
    if (day) rungs.push(rung('ESCALATION', day, `ESCALATION:${to}`));
  };
  // Nobody is escalated to from his own level.
  if (desk === undefined || desk === 'TOWNSHIP') escalate('COUNTY', 2);
  if (desk !== 'CITY') escalate('CITY', 5);
  return rungs;
}

/** What runs beside the limits: silence, the correction window, the repair of a failed payment. */
function aside(ledger: Ledger, work: WorkingDays): Rung[] {
  const rungs: Rung[] = [];
  const silence = ledger.silence();
  if (silence) {
    const day = plus(work.nth(silence.since, silence.workingDays), 1);
    rungs.push({ kind: 'STUCK', clock: 'NONE', key: `V${silence.version}:STUCK`, day });
  }
  const open = ledger.openWindow();
  if (open) {
    const { seq, ends } = open;
    rungs.push(
      { kind: 'CORRECTION_REMINDER', clock: 'NONE', key: `C${seq}:REMINDER:${ends}`, day: work.nth(ends, -1) },
      { kind: 'CORRECTION_WINDOW_PASSED', clock: 'NONE', key: `C${seq}:WINDOW:${ends}`, day: plus(ends, 1) },
    );
  }
  const failedOn = ledger.failedOn();
  if (failedOn) {
    const ends = work.nth(failedOn, REPAIR_WORKING_DAYS);
    rungs.push({
      kind: 'REPAIR_WINDOW_PASSED',
      clock: 'NONE',
      key: `S${ledger.stageSeq}:REPAIR:${ends}`,
      day: plus(ends, 1),
    });
  }
  return rungs;
}
