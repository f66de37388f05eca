import { z } from 'zod';
import type { Setting } from '../config.ts';
import { parseKeyring } from '../vault/keyring.ts';
import { SUITES } from '../vault/suite.ts';

/** The keys that sensitive fields are sealed with. They wrap the data keys in the database, and are never in it. */
export const VAULT_SETTINGS = {
  fieldKeys: {
    name: 'FIELD_KEYS',
    zh: '字段加密主密钥,<版本>:<48个随机字节的base64>,以逗号分隔,最后一个为当前密钥;遗失后已加密的数据无法恢复',
    en: 'master keys of sealed fields, <version>:<base64 of 48 random bytes>, separated by commas, the last one current; data sealed with a lost key are lost',
    example: '1:<openssl rand -base64 48>',
    secret: true,
    schema: z.string().refine(isKeyring),
  },
  cryptoSuite: {
    name: 'CRYPTO_SUITE',
    zh: '加密算法:intl(AES-256-GCM、SHA-256)或 gm(国密 SM4、SM3);更改后新数据用新算法,旧数据仍可读',
    en: 'algorithms: intl (AES-256-GCM, SHA-256) or gm (SM4, SM3); after a change `npm run keys -- rotate` begins a data key of the new ones, and old data stay readable',
    example: 'intl',
    secret: false,
    schema: z.enum(SUITES).default('intl'),
  },
} as const satisfies Record<string, Setting>;

export type VaultSettings = {
  [Name in keyof typeof VAULT_SETTINGS]: z.output<(typeof VAULT_SETTINGS)[Name]['schema']>;
};

function isKeyring(text: string): boolean {
  try {
    return parseKeyring(text, 'intl').all.size > 0;
  } catch (problem) {
    if (problem instanceof RangeError) return false;
    throw problem;
  }
}
