import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type pg from 'pg';
import { METRICS, type Metric, type ProcessCounter, type ProcessHistogram } from './catalogue.ts';

/** What one process counts in its memory. */
export interface Meters {
  count(name: ProcessCounter, labels: Record<string, string>): void;
  observe(name: ProcessHistogram, labels: Record<string, string>, value: number): void;
  /** in the text form Prometheus reads */
  text(): Promise<string>;
}

/** A registry of its own for each, so that two apps in one process do not count into each other. */
export function createMeters(process: 'api' | 'worker', db: pg.Pool): Meters {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counters = new Map<string, Counter>();
  const histograms = new Map<string, Histogram>();
  for (const [name, { type, labels, where, en, ...more }] of Object.entries(METRICS as Record<string, Metric>)) {
    if (where !== process) continue;
    const about = { name, help: en, labelNames: [...labels], registers: [registry] };
    if (type === 'counter') counters.set(name, new Counter(about));
    if (type === 'histogram') histograms.set(name, new Histogram({ ...about, buckets: [...(more.buckets ?? [])] }));
  }
  watchPool(db, registry);
  return {
    count: (name, labels) => counters.get(name)?.inc(labels),
    observe: (name, labels, value) => histograms.get(name)?.observe(labels, value),
    text: () => registry.metrics(),
  };
}

function watchPool(db: pg.Pool, registry: Registry): void {
  const registers = [registry];
  new Gauge({
    name: 'jingban_db_pool_connections',
    help: METRICS.jingban_db_pool_connections.en,
    labelNames: ['state'],
    registers,
    collect() {
      this.set({ state: 'busy' }, db.totalCount - db.idleCount);
      this.set({ state: 'idle' }, db.idleCount);
      this.set({ state: 'most' }, db.options.max);
    },
  });
  new Gauge({
    name: 'jingban_db_pool_waiting',
    help: METRICS.jingban_db_pool_waiting.en,
    registers,
    collect() {
      this.set(db.waitingCount);
    },
  });
}
