import pg from 'pg';
import type { Vault } from '../../vault/vault.ts';
import { byClerks } from '../load.ts';
import { buildCity, CITY, citySize } from './city.ts';
import { kinds, type Kind } from './mix.ts';
import { ROWS_OF, type Slice } from './rows.ts';

export interface FillOptions {
  /** all cases, ended ones included */
  stored: number;
  open: number;
  /** of so many of the youngest there are turns, events and notices, too; default 200,000 */
  logged?: number;
  say: (line: string) => void;
}

const LOGGED = 200_000;

const SLICE = 100_000;
const LANES = 6;
const BUILDERS = 3;
const BUCKETS = 10_000;

/** Not dropped: what a key stands on. Everything else is built faster over rows that are there. */
const FILLED = ['insured_person', 'case_file', 'stage', 'case_actor', 'case_turn', 'case_event', 'notice'];

/**
 * Fills a migrated, seeded database with so many cases of a made-up city, over six years, in the mix of `mix.ts`. Rows are as
 * long and as connected as the product's, but nothing proves them: hashes are well-formed and mean nothing, and only the
 * youngest have a log. Constraints by key are not checked while it fills; all others are.
 */
export async function fill(url: string, vault: Vault, options: FillOptions): Promise<void> {
  const { stored, say } = options;
  const db = new pg.Pool({ connectionString: url, max: LANES, options: SETTINGS });
  const since = performance.now();
  try {
    const indexes = await dropIndexes(db);
    const tx = await db.connect();
    await buildCity(tx, vault, citySize(stored)).finally(() => tx.release());
    say(`a city with ${citySize(stored).persons} insured persons is there`);
    await writeKinds(db);
    let done = 0;
    await byClerks(LANES, Math.ceil(stored / SLICE), async (n) => {
      const slice = sliceOf(options, n * SLICE + 1, Math.min((n + 1) * SLICE, stored));
      for (const rows of ROWS_OF) await db.query(rows(slice));
      done += slice.to - slice.from + 1;
      const rate = done / ((performance.now() - since) / 1000);
      if (done % (10 * SLICE) < SLICE || done === stored) say(`${done} of ${stored} cases, ${rate.toFixed(0)}/s`);
    });
    await db.query(`SELECT setval(pg_get_serial_sequence('case_file', 'case_id'), $1)`, [stored]);
    await db.query('DROP TABLE growth_kind');
    let built = 0;
    await byClerks(BUILDERS, indexes.length, async (n) => {
      const { name, definition } = indexes[n] as Index;
      await db.query(definition);
      if (stored > SLICE) say(`index ${++built} of ${indexes.length}: ${name}`);
    });
    // Rows that everybody can see are what a store of years has; statistics are what autovacuum would keep.
    await db.query('VACUUM (ANALYZE, BUFFER_USAGE_LIMIT 0)');
    say(`filled in ${((performance.now() - since) / 1000).toFixed(0)} s`);
  } finally {
    await db.end();
  }
}

/** Sessions that fill: no waiting for the disk, no triggers of foreign keys, memory for sorting. */
const SETTINGS =
  '-c session_replication_role=replica -c synchronous_commit=off -c maintenance_work_mem=512MB -c max_parallel_maintenance_workers=2';

interface Index {
  name: string;
  definition: string;
}

async function dropIndexes(db: pg.Pool): Promise<Index[]> {
  const { rows } = await db.query<Index>(
    `SELECT i.indexname AS name, i.indexdef AS definition FROM pg_indexes i
     WHERE i.tablename = ANY($1) AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = format('%I', i.indexname)::regclass)
     ORDER BY i.tablename, i.indexname`,
    [FILLED],
  );
  for (const { name } of rows) await db.query(`DROP INDEX ${pg.escapeIdentifier(name)}`);
  return rows;
}

async function writeKinds(db: pg.Pool): Promise<void> {
  await db.query(
    `CREATE UNLOGGED TABLE growth_kind AS
     SELECT * FROM jsonb_to_recordset($1) AS k(n int, open bool, process text, status text, stage text, step text, "at" text, roles text[], "limit" text, total text, silence int, form jsonb)`,
    [JSON.stringify(kinds().map((kind) => ({ ...kind, form: JSON.parse(kind.form) as object })))],
  );
}

function sliceOf({ stored, open, logged = LOGGED }: FillOptions, from: number, to: number): Slice {
  const size = citySize(stored);
  // The youngest are mostly open; one open case in twenty-five is older, however old.
  const young = Math.min(stored, Math.ceil(open * 1.2));
  const old = stored - young;
  return {
    ...{ from, to, stored, young, city: CITY, ...size },
    openYoung: Math.min(1, ((old > 0 ? 0.96 : 1) * open) / young),
    openOld: old > 0 ? (0.04 * open) / old : 0,
    openKinds: buckets((kind) => kind.open),
    endedKinds: buckets((kind) => !kind.open),
    loggedFrom: stored - logged + 1,
  };
}

/** The number of a kind for each of ten thousand equally likely draws. */
function buckets(which: (kind: Kind) => boolean): number[] {
  const chosen = kinds().filter(which);
  const whole = chosen.reduce((sum, { share }) => sum + share, 0);
  let until = 0;
  return chosen.flatMap(({ n, share }) => {
    const from = Math.round(until);
    until += (share / whole) * BUCKETS;
    return Array.from({ length: Math.round(until) - from }, () => n);
  });
}
