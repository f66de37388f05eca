import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Role, User } from '../../domain/case.ts';
import { checkDeputyship, deputisable } from '../../domain/deputy.ts';
import { permitted } from '../../domain/permissions/permitted.ts';
import { plainDateAt } from '../../domain/plain-date.ts';
import { Refusal } from '../../domain/refusal.ts';
import { findAccount } from '../accounts.ts';
import type { ApiDeps } from '../deps.ts';
import { instantText } from '../instant.ts';
import { dayOf } from '../prisma.ts';
import { defineRoute } from '../route.ts';
import { day, instant, role, staffId } from '../schemas.ts';

const tag = '机构与人员 / organisation';
const person = z.strictObject({ staffId: z.string(), name: z.string() });
const deputy = z
  .strictObject({
    deputyNo: z.uuid(),
    principal: person,
    deputy: person,
    roles: z.array(z.string()),
    fromDay: day,
    toDay: day,
    grantedBy: person,
    grantedAt: instant,
    endedAt: instant.nullable(),
  })
  .meta({ id: 'Deputy' });

const PERSON = { select: { staffId: true, name: true } } as const;
const INCLUDED = { principal: PERSON, deputy: PERSON, granter: PERSON } as const;

interface Row {
  deputyNo: string;
  principal: z.output<typeof person>;
  deputy: z.output<typeof person>;
  granter: z.output<typeof person>;
  roles: string[];
  fromDay: Date;
  toDay: Date;
  grantedAt: Date;
  endedAt: Date | null;
}
const viewOf = (row: Row): z.output<typeof deputy> => ({
  deputyNo: row.deputyNo,
  principal: row.principal,
  deputy: row.deputy,
  roles: row.roles,
  fromDay: dayOf(row.fromDay),
  toDay: dayOf(row.toDay),
  grantedBy: row.granter,
  grantedAt: instantText(row.grantedAt.getTime()),
  endedAt: row.endedAt && instantText(row.endedAt.getTime()),
});

const inOffice = (officeId: string | undefined) => ({ office: { officeId, above: [] } });

/** Somebody of one's own office, or nobody: who works elsewhere is not told of. */
async function colleague(deps: ApiDeps, user: User, id: string, path: string): Promise<User> {
  const found = id === user.id ? user : await findAccount(deps.db, id);
  if (found?.id === id && found.officeId !== undefined && found.officeId === user.officeId) return found;
  throw new Refusal('UNKNOWN_CODE', [
    { path, zh: '本机构没有此工作人员', en: 'no such member of staff in your office' },
  ]);
}

export const deputyRoutes = [
  defineRoute({
    method: 'post',
    path: '/api/v1/deputies',
    id: 'appointDeputy',
    tag,
    summary: {
      zh: '委托同机构人员代办：本人委托，或由管理人员委托',
      en: 'appoint a colleague to stand in: by the person, or by the manager of the office',
    },
    action: 'APPOINT_DEPUTY',
    body: z.strictObject({
      principalId: staffId.optional().meta({ description: 'default: oneself' }),
      deputyId: staffId,
      roles: z.array(role).max(30).optional().meta({ description: 'default: every role that files or decides' }),
      fromDay: day,
      toDay: day,
    }),
    answer: { status: 201, summary: { zh: '已委托', en: 'appointed' }, schema: deputy },
    async handle(deps, { user, body }) {
      const principalId = body.principalId ?? user.id;
      const allowed =
        permitted(user, 'APPOINT_DEPUTY', { account: principalId }) ||
        permitted(user, 'APPOINT_DEPUTY', inOffice(user.officeId));
      if (!allowed) throw new Refusal('NOT_PERMITTED');
      const principal = await colleague(deps, user, principalId, 'principalId');
      const standIn = await colleague(deps, user, body.deputyId, 'deputyId');
      const roles: Role[] = body.roles ?? deputisable(principal);
      const days = { fromDay: body.fromDay, toDay: body.toDay };
      checkDeputyship({ principal, deputy: standIn, roles, ...days }, user, plainDateAt(deps.now()));
      const row = await deps.prisma.deputy.create({
        data: {
          deputyNo: randomUUID(),
          principalId,
          deputyId: standIn.id,
          officeId: principal.officeId ?? '',
          roles,
          fromDay: new Date(body.fromDay),
          toDay: new Date(body.toDay),
          grantedAt: new Date(deps.now()),
          grantedBy: user.id,
        },
        include: INCLUDED,
      });
      return { json: viewOf(row) };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/api/v1/deputies',
    id: 'listDeputies',
    tag,
    summary: { zh: '委托：本人的；管理人员看本机构全部', en: 'deputies: one’s own; for managers those of the office' },
    action: 'LIST_DEPUTIES',
    answer: {
      status: 200,
      summary: { zh: '委托', en: 'deputies' },
      schema: z.strictObject({ items: z.array(deputy) }),
    },
    async handle(deps, { user }) {
      const own = [{ principalId: user.id }, { deputyId: user.id }];
      const all = user.officeId !== undefined && permitted(user, 'LIST_DEPUTIES', inOffice(user.officeId));
      const rows = await deps.prisma.deputy.findMany({
        where: all ? { officeId: user.officeId ?? '' } : { OR: own },
        include: INCLUDED,
        orderBy: [{ grantedAt: 'desc' }, { deputyNo: 'asc' }],
        take: 200,
      });
      return { json: { items: rows.map(viewOf) } };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/deputies/{deputyNo}/end',
    id: 'endDeputy',
    tag,
    summary: { zh: '终止委托', en: 'end a deputyship, at once' },
    action: 'APPOINT_DEPUTY',
    params: z.strictObject({ deputyNo: z.uuid() }),
    body: z.strictObject({}),
    answer: { status: 200, summary: { zh: '已终止', en: 'ended' }, schema: deputy },
    async handle(deps, { user, params: { deputyNo } }) {
      const found = await deps.prisma.deputy.findUnique({ where: { deputyNo } });
      const mayEnd =
        found &&
        (permitted(user, 'APPOINT_DEPUTY', { account: found.principalId }) ||
          permitted(user, 'APPOINT_DEPUTY', { account: found.deputyId }) ||
          permitted(user, 'APPOINT_DEPUTY', inOffice(found.officeId)));
      if (!mayEnd) throw new Refusal('NOT_FOUND');
      await deps.prisma.deputy.updateMany({
        where: { deputyNo, endedAt: null },
        data: { endedAt: new Date(deps.now()), endedBy: user.id },
      });
      return { json: viewOf(await deps.prisma.deputy.findUniqueOrThrow({ where: { deputyNo }, include: INCLUDED })) };
    },
  }),
];
