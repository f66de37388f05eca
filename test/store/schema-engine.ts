import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils';
import { ColumnTypeEnum, bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type { DiagnoseMigrationHistoryOutput, MigrationList } from '@prisma/schema-engine-wasm/schema_engine_bg';
import * as engineModule from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';

/**
 * Prisma's own schema engine, loaded by hand: the version that is a package, since the command's is a download. It tells what
 * `prisma migrate` would say about a database, so that who can use that command may.
 */
export interface SchemaEngine {
  /** What `prisma migrate status` knows: edited, failed, missing or surplus migrations. */
  diagnose: (folder: string, names: readonly string[]) => Promise<DiagnoseMigrationHistoryOutput>;
  /** The SQL that would make the database what `schema.prisma` says; empty when it is that already. */
  diffToSchema: () => Promise<string>;
  close: () => Promise<void>;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SCHEMA = join(ROOT, 'prisma/schema.prisma');
const FILTERS = { externalTables: [], externalEnums: [] };
/** Prisma's own words for "nothing to do". */
const EMPTY = '-- This is an empty migration.';

export const openSchemaEngine = async (databaseUrl: string): Promise<SchemaEngine> => {
  await loadEngine();
  const schema = await readFile(SCHEMA, 'utf8');
  const files = [{ path: 'schema.prisma', content: schema }];
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  const engine = await engineModule.SchemaEngine.new(
    { datamodels: [['schema.prisma', schema]] },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(new CatalogueReader(pool)),
  );
  return {
    diagnose: async (folder, names) =>
      engine.diagnoseMigrationHistory({
        migrationsList: await migrationList(folder, names),
        optInToShadowDatabase: false,
        filters: FILTERS,
      }),
    diffToSchema: async () => {
      const { stdout } = await engine.diff({
        from: { tag: 'schemaDatasource', files, configDir: ROOT },
        to: { tag: 'schemaDatamodel', files },
        script: true,
        exitCode: true,
        filters: FILTERS,
      });
      return (stdout ?? '').replace(EMPTY, '').trim();
    },
    close: async () => {
      engine.free();
      await pool.end();
    },
  };
};

const migrationList = async (folder: string, names: readonly string[]): Promise<MigrationList> => ({
  baseDir: folder,
  lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"' },
  shadowDbInitScript: '',
  migrationDirectories: await Promise.all(
    names.map(async (name) => ({
      path: name,
      migrationFile: {
        path: 'migration.sql',
        content: { tag: 'ok' as const, value: await readFile(join(folder, name, 'migration.sql'), 'utf8') },
      },
    })),
  ),
});

let loaded: Promise<void> | undefined;

const loadEngine = (): Promise<void> => (loaded ??= instantiate());

/** Node has it, but its types come only with those of a browser. */
const { WebAssembly: wasm } = globalThis as unknown as {
  WebAssembly: {
    instantiate: (
      bytes: Uint8Array,
      imports: Record<string, unknown>,
    ) => Promise<{ instance: { exports: { __wbindgen_start: () => void } } }>;
  };
};

const instantiate = async (): Promise<void> => {
  const folder = join(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'), '..');
  const bytes = await readFile(join(folder, 'schema_engine_bg.wasm'));
  const { instance } = await wasm.instantiate(bytes, { './schema_engine_bg.js': engineModule });
  engineModule.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  // Where the engine puts its last words; without it a panic hides behind a TypeError.
  const registry = { set_message: (message: string) => console.error(message) };
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: registry });
};

/**
 * Introspection reads Postgres' one-letter catalogue columns (type `"char"`, 18), which the adapter does not know. They pass
 * it under the number of an array type that the catalogue queries never return, and get their true name behind it.
 */
const CHAR = 18;
const CHAR_ARRAY = 1002;

interface ResultWithFields {
  fields: { dataTypeID: number }[];
  addFields: (this: ResultWithFields, descriptions: unknown) => void;
}
const resultPrototype = (pg as unknown as { Result: { prototype: ResultWithFields } }).Result.prototype;
const { addFields } = resultPrototype;
resultPrototype.addFields = function (descriptions) {
  addFields.call(this, descriptions);
  for (const field of this.fields) if (field.dataTypeID === CHAR) field.dataTypeID = CHAR_ARRAY;
};

class CatalogueReader extends PrismaPg {
  override async connect(): ReturnType<PrismaPg['connect']> {
    const adapter = await super.connect();
    const queryRaw = adapter.queryRaw.bind(adapter);
    adapter.queryRaw = async (query: Parameters<SqlDriverAdapter['queryRaw']>[0]) => {
      const result = await queryRaw(query);
      const columnTypes = result.columnTypes.map((type) =>
        type === ColumnTypeEnum.CharacterArray ? ColumnTypeEnum.Character : type,
      );
      return { ...result, columnTypes };
    };
    return adapter;
  }
}
