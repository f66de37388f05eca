import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { readLauncherConfig, readOrExit } from '../config.ts';
import type { VaultSettings } from '../config/vault.ts';
import { checkKeys, openVault } from '../vault/open-vault.ts';
import { STAFF } from './seed/accounts.ts';
import { readEditions, seedEdition } from './seed/calendar.ts';
import { CATALOGUE_ROWS, CHRONIC_DISEASE_ROWS, RATE_ROWS } from './seed/figures.ts';
import { OFFICES, PROVIDERS } from './seed/offices.ts';
import { PERSONS } from './seed/persons.ts';
import { sealPersons } from './seed/seal-persons.ts';

export { DEMO_ACCOUNTS, DEMO_SERVICES } from './seed/accounts.ts';
export type { DemoAccount } from './seed/accounts.ts';

/**
 * Fills a migrated database with the calendar, the figures and a demonstration city, in one transaction. May run again at any
 * time: rows of the seed are brought back to what is written here, everything else (cases above all, figures labelled AGENCY,
 * deactivated users) is left as it is. Throws when a stored calendar edition differs from the file of the same id, and where
 * NODE_ENV is production: these accounts share a password that everybody knows (GB/T 22239 level 3, 8.1.4.2).
 */
export const seed = async (databaseUrl: string, settings: VaultSettings, nodeEnv = 'development'): Promise<void> => {
  if (nodeEnv === 'production')
    throw new Error('演示数据不能用于 NODE_ENV=production / the demonstration accounts refuse NODE_ENV=production');
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'jingban seed' });
  const keys = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  await client.connect();
  try {
    await checkKeys(keys, settings);
    const persons = await sealPersons(client, openVault(keys, settings), PERSONS);
    await client.query('begin');
    for (const edition of await readEditions()) await seedEdition(client, edition);
    await upsert(client, 'office', ['office_id'], OFFICES);
    await upsert(client, 'provider', ['provider_id'], PROVIDERS);
    await upsert(client, 'insured_person', ['person_id'], persons);
    await upsert(client, 'staff', ['staff_id'], STAFF);
    await upsert(client, 'rate', ['key', 'effective_from'], RATE_ROWS, NOT_THE_AGENCYS);
    await upsert(client, 'catalogue_item', ['code', 'effective_from'], CATALOGUE_ROWS, NOT_THE_AGENCYS);
    await upsert(client, 'chronic_disease', ['disease_code', 'effective_from'], CHRONIC_DISEASE_ROWS, NOT_THE_AGENCYS);
    await client.query('commit');
  } finally {
    // Ending the session undoes what was not committed.
    await client.end();
    await keys.end();
  }
};

/** Example figures are there to be replaced; what the agency has put in their place stays. */
const NOT_THE_AGENCYS = `where "current".label <> 'AGENCY'`;

type Table = 'office' | 'provider' | 'insured_person' | 'staff' | 'rate' | 'catalogue_item' | 'chronic_disease';

/** Inserts rows, or updates those whose key is there; one statement per table. All rows name the same columns. */
const upsert = async <Row extends object>(
  client: pg.ClientBase,
  table: Table,
  keys: readonly (keyof Row & string)[],
  rows: readonly Row[],
  condition = '',
): Promise<void> => {
  const columns = Object.keys(rows[0] ?? {});
  if (columns.length === 0) return;
  const quoted = columns.map((column) => `"${column}"`).join(', ');
  const changes = columns.filter((column) => !keys.some((key) => key === column));
  await client.query(
    `insert into "${table}" as "current" (${quoted})
     select ${quoted} from jsonb_populate_recordset(null::"${table}", $1)
     on conflict (${keys.map((key) => `"${key}"`).join(', ')})
     do update set ${changes.map((column) => `"${column}" = excluded."${column}"`).join(', ')} ${condition}`,
    [JSON.stringify(rows)],
  );
};

// The second half of the test keeps this from running inside a bundle, where every module shares one address.
if (process.argv[1] === fileURLToPath(import.meta.url) && import.meta.url.endsWith('/prisma/seed.ts')) {
  const { databaseUrl, fieldKeys, cryptoSuite, nodeEnv } = readOrExit(readLauncherConfig);
  if (databaseUrl === undefined) throw new Error('DATABASE_URL is not set');
  if (fieldKeys === undefined) throw new Error('FIELD_KEYS is not set');
  await seed(databaseUrl, { fieldKeys, cryptoSuite }, nodeEnv);
}
