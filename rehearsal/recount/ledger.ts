import { dayAt, type Day } from './days.ts';
import {
  correctionWindowEnds,
  daysLate,
  nthDayLate,
  termOf,
  type Limit,
  type Run,
  type Stop,
  type Term,
} from './limits.ts';
import { doneOn, ENDED, PROCEDURES, startOf, stepAfter, stepOf, type Entered, type Level } from './procedures.ts';
import type { Act, Closed, Life, RuleSet } from './recount.ts';

/** Where a case is and which clocks run, as it follows from what people did so far (`processes.md` §0.2, C7, C8). */
export interface Ledger {
  take(act: Act): void;
  readonly stage: string;
  readonly stageSeq: number;
  /** level of the office whose desk the case is on; undefined outside the agency */
  desk(): Level | undefined;
  /** the limits that end on a day that is known now */
  terms(): { stage?: RunningTerm; total?: RunningTerm };
  /** since when nothing has happened, in a stage without a limit */
  silence(): { since: Day; workingDays: number; version: number } | undefined;
  openWindow(): { seq: number; ends: Day } | undefined;
  /** a payment the bank fed back as failed and nobody has repaired yet */
  failedOn(): Day | undefined;
  readonly closed: Closed[];
  readonly totalEnd: { endedOn: Day; due?: Day; daysLate: number } | undefined;
}
export interface RunningTerm {
  run: Run;
  term: Term;
  /** the n-th working day late; undefined while the clock stands before it */
  nthDayLate(this: void, n: number): Day | undefined;
}

interface KindedStop extends Stop {
  kind: string;
  seq: number;
}

export function openLedger(life: Life, { work, lengths }: RuleSet): Ledger {
  const procedure = PROCEDURES[life.process];
  const stops: KindedStop[] = [];
  const closed: Closed[] = [];
  let known: Entered = { ...life.entered };
  let step = stepOf(life.process, life.firstStep);
  let stageSeq = 1;
  let stageRun = runOf(step.stage, life.receivedOn);
  const totalRun: Run | undefined = procedure.total && { ...fresh(procedure.total.limit, life.receivedOn) };
  let totalEnd: Ledger['totalEnd'];
  let failedOn: Day | undefined;
  let ended = false;
  let wasVerified = false;
  let lastAct = { on: dayAt(life.filedAt), version: life.filedVersion };

  function runOf(stage: string, openedOn: Day): Run | undefined {
    const watch = procedure.watch(stage);
    if ('silence' in watch) return undefined;
    const limit: Limit = 'limit' in watch ? watch.limit : known.transferKind === 'OTHER_BANK' ? 'DL-15' : 'DL-14';
    const setOn = limit === 'DL-33' ? known.correctionDueOn : undefined;
    return { ...fresh(limit, startOf(stage, known) ?? openedOn), ...(setOn ? { setOn } : {}) };
  }
  const term = (run: Run | undefined): Term | undefined => run && termOf(run, stops, work, lengths);
  const lateness = (run: Run, due: Day | undefined, on: Day): number =>
    due === undefined ? 0 : daysLate(run.limit, due, on, stops, work);

  function closeStage(on: Day): void {
    const due = term(stageRun)?.due;
    closed.push({
      seq: stageSeq,
      stage: step.stage,
      doneOn: on,
      daysLate: stageRun ? lateness(stageRun, due, on) : 0,
      ...(due ? { due } : {}),
      ...(stageRun ? { limit: stageRun.limit } : {}),
    });
  }
  function endTotal(on: Day): void {
    if (!totalRun || totalEnd) return;
    const due = term(totalRun)?.due;
    totalEnd = { endedOn: on, daysLate: lateness(totalRun, due, on), ...(due ? { due } : {}) };
  }
  const end = (on: Day): void => {
    closeStage(on);
    endTotal(on);
    ended = true;
  };

  /** C8: another stage has a fresh limit of its own, counted from today; the total runs on. */
  function enter(name: string, today: Day, finishedOn: Day, anew = false): void {
    const following = stepOf(life.process, name);
    if (following.stage !== step.stage || anew) {
      closeStage(finishedOn);
      stageSeq += 1;
      stageRun = runOf(following.stage, today);
    }
    step = following;
  }
  function resume(kind: string, on: Day): void {
    for (const stop of stops) if (stop.kind === kind && stop.resumedOn === undefined) stop.resumedOn = on;
  }
  const suspend = (kind: string, on: Day): void => void stops.push({ kind, suspendedOn: on, seq: stops.length + 1 });

  function approve(act: Act, today: Day): void {
    const entered = act.entered ?? {};
    known = { ...known, ...entered, ...(step.step === 'PAID' ? { paidOn: entered.paidOn ?? today } : {}) };
    const finishedOn = doneOn(step.step, entered) ?? today;
    const following = stepAfter(life.process, step.step, entered, life.endsAfter);
    if (following === ENDED) return end(finishedOn);
    const printed = procedure.total?.endsWith === step.stage && stepOf(life.process, following).stage !== step.stage;
    if (printed) endTotal(finishedOn);
    failedOn = following === 'ACCOUNT_CORRECTION' ? finishedOn : undefined;
    enter(following, today, finishedOn, step.step === 'ACCOUNT_CORRECTION');
    if (act.awaitsVerification || (act.unlessVerified && !wasVerified)) suspend('VERIFICATION', today);
  }

  function verified(act: Act, today: Day): void {
    if (act.verified === 'CONFIRMED_WAITS_FURTHER') return;
    wasVerified = true;
    resume('VERIFICATION', today);
    if (act.verified === 'REFUTED') end(today);
  }

  function take(act: Act): void {
    const today = dayAt(act.at);
    lastAct = { on: today, version: act.version };
    switch (act.act) {
      case 'APPROVE':
        return approve(act, today);
      case 'RETURN_TO_PREVIOUS':
        return enter(act.to ?? before(step.step), today, today);
      case 'RETURN_TO_APPLICANT':
        return suspend('CORRECTION', today);
      case 'CORRECTION_RECEIVED':
        return resume('CORRECTION', act.entered?.correctionReceivedOn ?? today);
      case 'REPORT':
        return enter('REPORTED_TO_ADMIN', today, today);
      case 'VERIFIED':
        return verified(act, today);
      case 'SUSPEND':
        return suspend(act.stop?.kind ?? '', act.stop?.on ?? today);
      case 'RESUME':
        return resume(act.stop?.kind ?? '', act.stop?.on ?? today);
      case 'EXTEND': {
        const { clock, workingDays: granted } = act.extension ?? { clock: 'STAGE', workingDays: 0 };
        const run = clock === 'TOTAL' ? totalRun : stageRun;
        if (run) run.extended += granted;
        return;
      }
      default:
        return end(today);
    }
  }
  const before = (name: string): string => {
    const index = procedure.steps.findIndex((each) => each.step === name);
    const previous = procedure.steps[index - 1];
    if (!previous) throw new Error(`the recount knows nothing before ${name}`);
    return previous.step;
  };

  const stopped = (): boolean => stops.some((stop) => stop.resumedOn === undefined);
  const running = (run: Run | undefined): RunningTerm | undefined => {
    const found = ended ? undefined : term(run);
    return run && found && { run, term: found, nthDayLate: (n) => nthDayLate(run.limit, found.due, n, stops, work) };
  };
  return {
    take,
    get stage() {
      return step.stage;
    },
    get stageSeq() {
      return stageSeq;
    },
    desk: () => (step.desk === 'WINDOW' ? life.window : step.desk === 'OUTSIDE' ? undefined : step.desk),
    terms() {
      const [stage, total] = [running(stageRun), running(totalEnd ? undefined : totalRun)];
      return { ...(stage ? { stage } : {}), ...(total ? { total } : {}) };
    },
    silence() {
      const watch = procedure.watch(step.stage);
      if (ended || stopped() || !('silence' in watch)) return undefined;
      return { since: lastAct.on, workingDays: watch.silence, version: lastAct.version };
    },
    openWindow() {
      const open = stops.find((stop) => stop.kind === 'CORRECTION' && stop.resumedOn === undefined);
      return ended || !open ? undefined : { seq: open.seq, ends: correctionWindowEnds(open.suspendedOn, work) };
    },
    failedOn: () => (ended ? undefined : failedOn),
    closed,
    get totalEnd() {
      return totalEnd;
    },
  };
}

const fresh = (limit: Limit, start: Day): Run => ({ limit, start, extended: 0 });
