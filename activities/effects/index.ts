import type pg from 'pg';
import type { JsonObject } from '../../domain/case.ts';
import type { Calendar } from '../../domain/calendar.ts';
import type { PlainDate } from '../../domain/plain-date.ts';
import type { ProcessDefinition } from '../../domain/process.ts';
import type { Effect, EffectOf, Turn } from '../../domain/turn.ts';
import type { CaseRow } from '../store/case-row.ts';
import type { NextCase } from '../store/next-case.ts';
import type { TurnDeps } from '../turn.ts';
import { calculate } from './calculate-benefit.ts';
import { openCase } from './open-case.ts';
import * as payment from './payment.ts';
import * as registers from './registers.ts';

/** What an effect may use: the turn's own transaction, and the case before and after. */
export interface EffectContext {
  deps: TurnDeps;
  tx: pg.ClientBase;
  row: CaseRow;
  next: NextCase;
  turn: Turn;
  calendar: Calendar;
  today: PlainDate;
  definition: ProcessDefinition;
}
export interface EffectResult {
  facts?: JsonObject;
  opened?: string;
}

const EFFECTS: { [K in Effect['kind']]: (context: EffectContext, effect: EffectOf<K>) => Promise<EffectResult> } = {
  CALCULATE_BENEFIT: calculate,
  OPEN_CASE: openCase,
  REGISTER_CHRONIC_DISEASE: registers.registerChronicDisease,
  FILE_OUT_OF_AREA: registers.fileOutOfArea,
  CANCEL_OUT_OF_AREA: registers.cancelOutOfArea,
  ISSUE_INTRODUCTION_LETTER: registers.issueIntroductionLetter,
  RELEASE_CLAIMS: registers.releaseClaims,
  LIST_FOR_PAYMENT: payment.listForPayment,
  HAND_OVER_FOR_PAYMENT: payment.handOver,
  ORDER_PAYMENT: payment.order,
  RECORD_BANK_RESULT: payment.recordBankResult,
  TAKE_OFF_PAYMENT_LIST: payment.takeOff,
  REGISTER_RECOVERY: payment.registerRecovery,
};

/** Runs the effects of a turn in order, each seeing the facts of those before it. */
export async function runEffects(
  context: EffectContext,
  effects: readonly Effect[],
): Promise<{ facts: JsonObject; opened?: string }> {
  const facts: JsonObject = {};
  let opened: string | undefined;
  for (const effect of effects) {
    const run = EFFECTS[effect.kind] as (context: EffectContext, effect: Effect) => Promise<EffectResult>;
    const result = await run(context, effect);
    Object.assign(facts, result.facts);
    Object.assign(context.next.facts, result.facts);
    opened ??= result.opened;
  }
  return opened ? { facts, opened } : { facts };
}
