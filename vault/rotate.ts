import type pg from 'pg';
import { begin, DATA_KEY_COLUMNS, unwrap, wrap, type DataKeyRow } from './data-keys.ts';
import { suiteOf, type Keyring } from './keyring.ts';

export interface Rotated {
  /** data keys that are now wrapped by the current master key and were by another */
  wrapped: number;
  /** id of the data key everything is sealed with from now on */
  begun: string;
}

/**
 * Wraps every data key with the current master key and begins a new one to seal with, both or neither; then the master keys of
 * before may leave FIELD_KEYS. What is sealed is not touched, so nobody waits for this. Throws `Unsealable` when a master key is
 * missing.
 */
export async function rotate(tx: pg.ClientBase, keyring: Keyring): Promise<Rotated> {
  const { rows } = await tx.query<DataKeyRow>(`SELECT ${DATA_KEY_COLUMNS} FROM data_key ORDER BY key_id FOR UPDATE`);
  const old = rows.filter((row) => row.master_version !== keyring.current.version);
  for (const row of old) {
    const anew = wrap(keyring, suiteOf(row.suite), row.purpose, unwrap(keyring, row));
    await tx.query('UPDATE data_key SET master_version = $2, wrapped = $3 WHERE key_id = $1', [
      row.key_id,
      keyring.current.version,
      anew,
    ]);
  }
  return { wrapped: old.length, begun: (await begin(tx, keyring, 'SEAL')).key_id };
}
