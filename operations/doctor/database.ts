import pg from 'pg';
import { ConfigError, type Config } from '../../config.ts';
import { GRANTS } from '../../prisma/grants.ts';
import { MigrationError, pendingMigrations } from '../../prisma/migrate.ts';
import { checkKeys } from '../../vault/open-vault.ts';
import { ok, reasonOf, warn, wrong, type Finding } from './finding.ts';

/** The oldest Postgres the tests were run on. */
const LEAST_VERSION = 150_000;
const CLOCK_WARN_MS = 2_000;
const CLOCK_WRONG_MS = 60_000;

/** Postgres's codes for what a person can put right, and what that is. */
const REFUSED: Readonly<Record<string, readonly [string, string]>> = {
  ECONNREFUSED: [
    '没有程序在 DATABASE_URL 的地址和端口上监听:请启动数据库或更正地址',
    'nothing listens at the address and port of DATABASE_URL: start the database or correct the address',
  ],
  ENOTFOUND: ['DATABASE_URL 中的主机名无法解析:请更正', 'the host name in DATABASE_URL is not known: correct it'],
  '28P01': ['DATABASE_URL 的账号或密码不正确:请更正', 'user or password in DATABASE_URL are wrong: correct them'],
  '28000': [
    '数据库不允许 DATABASE_URL 的账号从本机登录:请检查 pg_hba.conf 与该角色',
    'the database lets the user of DATABASE_URL not in from here: check pg_hba.conf and the role',
  ],
  '3D000': [
    'DATABASE_URL 中的数据库不存在:请建立,再运行 npm run migrate',
    'the database named in DATABASE_URL does not exist: create it, then npm run migrate',
  ],
  '53300': [
    '数据库连接数已满:请提高 max_connections 或降低 DB_POOL_SIZE',
    'the database has no connection left: raise max_connections or lower DB_POOL_SIZE',
  ],
};

/** The first thing asked of the store; without an answer nothing else of it is. */
export async function checkReachable(db: pg.Pool): Promise<Finding> {
  const about = '数据库 Postgres';
  try {
    const { rows } = await db.query<{ version: string; number: string }>(
      `SELECT current_setting('server_version') AS version, current_setting('server_version_num') AS number`,
    );
    const { version = '', number = '0' } = rows[0] ?? {};
    if (Number(number) >= LEAST_VERSION) return ok(about, version);
    return warn(
      about,
      `Postgres ${version} 早于已测试的最早版本 15:请升级`,
      `Postgres ${version} is older than any that was tested (15): upgrade it`,
    );
  } catch (problem) {
    const reason = reasonOf(problem);
    const [zh, en] = REFUSED[reason] ?? [
      `DATABASE_URL 所指数据库无法使用(${reason}):请检查数据库服务`,
      `the database of DATABASE_URL cannot be used (${reason}): check whether it is running well`,
    ];
    return wrong(about, zh, en);
  }
}

/** What keeps an answered decision through a power cut, and what only makes it fast. */
const DURABLE = {
  fsync: ['on'],
  full_page_writes: ['on'],
  synchronous_commit: ['on', 'local', 'remote_write', 'remote_apply'],
};

export async function checkDurability(db: pg.Pool): Promise<Finding[]> {
  const { rows } = await db.query<{ name: string; setting: string }>(
    `SELECT name, setting FROM pg_settings WHERE name = ANY($1) ORDER BY name`,
    [[...Object.keys(DURABLE), 'TimeZone']],
  );
  return rows.map(({ name, setting }) => {
    const good = (DURABLE as Partial<Record<string, readonly string[]>>)[name];
    if (!good || good.includes(setting)) return ok(`Postgres ${name}`, setting);
    return wrong(
      `Postgres ${name}`,
      `${name} 为 ${setting}:断电会丢失已答复的办理,请改为 on`,
      `${name} is ${setting}: a power cut would lose decisions that were answered, set it to on`,
    );
  });
}

/** The store's clock against this machine's: filing is stamped by one, turns by another. `now`: epoch ms. */
export async function checkClocks(db: pg.Pool, now: () => number): Promise<Finding> {
  const before = now();
  const { rows } = await db.query<{ at: string }>('SELECT extract(epoch FROM clock_timestamp()) * 1000 AS at');
  const between = (before + now()) / 2;
  return clockFinding(Number(rows[0]?.at) - between);
}

export function clockFinding(differenceMs: number): Finding {
  const about = '数据库时钟 its clock';
  const seconds = (differenceMs / 1000).toFixed(1);
  if (Math.abs(differenceMs) < CLOCK_WARN_MS) return ok(about, `${seconds} s`);
  const tell = Math.abs(differenceMs) < CLOCK_WRONG_MS ? warn : wrong;
  return tell(
    about,
    `数据库与本机时钟相差 ${seconds} 秒:请让两台机器用同一时间源校时`,
    `the clocks of database and this machine are ${seconds} s apart: have both follow one time source`,
  );
}

/** As the owner where one is named: the program's role may not look at the list of migrations. */
export async function checkMigrations(config: Config): Promise<Finding> {
  const about = '数据表 migrations';
  const client = new pg.Client({ connectionString: config.databaseOwnerUrl ?? config.databaseUrl });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const pending = await pendingMigrations(client);
    if (pending.length === 0) return ok(about, 'up to date');
    return wrong(
      about,
      `有 ${pending.length} 个迁移未执行(首个 ${pending[0]}):请运行 npm run migrate`,
      `${pending.length} migrations are not applied, ${pending[0]} first: run npm run migrate`,
    );
  } catch (problem) {
    if (problem instanceof MigrationError) {
      const [zh = '', en = ''] = problem.message.split('\n');
      return wrong(about, zh, en);
    }
    return warn(
      about,
      `无法查看迁移记录(${reasonOf(problem)}):请在 DATABASE_OWNER_URL 中指明属主`,
      `the list of migrations cannot be read (${reasonOf(problem)}): name the owner in DATABASE_OWNER_URL`,
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** What the program may do, against the table of what it needs, and that it may do no more. */
export async function checkRole(db: pg.Pool, config: Config): Promise<Finding> {
  const about = '数据库权限 rights';
  const wanted = Object.entries(GRANTS).flatMap(([table, rights]) =>
    ['SELECT', ...rights].map((right) => ({
      table,
      right: right.split(' ')[0] ?? right,
      column: /\((\w+)/.exec(right)?.[1],
    })),
  );
  const { rows } = await db.query<{ name: string; mighty: boolean; missing: string[] | null }>(
    `SELECT current_user AS name,
       (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
         OR EXISTS (SELECT FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user) AS mighty,
       (SELECT array_agg(DISTINCT w.t) FROM unnest($1::text[], $2::text[], $3::text[]) AS w(t, r, c)
        WHERE to_regclass('public.' || quote_ident(w.t)) IS NOT NULL AND NOT CASE WHEN w.c IS NULL
          THEN has_table_privilege(to_regclass('public.' || quote_ident(w.t)), w.r)
          ELSE has_column_privilege(to_regclass('public.' || quote_ident(w.t)), w.c, w.r) END) AS missing`,
    [wanted.map(({ table }) => table), wanted.map(({ right }) => right), wanted.map(({ column }) => column ?? null)],
  );
  const { name = '', mighty, missing } = rows[0] ?? {};
  if (missing && missing.length > 0)
    return wrong(
      about,
      `角色 ${name} 缺少 ${missing.length} 张表的权限(如 ${missing[0]}):请以属主运行 npm run migrate`,
      `the role ${name} lacks rights on ${missing.length} tables, ${missing[0]} for one: run npm run migrate as the owner`,
    );
  if (!mighty) return ok(about, name);
  const tell = config.nodeEnv === 'production' ? wrong : warn;
  return tell(
    about,
    `程序以 ${name} 身份运行,它是表的属主或超级用户,能改动日志:请在 DATABASE_URL 中改用 DATABASE_APP_ROLE`,
    `the program works as ${name}, owner of the tables or superuser, who can change the log: use DATABASE_APP_ROLE in DATABASE_URL`,
  );
}

/** FIELD_KEYS open what the store was sealed with. */
export async function checkFieldKeys(db: pg.Pool, config: Config): Promise<Finding[]> {
  try {
    await checkKeys(db, config);
    return [ok('字段密钥 FIELD_KEYS', 'match the store')];
  } catch (problem) {
    if (!(problem instanceof ConfigError)) throw problem;
    return problem.wrong.map(({ zh, en }) => wrong('字段密钥 FIELD_KEYS', zh, en));
  }
}
