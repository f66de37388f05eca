import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrate } from '../../prisma/migrate.ts';
import { createEmptyDatabase, withClient } from './databases.ts';
import { openSchemaEngine } from './schema-engine.ts';

const MIGRATIONS = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));
const silent = (): void => undefined;

let database: { url: string; drop: () => Promise<void> };
let folder: string;

beforeEach(async () => {
  database = await createEmptyDatabase();
  folder = await mkdtemp(join(tmpdir(), 'jingban-migrations-'));
});

afterEach(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

const write = async (name: string, sql: string): Promise<void> => {
  await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, name, 'migration.sql'), sql);
};

const ask = (sql: string): Promise<Record<string, unknown>[]> =>
  withClient(database.url, async (client) => (await client.query<Record<string, unknown>>(sql)).rows);

const names = async (): Promise<string[]> => {
  const entries = await readdir(MIGRATIONS, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
};

describe('migrating with the migrations of the program', () => {
  it('builds an empty database, and has nothing left to do the second time', async () => {
    expect(await migrate(database.url)).toEqual((await names()).sort());
    expect(await ask('select * from case_file')).toEqual([]);
    expect(await migrate(database.url)).toEqual([]);
  });

  it('lets one of two that start together migrate while the other waits', async () => {
    const lines: string[] = [];
    const say = (line: string): void => void lines.push(line);
    const applied = await Promise.all([migrate(database.url, say), migrate(database.url, say)]);
    expect(applied.map(({ length }) => length).sort()).toEqual([0, (await names()).length]);
    const rows = await ask('select migration_name from "_prisma_migrations"');
    expect(rows).toHaveLength((await names()).length);
  });

  it('leaves a history in which Prisma finds nothing wrong', async () => {
    await migrate(database.url);
    const engine = await openSchemaEngine(database.url);
    expect(await engine.diagnose(MIGRATIONS, await names())).toEqual({
      editedMigrationNames: [],
      failedMigrationNames: [],
      hasMigrationsTable: true,
      history: null,
    });
    await engine.close();
  });

  // Checks, triggers and partial indexes are outside Prisma's language and sight; constraints.test.ts tries them one by one.
  it('makes what schema.prisma says, and Prisma notices when it does not', async () => {
    await migrate(database.url);
    const engine = await openSchemaEngine(database.url);
    expect(await engine.diffToSchema()).toBe('');
    await ask('alter table office add column by_hand text');
    await ask('alter table staff alter column name drop not null');
    await ask('drop index case_file_county_idx');
    const sql = await engine.diffToSchema();
    expect(sql).toContain('DROP COLUMN "by_hand"');
    expect(sql).toContain('ALTER COLUMN "name" SET NOT NULL');
    expect(sql).toContain('CREATE INDEX "case_file_county_idx"');
    await engine.close();
  });
});

describe('migrating step by step', () => {
  it('applies in the order of the names and reports each as it is done', async () => {
    await write('2_second', 'insert into t values (1)');
    await write('1_first', 'create table t (n integer)');
    const lines: string[] = [];
    expect(await migrate(database.url, (line) => lines.push(line), folder)).toEqual(['1_first', '2_second']);
    expect(lines).toEqual(['applied 1_first', 'applied 2_second']);
  });

  it('applies only what was added since', async () => {
    await write('1_first', 'create table t (n integer)');
    await migrate(database.url, silent, folder);
    await write('2_second', 'insert into t values (7)');
    expect(await migrate(database.url, silent, folder)).toEqual(['2_second']);
    expect(await ask('select n from t')).toEqual([{ n: 7 }]);
  });

  it('leaves nothing of a migration that fails, keeps those before it, and applies it once it is repaired', async () => {
    await write('1_first', 'create table t (n integer)');
    await write('2_second', 'create table u (n integer); insert into nowhere values (1);');
    await expect(migrate(database.url, silent, folder)).rejects.toThrow(
      /迁移 2_second 执行失败.*\nMigration 2_second failed and was undone as a whole: relation "nowhere" does not exist/,
    );
    expect(await ask(`select to_regclass('t') as t, to_regclass('u') as u`)).toEqual([{ t: 't', u: null }]);
    expect(await ask('select migration_name from "_prisma_migrations"')).toEqual([{ migration_name: '1_first' }]);
    await write('2_second', 'create table u (n integer)');
    expect(await migrate(database.url, silent, folder)).toEqual(['2_second']);
  });

  it('refuses when an applied migration was edited, even by a space', async () => {
    await write('1_first', 'create table t (n integer)');
    await migrate(database.url, silent, folder);
    await write('1_first', 'create table t (n integer) ');
    await write('2_second', 'create table u (n integer)');
    await expect(migrate(database.url, silent, folder)).rejects.toThrow('Migration 1_first was edited');
    expect(await ask(`select to_regclass('u') as u`)).toEqual([{ u: null }]);
  });

  it('refuses a database that Prisma left half migrated, until it is marked as rolled back', async () => {
    await write('1_first', 'create table t (n integer)');
    await migrate(database.url, silent, folder);
    await ask('update "_prisma_migrations" set finished_at = null');
    await expect(migrate(database.url, silent, folder)).rejects.toThrow('Migration 1_first failed earlier');
    await ask('drop table t');
    await ask('update "_prisma_migrations" set rolled_back_at = now()');
    expect(await migrate(database.url, silent, folder)).toEqual(['1_first']);
  });

  it('refuses a database that is newer than the program', async () => {
    await write('1_first', 'create table t (n integer)');
    await migrate(database.url, silent, folder);
    await rm(join(folder, '1_first'), { recursive: true });
    await expect(migrate(database.url, silent, folder)).rejects.toThrow('the program is older than the database');
  });

  it('says that it waits when another program migrates the same database', async () => {
    await write('1_first', 'create table t (n integer)');
    await withClient(database.url, async (other) => {
      await other.query('select pg_advisory_lock(72707369)');
      const { promise: waits, resolve: heard } = deferred();
      const migrating = migrate(database.url, (line) => line.includes('waiting') && heard(), folder);
      await waits;
      expect(await ask(`select to_regclass('t') as t`)).toEqual([{ t: null }]);
      await other.query('select pg_advisory_unlock(72707369)');
      expect(await migrating).toEqual(['1_first']);
    });
  });
});

const deferred = (): { promise: Promise<void>; resolve: () => void } => {
  let resolve: () => void = silent;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
};
