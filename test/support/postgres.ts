import { createHash, randomUUID } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { grantRights } from '../../prisma/grants.ts';
import { migrate } from '../../prisma/migrate.ts';
import { seed } from '../../prisma/seed.ts';
import { getTestEnvironment } from './environment.ts';
import { TEST_VAULT } from './keys.ts';

export type TestDatabase = {
  /** as the program: with its rights and no others, so that a missing one shows */
  url: string;
  /** as the owner: what a test prepares or breaks */
  ownerUrl: string;
  /** Removes the database, ending connections that were left open. */
  drop: () => Promise<void>;
};

/**
 * A database of its own for one test file: a clone of the migrated and seeded template, made in a fraction of a second.
 * The template is made once and made anew when migrations or seed change.
 */
export const createDatabase = async (): Promise<TestDatabase> => {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await asAdministrator(async (client) => {
    await ensureTemplate(client);
    await client.query(`create database ${name} template ${templateName()}`);
  });
  return {
    url: urlOf(name, APP),
    ownerUrl: urlOf(name),
    drop: () =>
      asAdministrator(async (client) => void (await client.query(`drop database if exists ${name} with (force)`))),
  };
};

const TEMPLATE_LOCK = 7_301_991;

/** Under one lock for all test processes: the second waits and finds the template ready; cloning waits for nobody. */
const ensureTemplate = async (client: pg.Client): Promise<void> => {
  const name = templateName();
  await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (rowCount === 1) return;
    // Filled under another name and renamed: a run that is killed half-way leaves no half template to be trusted.
    const half = `${name}_half`;
    await client.query(`drop database if exists ${half} with (force)`);
    await client.query(`create database ${half}`);
    await migrate(urlOf(half), () => undefined);
    await grantRights(urlOf(half), APP);
    await seed(urlOf(half), TEST_VAULT);
    await client.query(`alter database ${half} rename to ${name}`);
  } finally {
    await client.query('select pg_advisory_unlock($1)', [TEMPLATE_LOCK]);
  }
};

let knownTemplateName: string | undefined;

const templateName = (): string => {
  knownTemplateName ??= `template_${fingerprint(['prisma', 'domain', 'vault'])}`;
  return knownTemplateName;
};

/** Over everything the template is made of, so that an edited migration or seed is never tested against yesterday's template. */
const fingerprint = (folders: readonly string[]): string => {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const hash = createHash('sha256');
  const entries = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true }),
  );
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.sort()) hash.update(relative(root, file)).update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
};

/** One for all test databases of a server: roles belong to the server, rights to the database. */
const APP = { name: 'jingban_test_app', password: 'for-tests-on-this-machine' };

const urlOf = (database: string, role?: typeof APP): string => {
  const url = new URL(getTestEnvironment().postgresUrl);
  url.pathname = `/${database}`;
  if (role) Object.assign(url, { username: role.name, password: role.password });
  return url.href;
};

const asAdministrator = async <T>(work: (client: pg.Client) => Promise<T>): Promise<T> => {
  const client = new pg.Client({ connectionString: urlOf('postgres') });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
};
