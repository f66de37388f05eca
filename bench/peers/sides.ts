import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findFreePorts } from '../../embedded/ports.ts';
import type { Running } from '../../embedded/service.ts';
import type { Side } from '../load.ts';
import type { Bench } from '../surroundings.ts';

/** Where `npm ci --prefix bench/peers` puts what the root does not install. */
const FOLDER = 'bench/peers';

export const peersInstalled = (bench: Bench): boolean =>
  existsSync(join(bench.root, FOLDER, 'node_modules', '@dbos-inc', 'dbos-sdk'));

type Program = { name: string; file: string; args: string[]; env?: Record<string, string>; ready: () => Promise<void> };

const startPeer = (bench: Bench, { name, file, args, env, ready }: Program): Promise<Running> =>
  bench.start({
    command: {
      name,
      file,
      args,
      env: { ...bench.around('').config.environment, ...env },
      cwd: join(bench.root, FOLDER),
      logFile: join(bench.folder, 'logs', `${name}.log`),
    },
    ready,
    readyWithinSeconds: 60,
    stopSignal: 'SIGTERM',
    stopWithinSeconds: 10,
  });

const node = (bench: Bench, program: string, port: number): string[] => [
  join(bench.root, FOLDER, program),
  '--url',
  bench.around('').databaseUrl,
  '--port',
  String(port),
];

async function post<Answer>(url: string, body: object, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
    // A peer that repeats for good what fails must not be waited for as long.
    signal: AbortSignal.timeout(60_000),
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Answer;
}

const newDecision = (nth: number): { nth: number; key: string; userId: string; decision: string } => ({
  nth,
  key: randomUUID(),
  userId: 's-town1.clerk',
  decision: 'APPROVE',
});

/** DBOS keeps its journal in the same Postgres, and works in the process that is asked. */
export async function dbos(bench: Bench, decisionsPerCase: number): Promise<Side> {
  const port = await findFreePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const ready = async (): Promise<void> => void (await fetch(url));
  await startPeer(bench, { name: 'dbos', file: process.execPath, args: node(bench, 'dbos.js', port), ready });
  return {
    name: 'DBOS',
    decisionsPerCase,
    async file() {
      const caseId = randomUUID();
      await post(`${url}/file`, { caseId, decisions: decisionsPerCase });
      return caseId;
    },
    async decide(caseId, nth) {
      const answer = await post<{ version: number } | null>(`${url}/decide`, { caseId, ...newDecision(nth) });
      if (answer?.version !== nth + 1) throw new Error(`DBOS answered ${JSON.stringify(answer)}`);
    },
  };
}

/** Restate has a server of its own with a journal of its own on disk; it calls the program with the handlers. */
export async function restate(bench: Bench, decisionsPerCase: number): Promise<Side> {
  const [program, ingress, admin, fabric] = await ports();
  await startPeer(bench, {
    name: 'restate-program',
    file: process.execPath,
    args: node(bench, 'restate.js', program),
    ready: () => canConnect(program),
  });
  await startPeer(bench, {
    name: 'restate',
    file: join(bench.root, FOLDER, 'node_modules', '.bin', 'restate-server'),
    args: ['--base-dir', join(bench.folder, 'restate'), '--node-name', 'bench', '--listen-mode', 'tcp', '--no-logo'],
    env: {
      RESTATE_BIND_ADDRESS: `127.0.0.1:${fabric}`,
      RESTATE_INGRESS__BIND_ADDRESS: `127.0.0.1:${ingress}`,
      RESTATE_ADMIN__BIND_ADDRESS: `127.0.0.1:${admin}`,
      RESTATE_TELEMETRY_DISABLED: 'true',
      DO_NOT_TRACK: '1',
    },
    ready: async () => {
      const health = await fetch(`http://127.0.0.1:${admin}/health`);
      if (!health.ok) throw new Error(`restate answered ${health.status}`);
    },
  });
  await post(`http://127.0.0.1:${admin}/deployments`, { uri: `http://127.0.0.1:${program}` });
  const url = `http://127.0.0.1:${ingress}/case`;
  return {
    name: 'Restate',
    decisionsPerCase,
    async file() {
      const caseId = randomUUID();
      await post(`${url}/${caseId}/file`, {});
      return caseId;
    },
    async decide(caseId, nth) {
      const decision = newDecision(nth);
      await post(`${url}/${caseId}/decide`, decision, { 'idempotency-key': decision.key });
    },
  };
}

async function ports(): Promise<[number, number, number, number]> {
  const first = await findFreePorts(4);
  return [first, first + 1, first + 2, first + 3];
}

/** It speaks HTTP/2 only, so a port that takes connections is all that can be asked of it. */
const canConnect = async (port: number): Promise<void> => {
  const { connect } = await import('node:net');
  await new Promise<void>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve();
    });
    socket.on('error', reject);
  });
};
