import type { ProcessDefinition } from '../../domain/process.ts';
import { timeLimit, type LimitId } from '../../domain/time-limits.ts';

/** The article a running stage cites: its limit's, or the stage's own where the sources set no limit. */
export const sourceOfLimit = (
  definition: ProcessDefinition,
  stage: string,
  limitId: LimitId | undefined,
): string | undefined => (limitId ? timeLimit(limitId).article : definition.stages[stage]?.article);
