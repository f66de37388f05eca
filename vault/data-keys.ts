import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { suiteOf, type Keyring } from './keyring.ts';
import { Unsealable, type Suite, type SuiteName } from './suite.ts';

/**
 * The keys that data are really sealed with. They lie in the table `data_key`, wrapped by a master key of the keyring; each process
 * keeps the few there are in memory. Rows of the log are never written again, so their data key stays as long as they do, while the
 * master key that wraps it can be exchanged at any time.
 */
export interface DataKey {
  keyId: string;
  suite: Suite;
  key: Buffer;
}

/** What a data key is for; each purpose has its own, so that a blind index says nothing about a box. */
export type Purpose = 'SEAL' | 'INDEX';

export interface DataKeys {
  /** the one to seal with now, or of the blind index */
  current(purpose: Purpose): Promise<DataKey>;
  /** Throws `Unsealable` when there is none of this id, or its master key is no longer in the keyring. */
  byId(keyId: string): Promise<DataKey>;
  /** forgets what is in memory; after a rotation */
  reload(): void;
}

interface Row {
  key_id: string;
  purpose: Purpose;
  suite: SuiteName;
  master_version: number;
  wrapped: Buffer;
}

/** Another process may have begun a new data key: it is used here, too, after so long. */
const KEPT_MS = 60_000;

export function createDataKeys(db: pg.Pool, keyring: Keyring): DataKeys {
  const known = new Map<string, DataKey>();
  const newest = new Map<Purpose, { key: DataKey; until: number }>();

  const read = (row: Row): DataKey => {
    const found = known.get(row.key_id);
    if (found) return found;
    const key = { keyId: row.key_id, suite: suiteOf(row.suite), key: unwrap(keyring, row) };
    known.set(row.key_id, key);
    return key;
  };

  return {
    async current(purpose) {
      const kept = newest.get(purpose);
      if (kept && kept.until > Date.now()) return kept.key;
      const row = (await newestRow(db, purpose)) ?? (await begin(db, keyring, purpose));
      const key = read(row);
      newest.set(purpose, { key, until: Date.now() + KEPT_MS });
      return key;
    },
    async byId(keyId) {
      const found = known.get(keyId);
      if (found) return found;
      if (!/^\d{1,18}$/.test(keyId)) throw new Unsealable('unknown key');
      const { rows } = await db.query<Row>({ ...BY_ID, values: [keyId] });
      if (!rows[0]) throw new Unsealable('unknown key');
      return read(rows[0]);
    },
    reload() {
      known.clear();
      newest.clear();
    },
  };
}

const COLUMNS = 'key_id::text, purpose, suite, master_version, wrapped';
const BY_ID = { name: 'data-key', text: `SELECT ${COLUMNS} FROM data_key WHERE key_id = $1` };
const NEWEST = {
  name: 'newest-data-key',
  text: `SELECT ${COLUMNS} FROM data_key WHERE purpose = $1 ORDER BY key_id DESC LIMIT 1`,
};

async function newestRow(db: pg.Pool | pg.ClientBase, purpose: Purpose): Promise<Row | undefined> {
  const { rows } = await db.query<Row>({ ...NEWEST, values: [purpose] });
  return rows[0];
}

/** The first of a purpose, or the next: everything sealed from now on is sealed with it. */
export async function begin(db: pg.Pool | pg.ClientBase, keyring: Keyring, purpose: Purpose): Promise<Row> {
  const key = randomBytes(keyring.suite.keyBytes);
  const { rows } = await db.query<Row>({
    text: `INSERT INTO data_key (purpose, suite, master_version, wrapped) VALUES ($1, $2, $3, $4)
           ON CONFLICT (purpose) WHERE purpose = 'INDEX' DO NOTHING RETURNING ${COLUMNS}`,
    values: [purpose, keyring.suite.name, keyring.current.version, wrap(keyring, keyring.suite, purpose, key)],
  });
  // There is one blind index and so one key of it: of two processes that begin at once, one is first.
  const row = rows[0] ?? (await newestRow(db, purpose));
  if (!row) throw new Error(`no data key for ${purpose}`);
  return row;
}

const contextOf = (suite: Suite, purpose: Purpose): Buffer => Buffer.from(`data-key/${purpose}/${suite.name}`);

/** A data key as it lies in the table. The master key wraps by the keyring's suite, whatever the data key is for. */
export const wrap = ({ suite, current }: Keyring, of: Suite, purpose: Purpose, key: Buffer): Buffer =>
  suite.seal(current.key, key, contextOf(of, purpose));

/** Throws `Unsealable` when the keyring no longer has the master key. */
export function unwrap({ suite, all }: Keyring, row: Row): Buffer {
  const master = all.get(row.master_version);
  if (!master) throw new Unsealable(`version ${row.master_version} of the master key is not in FIELD_KEYS`);
  return suite.open(master.key, row.wrapped, contextOf(suiteOf(row.suite), row.purpose));
}
