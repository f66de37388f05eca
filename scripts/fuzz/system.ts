import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { CLIENT_ID, DEMO_PASSWORD } from '../../embedded/demo-login.ts';
import { findFreePorts } from '../../embedded/ports.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** On a machine that has no engine yet it is built first, which takes minutes. */
const READY_WITHIN_MS = 15 * 60_000;
const PAUSE_MS = 500;

/** The whole system on ports and a folder of its own, for one run. */
export interface System {
  api: string;
  issuer: string;
  /** an access token of a demo account */
  tokenOf(username: string): Promise<string>;
  stop(): Promise<void>;
}

/**
 * Starts `npm start` with its embedded services on free ports; what it keeps goes below `folder`. Throws with what it printed when
 * it ends before it is ready. `environment`: what children inherit.
 */
export async function startSystem(folder: string, environment: NodeJS.ProcessEnv): Promise<System> {
  const first = await findFreePorts(11);
  const [api, issuer] = [`http://127.0.0.1:${first}`, `http://127.0.0.1:${first + 1}`];
  const child = spawn(process.execPath, ['--import', 'tsx', 'embedded/start.ts'], {
    cwd: ROOT,
    env: {
      ...withoutServices(environment),
      // Nobody asks so much so fast as this one: the limits have tests of their own.
      ...{ FILINGS_A_MINUTE: '1000000', SEARCHES_A_MINUTE: '1000000', REVEALS_A_MINUTE: '1000000' },
      FAILED_LOGINS_A_MINUTE: '1000000',
      DATA_FOLDER: join(folder, 'data'),
      API_PORT: String(first),
      ISSUER_PORT: String(first + 1),
      POSTGRES_PORT: String(first + 2),
      TEMPORAL_PORT: String(first + 3),
      LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = once(child, 'exit');
  const stop = async (): Promise<void> => {
    if (child.exitCode === null) child.kill('SIGTERM');
    await ended;
  };
  try {
    await untilReady(api, () => child.exitCode === null);
  } catch (problem) {
    await stop();
    throw new Error(`the system did not come up:\n${output}`, { cause: problem });
  }
  return { api, issuer, tokenOf: (username) => logIn(issuer, username), stop };
}

/**
 * Nothing outside is fuzzed by accident: a database, engine or issuer of the caller's environment is not used. The launcher ends by
 * itself when we are gone, as it does below npm.
 */
function withoutServices(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { DATABASE_URL: _d, TEMPORAL_ADDRESS: _t, OIDC_ISSUER: _o, NODE_ENV: _n, ...rest } = environment;
  return { ...rest, npm_lifecycle_event: 'fuzz' };
}

async function untilReady(api: string, lives: () => boolean): Promise<void> {
  for (const from = Date.now(); Date.now() - from < READY_WITHIN_MS;) {
    if (!lives()) throw new Error('it ended');
    const ready = await fetch(`${api}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  throw new Error('it was not ready in time');
}

const granted = z.object({ access_token: z.string() });

async function logIn(issuer: string, username: string): Promise<string> {
  const form = { grant_type: 'password', client_id: CLIENT_ID, username, password: DEMO_PASSWORD };
  const response = await fetch(`${issuer}/token`, { method: 'POST', body: new URLSearchParams(form) });
  if (!response.ok) throw new Error(`${username} cannot log in: ${response.status}`);
  return granted.parse(await response.json()).access_token;
}
