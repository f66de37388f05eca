import { plus, type Day } from '../recount/days.ts';
import type { Diary } from './diary.ts';
import type { Dice } from './dice.ts';
import type { Move } from './types.ts';

/** What every procedure with an applicant has in common: returns, corrections early, late and never, giving up. */

/** Who decides where and when; the rest of a move says what. */
export type Opening = Pick<Move, 'at' | 'who' | 'on' | 'step'>;

export const opening = (diary: Diary, who: string, step: string): Opening => ({ at: diary.now, who, on: 'CASE', step });

export const returned = (as: Opening, to: string): Move => ({
  ...as,
  decision: 'RETURN_TO_PREVIOUS',
  reason: '请核对',
  returnTo: to,
  act: { act: 'RETURN_TO_PREVIOUS', to },
});

export const withdrawn = (as: Opening): Move => ({ ...as, decision: 'WITHDRAW', act: { act: 'WITHDRAW' } });

/**
 * The case goes to the applicant; the correction comes soon, after the window, or never. What came in may be entered days
 * later, and counts from the day it came. Answers whether the case goes on.
 */
export function returnedToApplicant(
  moves: Move[],
  dice: Dice,
  diary: Diary,
  { as, clerk, approver }: { as: Opening; clerk: string; approver: string },
): boolean {
  moves.push({
    ...as,
    decision: 'RETURN_TO_APPLICANT',
    reason: '缺少材料',
    missing: ['检查结果'],
    act: { act: 'RETURN_TO_APPLICANT' },
  });
  const course = dice.throw();
  if (course < 0.1) {
    const tired = { ...opening(diary, clerk, as.step), at: diary.anybody(dice.between(2, 25)) };
    moves.push(withdrawn(tired));
    return false;
  }
  if (course < 0.22) {
    // Never: after the window an approver may close it; often nobody does.
    if (dice.chance(0.5)) return false;
    diary.anybody(dice.between(42, 60));
    diary.office(0);
    const closes = opening(diary, approver, as.step);
    moves.push({ ...closes, decision: 'CLOSE_AS_WITHDRAWN', reason: '逾期未补正', act: { act: 'CLOSE_AS_WITHDRAWN' } });
    return false;
  }
  const returnedOn = diary.today;
  diary.anybody(course < 0.34 ? dice.between(28, 50) : dice.between(0, 14));
  diary.office(0);
  const lay = dice.chance(0.4) ? dice.between(1, 6) : 0;
  const cameOn = plus(diary.today, -lay) < returnedOn ? returnedOn : plus(diary.today, -lay);
  const entered: Record<string, string> = lay > 0 ? { correctionReceivedOn: cameOn } : {};
  moves.push({
    ...opening(diary, clerk, as.step),
    decision: 'CORRECTION_RECEIVED',
    form: entered,
    act: { act: 'CORRECTION_RECEIVED', entered },
  });
  return true;
}

/** The agency stops the clock for a reason of its own, entered on the day or some days later. */
export function stopsTheClock(moves: Move[], dice: Dice, diary: Diary, as: Opening, earliest: Day): string {
  const kind = dice.pick(['SERVICE_CLOSED', 'SYSTEM_SWITCHOVER', 'FORCE_MAJEURE']);
  const day = plus(diary.today, -dice.between(0, 3));
  const on = day < earliest ? earliest : day;
  moves.push({
    ...as,
    decision: 'SUSPEND',
    reason: '系统切换',
    form: { kind, suspendedOn: on, basis: '内部通知' },
    act: { act: 'SUSPEND', stop: { kind, on } },
  });
  return kind;
}

export const startsTheClock = (diary: Diary, as: Opening, kind: string): Move => ({
  ...as,
  decision: 'RESUME',
  form: { kind, resumedOn: diary.today },
  act: { act: 'RESUME', stop: { kind, on: diary.today } },
});

export const lengthens = (dice: Dice, as: Opening, clock: 'STAGE' | 'TOTAL'): Move => {
  const workingDays = dice.between(1, 5);
  return {
    ...as,
    decision: 'EXTEND',
    reason: '案情复杂',
    form: { clock, workingDays, basis: '负责人批准' },
    act: { act: 'EXTEND', extension: { clock, workingDays } },
    mayBeRefused: true,
  };
};
