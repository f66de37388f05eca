import { createHash } from 'node:crypto';
import type { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { Refusal, type Fault, type RefusalCode } from '../domain/refusal.ts';

/** The id of what a person asks of a procedure: asked again under the same key it is the same update, and has one effect (I1). */
export const updateIdOf = (userId: string, key: string): string =>
  createHash('sha256').update(`${userId}\n${key}`).digest('hex').slice(0, 40);

/**
 * The refusal a validator or the store gave, carried through the engine as an application failure, and the version of the case it
 * was judged by (a duty has none); undefined: the update failed of something else.
 */
export function refusalOf({
  cause,
}: WorkflowUpdateFailedError): { refusal: Refusal; version: number | undefined } | undefined {
  if (!(cause instanceof ApplicationFailure) || cause.type !== 'Refusal') return undefined;
  const detail = cause.details?.[0] as { code: RefusalCode; faults: Fault[]; version?: number } | undefined;
  return detail && { refusal: new Refusal(detail.code, detail.faults), version: detail.version };
}
