import { z } from 'zod';
import { DECISIONS, type Decision } from '../../domain/case.ts';
import { ACTIONS, type Action } from '../../domain/permissions/actions.ts';
import { permitted } from '../../domain/permissions/permitted.ts';
import { RELATIONS, type Relation } from '../../domain/permissions/relations.ts';
import { RULES, type Rule } from '../../domain/permissions/rules.ts';
import { defineRoute } from '../route.ts';
import { text } from '../schemas.ts';

const permission = z
  .strictObject({
    action: z.enum(Object.keys(ACTIONS) as Action[]),
    title: text,
    roles: z.array(z.string()).meta({ description: 'empty: no login is needed' }),
    relation: z.enum(Object.keys(RELATIONS) as Relation[]),
    relationTitle: text,
    process: z.string().nullable(),
    stage: z.string().nullable(),
    step: z.string().nullable(),
    decision: z.enum(Object.keys(DECISIONS) as Decision[]).nullable(),
    limitId: z.string().nullable(),
  })
  .meta({ id: 'Permission' });

const viewOf = (rule: Rule): z.output<typeof permission> => {
  const decides = rule.action === 'DECIDE' ? rule : undefined;
  return {
    action: rule.action,
    title: ACTIONS[rule.action],
    roles: [...rule.roles],
    relation: rule.relation,
    relationTitle: RELATIONS[rule.relation],
    process: rule.process ?? null,
    stage: decides?.stage ?? null,
    step: decides?.step ?? null,
    decision: decides?.decision ?? null,
    limitId: ('limitId' in rule ? rule.limitId : undefined) ?? null,
  };
};

export const permissionRoutes = [
  defineRoute({
    method: 'get',
    path: '/api/v1/permissions',
    id: 'permissions',
    tag: '机构与人员 / organisation',
    summary: {
      zh: '与本人岗位有关的权限；安全、审计管理员看全部',
      en: 'the rights of one’s own roles; the whole table for security and audit administrators',
    },
    action: 'READ_PERMISSIONS',
    answer: {
      status: 200,
      summary: { zh: '权限表的各行', en: 'rows of the table of rights' },
      schema: z.strictObject({ items: z.array(permission) }),
    },
    async handle(_deps, { user }) {
      const whole = permitted(user, 'READ_ALL_PERMISSIONS');
      const mine = (rule: Rule): boolean =>
        rule.relation === 'PUBLIC' || rule.roles.some((role) => user.roles.includes(role));
      return { json: { items: RULES.filter((rule) => whole || mine(rule)).map(viewOf) } };
    },
  }),
];
