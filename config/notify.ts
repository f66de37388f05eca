import { z } from 'zod';
import type { Setting } from '../config.ts';

/** Settings of the daily digest and of the one channel its messages leave by. */
export const NOTIFY_SETTINGS = {
  notify: {
    name: 'NOTIFY',
    zh: '每日提醒的发送方式:none(只保存,可在接口查看)、smtp 或 webhook',
    en: 'how the daily digest is sent: none (kept and readable at the API), smtp or webhook',
    example: 'smtp',
    secret: false,
    schema: z.enum(['none', 'smtp', 'webhook']).default('none'),
  },
  // `[not in the sources]`: half an hour before the windows open.
  digestAt: {
    name: 'DIGEST_AT',
    zh: '工作日发送每日提醒的时刻(北京时间,时:分)',
    en: 'time of the daily digest on working days, Asia/Shanghai',
    example: '08:30',
    secret: false,
    schema: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
      .default('08:30'),
  },
  smtpUrl: {
    name: 'SMTP_URL',
    zh: '邮件服务器地址(可含账号和密码)',
    en: 'mail server, with user and password where it asks for them',
    example: 'smtps://jingban:<password>@mail.example.org:465',
    secret: true,
    schema: z.url({ protocol: /^smtps?$/ }).optional(),
  },
  smtpFrom: {
    name: 'SMTP_FROM',
    zh: '发件人地址',
    en: 'address the messages come from',
    example: 'jingban@example.org',
    secret: false,
    schema: z.email().optional(),
  },
  webhookUrl: {
    name: 'WEBHOOK_URL',
    zh: '接收消息的地址(POST JSON),可含密钥',
    en: 'address every message is posted to as JSON, with its key where it has one',
    example: 'https://messages.example.org/jingban?key=<key>',
    // Messengers put the key into the address.
    secret: true,
    schema: z.url({ protocol: /^https?$/ }).optional(),
  },
  webhookSecret: {
    name: 'WEBHOOK_SECRET',
    zh: '消息签名(HMAC-SHA256)的密钥,至少16个字符',
    en: 'key of the signature (HMAC-SHA256) of every message, at least 16 characters',
    example: '<random text>',
    secret: true,
    schema: z.string().min(16).optional(),
  },
} as const satisfies Record<string, Setting>;

export type NotifySettings = {
  [Name in keyof typeof NOTIFY_SETTINGS]: z.output<(typeof NOTIFY_SETTINGS)[Name]['schema']>;
};

/** What each channel needs, and what is its own: set without it, somebody believes in messages that are never sent. */
const CHANNELS = [
  { notify: 'smtp', needs: ['smtpUrl', 'smtpFrom'], own: ['smtpUrl', 'smtpFrom'] },
  { notify: 'webhook', needs: ['webhookUrl'], own: ['webhookUrl', 'webhookSecret'] },
] as const;

/** One sentence, in both languages, for every setting that is missing for the channel or contradicts it. */
export function notifyFaults(config: NotifySettings): { name: string; zh: string; en: string }[] {
  return CHANNELS.flatMap(({ notify, needs, own }) => {
    const chosen = config.notify === notify;
    const wrong = chosen ? needs.filter((key) => config[key] === undefined) : own.filter((key) => config[key]);
    return wrong.map((key) => {
      const { name, zh, en, example } = NOTIFY_SETTINGS[key];
      return chosen
        ? {
            name,
            zh: `${name} 未设置,而 NOTIFY=${notify} 需要它:${zh},例如 ${example}`,
            en: `${name} is not set and NOTIFY=${notify} needs it: ${en}, for example ${example}`,
          }
        : {
            name,
            zh: `${name} 已设置,但 NOTIFY=${config.notify} 不使用它:请设 NOTIFY=${notify} 或删去 ${name}`,
            en: `${name} is set, but NOTIFY=${config.notify} does not use it: set NOTIFY=${notify} or leave ${name} out`,
          };
    });
  });
}
