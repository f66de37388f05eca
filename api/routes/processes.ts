import { z } from 'zod';
import { CLOCK_OFFERS, EXTENSION_RULES, hasLimits } from '../../domain/clock-decisions.ts';
import { commonOffersOf } from '../../domain/common-offers.ts';
import { DECISIONS, type Decision, type JsonObject } from '../../domain/case.ts';
import { ladderOf } from '../../domain/ladder.ts';
import { LEGAL_EFFECTS, legalEffectOf } from '../../domain/legal-effects.ts';
import type { Offer, ProcessDefinition } from '../../domain/process.ts';
import { getProcess, PROCESSES } from '../../domain/processes/index.ts';
import { timeLimit } from '../../domain/time-limits.ts';
import { documentRuleSchema, ruleOf, schemaOf } from '../read/possible.ts';
import { defineRoute } from '../route.ts';
import { code, decision, jsonObject, jsonSchema, role, text } from '../schemas.ts';

const limitSchema = z
  .strictObject({
    limitId: z.string(),
    limit: z.int(),
    unit: z.string(),
    article: z.string(),
    startEvent: text,
    legalEffect: z
      .strictObject({ code: z.string(), title: text })
      .meta({ description: 'what its passing means in law' }),
    ladder: z
      .array(z.strictObject({ kind: z.string(), to: z.string(), workingDaysLate: z.int().nullable() }))
      .meta({ description: 'what the clock does by itself; it informs and never decides' }),
    extension: z
      .strictObject({ by: role, times: z.int(), workingDays: z.int() })
      .nullable()
      .meta({ description: 'who may lengthen it, how often, by how many working days in all' }),
  })
  .meta({ id: 'TimeLimit' });
const offerSchema = z.strictObject({
  decision,
  title: text,
  by: z.array(role),
  reasonRequired: z.boolean(),
  form: jsonSchema.nullable(),
  returnTo: z.array(z.string()),
  amends: z.boolean(),
});
const processSchema = z
  .strictObject({
    code: z.string(),
    id: z.string(),
    title: text,
    source: z.string(),
    totalLimit: limitSchema.extend({ endsWithStage: z.string() }).nullable(),
    filing: z.strictObject({
      by: z.array(role),
      form: jsonSchema,
      references: z
        .record(z.string(), z.string())
        .meta({ description: 'fields whose value names something the office keeps' }),
      applicant: z.boolean(),
      documents: z
        .array(z.strictObject({ when: z.record(z.string(), z.string()), rules: z.array(documentRuleSchema) }))
        .meta({ description: 'check lists by the choices of the form; for a whole form ask …/check-list' }),
    }),
    stages: z.array(
      z.strictObject({
        stage: z.string(),
        title: text,
        article: z.string(),
        limits: z.array(limitSchema),
        stuckAfterWorkingDays: z.int().nullable(),
      }),
    ),
    steps: z.array(
      z.strictObject({
        step: z.string(),
        stage: z.string(),
        title: text,
        by: z.array(role),
        at: z.string(),
        duty: z.strictObject({ chain: z.string(), duty: z.string() }).nullable(),
        decisions: z.array(offerSchema),
      }),
    ),
    commonDecisions: z
      .array(offerSchema)
      .meta({ description: 'withdrawal, correction and the clock, offered besides (0.2-1, -4, -6)' }),
    outputs: z.array(z.strictObject({ kind: z.string(), title: text, source: z.string() })),
  })
  .meta({ id: 'Process' });

const describeLimit = (id: Parameters<typeof timeLimit>[0]): z.output<typeof limitSchema> => {
  const { limit, unit, article, startEvent } = timeLimit(id);
  const effect = legalEffectOf(id);
  return {
    limitId: id,
    limit,
    unit,
    article,
    startEvent,
    legalEffect: { code: effect, title: LEGAL_EFFECTS[effect] },
    ladder: ladderOf(id).map(({ kind, to, workingDaysLate = null }) => ({ kind, to, workingDaysLate })),
    extension: EXTENSION_RULES[id] ?? null,
  };
};

const describeOffers = (
  offers: Partial<Record<string, Offer>>,
  by: ProcessDefinition['filing']['by'],
): z.output<typeof offerSchema>[] =>
  Object.entries(offers).flatMap(([chosen, offer]) =>
    offer
      ? [
          {
            decision: chosen as Decision,
            title: offer.title ?? DECISIONS[chosen as Decision],
            by: [...(offer.by ?? by)],
            reasonRequired:
              offer.reasonRequired ?? ['RETURN_TO_APPLICANT', 'RETURN_TO_PREVIOUS', 'REJECT'].includes(chosen),
            form: offer.form ? schemaOf(offer.form) : null,
            returnTo: [...(offer.returnTo ?? [])],
            amends: offer.amends === true,
          },
        ]
      : [],
  );

/** The check list for each value of the form's choices, as far as it differs from the one without any choice. */
function checkLists({
  form,
  documents,
}: ProcessDefinition['filing']): z.output<typeof processSchema>['filing']['documents'] {
  const rulesFor = (when: JsonObject) => documents({ form: when, facts: {} }).map(ruleOf);
  const always = rulesFor({});
  const lists = Object.entries(form.shape).flatMap(([field, schema]) =>
    (schema instanceof z.ZodEnum ? schema.options.map(String) : []).map((value) => ({
      when: { [field]: value },
      rules: rulesFor({ [field]: value }),
    })),
  );
  return [
    { when: {}, rules: always },
    ...lists.filter(({ rules }) => JSON.stringify(rules) !== JSON.stringify(always)),
  ];
}

function describe(definition: ProcessDefinition): z.output<typeof processSchema> {
  const { filing, totalLimit } = definition;
  return {
    code: definition.code,
    id: definition.id,
    title: definition.title,
    source: definition.source,
    totalLimit: totalLimit ? { ...describeLimit(totalLimit.limit), endsWithStage: totalLimit.endsWithStage } : null,
    filing: {
      by: [...filing.by],
      form: schemaOf(filing.form),
      references: { ...filing.references },
      applicant: filing.applicant,
      documents: checkLists(filing),
    },
    stages: Object.entries(definition.stages).map(([stage, each]) => ({
      stage,
      title: each.title,
      article: each.article,
      limits: (each.limits ?? []).map(describeLimit),
      stuckAfterWorkingDays: each.stuckAfterWorkingDays ?? null,
    })),
    steps: Object.entries(definition.steps).map(([step, each]) => ({
      step,
      stage: each.stage,
      title: each.title,
      by: [...each.by],
      at: each.at,
      duty: each.duty ?? null,
      decisions: describeOffers(each.decisions, each.by),
    })),
    commonDecisions: [
      ...(filing.applicant ? describeOffers(commonOffersOf(definition), filing.by) : []),
      ...(hasLimits(definition) ? describeOffers(CLOCK_OFFERS, filing.by) : []),
    ],
    outputs: Object.entries(definition.outputs).map(([kind, output]) => ({ kind, ...output })),
  };
}

export const processRoutes = [
  defineRoute({
    method: 'get',
    path: '/api/v1/processes',
    id: 'listProcesses',
    tag: '业务类型 / processes',
    summary: {
      zh: '业务类型：填什么、交什么、谁办理、时限与依据',
      en: 'what each process asks for, who decides what, its limits and articles',
    },
    action: 'READ_REFERENCE',
    answer: {
      status: 200,
      summary: { zh: '全部业务类型', en: 'every process' },
      schema: z.strictObject({ items: z.array(processSchema) }),
    },
    async handle() {
      return { json: { items: Object.values(PROCESSES).map(describe) } };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/processes/{processType}/check-list',
    id: 'checkList',
    tag: '业务类型 / processes',
    summary: { zh: '按所填内容列出应交材料', en: 'the documents a filing with this form needs' },
    action: 'READ_REFERENCE',
    params: z.strictObject({ processType: code }),
    body: z.strictObject({ form: jsonObject.meta({ description: 'the filing form as far as it is filled in' }) }),
    answer: {
      status: 200,
      summary: { zh: '应交材料', en: 'the check list' },
      schema: z.strictObject({ items: z.array(documentRuleSchema) }),
    },
    async handle(_deps, { params, body }) {
      const { filing } = getProcess(params.processType);
      // Only what the form knows and what is right so far: a half-filled form has a check list too.
      const known = Object.entries(filing.form.shape).flatMap(([field, schema]) => {
        const value = (schema as z.ZodType).safeParse(body.form[field]);
        return value.success && value.data !== undefined ? [[field, value.data] as const] : [];
      });
      return {
        json: { items: filing.documents({ form: Object.fromEntries(known) as JsonObject, facts: {} }).map(ruleOf) },
      };
    },
  }),
];
