import { z } from 'zod';
import type { CaseSnapshot, User } from '../../domain/case.ts';
import { FIELD_CLASSES } from '../../domain/field-classes.ts';
import { getProcess } from '../../domain/processes/index.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { ApiDeps } from '../deps.ts';
import { labelsOf } from '../print/labels.ts';
import { outputPage } from '../print/page.ts';
import { readOutput } from '../print/read-output.ts';
import { isOwn, maskJson } from '../read/mask.ts';
import { maskText } from '../../domain/identifiers.ts';
import { mayReveal, REVEAL_REASONS } from '../read/reveal.ts';
import { defineRoute } from '../route.ts';
import { acceptanceNo, code, freeText, jsonObject, text } from '../schemas.ts';
import { getVisibleCase } from './case.ts';

/** Seeing what is masked everywhere else: for a reason, which is written down before anything is shown. */

const params = z.strictObject({ acceptanceNo });
const HIDEABLE = Object.entries(FIELD_CLASSES).flatMap(([field, kind]) => (kind === 'PUBLIC' ? [] : [field]));
const reason = freeText(200)
  .refine((value) => value.length >= 4, '事由至少四个字 / the reason has at least four characters')
  .meta({
    minLength: 4,
    description: `${Object.keys(REVEAL_REASONS).join(', ')} (GET /api/v1/reveal-reasons), or in your own words; 代码或自行说明`,
  });

const revealed = z
  .strictObject({
    acceptanceNo,
    subjectName: z.string().nullable(),
    form: jsonObject,
    facts: jsonObject,
  })
  .meta({ id: 'RevealedCase' });

export interface Reveal {
  user: User;
  requestId: string;
  method?: 'GET' | 'POST';
  route: string;
  reason: string;
  what: readonly string[];
}

/** Refuses whoever has no need, with NOT_PERMITTED; NOT_AVAILABLE when the reason cannot be written down. */
export async function recordReveal(deps: ApiDeps, snapshot: CaseSnapshot, asked: Reveal): Promise<void> {
  if (!(await mayReveal(deps.db, asked.user, snapshot))) throw new Refusal('NOT_PERMITTED');
  await deps.accessLog.recordNow({
    at: deps.now(),
    userId: asked.user.id,
    method: asked.method ?? 'POST',
    route: asked.route,
    acceptanceNo: snapshot.acceptanceNo,
    status: 200,
    requestId: asked.requestId,
    // A reason is a sentence somebody typed: whose number they typed into it is not for the log.
    reason: `${maskText(asked.reason)} [${asked.what.join(', ') || '*'}]`,
  });
}

const REVEAL = '/api/v1/cases/{acceptanceNo}/reveal';
const PRINT = '/api/v1/cases/{acceptanceNo}/outputs/{kind}';
const TAG = '业务 / cases';

export const revealRoutes = [
  defineRoute({
    method: 'post',
    path: REVEAL,
    id: 'revealCase',
    limited: 'REVEAL',
    tag: TAG,
    summary: {
      zh: '显示完整的个人信息：须说明事由，事由记入日志',
      en: 'the personal data of a case unmasked, for a reason that is logged',
    },
    action: 'REVEAL_CASE',
    params,
    body: z.strictObject({
      reason,
      fields: z
        .array(z.enum(HIDEABLE))
        .max(HIDEABLE.length)
        .default([])
        .meta({ description: 'only these; all when empty' }),
    }),
    answer: { status: 200, summary: { zh: '完整内容', en: 'the whole' }, schema: revealed },
    async handle(deps, { user, params: { acceptanceNo: no }, body, requestId }) {
      const { snapshot } = await getVisibleCase(deps, user, no, 'REVEAL_CASE');
      await recordReveal(deps, snapshot, { user, requestId, route: REVEAL, reason: body.reason, what: body.fields });
      const only = body.fields.length > 0 ? { except: new Set(body.fields) } : undefined;
      const show = <T extends CaseSnapshot['form']>(value: T): T => (only ? maskJson(value, only) : value);
      const { name } = show({ name: await nameOf(deps, snapshot) });
      return {
        json: {
          acceptanceNo: no,
          subjectName: name,
          form: show(snapshot.form),
          facts: show(snapshot.facts),
        },
      };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/api/v1/reveal-reasons',
    id: 'listRevealReasons',
    tag: TAG,
    summary: { zh: '查看完整信息的常用事由', en: 'usual reasons to see a case unmasked' },
    action: 'READ_REFERENCE',
    answer: {
      status: 200,
      summary: { zh: '事由', en: 'reasons' },
      schema: z.strictObject({ items: z.array(z.strictObject({ code: z.string(), title: text })) }),
    },
    handle: () =>
      Promise.resolve({
        json: { items: Object.entries(REVEAL_REASONS).map(([reasonCode, title]) => ({ code: reasonCode, title })) },
      }),
  }),
  defineRoute({
    method: 'get',
    path: PRINT,
    id: 'viewOutput',
    tag: TAG,
    summary: { zh: '查看文书（个人信息已遮盖）', en: 'a paper the process issued, to look at: the person is masked' },
    action: 'PRINT_PAPER',
    params: params.extend({ kind: code }),
    answer: { status: 200, summary: { zh: '网页', en: 'a page' }, mediaTypes: ['text/html'] },
    async handle(deps, { user, params: { acceptanceNo: no, kind } }) {
      const { snapshot } = await getVisibleCase(deps, user, no, 'PRINT_PAPER');
      return printed(deps, snapshot, kind, isOwn(user, snapshot.personId));
    },
  }),
  defineRoute({
    method: 'post',
    path: PRINT,
    id: 'printOutput',
    limited: 'REVEAL',
    tag: TAG,
    summary: { zh: '打印文书：须说明事由，事由记入日志', en: 'the paper to hand out, for a reason that is logged' },
    action: 'PRINT_PAPER',
    params: params.extend({ kind: code }),
    body: z.strictObject({ reason }),
    answer: { status: 200, summary: { zh: '可打印的网页', en: 'a page to print' }, mediaTypes: ['text/html'] },
    async handle(deps, { user, params: { acceptanceNo: no, kind }, body, requestId }) {
      const { snapshot } = await getVisibleCase(deps, user, no, 'PRINT_PAPER');
      const page = await printed(deps, snapshot, kind, true);
      await recordReveal(deps, snapshot, { user, requestId, route: PRINT, reason: body.reason, what: [kind] });
      return page;
    },
  }),
];

async function printed(deps: ApiDeps, snapshot: CaseSnapshot, kind: string, whole: boolean) {
  const definition = getProcess(snapshot.process);
  const output = await readOutput(deps, snapshot, kind);
  const declared = definition.outputs[kind];
  if (!output || !declared) throw new Refusal('NOT_FOUND');
  return outputPage({
    acceptanceNo: snapshot.acceptanceNo,
    process: definition.title,
    declared,
    output: whole ? output : { ...output, content: maskJson(output.content) },
    label: labelsOf(definition),
    whole,
  });
}

/** Of the insured person, or of the hospital an audit is about. */
async function nameOf({ prisma }: ApiDeps, { personId, providerId }: CaseSnapshot): Promise<string | null> {
  if (personId !== undefined)
    return (await prisma.insuredPerson.findUnique({ where: { personId }, select: { name: true } }))?.name ?? null;
  if (providerId === undefined) return null;
  return (await prisma.provider.findUnique({ where: { providerId }, select: { name: true } }))?.name ?? null;
}
