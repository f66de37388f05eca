import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import { apiService, apiUrl } from '../embedded/application.ts';
import { findFreePorts } from '../embedded/ports.ts';
import type { Running } from '../embedded/service.ts';
import type { Side } from './load.ts';
import { CLERK, DECISIONS, DOCUMENTS, PROCESS, decisionAt, filingForm } from './ours.ts';
import type { Bench } from './surroundings.ts';

/** A running API and who may call it. */
export interface Api {
  running: Running;
  url: string;
  tokens: ReadonlyMap<string, string>;
}

/**
 * The API as `npm start` runs it, trusting a key made for this measurement: logging in is not what is measured. `execArgv` goes to
 * node, for a profile.
 */
export async function startApi(bench: Bench, taskQueue: string, execArgv: readonly string[] = []): Promise<Api> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const kid = randomUUID();
  const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' }] });
  const keys = await serve(jwks);
  bench.atTheEnd(() => void keys.close());
  const around = bench.around(taskQueue);
  const { oidcIssuer, config } = { ...around, config: { ...around.config, apiPort: await findFreePorts(1) } };
  const service = apiService({ ...around, config });
  const { port } = keys.address() as AddressInfo;
  const env = {
    ...service.command.env,
    API_PORT: String(config.apiPort),
    OIDC_JWKS_URL: `http://127.0.0.1:${port}/`,
    LOG_LEVEL: 'warn',
    // One account files here what a whole city does.
    FILINGS_A_MINUTE: '1000000',
  };
  const args = [...execArgv, ...service.command.args];
  const running = await bench.start({ ...service, command: { ...service.command, args, env } });
  const tokens = new Map<string, string>();
  for (const username of new Set(DECISIONS.map((decision) => decision.username))) {
    const token = new SignJWT()
      .setProtectedHeader({ alg: 'RS256', kid, typ: 'at+jwt' })
      .setIssuedAt()
      .setSubject(`s-${username}`)
      .setIssuer(oidcIssuer);
    tokens.set(username, await token.setAudience(config.oidcAudience).setExpirationTime('1h').sign(privateKey));
  }
  return { running, url: `${apiUrl(config)}/api/v1`, tokens };
}

/** The same cases over HTTP: with the login checked, the body parsed and the access logged. */
export async function oursByHttp({ say }: Bench, api: Api): Promise<Side> {
  const documents: { type: string; documentId: string }[] = [];
  for (const type of DOCUMENTS) documents.push({ type, documentId: await upload(api, type) });
  say(`the API answers at ${api.url}`);
  return {
    name: 'jingban, HTTP',
    decisionsPerCase: DECISIONS.length,
    async file() {
      const filing = { processType: PROCESS, form: filingForm(), documents };
      const { acceptanceNo } = await post<{ acceptanceNo: string }>(api, CLERK, '/cases', JSON.stringify(filing));
      return acceptanceNo;
    },
    async decide(acceptanceNo, nth) {
      const { step, username } = decisionAt(nth);
      await post(api, username, `/cases/${acceptanceNo}/decisions`, JSON.stringify({ step, decision: 'APPROVE' }));
    },
  };
}

async function upload(api: Api, type: string): Promise<string> {
  const form = new FormData();
  form.append('file', new Blob([`%PDF-1.4\n% ${type}\n%%EOF\n`], { type: 'application/pdf' }), `${type}.pdf`);
  const { documentId } = await post<{ documentId: string }>(api, CLERK, '/documents', form);
  return documentId;
}

/** Asks, and asks again with the same key while the API answers that it cannot right now; the whole time counts. */
async function post<Answer>(
  { url, tokens }: Api,
  username: string,
  path: string,
  body: string | FormData,
): Promise<Answer> {
  const headers = {
    Authorization: `Bearer ${tokens.get(username) ?? ''}`,
    'Idempotency-Key': randomUUID(),
    ...(typeof body === 'string' ? { 'Content-Type': 'application/json' } : {}),
  };
  for (;;) {
    const response = await fetch(`${url}${path}`, { method: 'POST', headers, body });
    if (response.ok) return (await response.json()) as Answer;
    const problem = await response.text();
    if (response.status !== 503) throw new Error(`${path} answered ${response.status}: ${problem}`);
  }
}

const serve = (json: string): Promise<Server> =>
  new Promise((resolve) => {
    const server = createServer((_request, response) => {
      response.setHeader('Content-Type', 'application/json');
      response.end(json);
    });
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
