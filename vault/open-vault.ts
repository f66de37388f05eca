import type pg from 'pg';
import { CONFIG_EXIT_CODE, ConfigError } from '../config.ts';
import type { VaultSettings } from '../config/vault.ts';
import { createDataKeys, readDataKeys, unwrap, type DataKeyRow } from './data-keys.ts';
import { parseKeyring, type Keyring } from './keyring.ts';
import { Unsealable } from './suite.ts';
import { createVault, type Vault } from './vault.ts';

/** The one place that makes a vault. Opens no connection: keys are read when the first value is sealed or opened. */
export const openVault = (db: pg.Pool, settings: VaultSettings): Vault =>
  createVault(createDataKeys(db, keyringOf(settings)));

export const keyringOf = ({ fieldKeys, cryptoSuite }: VaultSettings): Keyring => parseKeyring(fieldKeys, cryptoSuite);

/**
 * Throws `ConfigError` naming every version of a master key that the store needs and FIELD_KEYS has not, or has with another
 * content: a process without it would take new cases and be unable to read the old ones.
 */
export async function checkKeys(db: pg.Pool, settings: VaultSettings): Promise<void> {
  const keyring = keyringOf(settings);
  const rows = await readDataKeys(db);
  const missing = versionsOf(rows.filter((row) => !keyring.all.has(row.master_version)));
  const other = versionsOf(rows.filter((row) => keyring.all.has(row.master_version) && !opens(keyring, row)));
  const wrong = [
    {
      versions: missing,
      zh: '缺少版本',
      zhRest: '的主密钥,而数据库中的数据由其加密:请补上',
      en: 'lacks the master key of version',
      enRest: 'which data in the database are sealed with: add it',
    },
    {
      versions: other,
      zh: '中版本',
      zhRest: '的主密钥与加密数据库时所用的不同:请改用原来的密钥',
      en: 'has another master key than the one the database was sealed with under version',
      enRest: 'use the one of then',
    },
  ].filter(({ versions }) => versions !== '');
  if (wrong.length === 0) return;
  throw new ConfigError(
    wrong.map(({ versions, zh, zhRest, en, enRest }) => ({
      name: 'FIELD_KEYS',
      zh: `FIELD_KEYS ${zh} ${versions} ${zhRest}`,
      en: `FIELD_KEYS ${en} ${versions}, ${enRest}`,
    })),
  );
}

const versionsOf = (rows: readonly DataKeyRow[]): string =>
  [...new Set(rows.map((row) => row.master_version))].sort((a, b) => a - b).join(', ');

function opens(keyring: Keyring, row: DataKeyRow): boolean {
  try {
    return unwrap(keyring, row).length > 0;
  } catch (problem) {
    if (problem instanceof Unsealable) return false;
    throw problem;
  }
}

const PAUSE_MS = 5_000;

/** For processes: ends this one with 78 and a sentence when keys are missing. A store that is away is asked until it answers. */
export async function checkKeysOrExit(
  db: pg.Pool,
  settings: VaultSettings,
  say: (problem: string) => void,
): Promise<void> {
  for (;;) {
    try {
      return await checkKeys(db, settings);
    } catch (problem) {
      if (problem instanceof ConfigError) {
        console.error(problem.message);
        process.exit(CONFIG_EXIT_CODE);
      }
      say(problem instanceof Error ? problem.message : String(problem));
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS).unref());
    }
  }
}
