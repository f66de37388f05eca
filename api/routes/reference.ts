import { z } from 'zod';
import { permitted } from '../../domain/permissions/permitted.ts';
import { plainDateAt } from '../../domain/plain-date.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { CatalogueItem } from '../../generated/prisma/client.ts';
import { dayOf, inForceOn } from '../prisma.ts';
import { officesAbove } from '../read/offices-above.ts';
import { defineRoute } from '../route.ts';
import { code, day, freeText, limit, orgLevel, role } from '../schemas.ts';

const office = z
  .strictObject({ officeId: z.string(), name: z.string(), level: orgLevel, parentId: z.string().nullable() })
  .meta({ id: 'Office' });
const provider = z.strictObject({
  providerId: z.string(),
  name: z.string(),
  type: z.string(),
  grade: z.int(),
  designated: z.boolean(),
  countyOfficeId: z.string(),
});
const disease = z.strictObject({ diseaseCode: z.string(), name: z.string(), validMonths: z.int(), label: z.string() });
const item = z.strictObject({
  code: z.string(),
  name: z.string(),
  feeCategory: z.string(),
  costClass: z.string(),
  kind: z.string(),
  label: z.string(),
  effectiveFrom: day,
  effectiveTo: day.nullable(),
});
const colleague = z.strictObject({
  staffId: z.string(),
  name: z.string(),
  roles: z.array(z.string()),
  officeId: z.string().nullable(),
});

/** Prisma makes a LIKE pattern of it and leaves its signs as they are; what somebody searches for means itself. */
const literally = (text: string): string => text.replace(/[\\%_]/g, '\\$&');

export const referenceRoutes = [
  defineRoute({
    method: 'get',
    path: '/api/v1/me',
    id: 'me',
    tag: '机构与人员 / organisation',
    summary: { zh: '当前登录人', en: 'who is logged in' },
    action: 'OWN_ACCOUNT',
    answer: {
      status: 200,
      summary: { zh: '账号、岗位、单位', en: 'account, roles, office' },
      schema: z.strictObject({
        id: z.string(),
        name: z.string(),
        roles: z.array(role),
        officeId: z.string().optional(),
        level: orgLevel.optional(),
        providerId: z.string().optional(),
        personId: z.string().optional(),
        service: z.literal(true).optional(),
        intakeProcesses: z.array(z.string()).optional(),
      }),
    },
    async handle(_deps, { user: { identity: _person, relatives: _kept, actingFor: _other, ...user } }) {
      return { json: user };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/api/v1/offices',
    id: 'listOffices',
    tag: '机构与人员 / organisation',
    summary: { zh: '经办机构', en: 'the offices of the agency' },
    action: 'READ_REFERENCE',
    answer: {
      status: 200,
      summary: { zh: '全部机构', en: 'all offices' },
      schema: z.strictObject({ items: z.array(office) }),
    },
    async handle(deps) {
      return { json: { items: await deps.prisma.office.findMany({ orderBy: { officeId: 'asc' } }) } };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/api/v1/offices/{officeId}/staff',
    id: 'listStaff',
    tag: '机构与人员 / organisation',
    summary: { zh: '机构在岗人员（如选派稽核人员）', en: 'active staff of an office, e.g. to choose auditors' },
    // Whom one works with is the office's own knowledge: insured persons and hospitals have no use for it.
    action: 'LIST_STAFF',
    params: z.strictObject({ officeId: code }),
    answer: {
      status: 200,
      summary: { zh: '人员', en: 'staff' },
      schema: z.strictObject({ items: z.array(colleague) }),
    },
    async handle(deps, { user, params: { officeId } }) {
      const [, ...above] = await officesAbove(deps.db, officeId);
      if (!permitted(user, 'LIST_STAFF', { office: { officeId, above } })) throw new Refusal('NOT_PERMITTED');
      const items = await deps.prisma.staff.findMany({
        where: { officeId, active: true },
        select: { staffId: true, name: true, roles: true, officeId: true },
        orderBy: { staffId: 'asc' },
      });
      return { json: { items } };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/api/v1/catalogue',
    id: 'catalogue',
    tag: '目录 / catalogue',
    summary: { zh: '目录检索：医疗机构、病种、药品与项目', en: 'search providers, diseases, catalogue items' },
    action: 'READ_REFERENCE',
    query: z.strictObject({
      q: freeText(40).optional().meta({ description: 'part of the name or the beginning of the code' }),
      on: day.optional().meta({ description: 'entries in force on this day; default today' }),
      limit,
    }),
    answer: {
      status: 200,
      summary: { zh: '检索结果', en: 'what was found' },
      schema: z.strictObject({ providers: z.array(provider), diseases: z.array(disease), items: z.array(item) }),
    },
    async handle(deps, { query }) {
      const q = literally(query.q ?? '');
      const name = { contains: q };
      const code = { startsWith: q };
      const inForce = inForceOn(query.on ?? plainDateAt(deps.now()));
      const take = query.limit ?? 50;
      const { provider, chronicDisease, catalogueItem } = deps.prisma;
      const [providers, diseases, items] = await Promise.all([
        provider.findMany({ where: { OR: [{ name }, { providerId: code }] }, orderBy: { providerId: 'asc' }, take }),
        chronicDisease.findMany({
          where: { AND: [inForce, { OR: [{ name }, { diseaseCode: code }] }] },
          omit: { effectiveFrom: true, effectiveTo: true },
          orderBy: { diseaseCode: 'asc' },
          take,
        }),
        catalogueItem.findMany({
          where: { AND: [inForce, { OR: [{ name }, { code }] }] },
          orderBy: { code: 'asc' },
          take,
        }),
      ]);
      return { json: { providers, diseases, items: items.map(withDays) } };
    },
  }),
];

const withDays = (found: CatalogueItem): z.output<typeof item> => ({
  ...found,
  effectiveFrom: dayOf(found.effectiveFrom),
  effectiveTo: found.effectiveTo && dayOf(found.effectiveTo),
});
