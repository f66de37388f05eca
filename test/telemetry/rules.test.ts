import { METRICS, type Metric } from '../../telemetry/catalogue.ts';
import { read } from '../tidy/sources.ts';
import { DASHBOARD, RULES, SELECTED, SERIES } from './asked.ts';

/** Dashboard, alert rules and runbook against the figures there are: a rule about a figure nobody exports never fires. */

const catalogue: Readonly<Record<string, Metric>> = METRICS;
const figureOf = (series: string): Metric | undefined => {
  const histogram = catalogue[series.replace(/_(bucket|sum|count)$/, '')];
  return catalogue[series] ?? (histogram?.type === 'histogram' ? histogram : undefined);
};

it('they ask only for figures of ours that there are, by labels they have', () => {
  const ours = SERIES.filter((series) => series.startsWith('jingban_'));
  expect(ours.length).toBeGreaterThan(15);
  expect(ours.filter((series) => !figureOf(series))).toEqual([]);
  expect(
    SELECTED.filter(({ name, label }) => !['job', 'instance', ...(figureOf(name)?.labels ?? [])].includes(label)),
  ).toEqual([]);
});

it('every figure is looked at by a panel or a rule', () => {
  const looked = new Set(SERIES.flatMap((series) => [series, series.replace(/_(bucket|sum|count)$/, '')]));
  expect(Object.keys(METRICS).filter((name) => !looked.has(name))).toEqual([]);
});

it('every rule says in both languages what is wrong, and where it says what to do', () => {
  const headings = [...read('docs/operations/alerts.md').matchAll(/^## (\w+)$/gm)].map(([, name = '']) => name);
  expect(headings).toEqual(RULES.map(({ alert }) => alert));
  for (const { alert, annotations } of RULES) {
    for (const text of [annotations.summary, annotations.description])
      expect([alert, text]).toEqual([alert, expect.stringMatching(/^.*\p{Script=Han}.* \/ .*[a-z]{3}/u)]);
    expect(annotations.runbook_url).toBe(`docs/operations/alerts.md#${alert.toLowerCase()}`);
  }
});

it('every panel has a title in both languages and asks for something', () => {
  const panels = DASHBOARD.panels.filter(({ targets }) => targets);
  expect(panels.length).toBeGreaterThan(20);
  for (const { title } of panels) expect(title).toMatch(/\p{Script=Han}.* [A-Za-z]{2}|CPU/u);
});

it('no label can hold a case, a person or an office', () => {
  const labels = new Set(Object.values(METRICS).flatMap(({ labels: names }): readonly string[] => names));
  const closed = [
    'clock',
    'code',
    'decision',
    'kind',
    'limit',
    'method',
    'outcome',
    'process',
    'route',
    'stage',
    'state',
    'status',
    'step',
  ];
  expect([...labels].filter((label) => !closed.includes(label))).toEqual([]);
});
