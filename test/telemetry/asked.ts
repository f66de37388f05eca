import { parse } from 'yaml';
import { read } from '../tidy/sources.ts';

/** What dashboard and alert rules ask Prometheus for. */

export interface Rule {
  alert: string;
  expr: string;
  annotations: { summary: string; description: string; runbook_url: string };
}
interface Panel {
  title: string;
  targets?: { expr: string }[];
}

export const DASHBOARD = JSON.parse(read('deploy/observability/grafana/jingban.json')) as { panels: Panel[] };
export const RULES = (
  parse(read('deploy/observability/prometheus/alerts.yml')) as { groups: { rules: Rule[] }[] }
).groups.flatMap(({ rules }) => rules);

const EXPRESSIONS = [
  ...RULES.map(({ expr }) => expr),
  ...DASHBOARD.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
];

/** Series as they are asked for, each once: `jingban_cases_open`, `jingban_turn_duration_seconds_bucket` … */
export const SERIES = [
  ...new Set(EXPRESSIONS.flatMap((expr) => expr.match(/\b(jingban|temporal|process|nodejs)_\w+/g) ?? [])),
].sort();

/** Labels that are chosen by or grouped by, with the series of our own whose selector they stand in. */
export const SELECTED = EXPRESSIONS.flatMap((expr) =>
  [...expr.matchAll(/(jingban_\w+)\{([^}]*)\}/g)].flatMap(([, name = '', selector = '']) =>
    [...selector.matchAll(/(\w+)=~?"/g)].map(([, label = '']) => ({ name, label })),
  ),
);
