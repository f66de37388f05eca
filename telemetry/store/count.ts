import type pg from 'pg';
import { METRICS } from '../catalogue.ts';
import { countStore, type Sample } from './gauges.ts';
import { addHeads, readTotals } from './totals.ts';

/**
 * The figures of the store as text for Prometheus. However many workers are asked, and however often, the store is counted once in
 * `everySeconds`: whoever finds the last count too old counts, and the others meanwhile answer that last one.
 */
export function createStoreFigures(
  db: pg.Pool,
  everySeconds: number,
  warn: (problem: unknown) => void,
): () => Promise<string> {
  return async () => {
    try {
      const count = (await countAgain(db, everySeconds)) ?? (await lastCount(db));
      const about: Sample[] = [
        { name: 'jingban_store_up', labels: {}, value: 1 },
        { name: 'jingban_store_count_timestamp_seconds', labels: {}, value: count.at },
        { name: 'jingban_store_count_duration_seconds', labels: {}, value: count.seconds },
      ];
      return textOf([...about, ...count.gauges, ...(await readTotals(db))]);
    } catch (problem) {
      warn(problem);
      return textOf([{ name: 'jingban_store_up', labels: {}, value: 0 }]);
    }
  };
}

interface Count {
  /** epoch seconds, the store's clock */
  at: number;
  seconds: number;
  gauges: Sample[];
}

/** A count that takes longer than this would be asked for again before it is done. */
const PATIENCE_MS = 10_000;

/** Undefined: the last count is young enough, or somebody else is counting. */
async function countAgain(db: pg.Pool, everySeconds: number): Promise<Count | undefined> {
  const client = await db.connect();
  let broken: Error | undefined;
  try {
    await client.query(`BEGIN; SET LOCAL statement_timeout = ${PATIENCE_MS}`);
    const { rows } = await client.query<{ head: string }>(
      `SELECT head::text FROM metric_count WHERE counted_at < clock_timestamp() - make_interval(secs => $1)
       FOR UPDATE SKIP LOCKED`,
      [everySeconds],
    );
    const last = rows[0];
    if (!last) return undefined;
    const from = performance.now();
    const gauges = await countStore(client);
    const head = await addHeads(client, last.head);
    const seconds = (performance.now() - from) / 1000;
    const counted = await client.query<{ at: number }>(
      `UPDATE metric_count SET counted_at = clock_timestamp(), seconds = $1, gauges = $2, head = $3
       RETURNING extract(epoch FROM counted_at)::float AS at`,
      [seconds, JSON.stringify(gauges), head],
    );
    await client.query('COMMIT');
    return { at: counted.rows[0]?.at ?? 0, seconds, gauges };
  } finally {
    // After the commit this does nothing.
    await client.query('ROLLBACK').catch((error: Error) => (broken = error));
    client.release(broken);
  }
}

async function lastCount(db: pg.Pool): Promise<Count> {
  const { rows } = await db.query<Count>(
    'SELECT extract(epoch FROM counted_at)::float AS at, seconds, gauges FROM metric_count',
  );
  if (!rows[0]) throw new Error('metric_count is empty: the migration has not run');
  return rows[0];
}

/** `samples` of one name stand together; those of a histogram end in _bucket, _sum and _count. */
function textOf(samples: readonly Sample[]): string {
  const lines = Object.entries(METRICS).flatMap(([name, { type, en }]) => {
    const mine = samples.filter(
      (sample) => sample.name.replace(/_(bucket|sum|count)$/, '') === name || sample.name === name,
    );
    const told = mine.map(({ name: line, labels, value }) => `${line}${labelText(labels)} ${value}`);
    return told.length > 0 ? [`# HELP ${name} ${en}`, `# TYPE ${name} ${type}`, ...told] : [];
  });
  return `${lines.join('\n')}\n`;
}

/** Labels are codes of ours; one that is not is made harmless for the format. */
const labelText = (labels: Record<string, string>): string => {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${String(value).replace(/["\\\n]/g, '_')}"`);
  return pairs.length > 0 ? `{${pairs.join(',')}}` : '';
};
