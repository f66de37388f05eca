import { createHash, randomUUID } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

/**
 * Applies `prisma/migrations` in order, once, under a lock. Layout, bookkeeping table, checksum and lock are Prisma's own, so
 * `prisma migrate` sees the same history; the runner is ours because Prisma's needs a downloaded engine and leaves the first
 * half of a failing migration in place.
 */

const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url));

/** The number Prisma itself locks with: whoever migrates by whichever tool, one does it and the others wait. */
const PRISMA_LOCK = 72_707_369;

/** A person has to look at it: an edited, failed, unknown or failing migration. Bilingual, names the migration. */
export class MigrationError extends Error {
  constructor(zh: string, en: string, options?: ErrorOptions) {
    super(`${zh}\n${en}`, options);
    this.name = 'MigrationError';
  }
}

interface Migration {
  name: string;
  sql: string;
  checksum: string;
}

interface AppliedMigration {
  migration_name: string;
  checksum: string;
  finished_at: Date | null;
}

/**
 * Brings the database of `databaseUrl` up to date and returns the names applied, oldest first; empty when there was nothing
 * to do. Each migration is one transaction: a failing one leaves nothing and is thrown as `MigrationError`, those before it
 * stay. (A migration therefore cannot hold statements that refuse a transaction, such as CREATE INDEX CONCURRENTLY.)
 */
export const migrate = async (
  databaseUrl: string,
  say: (line: string) => void = () => undefined,
  folder: string = MIGRATIONS,
): Promise<string[]> => {
  const migrations = await readMigrations(folder);
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'jingban migrate' });
  await client.connect();
  try {
    await takeLock(client, say);
    const pending = findPending(migrations, await readApplied(client));
    for (const migration of pending) {
      await apply(client, migration);
      say(`applied ${migration.name}`);
    }
    return pending.map(({ name }) => name);
  } finally {
    // Ending the session gives the lock back, whatever happened.
    await client.end();
  }
};

/** What `migrate` would apply; changes nothing. Throws as it does, and a database error where the role may not look. */
export const pendingMigrations = async (
  client: pg.ClientBase | pg.Pool,
  folder: string = MIGRATIONS,
): Promise<string[]> => {
  const applied = await selectApplied(client).catch((problem: pg.DatabaseError) => {
    if (problem.code === UNDEFINED_TABLE) return [];
    throw problem;
  });
  return findPending(await readMigrations(folder), applied).map(({ name }) => name);
};
const UNDEFINED_TABLE = '42P01';

const readMigrations = async (folder: string): Promise<Migration[]> => {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return Promise.all(
    names.sort().map(async (name) => {
      const bytes = await readFile(join(folder, name, 'migration.sql'));
      return { name, sql: bytes.toString('utf8'), checksum: createHash('sha256').update(bytes).digest('hex') };
    }),
  );
};

const takeLock = async (client: pg.Client, say: (line: string) => void): Promise<void> => {
  const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [PRISMA_LOCK]);
  if (rows[0]?.taken) return;
  say('another program is migrating this database; waiting for it');
  await client.query('select pg_advisory_lock($1)', [PRISMA_LOCK]);
};

const readApplied = async (client: pg.Client): Promise<AppliedMigration[]> => {
  await client.query(`create table if not exists "_prisma_migrations" (
    "id" varchar(36) primary key not null,
    "checksum" varchar(64) not null,
    "finished_at" timestamptz,
    "migration_name" varchar(255) not null,
    "logs" text,
    "rolled_back_at" timestamptz,
    "started_at" timestamptz not null default now(),
    "applied_steps_count" integer not null default 0
  )`);
  return selectApplied(client);
};

/** A row marked as rolled back is a memory, not a state. */
const selectApplied = async (client: pg.ClientBase | pg.Pool): Promise<AppliedMigration[]> => {
  const { rows } = await client.query<AppliedMigration>(
    'select migration_name, checksum, finished_at from "_prisma_migrations" where rolled_back_at is null',
  );
  return rows;
};

/** What is left to apply; refuses histories that nobody should build upon. */
const findPending = (migrations: readonly Migration[], applied: readonly AppliedMigration[]): Migration[] => {
  const known = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const { migration_name: name, checksum, finished_at: finishedAt } of applied) {
    const migration = known.get(name);
    if (finishedAt === null) {
      throw new MigrationError(
        `迁移 ${name} 曾经执行失败,请先修复数据库,再用 prisma migrate resolve 标记。`,
        `Migration ${name} failed earlier: repair the database, then mark it with prisma migrate resolve.`,
      );
    }
    if (!migration) {
      throw new MigrationError(
        `数据库含有本程序没有的迁移 ${name},程序版本过旧。`,
        `The database has migration ${name}, which this program does not know: the program is older than the database.`,
      );
    }
    if (migration.checksum !== checksum) {
      throw new MigrationError(
        `迁移 ${name} 在执行之后被修改,请恢复原文件,改动写入新的迁移。`,
        `Migration ${name} was edited after it was applied: restore the file and put the change into a new migration.`,
      );
    }
  }
  const done = new Set(applied.map(({ migration_name: name }) => name));
  return migrations.filter(({ name }) => !done.has(name));
};

const apply = async (client: pg.Client, { name, sql, checksum }: Migration): Promise<void> => {
  await client.query('begin');
  try {
    await client.query(sql);
    await client.query(
      `insert into "_prisma_migrations" (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       values ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    const why = error instanceof Error ? error.message : String(error);
    throw new MigrationError(
      `迁移 ${name} 执行失败,已全部撤销:${why}`,
      `Migration ${name} failed and was undone as a whole: ${why}`,
      { cause: error },
    );
  }
};
