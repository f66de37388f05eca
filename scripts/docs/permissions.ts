import { DECISIONS, ROLES, type Role } from '../../domain/case.ts';
import { ACTIONS, BY_DEPUTY, type Action } from '../../domain/permissions/actions.ts';
import { decisionRules, type DecisionRule } from '../../domain/permissions/decision-rules.ts';
import { RELATIONS } from '../../domain/permissions/relations.ts';
import { AGENCY, CASE_WORKERS, EVERY_ROLE, HOSPITAL, STAFF } from '../../domain/permissions/roles.ts';
import { GENERAL_RULES, type GeneralRule } from '../../domain/permissions/rules.ts';
import type { ProcessDefinition } from '../../domain/process.ts';
import { PROCESSES } from '../../domain/processes/index.ts';
import { both, code, table, WARNING } from './markdown.ts';

/** `docs/permissions.md`: the table of rights, as the code reads it. */
export const permissionsPage = (): string =>
  [
    WARNING,
    '',
    '# 权限表 Who may do what',
    '',
    'One table: role × how they stand to it × process × stage, step and decision × action. The API asks it before it reads a',
    'body and again for the case itself, the workflow asks it of every decision, the turn asks it once more of the account as',
    'it is then, SQL narrows every list by it (`domain/permissions/`). What has no row nobody may do. Besides, whoever may',
    'decide is kept from cases of their own and of declared relatives and from a second duty of one chain (`domain/separation.ts`).',
    '',
    '## 通用 Everything but deciding',
    '',
    ...table(
      ['action', '', 'roles', 'how they stand to it', 'only'],
      merged(GENERAL_RULES).map((row) => [
        code(row.action),
        `${both(ACTIONS[row.action])}${BY_DEPUTY.includes(row.action) ? ' ◇' : ''}`,
        rolesText(row.roles),
        row.relation,
        row.only,
      ]),
    ),
    '',
    '◇ 可由代办人以被代办人名义办理 also by a deputy in the principal’s place, as is deciding.',
    '',
    '## 办理 Deciding',
    '',
    ...Object.values(PROCESSES).flatMap(processSection),
  ].join('\n');

const GROUPS: [readonly Role[], string][] = [
  [EVERY_ROLE, '全部 every role'],
  [CASE_WORKERS, '全部业务岗位 everybody who has to do with cases'],
  [STAFF, '经办机构与医院 agency and hospital'],
  [AGENCY, '经办机构 the agency'],
  [HOSPITAL, '医院 the hospital'],
];

function rolesText(roles: readonly Role[]): string {
  const group = GROUPS.find(([all]) => all.length === roles.length && all.every((role) => roles.includes(role)));
  return group ? group[1] : roles.map((role) => `${ROLES[role].zh} ${code(role)}`).join(', ') || '—';
}

interface Merged {
  action: Action;
  roles: readonly Role[];
  relation: string;
  only: string;
}

/** Rows that differ in one place only are one line for a reader: relations, roles, then what they are narrowed to. */
function merged(rules: readonly GeneralRule[]): Merged[] {
  const lines = new Map<string, { rule: GeneralRule; relations: Set<string>; roles: Set<Role>; only: Set<string> }>();
  for (const rule of rules) {
    const only = rule.process ?? rule.limitId;
    const key = JSON.stringify([rule.action, only === undefined ? rule.roles : only, only && rule.relation]);
    const line = lines.get(key) ?? { rule, relations: new Set(), roles: new Set(), only: new Set() };
    line.relations.add(both(RELATIONS[rule.relation]));
    for (const role of rule.roles) line.roles.add(role);
    if (only !== undefined) line.only.add(code(only));
    lines.set(key, line);
  }
  return [...lines.values()].map(({ rule, relations, roles, only }) => ({
    action: rule.action,
    roles: [...roles],
    relation: [...relations].join('; '),
    only: [...only].join(', '),
  }));
}

function processSection(definition: ProcessDefinition): string[] {
  const rules = decisionRules(definition);
  return [
    `### ${definition.id} ${both(definition.title)}`,
    '',
    ...table(
      ['stage / step', 'decision', 'roles', 'how they stand to the case'],
      byLine(rules).map(({ rule, roles, relations }) => [
        rule.stage === rule.step ? code(rule.step) : `${code(rule.stage)} / ${code(rule.step)}`,
        `${code(rule.decision)} ${DECISIONS[rule.decision].zh}`,
        roles.map((role) => code(role)).join(', '),
        relations.join('; '),
      ]),
    ),
  ];
}

function byLine(rules: readonly DecisionRule[]): { rule: DecisionRule; roles: readonly Role[]; relations: string[] }[] {
  const lines = new Map<string, { rule: DecisionRule; roles: readonly Role[]; relations: string[] }>();
  for (const rule of rules) {
    const key = [rule.step, rule.decision, ...rule.roles].join(' ');
    const line = lines.get(key) ?? { rule, roles: rule.roles, relations: [] };
    line.relations.push(both(RELATIONS[rule.relation]));
    lines.set(key, line);
  }
  return [...lines.values()];
}
