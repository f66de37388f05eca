import { gm } from './gm.ts';
import { intl } from './intl.ts';
import type { Suite, SuiteName } from './suite.ts';

/**
 * The keys an agency holds outside the database (setting FIELD_KEYS): `<version>:<base64>`, several separated by commas, the last
 * one current. They only wrap the data keys in the table `data_key`, so exchanging one means wrapping a handful of rows anew.
 */
export interface Keyring {
  /** of data keys that are begun from now on; one that is there keeps its own */
  suite: Suite;
  current: MasterKey;
  /** by version; all that may still be needed for reading */
  all: ReadonlyMap<number, MasterKey>;
}
export interface MasterKey {
  version: number;
  key: Buffer;
}

const SUITE: Record<SuiteName, Suite> = { intl, gm };

export const suiteOf = (name: SuiteName): Suite => SUITE[name];

/** Bytes of a master key, whichever suite. */
export const MASTER_KEY_BYTES = 48;

/** Reads FIELD_KEYS. Throws a RangeError that never repeats a key. */
export function parseKeyring(text: string, suiteName: SuiteName): Keyring {
  const keys = text.split(',').map((part): MasterKey => {
    const [, version, encoded] = /^(\d{1,6}):([A-Za-z0-9+/]+=*)$/.exec(part.trim()) ?? [];
    const key = Buffer.from(encoded ?? '', 'base64');
    if (version === undefined || key.length !== MASTER_KEY_BYTES)
      throw new RangeError(`each key is <version>:<base64 of ${MASTER_KEY_BYTES} random bytes>`);
    return { version: Number(version), key };
  });
  const all = new Map(keys.map((key) => [key.version, key]));
  const current = keys.at(-1);
  if (!current || all.size !== keys.length) throw new RangeError('every version of a key once');
  return { suite: suiteOf(suiteName), current, all };
}

/** What a suite encrypts with under this master key: derived, so that no two algorithms ever use the same bytes. */
export function wrappingKey({ key }: MasterKey, suite: Suite): Buffer {
  const parts = [1, 2].map((part) => suite.mac(key, Buffer.from(`wrap/${suite.name}/${part}`)));
  return Buffer.concat(parts).subarray(0, suite.keyBytes);
}
