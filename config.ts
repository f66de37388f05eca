import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { IDENTITY_SETTINGS, identityFaults } from './config/identity.ts';
import { LOG_SETTINGS } from './config/log.ts';
import { CODEC_SETTINGS } from './config/codec.ts';
import { EMBEDDED_SETTINGS } from './config/embedded.ts';
import { SCALE_OUT_SETTINGS } from './config/scale-out.ts';
import { NOTIFY_SETTINGS, notifyFaults } from './config/notify.ts';
import { TELEMETRY_SETTINGS } from './config/telemetry.ts';
import { VAULT_SETTINGS } from './config/vault.ts';
import { HARDENING_SETTINGS } from './config/hardening.ts';
import { rehearsalFaults } from './config/rehearsal.ts';
import { webAddress } from './config/web-address.ts';
import { TIME_LIMITS } from './domain/time-limits.ts';

/**
 * Every setting, read once, parsed, typed and handed in. The only file that sees `process.env`; the tables below are also what
 * `.env.example`, the documentation and the check of `docker-compose.yml` are held against.
 */
export type Setting<Schema extends z.ZodType = z.ZodType> = {
  name: string;
  zh: string;
  en: string;
  example: string;
  /** Never printed, never in an image. A secret has no default. */
  secret: boolean;
  schema: Schema;
};

const setting = <Schema extends z.ZodType>(
  name: string,
  schema: Schema,
  text: { zh: string; en: string; example: string; secret?: boolean },
): Setting<Schema> => ({ name, schema, secret: false, ...text });

const port = z.coerce.number().int().min(1).max(65_535);
const whole = (least: number, most: number) => z.coerce.number().int().min(least).max(most);
const postgres = z.url({ protocol: /^postgres(ql)?$/ });
const hostAndPort = z.string().regex(/^[^\s:/]+:\d{1,5}$/);
const text = z.string().min(1);

/** Settings of `api` and `worker`. */
export const SETTINGS = {
  nodeEnv: setting('NODE_ENV', z.enum(['production', 'development', 'test']).default('development'), {
    zh: '运行环境;production 时拒绝演练功能',
    en: 'kind of installation; production refuses everything made for rehearsals',
    example: 'production',
  }),
  databaseUrl: setting('DATABASE_URL', postgres, {
    zh: 'Postgres 连接串(含密码)',
    en: 'connection string of Postgres, with the password',
    example: 'postgres://jingban:<password>@db.example.org:5432/jingban',
    secret: true,
  }),
  dbPoolSize: setting('DB_POOL_SIZE', whole(2, 500).default(20), {
    zh: '每个进程的数据库连接数',
    en: 'database connections of one process',
    example: '20',
  }),
  temporalAddress: setting('TEMPORAL_ADDRESS', hostAndPort, {
    zh: 'Temporal 服务地址,主机:端口',
    en: 'address of the Temporal server, host:port',
    example: 'temporal.example.org:7233',
  }),
  temporalNamespace: setting('TEMPORAL_NAMESPACE', text.default('jingban'), {
    zh: 'Temporal 命名空间',
    en: 'namespace in Temporal',
    example: 'jingban',
  }),
  temporalTaskQueue: setting('TEMPORAL_TASK_QUEUE', text.default('jingban'), {
    zh: 'Temporal 任务队列',
    en: 'task queue in Temporal',
    example: 'jingban',
  }),
  maxCachedWorkflows: setting('MAX_CACHED_WORKFLOWS', whole(1, 1_000_000).default(2_000), {
    zh: '每个 worker 在内存中保留的案件数;超出的案件每次决定要重放历史',
    en: 'cases a worker keeps in memory; a decision on any other replays its history first',
    example: '2000',
  }),
  effectSpreadSeconds: setting('EFFECT_SPREAD_SECONDS', whole(0, 6 * 3600).default(600), {
    zh: '零点到期的提醒、超期记录在多少秒内错开执行(列表中的超期始终零点即准)',
    en: 'seconds after midnight over which reminders and overdue records are spread (lists are right at 00:00:00 anyway)',
    example: '600',
  }),
  apiHost: setting('API_HOST', text.default('127.0.0.1'), {
    zh: 'API 监听地址',
    en: 'address the API listens on',
    example: '0.0.0.0',
  }),
  apiPort: setting('API_PORT', port.default(8080), {
    zh: 'API 监听端口',
    en: 'port the API listens on',
    example: '8080',
  }),
  oidcIssuer: setting('OIDC_ISSUER', webAddress, {
    zh: '统一身份认证(OIDC)签发者地址',
    en: 'issuer URL of the OIDC provider everyone logs in with',
    example: 'https://login.example.org/realms/agency',
  }),
  oidcAudience: setting('OIDC_AUDIENCE', text, {
    zh: '访问令牌的受众(aud)',
    en: 'audience (aud) an access token must name',
    example: 'https://jingban.example.org/api',
  }),
  oidcJwksUrl: setting('OIDC_JWKS_URL', webAddress.optional(), {
    zh: '签名公钥地址;不填则由签发者的发现文档得出',
    en: 'address of the signing keys; found through the issuer when absent',
    example: 'https://login.example.org/realms/agency/protocol/openid-connect/certs',
  }),
  dataFolder: setting('DATA_FOLDER', text.default('.data'), {
    zh: '内置服务的数据目录',
    en: 'folder of everything the embedded services keep',
    example: '.data',
  }),
  documentFolder: setting('DOCUMENT_FOLDER', text, {
    zh: '案件材料(PDF、JPEG、PNG)的存放目录',
    en: 'folder of the documents handed in with cases',
    example: '/var/lib/jingban/documents',
  }),
  maxDocumentBytes: setting('MAX_DOCUMENT_BYTES', whole(1024, 200 * 2 ** 20).default(20 * 2 ** 20), {
    zh: '单份材料的最大字节数',
    en: 'largest document, in bytes',
    example: '20971520',
  }),
  rehearsal: setting(
    'REHEARSAL',
    z
      .enum(['true', 'false'])
      .default('false')
      .transform((value) => value === 'true'),
    {
      zh: '演练:允许单个案件快进时间;production 时不允许',
      en: 'rehearsal: single cases may be fast-forwarded; refused when NODE_ENV is production',
      example: 'false',
    },
  ),
  limitLengths: setting(
    'LIMIT_LENGTHS',
    z
      .string()
      .regex(/^(DL-\d\d=[1-9]\d?)(,DL-\d\d=[1-9]\d?)*$/)
      .refine((text) => text.split(',').every((pair) => pair.slice(0, 5) in TIME_LIMITS))
      .transform((text) => Object.fromEntries(text.split(',').map((pair) => [pair.slice(0, 5), Number(pair.slice(6))])))
      .optional(),
    {
      zh: '演练:试用其他时限长度,看看会怎样;production 时不允许',
      en: 'rehearsal: other lengths of limits, to see what would happen; refused when NODE_ENV is production',
      example: 'DL-09=3',
    },
  ),
  shutdownSeconds: setting('SHUTDOWN_SECONDS', whole(1, 600).default(20), {
    zh: '停止时等待在办请求完成的最长秒数',
    en: 'how long a process that is told to stop may finish what it has begun',
    example: '20',
  }),
  logLevel: setting('LOG_LEVEL', z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'), {
    zh: '日志级别',
    en: 'log level',
    example: 'info',
  }),
  ...IDENTITY_SETTINGS,
  ...VAULT_SETTINGS,
  ...HARDENING_SETTINGS,
  ...CODEC_SETTINGS,
  ...NOTIFY_SETTINGS,
  ...LOG_SETTINGS,
  ...SCALE_OUT_SETTINGS,
  ...TELEMETRY_SETTINGS,
} as const satisfies Record<string, Setting>;

/** Settings of `npm start` only. What is named here as a real service is used instead of the embedded one. */
export const LAUNCHER_SETTINGS = {
  nodeEnv: SETTINGS.nodeEnv,
  databaseUrl: { ...SETTINGS.databaseUrl, schema: postgres.optional() },
  databaseOwnerUrl: SETTINGS.databaseOwnerUrl,
  databaseAppRole: SETTINGS.databaseAppRole,
  temporalAddress: { ...SETTINGS.temporalAddress, schema: hostAndPort.optional() },
  temporalNamespace: SETTINGS.temporalNamespace,
  temporalTaskQueue: SETTINGS.temporalTaskQueue,
  oidcIssuer: { ...SETTINGS.oidcIssuer, schema: webAddress.optional() },
  oidcAudience: { ...SETTINGS.oidcAudience, schema: text.default('urn:jingban:api') },
  publicUrl: { ...SETTINGS.publicUrl, schema: webAddress.optional() },
  apiHost: SETTINGS.apiHost,
  apiPort: SETTINGS.apiPort,
  dataFolder: SETTINGS.dataFolder,
  documentFolder: { ...SETTINGS.documentFolder, schema: text.optional() },
  shutdownSeconds: SETTINGS.shutdownSeconds,
  ...SCALE_OUT_SETTINGS,
  // Made once in the data folder when nobody names them.
  fieldKeys: { ...VAULT_SETTINGS.fieldKeys, schema: VAULT_SETTINGS.fieldKeys.schema.optional() },
  cryptoSuite: VAULT_SETTINGS.cryptoSuite,
  workers: setting('WORKERS', whole(1, 32).default(2), {
    zh: '内置启动的 worker 数量;两个以上时,一个被终止不影响办理',
    en: 'how many workers the embedded default runs; with two, nobody notices that one is killed',
    example: '2',
  }),
  cacheFolder: setting(
    'JINGBAN_CACHE',
    text.default(() => join(homedir(), '.cache', 'jingban')),
    {
      zh: '下载或编译好的服务程序存放目录',
      en: 'folder of the engine once it was built',
      example: '/var/cache/jingban',
    },
  ),
  ...EMBEDDED_SETTINGS,
} as const satisfies Record<string, Setting>;

type Parsed<Table extends Record<string, Setting>> = { [Name in keyof Table]: z.output<Table[Name]['schema']> };

export type Config = Parsed<typeof SETTINGS>;
/** `environment` is what children inherit: PATH, proxies and the like. */
export type LauncherConfig = Parsed<typeof LAUNCHER_SETTINGS> & { environment: NodeJS.ProcessEnv };

/** All wrong settings at once, one sentence each in both languages. Values are not repeated: one may be a password. */
export class ConfigError extends Error {
  readonly wrong: readonly { name: string; zh: string; en: string }[];

  constructor(wrong: readonly { name: string; zh: string; en: string }[]) {
    super(wrong.map(({ zh, en }) => `${zh}\n${en}`).join('\n'));
    this.name = 'ConfigError';
    this.wrong = wrong;
  }
}

/** Settings of `api` and `worker`. Throws `ConfigError` naming every wrong one; an empty value counts as not set. */
export const readConfig = (env: NodeJS.ProcessEnv = process.env): Config => {
  const config = parse(SETTINGS, env);
  const contradictions = [...rehearsalFaults(config), ...identityFaults(config), ...notifyFaults(config)];
  if (contradictions.length > 0) throw new ConfigError(contradictions);
  return config;
};

/** Settings of `worker`, which seals the log: in production with a key that somebody keeps. Throws `ConfigError`. */
export const readWorkerConfig = (env: NodeJS.ProcessEnv = process.env): Config => {
  const config = readConfig(env);
  if (config.nodeEnv !== 'production' || config.logSigningKey) return config;
  const { zh, en } = SETTINGS.logSigningKey;
  const name = 'LOG_SIGNING_KEY';
  throw new ConfigError([{ name, zh: `${name} 未设置:${zh}`, en: `${name} is not set: ${en}` }]);
};

/** Settings of `npm start`. Throws `ConfigError` like `readConfig`. */
export const readLauncherConfig = (env: NodeJS.ProcessEnv = process.env): LauncherConfig => ({
  ...parse(LAUNCHER_SETTINGS, env),
  environment: env,
});

/** EX_CONFIG of sysexits.h: supervisors need not try again. */
export const CONFIG_EXIT_CODE = 78;

/** For entry points: reads the settings, or prints every wrong one and ends the process with 78. */
export const readOrExit = <Read>(read: () => Read): Read => {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    process.exit(CONFIG_EXIT_CODE);
  }
};

const parse = <Table extends Record<string, Setting>>(table: Table, env: NodeJS.ProcessEnv): Parsed<Table> => {
  const values: Record<string, unknown> = {};
  const wrong: { name: string; zh: string; en: string }[] = [];
  for (const [key, { name, schema, zh, en, example }] of Object.entries(table)) {
    const given = env[name] === '' ? undefined : env[name];
    const result = schema.safeParse(given);
    if (result.success) values[key] = result.data;
    else {
      wrong.push({
        name,
        zh: `${name} ${given === undefined ? '未设置' : '不正确'}:${zh},例如 ${example}`,
        en: `${name} is ${given === undefined ? 'not set' : 'wrong'}: ${en}, for example ${example}`,
      });
    }
  }
  if (wrong.length > 0) throw new ConfigError(wrong);
  return values as Parsed<Table>;
};
