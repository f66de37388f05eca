import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import request from 'supertest';
import { findFreePorts } from '../../embedded/ports.ts';
import { TEST_VAULT } from '../support/keys.ts';
import { openAgency, type Agency } from './agency.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

let agency: Agency;
beforeAll(async () => {
  agency = await openAgency();
});
afterAll(() => agency?.close());

interface Process {
  child: ChildProcess;
  output: () => string;
  exited: Promise<number | null>;
}

function start(settings: Record<string, string>): Process {
  const env = { PATH: process.env['PATH'], NODE_ENV: 'test', ...settings };
  const child = spawn(process.execPath, ['--import', 'tsx', 'api/main.ts'], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { child, output: () => output, exited: once(child, 'exit').then(([code]) => code as number | null) };
}

const settings = (port: number): Record<string, string> => ({
  DATABASE_URL: agency.office.databaseUrl,
  TEMPORAL_ADDRESS: agency.office.engine.address,
  TEMPORAL_NAMESPACE: agency.office.engine.namespace,
  TEMPORAL_TASK_QUEUE: agency.office.deps.config.temporalTaskQueue,
  OIDC_ISSUER: agency.issuer.url,
  FIELD_KEYS: TEST_VAULT.fieldKeys,
  OIDC_AUDIENCE: agency.issuer.audience,
  DOCUMENT_FOLDER: agency.documentFolder,
  API_PORT: String(port),
});

async function untilAnswering({ child, output }: Process, url: string): Promise<void> {
  while (child.exitCode === null) {
    const answered = await fetch(`${url}/healthz`).then(
      (response) => response.ok,
      () => false,
    );
    if (answered) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the API ended: ${output()}`);
}

it('serves, and when told to stop answers what it has begun, writes its log and goes with 0', async () => {
  const port = await findFreePorts(1);
  const api = start(settings(port));
  const url = `http://127.0.0.1:${port}`;
  await untilAnswering(api, url);
  const authorization = agency.authorization('county1.first');
  await request(url).get('/api/v1/stuck').set('Authorization', authorization).expect(403);
  const begun = request(url)
    .get('/api/v1/processes')
    .set('Authorization', authorization)
    .then((answer) => answer.status);
  await request(url).get('/healthz').expect(200);
  api.child.kill('SIGTERM');
  expect(await begun).toBe(200);
  expect(await api.exited).toBe(0);
  const { rows } = await agency.office.deps.db.query('SELECT code FROM access_log WHERE user_id = $1', [
    's-county1.first',
  ]);
  expect(rows).toEqual([{ code: 'NOT_PERMITTED' }]);
}, 60_000);

it('says in a sentence that its port is taken, and ends', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address() as { port: number };
  const api = start(settings(port));
  expect(await api.exited).toBe(1);
  expect(api.output()).toContain(`port ${port} is taken: set API_PORT to another one`);
  taken.close();
}, 60_000);

it('names every wrong setting at once, and ends', async () => {
  const api = start({ DATABASE_URL: 'mysql://x', API_PORT: 'many' });
  expect(await api.exited).toBe(78);
  for (const name of [
    'DATABASE_URL',
    'TEMPORAL_ADDRESS',
    'OIDC_ISSUER',
    'OIDC_AUDIENCE',
    'DOCUMENT_FOLDER',
    'FIELD_KEYS',
    'API_PORT',
  ])
    expect(api.output()).toContain(name);
}, 60_000);
