import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { getTestEnvironment } from '../support/environment.ts';

/** Empty databases for tests about migrating; all others clone the template of `test/support/postgres.ts`. */
export const createEmptyDatabase = async (): Promise<{ url: string; drop: () => Promise<void> }> => {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await administrate(`create database ${name}`);
  const url = new URL(getTestEnvironment().postgresUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => administrate(`drop database ${name} with (force)`) };
};

const administrate = (sql: string): Promise<void> =>
  withClient(getTestEnvironment().postgresUrl, async (client) => void (await client.query(sql)));

export const withClient = async <T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
};
