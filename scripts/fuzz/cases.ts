import { z } from 'zod';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createClient } from '../demo/client.ts';
import type { System } from './system.ts';

/** Words that let a made-up request reach something: without them nearly everything ends at "no such case". */
export interface Known {
  acceptanceNos: string[];
  /** operations that take a cursor of ours or a free text: what is well formed there, JSON Schema cannot say */
  texts: string[];
}

const page = z.object({ items: z.array(z.object({ acceptanceNo: z.string() })) });
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Plays the demonstration, a case of every process, and gives what there is now. */
export async function playStories(system: System): Promise<Known> {
  const args = ['--import', 'tsx', 'scripts/demo.ts', '--api', system.api, '--issuer', system.issuer];
  await promisify(execFile)(process.execPath, args, { cwd: ROOT, maxBuffer: 2 ** 24 });
  const { items } = await createClient(system.api, system.issuer).get('city.manager', '/cases?limit=100', page);
  if (items.length === 0) throw new Error('the demonstration left no case to ask for');
  const texts = operationsWith(['cursor', 'free-text'], await fetchDocument(system));
  return { acceptanceNos: items.map(({ acceptanceNo }) => acceptanceNo), texts };
}

const part = z.record(z.string(), z.unknown());
const operation = z.looseObject({
  operationId: z.string(),
  parameters: z.unknown().optional(),
  requestBody: z.unknown().optional(),
});
const openApi = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), operation)), components: part });
type OpenApi = z.output<typeof openApi>;

const fetchDocument = async ({ api }: System): Promise<OpenApi> =>
  openApi.parse(await (await fetch(`${api}/openapi.json`)).json());

/** Ids of operations whose request has a value of one of these formats. */
function operationsWith(formats: readonly string[], document: OpenApi): string[] {
  const asksFor = (value: unknown): boolean => {
    if (typeof value !== 'object' || value === null) return false;
    const { format, $ref: reference } = value as { format?: unknown; $ref?: unknown };
    if (typeof format === 'string' && formats.includes(format)) return true;
    return typeof reference === 'string'
      ? asksFor(resolve(document, reference))
      : Object.values(value).some((inner) => asksFor(inner));
  };
  return Object.values(document.paths)
    .flatMap((path) => Object.values(path))
    .filter(({ parameters, requestBody }) => asksFor([parameters, requestBody]))
    .map(({ operationId }) => operationId);
}

const resolve = (document: OpenApi, reference: string): unknown =>
  reference
    .replace(/^#\//, '')
    .split('/')
    .reduce<unknown>((value, key) => part.parse(value)[key], document);
