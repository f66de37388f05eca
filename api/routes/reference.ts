import { z } from 'zod';
import { plainDateAt } from '../../domain/plain-date.ts';
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

/** Search text inside a LIKE pattern means itself. */
const contains = (text: string | undefined): string => `%${(text ?? '').replace(/[\\%_]/g, '\\$&')}%`;

export const referenceRoutes = [
  defineRoute({
    method: 'get',
    path: '/api/v1/me',
    id: 'me',
    tag: '机构与人员 / organisation',
    summary: { zh: '当前登录人', en: 'who is logged in' },
    who: 'ANY',
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
      }),
    },
    async handle(_deps, { user }) {
      return { json: user };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/api/v1/offices',
    id: 'listOffices',
    tag: '机构与人员 / organisation',
    summary: { zh: '经办机构', en: 'the offices of the agency' },
    who: 'ANY',
    answer: {
      status: 200,
      summary: { zh: '全部机构', en: 'all offices' },
      schema: z.strictObject({ items: z.array(office) }),
    },
    async handle(deps) {
      const { rows } = await deps.db.query({
        name: 'list-offices',
        text: `SELECT office_id AS "officeId", name, level, parent_id AS "parentId" FROM office ORDER BY office_id`,
      });
      return { json: { items: rows } };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/api/v1/offices/{officeId}/staff',
    id: 'listStaff',
    tag: '机构与人员 / organisation',
    summary: { zh: '机构在岗人员（如选派稽核人员）', en: 'active staff of an office, e.g. to choose auditors' },
    // Whom one works with is the office's own knowledge: insured persons and hospitals have no use for it.
    who: ['AUDIT_LEAD', 'AUDITOR', 'MANAGER', 'CITY_LEADER'],
    params: z.strictObject({ officeId: code }),
    answer: {
      status: 200,
      summary: { zh: '人员', en: 'staff' },
      schema: z.strictObject({ items: z.array(colleague) }),
    },
    async handle(deps, { params }) {
      const { rows } = await deps.db.query({
        name: 'list-staff',
        text: `SELECT staff_id AS "staffId", name, roles, office_id AS "officeId" FROM staff WHERE office_id = $1 AND active ORDER BY staff_id`,
        values: [params.officeId],
      });
      return { json: { items: rows } };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/api/v1/catalogue',
    id: 'catalogue',
    tag: '目录 / catalogue',
    summary: { zh: '目录检索：医疗机构、病种、药品与项目', en: 'search providers, diseases, catalogue items' },
    who: 'ANY',
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
      const pattern = contains(query.q);
      const on = query.on ?? plainDateAt(deps.now());
      const size = query.limit ?? 50;
      const find = async (name: string, text: string, values: unknown[]) =>
        (await deps.db.query({ name, text, values })).rows as unknown[];
      const [providers, diseases, items] = await Promise.all([
        find('find-providers', PROVIDERS, [pattern, query.q ?? '', size]),
        find('find-diseases', DISEASES, [pattern, query.q ?? '', size, on]),
        find('find-items', ITEMS, [pattern, query.q ?? '', size, on]),
      ]);
      return { json: { providers, diseases, items } };
    },
  }),
];

const PROVIDERS = `
  SELECT provider_id AS "providerId", name, type, grade, designated, county_office_id AS "countyOfficeId" FROM provider
  WHERE name LIKE $1 OR starts_with(provider_id, $2) ORDER BY provider_id LIMIT $3`;
const DISEASES = `
  SELECT disease_code AS "diseaseCode", name, valid_months AS "validMonths", label FROM chronic_disease
  WHERE (name LIKE $1 OR starts_with(disease_code, $2)) AND effective_from <= $4::date AND (effective_to IS NULL OR effective_to >= $4::date)
  ORDER BY disease_code LIMIT $3`;
const ITEMS = `
  SELECT code, name, fee_category AS "feeCategory", cost_class AS "costClass", kind, label, effective_from::text AS "effectiveFrom",
         effective_to::text AS "effectiveTo" FROM catalogue_item
  WHERE (name LIKE $1 OR starts_with(code, $2)) AND effective_from <= $4::date AND (effective_to IS NULL OR effective_to >= $4::date)
  ORDER BY code LIMIT $3`;
