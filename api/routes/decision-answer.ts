import { z } from 'zod';
import { acceptanceNo, caseStatus, day } from '../schemas.ts';

/** The case after a filing or a decision; the same key gets the same answer for ever. */
export const decisionAnswer = z
  .strictObject({
    acceptanceNo,
    version: z.int(),
    status: caseStatus,
    currentStage: z.string(),
    currentStep: z.string(),
    stageDueOn: day.nullable(),
    totalDueOn: day.nullable(),
    provisional: z.boolean(),
  })
  .meta({ id: 'DecisionAnswer' });
