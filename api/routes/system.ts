import { z } from 'zod';
import { readiness } from '../health.ts';
import { openApiDocument } from '../openapi.ts';
import { defineRoute, type Route } from '../route.ts';

const check = z.strictObject({ ok: z.boolean(), problem: z.string().optional() });

/** What machines ask: is the process alive, can it work, what does it offer. */
export function systemRoutes(accepting: () => boolean, all: () => readonly Route[]): Route[] {
  // Made when first asked for: the table is not complete before this function has returned.
  let document: unknown;
  return [
    defineRoute({
      method: 'get',
      path: '/healthz',
      id: 'health',
      tag: '系统 / system',
      summary: { zh: '进程是否存活', en: 'is the process alive' },
      action: 'SYSTEM_STATUS',
      answer: {
        status: 200,
        summary: { zh: '存活', en: 'alive' },
        schema: z.strictObject({ status: z.literal('ok') }),
      },
      async handle() {
        return { json: { status: 'ok' } };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/readyz',
      id: 'ready',
      tag: '系统 / system',
      summary: { zh: '是否可以办理：数据库、引擎、worker', en: 'can it work: store, engine, worker' },
      action: 'SYSTEM_STATUS',
      answer: {
        status: 200,
        summary: { zh: '可以（不可以时为 503，内容相同）', en: 'ready (503 with the same content when not)' },
        schema: z.strictObject({
          ready: z.boolean(),
          checks: z.strictObject({ accepting: check, database: check, engine: check, worker: check }),
        }),
      },
      async handle(deps) {
        const json = await readiness(deps, accepting());
        return { json, status: json.ready ? 200 : 503 };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/openapi.json',
      id: 'openapi',
      tag: '系统 / system',
      summary: { zh: 'OpenAPI 3.1 文档', en: 'the OpenAPI 3.1 document' },
      action: 'SYSTEM_STATUS',
      answer: { status: 200, summary: { zh: '接口文档', en: 'this document' }, mediaTypes: ['application/json'] },
      async handle(deps) {
        document ??= openApiDocument(all(), deps.config.oidcIssuer);
        return { json: document };
      },
    }),
  ];
}
