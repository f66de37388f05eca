import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { z } from 'zod';
import { problemSchema } from './problems.ts';
import type { Route } from './route.ts';

/** The OpenAPI 3.1 document of the route table: what is checked is what is documented. */
export function openApiDocument(routes: readonly Route[], oidcIssuer: string): ReturnType<typeof createDocument> {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) paths[route.path] = { ...paths[route.path], [route.method]: operation(route) };
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: '经办 jingban',
      version: '1.0.0',
      description:
        '城乡居民医保经办业务接口。Durable procedures of a residents’ medical insurance agency: file a case, decide it step by step, see what waits and what is stuck. ' +
        'Errors are RFC 9457 problem documents with a stable code, a Chinese and an English sentence.',
    },
    security: [{ bearer: [] }],
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: `access token of ${oidcIssuer}` },
      },
    },
  });
}

const IDEMPOTENCY_KEY = z.object({
  'Idempotency-Key': z.string().min(1).max(128).meta({
    description: '每次操作唯一；用同一编号重试不会重复办理 / unique per act; repeating with the same key does it once',
  }),
});

function operation(route: Route): ZodOpenApiOperationObject {
  const { answer } = route;
  const content =
    'schema' in answer
      ? { 'application/json': { schema: answer.schema } }
      : Object.fromEntries(answer.mediaTypes.map((type) => [type, { schema: { type: 'string' as const } }]));
  return {
    operationId: route.id,
    tags: [route.tag],
    summary: `${route.summary.zh} / ${route.summary.en}`,
    description: `${whoSentence(route)}`,
    'x-who': route.who,
    ...(route.level ? { 'x-level': route.level } : {}),
    ...(route.who === 'PUBLIC' ? { security: [] } : {}),
    requestParams: {
      ...(route.params ? { path: route.params } : {}),
      ...(route.query ? { query: route.query } : {}),
      ...(route.idempotent ? { header: IDEMPOTENCY_KEY } : {}),
    },
    ...requestBody(route),
    responses: {
      [String(answer.status)]: { description: `${answer.summary.zh} / ${answer.summary.en}`, content },
      ...Object.fromEntries(problemStatuses(route).map((status) => [status, PROBLEM])),
      default: PROBLEM,
    },
  };
}

const PROBLEM = {
  description: '问题说明（RFC 9457） / problem document',
  content: { 'application/problem+json': { schema: problemSchema } },
};

/** The refusals every route of this kind can give; `default` stands for the rest. */
const problemStatuses = (route: Route): string[] => [
  ...(route.who === 'PUBLIC' ? [] : ['401', '403']),
  ...(route.params || route.query || route.body || route.upload ? ['400'] : []),
  ...(route.params ? ['404'] : []),
  ...(route.body || route.upload ? ['413', '422'] : []),
  ...(route.idempotent ? ['409'] : []),
  ...(route.upload ? ['415'] : []),
];

const whoSentence = ({ who, level }: Route): string => {
  if (who === 'PUBLIC') return '无须登录 / no login needed';
  if (who === 'ANY') return '任何已登录账号 / any account';
  return `岗位 / roles: ${who.join(', ')}${level ? `；机构层级 / level of the office: ${level}` : ''}`;
};

function requestBody(route: Route): Pick<ZodOpenApiOperationObject, 'requestBody'> {
  if (route.upload) {
    const properties = { file: { type: 'string' as const, format: 'binary' } };
    const schema = { type: 'object' as const, properties, required: ['file'] };
    return { requestBody: { required: true, content: { 'multipart/form-data': { schema } } } };
  }
  if (!route.body) return {};
  return { requestBody: { required: true, content: { 'application/json': { schema: route.bodyDoc ?? route.body } } } };
}
