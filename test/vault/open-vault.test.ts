import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { ConfigError, readLauncherConfig } from '../../config.ts';
import { fieldKeys } from '../../embedded/field-keys.ts';
import { checkKeys, openVault } from '../../vault/open-vault.ts';
import { MASTER_KEY_BYTES } from '../../vault/keyring.ts';
import { createDatabase, type TestDatabase } from '../support/postgres.ts';

const key = (version: number): string => `${version}:${randomBytes(MASTER_KEY_BYTES).toString('base64')}`;
const settings = (...keys: string[]) => ({ fieldKeys: keys.join(','), cryptoSuite: 'intl' as const });

let database: TestDatabase;
let db: pg.Pool;
beforeAll(async () => {
  database = await createDatabase();
  db = new pg.Pool({ connectionString: database.ownerUrl, max: 2 });
});
afterAll(async () => {
  await db?.end();
  await database?.drop();
});
beforeEach(async () => {
  await db.query('DELETE FROM data_key');
});

const problemOf = async (given: ReturnType<typeof settings>): Promise<ConfigError> => {
  const problem = await checkKeys(db, given).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (problem instanceof ConfigError) return problem;
  throw new Error('nothing was wrong with these keys');
};

it('refuses to begin without the master keys the store needs, naming versions and never a key', async () => {
  const [first, second] = [key(1), key(2)];
  await checkKeys(db, settings(second));
  await openVault(db, settings(first)).seal('case/1', 'phone', '13800000000');
  await checkKeys(db, settings(first, second));
  const missing = await problemOf(settings(second));
  expect(missing.wrong).toEqual([
    {
      name: 'FIELD_KEYS',
      zh: 'FIELD_KEYS 缺少版本 1 的主密钥,而数据库中的数据由其加密:请补上',
      en: 'FIELD_KEYS lacks the master key of version 1, which data in the database are sealed with: add it',
    },
  ]);
  const other = await problemOf(settings(key(1)));
  expect(other.message).toContain('another master key than the one the database was sealed with under version 1');
  for (const { message } of [missing, other])
    for (const text of [first, second]) expect(message).not.toContain(text.slice(2, 14));
});

it('does not wait for a connection of a pool whose connections all wait for a key', async () => {
  const vault = openVault(db, settings(key(1)));
  const held = [await db.connect(), await db.connect()];
  const sealed = await vault.seal('case/1', 'phone', '13800000000');
  expect(await vault.open('case/1', 'phone', sealed)).toBe('13800000000');
  for (const each of held) each.release();
});

it('begins one data key, however much is sealed at once', async () => {
  const vault = openVault(db, settings(key(1)));
  await Promise.all(Array.from({ length: 20 }, () => vault.seal('case/1', 'phone', '13800000000')));
  expect((await db.query('SELECT 1 FROM data_key')).rowCount).toBe(1);
});

it('reads what was sealed by one suite after the change to the other', async () => {
  const [only] = [key(1)];
  const sealed = await openVault(db, settings(only)).seal('case/1', 'phone', '13800000000');
  const gm = { fieldKeys: only, cryptoSuite: 'gm' as const };
  await checkKeys(db, gm);
  expect(await openVault(db, gm).open('case/1', 'phone', sealed)).toBe('13800000000');
});

describe('the keys of npm start', () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'jingban-keys-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const launcher = (env: Record<string, string>) => readLauncherConfig({ DATA_FOLDER: folder, ...env });

  it('are made once, for nobody else to read', () => {
    const made = fieldKeys(launcher({}));
    expect(made).toMatch(/^1:[A-Za-z0-9+/]{64}$/);
    expect(fieldKeys(launcher({}))).toBe(made);
    expect(readFileSync(join(folder, 'field-keys'), 'utf8').trim()).toBe(made);
    expect(statSync(join(folder, 'field-keys')).mode & 0o777).toBe(0o600);
  });

  it('are the ones named, and in production none else', () => {
    const named = key(7);
    expect(fieldKeys(launcher({ FIELD_KEYS: named }))).toBe(named);
    expect(() => fieldKeys(launcher({ NODE_ENV: 'production' }))).toThrow('FIELD_KEYS must be set');
  });
});
