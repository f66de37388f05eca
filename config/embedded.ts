import { z } from 'zod';
import type { Setting } from '../config.ts';

const port = z.coerce.number().int().min(1).max(65_535);

/** Settings of the embedded services: their ports, and where Postgres archives its write-ahead log (one's own does it by its own means). */
export const EMBEDDED_SETTINGS = {
  postgresPort: {
    name: 'POSTGRES_PORT',
    zh: '内置 Postgres 的端口',
    en: 'port of the embedded Postgres',
    example: '17432',
    secret: false,
    schema: port.default(17_432),
  },
  temporalPort: {
    name: 'TEMPORAL_PORT',
    zh: '内置 Temporal 的端口;其后七个端口也会占用',
    en: 'port of the embedded Temporal server; the seven above it are taken too',
    example: '17233',
    secret: false,
    schema: port.max(32_760).default(17_233),
  },
  issuerPort: {
    name: 'ISSUER_PORT',
    zh: '内置登录服务(OIDC)的端口',
    en: 'port of the embedded OIDC issuer',
    example: '8090',
    secret: false,
    schema: port.default(8090),
  },
  metricsPort: {
    name: 'METRICS_PORT',
    zh: '指标端口:接口用此端口,worker 依次用其后各一个;0 为不监听',
    en: 'port of the API’s figures for Prometheus; every worker takes the next one; 0 for none',
    example: '9464',
    secret: false,
    schema: z.coerce.number().int().min(0).max(65_500).default(9464),
  },
  walArchiveFolder: {
    name: 'WAL_ARCHIVE_FOLDER',
    zh: '内置 Postgres 连续归档预写日志(WAL)的目录,应在另一块磁盘或另一台机器上;不填则不归档,只能恢复到备份时',
    en: 'folder the embedded Postgres archives its write-ahead log in, on another disk or machine; without it a restore ends where the backup ended',
    example: '/mnt/backup/wal',
    secret: false,
    schema: z.string().min(1).optional(),
  },
  walArchiveSeconds: {
    name: 'WAL_ARCHIVE_SECONDS',
    zh: '最长多少秒归档一次;机器全毁时最多丢失这么久的办理',
    en: 'longest time between two pieces of the archive, in seconds; a machine that is lost takes at most so much with it',
    example: '60',
    secret: false,
    schema: z.coerce.number().int().min(1).max(86_400).default(60),
  },
} as const satisfies Record<string, Setting>;
