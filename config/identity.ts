import { z } from 'zod';
import type { Setting } from '../config.ts';
import { webAddress } from './web-address.ts';

const whole = (least: number, most: number) => z.coerce.number().int().min(least).max(most);
const MOST_A_MINUTE = 1_000_000;

/** Settings of logins, console sessions and of how often one account may ask. */
export const IDENTITY_SETTINGS = {
  publicUrl: {
    name: 'PUBLIC_URL',
    zh: '浏览器访问本系统的地址(只含协议、主机、端口);以 https 开头时,浏览器会被告知只用 https(HSTS)',
    en: 'where browsers reach this system (scheme, host and port only); when it is https, they are told to use nothing else (HSTS)',
    example: 'https://jingban.example.org',
    secret: false,
    schema: webAddress
      .refine((url) => new URL(url).origin === url.replace(/\/$/, ''))
      .transform((url) => new URL(url).origin)
      .default('http://127.0.0.1:8080'),
  },
  oidcClientId: {
    name: 'OIDC_CLIENT_ID',
    zh: '控制台在签发者处登记的客户端;不填则没有控制台登录,只能用访问令牌',
    en: 'the console’s client at the issuer; without it there is no console login, only bearer tokens',
    example: 'jingban-console',
    secret: false,
    schema: z.string().min(1).optional(),
  },
  oidcClientSecret: {
    name: 'OIDC_CLIENT_SECRET',
    zh: '该客户端的密钥(公开客户端不填;PKCE 始终使用)',
    en: 'secret of that client (none for a public client; PKCE is used either way)',
    example: '<random text>',
    secret: true,
    schema: z.string().min(16).optional(),
  },
  sessionIdleMinutes: {
    name: 'SESSION_IDLE_MINUTES',
    zh: '控制台无操作多少分钟后自动退出',
    en: 'minutes without activity after which a console session ends',
    example: '15',
    secret: false,
    schema: whole(1, 60).default(15),
  },
  sessionHours: {
    name: 'SESSION_HOURS',
    zh: '控制台登录最长持续多少小时',
    en: 'hours after which a console session ends whatever happens',
    example: '8',
    secret: false,
    schema: whole(1, 12).default(8),
  },
  sessionsPerAccount: {
    name: 'SESSIONS_PER_ACCOUNT',
    zh: '每个账号可同时登录一处(one)还是多处(many);one 时新登录会结束旧登录',
    en: 'one console session per account, where a new login ends the old one, or many',
    example: 'one',
    secret: false,
    schema: z.enum(['one', 'many']).default('one'),
  },
  // Far above what a person can do, far below what a program can: a filing takes a clerk minutes.
  filingsAMinute: {
    name: 'FILINGS_A_MINUTE',
    zh: '每个账号每分钟最多受理的业务数',
    en: 'filings one account may make in a minute',
    example: '1200',
    secret: false,
    schema: whole(1, MOST_A_MINUTE).default(1200),
  },
  searchesAMinute: {
    name: 'SEARCHES_A_MINUTE',
    zh: '每个账号每分钟最多按姓名或身份证号检索的次数',
    en: 'searches by name or ID number one account may make in a minute',
    example: '120',
    secret: false,
    schema: whole(1, MOST_A_MINUTE).default(120),
  },
  revealsAMinute: {
    name: 'REVEALS_A_MINUTE',
    zh: '每个账号每分钟最多查看完整个人信息的次数',
    en: 'times one account may see personal data in full in a minute',
    example: '60',
    secret: false,
    schema: whole(1, MOST_A_MINUTE).default(60),
  },
  failedLoginsAMinute: {
    name: 'FAILED_LOGINS_A_MINUTE',
    zh: '每个来源地址每分钟最多失败的登录次数(按进程计),超过即视为猜测',
    en: 'logins that may fail from one address in a minute, per process; more are guesses',
    example: '600',
    secret: false,
    schema: whole(1, MOST_A_MINUTE).default(600),
  },
  trustProxy: {
    name: 'TRUST_PROXY',
    zh: '前面有几层可信代理;0 表示不采信 X-Forwarded-For',
    en: 'how many proxies in front are ours; with 0 X-Forwarded-For is not believed',
    example: '1',
    secret: false,
    schema: whole(0, 5).default(0),
  },
} as const satisfies Record<string, Setting>;

export type IdentitySettings = {
  [Name in keyof typeof IDENTITY_SETTINGS]: z.output<(typeof IDENTITY_SETTINGS)[Name]['schema']>;
};

interface Surroundings {
  nodeEnv: string;
  oidcIssuer: string;
}

/** One sentence, in both languages, for every setting that contradicts another. */
export function identityFaults(config: IdentitySettings & Surroundings): { name: string; zh: string; en: string }[] {
  const faults: { name: string; zh: string; en: string }[] = [];
  const { publicUrl, oidcClientId, oidcClientSecret } = IDENTITY_SETTINGS;
  if (config.nodeEnv === 'production' && config.oidcClientId !== undefined && !config.publicUrl.startsWith('https:'))
    faults.push({
      name: publicUrl.name,
      zh: `${publicUrl.name} 在 NODE_ENV=production 且有控制台登录时必须是 https:会话 Cookie 不得明文传送,例如 ${publicUrl.example}`,
      en: `${publicUrl.name} must be https when NODE_ENV is production and the console logs in: its cookie must not travel in clear, for example ${publicUrl.example}`,
    });
  if (config.nodeEnv === 'production' && !config.oidcIssuer.startsWith('https:'))
    faults.push({
      name: 'OIDC_ISSUER',
      zh: 'OIDC_ISSUER 在 NODE_ENV=production 时必须是 https:签名公钥不得经明文取得',
      en: 'OIDC_ISSUER must be https when NODE_ENV is production: the keys that say who is asking must not come in clear',
    });
  if (config.oidcClientSecret !== undefined && config.oidcClientId === undefined)
    faults.push({
      name: oidcClientSecret.name,
      zh: `${oidcClientSecret.name} 已设置,但没有 ${oidcClientId.name}`,
      en: `${oidcClientSecret.name} is set, but ${oidcClientId.name} is not`,
    });
  return faults;
}
