import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { z } from 'zod';
import { ACTIONS, BY_DEPUTY } from '../domain/permissions/actions.ts';
import { isPublic, rolesOf } from '../domain/permissions/permitted.ts';
import { EVERY_ROLE } from '../domain/permissions/roles.ts';
import { problemSchema } from './problems.ts';
import type { Route } from './route.ts';
import { staffId } from './schemas.ts';

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

const ACTING_FOR = z.object({
  'X-Acting-For': staffId
    .optional()
    .meta({ description: '代办：被代办人的工号 / staff id of the person in whose place the caller acts' }),
});

function headersOf({ idempotent, action }: Route): { header?: z.ZodObject } {
  const acting = BY_DEPUTY.includes(action);
  if (idempotent) return { header: acting ? IDEMPOTENCY_KEY.extend(ACTING_FOR.shape) : IDEMPOTENCY_KEY };
  return acting ? { header: ACTING_FOR } : {};
}

function operation(route: Route): ZodOpenApiOperationObject {
  const { answer } = route;
  const content =
    'schema' in answer
      ? {
          'application/json': { schema: answer.schema },
          ...(route.table ? { 'text/csv': { schema: { type: 'string' as const } } } : {}),
        }
      : Object.fromEntries(answer.mediaTypes.map((type) => [type, { schema: { type: 'string' as const } }]));
  return {
    operationId: route.id,
    tags: [route.tag],
    summary: `${route.summary.zh} / ${route.summary.en}`,
    description: `${whoSentence(route)}`,
    'x-action': route.action,
    ...(isPublic(route.action) ? { security: [] } : {}),
    requestParams: {
      ...(route.params ? { path: route.params } : {}),
      ...(route.query ? { query: route.query } : {}),
      ...headersOf(route),
    },
    ...requestBody(route),
    responses: {
      [String(answer.status)]: {
        description: `${answer.summary.zh} / ${answer.summary.en}`,
        content,
        ...linksOf(route),
      },
      ...Object.fromEntries(problemStatuses(route).map((status) => [status, PROBLEM])),
      default: PROBLEM,
    },
  };
}

/** What can be asked next with the answer of a call: a program, and a fuzzer, follow them from call to call. */
const OF_A_CASE = [
  'getCase',
  'decide',
  'listEvents',
  'listDocuments',
  'clockProof',
  'viewOutput',
  'printOutput',
  'revealCase',
];
/** Of a list, the first on the page. */
const FIRST = 'items/0/';
const LINKS: Record<string, { field: string; to: readonly string[]; under?: string }> = {
  fileCase: { field: 'acceptanceNo', to: OF_A_CASE },
  decide: { field: 'acceptanceNo', to: ['getCase', 'listEvents'] },
  uploadDocument: { field: 'documentId', to: ['getDocument'] },
  appointDeputy: { field: 'deputyNo', to: ['endDeputy'] },
  declareRelative: { field: 'relativeId', to: ['endRelative'] },
  listCases: { field: 'acceptanceNo', under: FIRST, to: [...OF_A_CASE, 'evidence', 'fastForward'] },
  searchCases: { field: 'acceptanceNo', under: FIRST, to: OF_A_CASE },
  desk: { field: 'acceptanceNo', under: `mine/${FIRST}`, to: ['getCase', 'decide'] },
  stuck: { field: 'acceptanceNo', under: FIRST, to: ['getCase', 'clockProof'] },
  listDuties: { field: 'dutyId', under: FIRST, to: ['getDuty', 'markDutyDone'] },
  listDeputies: { field: 'deputyNo', under: FIRST, to: ['endDeputy'] },
  listPaymentLists: { field: 'listNo', under: FIRST, to: ['getPaymentList'] },
  listOffices: { field: 'officeId', under: FIRST, to: ['listStaff'] },
  listAccounts: { field: 'staffId', under: FIRST, to: ['listAccountEvents'] },
};

function linksOf({ id }: Route): {
  links?: Record<string, { operationId: string; parameters: Record<string, string> }>;
} {
  const link = LINKS[id];
  if (!link) return {};
  const parameters = { [link.field]: `$response.body#/${link.under ?? ''}${link.field}` };
  return { links: Object.fromEntries(link.to.map((operationId) => [operationId, { operationId, parameters }])) };
}

const PROBLEM = {
  description: '问题说明（RFC 9457） / problem document',
  content: { 'application/problem+json': { schema: problemSchema } },
};

/** The refusals every route of this kind can give; `default` stands for the rest. */
const problemStatuses = (route: Route): string[] => [
  ...(isPublic(route.action) ? [] : ['401', '403']),
  ...(route.params || route.query || route.body || route.upload ? ['400'] : []),
  ...(route.params ? ['404'] : []),
  ...(route.body || route.upload ? ['413', '422'] : []),
  ...(route.idempotent ? ['409'] : []),
  ...(route.upload ? ['415'] : []),
];

const whoSentence = ({ action }: Route): string => {
  if (isPublic(action)) return '无须登录 / no login needed';
  const roles = rolesOf(action);
  const who = EVERY_ROLE.every((role) => roles.includes(role))
    ? '任何已登录账号 / any account'
    : `岗位 / roles: ${roles.join(', ')}`;
  return `${ACTIONS[action].zh} / ${ACTIONS[action].en}. ${who}`;
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
