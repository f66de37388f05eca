import { METRICS, type Metric } from '../../telemetry/catalogue.ts';
import { code, table, WARNING } from './markdown.ts';

/** docs/operations/metrics.md: every figure there is, from the one place that names them. */
const WHERE: Record<Metric['where'], string> = {
  api: 'API',
  worker: 'worker',
  both: 'API, worker',
  store: 'store',
};

export const metricsPage = (): string =>
  [
    WARNING,
    '',
    '# 指标 Metrics',
    '',
    'What is counted where, and why: [observing.md](observing.md). `store`: counted in the store, the same from every worker; ask for',
    'it with `max`. All others are of one process and begin with it at zero. Besides these every process exports',
    '`process_*` and `nodejs_*`, and a worker the `temporal_*` of its SDK.',
    '',
    ...table(
      ['metric', 'type', 'labels', 'from', ''],
      Object.entries(METRICS as Record<string, Metric>).map(([name, { type, labels, where, zh, en }]) => [
        code(name),
        type,
        labels.map(code).join(' '),
        WHERE[where],
        `${zh} · ${en}`,
      ]),
    ),
  ].join('\n');
