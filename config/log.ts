import { z } from 'zod';
import type { Setting } from '../config.ts';

/** Settings of the log's heads and of the roles that write it. */
export const LOG_SETTINGS = {
  logSigningKey: {
    name: 'LOG_SIGNING_KEY',
    zh: '日志封条的签名私钥(Ed25519 或国密 SM2,PKCS8,PEM 或 base64);production 的 worker 必须设置,否则在数据目录中生成',
    en: 'private key the heads of the log are signed with (Ed25519 or SM2, PKCS8, PEM or base64); a worker in production needs it, otherwise one is made in the data folder',
    example: '<openssl genpkey -algorithm ed25519 -outform DER | base64 -w0>',
    secret: true,
    schema: z.string().min(1).optional(),
  },
  logPublicKeys: {
    name: 'LOG_PUBLIC_KEYS',
    zh: '以前的签名公钥(SPKI,base64,逗号分隔),用于核验更换密钥之前的封条',
    en: 'public keys of before (SPKI, base64, with commas), to check heads from before the key was changed',
    example: 'MCowBQYDK2VwAyEA...',
    secret: false,
    schema: z
      .string()
      .transform((text) => text.split(',').map((key) => key.trim()))
      .optional(),
  },
  headEverySeconds: {
    name: 'HEAD_EVERY_SECONDS',
    zh: '每隔多少秒封存一次日志',
    en: 'seconds between two heads of the log',
    example: '60',
    secret: false,
    schema: z.coerce.number().int().min(1).max(86_400).default(60),
  },
  witnessFolder: {
    name: 'WITNESS_FOLDER',
    zh: '数据库之外保存日志封条的目录(默认:数据目录下的 witness),应放在别的机器可读、数据库管理员不可写的地方',
    en: 'folder outside the database where heads are kept, too (default: witness in the data folder); best where no administrator of the database can write',
    example: '/var/lib/jingban/witness',
    secret: false,
    schema: z.string().min(1).optional(),
  },
  databaseOwnerUrl: {
    name: 'DATABASE_OWNER_URL',
    zh: '数据库属主的连接串,仅迁移使用(默认:DATABASE_URL)',
    en: 'connection string of the owner of the tables, for migrations only (default: DATABASE_URL)',
    example: 'postgres://jingban:<password>@db.example.org:5432/jingban',
    secret: true,
    schema: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  },
  databaseAppRole: {
    name: 'DATABASE_APP_ROLE',
    zh: '程序使用的数据库角色,只有必要的权限,不能修改或删除日志',
    en: 'database role the program works as, with the rights it needs and none to change or delete the log',
    example: 'jingban_app',
    secret: false,
    schema: z
      .string()
      .regex(/^[a-z_][a-z0-9_]{0,62}$/)
      .default('jingban_app'),
  },
} as const satisfies Record<string, Setting>;
