import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { DecisionRequest } from '../domain/case.ts';
import type { DecisionAnswer, VerificationOutcome } from '../domain/turn.ts';

/** What the procedure of a case can be told and asked from outside. */

export const decideUpdate = defineUpdate<DecisionAnswer, [DecisionRequest]>('decide');
/** The calendar changed, or the store knows more than the procedure: look again (C12, I10). */
export const recountSignal = defineSignal('recount');
/** A case that was opened for this one has ended. */
export const verifiedSignal = defineSignal<[VerificationOutcome]>('verified');
/** For the comparison of store and engine only; people read SQL. */
export const versionQuery = defineQuery<number>('version');
