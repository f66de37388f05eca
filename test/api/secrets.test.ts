import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { findFreePorts } from '../../embedded/ports.ts';
import { ROOT } from '../tidy/sources.ts';
import { TEST_VAULT } from '../support/keys.ts';
import { openAgency, type Agency } from './agency.ts';

/** What a started API says, at its most talkative, holds none of the secrets it was given. */
let agency: Agency;
beforeAll(async () => {
  agency = await openAgency();
});
afterAll(() => agency?.close());

const WEBHOOK_SECRET = 'planted-webhook-b1Z9k';
const WEBHOOK_KEY = 'planted-key-b1Z9k';
const PASSWORD = 'planted-password-b1Z9k';

/** Starts the API, does `work` with it and stops it; gives everything it wrote. */
async function outputOf(settings: Record<string, string>, work: (url: string) => Promise<void>): Promise<string> {
  const port = await findFreePorts(1);
  const env = {
    PATH: process.env['PATH'],
    NODE_ENV: 'test',
    LOG_LEVEL: 'trace',
    DATABASE_URL: agency.office.databaseUrl,
    TEMPORAL_ADDRESS: agency.office.engine.address,
    TEMPORAL_NAMESPACE: agency.office.engine.namespace,
    OIDC_ISSUER: agency.issuer.url,
    OIDC_AUDIENCE: agency.issuer.audience,
    FIELD_KEYS: TEST_VAULT.fieldKeys,
    DOCUMENT_FOLDER: agency.documentFolder,
    API_PORT: String(port),
    NOTIFY: 'webhook',
    WEBHOOK_URL: `https://example.org/send?key=${WEBHOOK_KEY}`,
    WEBHOOK_SECRET,
    ...settings,
  };
  const child = spawn(process.execPath, ['--import', 'tsx', 'api/main.ts'], { cwd: ROOT, env, stdio: 'pipe' });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const url = `http://127.0.0.1:${port}`;
  const answers = (): Promise<boolean> =>
    fetch(`${url}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (child.exitCode === null && !(await answers())) await new Promise((resolve) => setTimeout(resolve, 100));
  try {
    await work(url);
  } finally {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
  }
  return output;
}

const PLANTED = [WEBHOOK_SECRET, WEBHOOK_KEY, PASSWORD, TEST_VAULT.fieldKeys.slice(2)];
const none = (output: string, more: readonly string[]): void =>
  [...PLANTED, ...more].forEach((secret) =>
    expect([secret.slice(0, 12), output.includes(secret) || output.includes(encodeURIComponent(secret))]).toEqual([
      secret.slice(0, 12),
      false,
    ]),
  );

it('neither of its settings nor of the logins of those who ask', async () => {
  const { password } = new URL(agency.office.databaseUrl);
  const authorization = agency.authorization('town1.clerk');
  const output = await outputOf({}, async (url) => {
    const ask = (path: string, headers: Record<string, string>): Promise<Response> =>
      fetch(`${url}${path}`, { headers: { cookie: `session=${PASSWORD}`, ...headers } });
    expect((await ask('/api/v1/me', { authorization })).status).toBe(200);
    expect((await ask('/api/v1/me', { authorization: `Bearer ${PASSWORD}` })).status).toBe(401);
    expect((await ask(`/api/v1/cases?q=${PASSWORD}`, { authorization })).status).toBeLessThan(500);
    expect((await ask('/readyz', {})).status).toBeLessThan(600);
  });
  expect(output).toContain('answered');
  none(output, [authorization.slice('Bearer '.length), ...(password.length > 7 ? [password] : [])]);
}, 120_000);

it('nor when the store cannot be reached', async () => {
  const nobody = await findFreePorts(1);
  const settings = { DATABASE_URL: `postgres://jingban:${PASSWORD}@127.0.0.1:${nobody}/none` };
  const output = await outputOf(settings, async (url) => {
    const headers = { authorization: agency.authorization('town1.clerk') };
    expect((await fetch(`${url}/api/v1/me`, { headers })).status).toBe(503);
  });
  expect(output).toContain('not answered');
  none(output, []);
}, 120_000);
