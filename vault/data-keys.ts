import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { suiteOf, wrappingKey, type Keyring } from './keyring.ts';
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
  /** what another process has begun or wrapped anew */
  refresh(): Promise<void>;
}

export interface DataKeyRow {
  key_id: string;
  purpose: Purpose;
  suite: SuiteName;
  master_version: number;
  wrapped: Buffer;
}

/** A new data key is used by every process after so long at the latest. */
const KEPT_MS = 60_000;

export function createDataKeys(db: pg.Pool, keyring: Keyring): DataKeys {
  const rows = new Map<string, DataKeyRow>();
  const opened = new Map<string, DataKey>();
  const newest = new Map<Purpose, string>();
  let readAt: number | undefined;
  let reading: Promise<void> | undefined;
  const beginning = new Map<Purpose, Promise<void>>();

  const take = (row: DataKeyRow): void => {
    rows.set(row.key_id, row);
    if (BigInt(row.key_id) >= BigInt(newest.get(row.purpose) ?? 0)) newest.set(row.purpose, row.key_id);
  };
  /** Of many who miss a key at once, one asks. */
  const read = (): Promise<void> =>
    (reading ??= onOwnConnection(db, readDataKeys)
      .then((all) => {
        newest.clear();
        all.forEach(take);
        readAt = performance.now();
      })
      .finally(() => (reading = undefined)));
  const beginFirst = (purpose: Purpose): Promise<void> => {
    const begun =
      beginning.get(purpose) ??
      onOwnConnection(db, (client) => begin(client, keyring, purpose))
        .then(take)
        .finally(() => beginning.delete(purpose));
    beginning.set(purpose, begun);
    return begun;
  };
  const get = (keyId: string): DataKey | undefined => {
    const found = opened.get(keyId);
    const row = rows.get(keyId);
    if (found || !row) return found;
    const key = { keyId, suite: suiteOf(row.suite), key: unwrap(keyring, row) };
    opened.set(keyId, key);
    return key;
  };

  return {
    async current(purpose) {
      if (readAt === undefined) await read();
      // Nobody waits for this one, and one that fails is made up for by the next.
      else if (performance.now() - readAt > KEPT_MS) void read().catch(() => undefined);
      if (!newest.has(purpose)) await beginFirst(purpose);
      return get(newest.get(purpose) ?? '') ?? noKey();
    },
    async byId(keyId) {
      if (!rows.has(keyId)) await read();
      return get(keyId) ?? noKey();
    },
    refresh: read,
  };
}

function noKey(): never {
  throw new Unsealable('unknown key');
}

/** Turns hold connections of the pool while they seal: waiting there for another one, they could all wait for each other. */
async function onOwnConnection<T>(db: pg.Pool, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(db.options);
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** of `data_key`, as `DataKeyRow` has them */
export const DATA_KEY_COLUMNS = 'key_id::text, purpose, suite, master_version, wrapped';

/** All there are: a handful. */
export async function readDataKeys(db: pg.Pool | pg.ClientBase): Promise<DataKeyRow[]> {
  const { rows } = await db.query<DataKeyRow>(`SELECT ${DATA_KEY_COLUMNS} FROM data_key ORDER BY key_id`);
  return rows;
}

/** The first of a purpose, or the next: everything sealed from now on is sealed with it. */
export async function begin(db: pg.Pool | pg.ClientBase, keyring: Keyring, purpose: Purpose): Promise<DataKeyRow> {
  const key = randomBytes(keyring.suite.keyBytes);
  const { rows } = await db.query<DataKeyRow>({
    text: `INSERT INTO data_key (purpose, suite, master_version, wrapped) VALUES ($1, $2, $3, $4)
           ON CONFLICT (purpose) WHERE purpose = 'INDEX' DO NOTHING RETURNING ${DATA_KEY_COLUMNS}`,
    values: [purpose, keyring.suite.name, keyring.current.version, wrap(keyring, keyring.suite, purpose, key)],
  });
  // There is one blind index and so one key of it: of two processes that begin at once, one is first.
  const row = rows[0] ?? (await readDataKeys(db)).findLast((each) => each.purpose === purpose);
  if (!row) throw new Error(`no data key for ${purpose}`);
  return row;
}

const contextOf = (suite: Suite, purpose: Purpose): Buffer => Buffer.from(`data-key/${purpose}/${suite.name}`);

/** A data key as it lies in the table, wrapped by the suite it is for: changing CRYPTO_SUITE leaves what is there readable. */
export const wrap = ({ current }: Keyring, suite: Suite, purpose: Purpose, key: Buffer): Buffer =>
  suite.seal(wrappingKey(current, suite), key, contextOf(suite, purpose));

/** Throws `Unsealable` when the keyring no longer has the master key, or another one under its version. */
export function unwrap({ all }: Keyring, row: DataKeyRow): Buffer {
  const master = all.get(row.master_version);
  if (!master) throw new Unsealable(`version ${row.master_version} of the master key is not in FIELD_KEYS`);
  const suite = suiteOf(row.suite);
  return suite.open(wrappingKey(master, suite), row.wrapped, contextOf(suite, row.purpose));
}
