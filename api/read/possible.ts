import { z } from 'zod';
import { DECISIONS, type CaseSnapshot, type User } from '../../domain/case.ts';
import { availableDecisions } from '../../domain/decisions.ts';
import type { PlainDate } from '../../domain/plain-date.ts';
import type { DocumentRule, ProcessDefinition } from '../../domain/process.ts';
import { REFUSALS } from '../../domain/refusal.ts';
import { decision, documentType, jsonSchema, role, text } from '../schemas.ts';

export const documentRuleSchema = z
  .strictObject({
    anyOf: z.array(documentType).meta({ description: 'one of these is enough' }),
    paper: z.enum(['O', 'C', 'S']).meta({ description: 'O original, C copy, S shown and scanned' }),
    source: z.string(),
  })
  .meta({ id: 'DocumentRule' });

/** A decision on offer at the step; where the caller cannot take it, the reason is said. */
export const possibleDecisionSchema = z
  .strictObject({
    step: z.string(),
    decision,
    title: text,
    possible: z.boolean(),
    refused: z
      .strictObject({ code: z.string(), zh: z.string(), en: z.string(), faults: z.array(z.unknown()) })
      .nullable(),
    by: z.array(role),
    reasonRequired: z.boolean(),
    returnTo: z.array(z.string()),
    form: jsonSchema.nullable(),
    amends: z.boolean().meta({ description: 'fields of the filing form may come along, as amended' }),
    documents: z.array(documentRuleSchema),
  })
  .meta({ id: 'PossibleDecision' });
export type PossibleDecision = z.output<typeof possibleDecisionSchema>;

/** What the step offers, and what of it this caller can do now: the console draws its buttons from it. */
export function possibleDecisions(
  definition: ProcessDefinition,
  snapshot: CaseSnapshot,
  user: User,
  today: PlainDate,
): PossibleDecision[] {
  const step = definition.steps[snapshot.step];
  return availableDecisions(definition, snapshot, user, today).map(
    ({ step: at, decision: chosen, offer, refused }) => ({
      step: at,
      decision: chosen,
      title: offer.title ?? DECISIONS[chosen],
      possible: refused === undefined,
      refused: refused ? { code: refused.code, ...REFUSALS[refused.code], faults: refused.faults } : null,
      by: [...(offer.by ?? step?.by ?? [])],
      reasonRequired: offer.reasonRequired ?? ['RETURN_TO_APPLICANT', 'RETURN_TO_PREVIOUS', 'REJECT'].includes(chosen),
      returnTo: [...(offer.returnTo ?? [])],
      form: offer.form ? schemaOf(offer.form) : null,
      amends: offer.amends === true,
      documents: (offer.documents?.({ form: snapshot.form, facts: snapshot.facts }) ?? []).map(ruleOf),
    }),
  );
}

export const ruleOf = (rule: DocumentRule): z.output<typeof documentRuleSchema> => ({
  ...rule,
  anyOf: [...rule.anyOf],
});

const schemas = new WeakMap<z.ZodType, Record<string, unknown>>();
/** JSON Schema of a form, with titles (Chinese) and descriptions (English); made once per form. */
export function schemaOf(form: z.ZodType): Record<string, unknown> {
  const known = schemas.get(form) ?? z.toJSONSchema(form, { io: 'input', unrepresentable: 'any' });
  schemas.set(form, known);
  return known;
}
