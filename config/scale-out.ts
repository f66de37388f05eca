import { z } from 'zod';
import type { Setting } from '../config.ts';

/** Settings of a system of many processes: how a new release takes over from the one that runs (docs/operations/deploying.md). */
export const SCALE_OUT_SETTINGS = {
  workerVersioning: {
    name: 'WORKER_VERSIONING',
    zh: '按版本分配案件:on 时新旧版本的 worker 可并存,短流程在开始时的版本上办完;切换版本用 npm run deploy',
    en: 'on: workers of two releases may run side by side, and short procedures end on the release they began with; npm run deploy says which one is current',
    example: 'on',
    secret: false,
    schema: z.enum(['on', 'off']).default('off'),
  },
  deploymentName: {
    name: 'DEPLOYMENT_NAME',
    zh: '在 Temporal 中登记版本所用的名称,一个任务队列一个',
    en: 'name under which the engine knows the releases of this system; one for each task queue',
    example: 'jingban',
    secret: false,
    schema: z
      .string()
      .regex(/^[A-Za-z0-9][\w-]{0,99}$/)
      .default('jingban'),
  },
  buildId: {
    name: 'BUILD_ID',
    zh: '本版本的标识;不填则由流程代码的内容得出,流程未变则标识不变',
    en: 'what this release is called; by default made from the content of the procedures, so that it changes exactly when they do',
    example: '2026-12-01',
    secret: false,
    schema: z
      .string()
      .regex(/^[A-Za-z0-9][\w-]{0,99}$/)
      .optional(),
  },
  databaseReadUrl: {
    name: 'DATABASE_READ_URL',
    zh: '只读副本的连接串:列表、查询、滞留件、统计从此读取(可能滞后几秒);办理始终使用 DATABASE_URL',
    en: 'connection string of a read replica: lists, searches, the stuck list and reports are read there and may be seconds old; whatever is decided uses DATABASE_URL',
    example: 'postgres://jingban:<password>@db-replica.example.org:5432/jingban',
    secret: true,
    schema: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  },
} as const satisfies Record<string, Setting>;

export interface DeploymentSettings {
  workerVersioning: 'on' | 'off';
  deploymentName: string;
  buildId?: string | undefined;
}
