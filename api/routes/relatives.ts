import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { maskIdCardNo } from '../../domain/identifiers.ts';
import { permitted } from '../../domain/permissions/permitted.ts';
import { Refusal } from '../../domain/refusal.ts';
import { idCardIndexOf, personIdOf } from '../read/insured-person.ts';
import { officesAbove } from '../read/offices-above.ts';
import { instantText } from '../instant.ts';
import { defineRoute } from '../route.ts';
import { freeText, idCardNo, instant } from '../schemas.ts';

const tag = '机构与人员 / organisation';
const relative = z
  .strictObject({
    relativeId: z.uuid(),
    relation: z.string(),
    name: z.string(),
    idCardNo: z.string().meta({ description: 'masked' }),
    declaredAt: instant,
    endedAt: instant.nullable(),
  })
  .meta({ id: 'DeclaredRelative' });
type Relative = z.output<typeof relative>;

interface Row {
  relativeId: string;
  relation: string;
  name: string;
  idCardNoMasked: string;
  declaredAt: Date;
  endedAt: Date | null;
}
const SHOWN = {
  relativeId: true,
  relation: true,
  name: true,
  idCardNoMasked: true,
  declaredAt: true,
  endedAt: true,
} as const;

const viewOf = ({ idCardNoMasked, declaredAt, endedAt, ...row }: Row): Relative => ({
  ...row,
  idCardNo: idCardNoMasked,
  declaredAt: instantText(declaredAt.getTime()),
  endedAt: endedAt && instantText(endedAt.getTime()),
});

/** Declared relatives (回避), by the person and not by the account: whoever has two declares once. */
export const relativeRoutes = [
  defineRoute({
    method: 'post',
    path: '/api/v1/me/relatives',
    id: 'declareRelative',
    tag,
    summary: {
      zh: '申报回避亲属；回答不透露其是否参保',
      en: 'declare a relative whose cases are kept from you; the answer never tells whether they are insured',
    },
    action: 'DECLARE_RELATIVES',
    body: z.strictObject({
      idCardNo,
      name: freeText(60),
      relation: freeText(40).meta({ description: '与本人关系 / how they are related' }),
    }),
    answer: { status: 201, summary: { zh: '已申报', en: 'declared' }, schema: relative },
    async handle(deps, { user, body: { idCardNo, name, relation } }) {
      const row = await deps.prisma.staffRelative.create({
        data: {
          relativeId: randomUUID(),
          identity: user.identity ?? user.id,
          officeId: user.officeId ?? null,
          providerId: user.providerId ?? null,
          personId: (await personIdOf(deps, idCardNo)) ?? null,
          relation,
          name,
          idCardNoMasked: maskIdCardNo(idCardNo),
          idCardIndex: await idCardIndexOf(deps.vault, idCardNo),
          declaredAt: new Date(deps.now()),
          declaredBy: user.id,
        },
        select: SHOWN,
      });
      return { json: viewOf(row) };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/api/v1/me/relatives',
    id: 'listRelatives',
    tag,
    summary: { zh: '本人申报的回避亲属', en: 'the relatives I have declared' },
    action: 'DECLARE_RELATIVES',
    answer: {
      status: 200,
      summary: { zh: '申报', en: 'declarations' },
      schema: z.strictObject({ items: z.array(relative) }),
    },
    async handle(deps, { user }) {
      const rows = await deps.prisma.staffRelative.findMany({
        where: { identity: user.identity ?? user.id },
        select: SHOWN,
        orderBy: [{ declaredAt: 'asc' }, { relativeId: 'asc' }],
      });
      return { json: { items: rows.map(viewOf) } };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/relatives/{relativeId}/end',
    id: 'endRelative',
    tag,
    summary: {
      zh: '终止回避申报（由管理人员办理，不能终止本人的）',
      en: 'end a declaration: by a manager of that office or above, never one’s own',
    },
    action: 'END_RELATIVE',
    params: z.strictObject({ relativeId: z.uuid() }),
    body: z.strictObject({ reason: freeText(500) }),
    answer: { status: 200, summary: { zh: '已终止', en: 'ended' }, schema: relative },
    async handle(deps, { user, params: { relativeId }, body: { reason } }) {
      const found = await deps.prisma.staffRelative.findUnique({ where: { relativeId } });
      const provider =
        found?.providerId && (await deps.prisma.provider.findUnique({ where: { providerId: found.providerId } }));
      const officeId = found?.officeId ?? (provider ? provider.countyOfficeId : undefined);
      const above = officeId === undefined ? [] : await officesAbove(deps.db, officeId);
      const office = found?.officeId ? { officeId, above: above.slice(1) } : { above };
      if (!found || !permitted(user, 'END_RELATIVE', { office })) throw new Refusal('NOT_FOUND');
      if (found.identity === user.identity) throw new Refusal('NOT_PERMITTED');
      await deps.prisma.staffRelative.updateMany({
        where: { relativeId, endedAt: null },
        data: { endedAt: new Date(deps.now()), endedBy: user.id, endReason: reason },
      });
      return {
        json: viewOf(await deps.prisma.staffRelative.findUniqueOrThrow({ where: { relativeId }, select: SHOWN })),
      };
    },
  }),
];
