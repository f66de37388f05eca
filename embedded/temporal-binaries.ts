import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { z } from 'zod';
import { requireFreeSpace } from './checks.ts';
import { StartProblem } from './problem.ts';
import { elapsed } from './wait.ts';

export const SERVER_VERSION = '1.32.2';
const LEAST_CLI_VERSION = '1.9.1';

/** The two ways to run an engine here: the real server persisted in our Postgres, or the CLI's development server. */
export type ServerBinaries = { kind: 'server'; server: string; sql: string };
export type EngineBinaries = ServerBinaries | { kind: 'cli'; temporal: string };

export type EngineSearch = {
  dataFolder: string;
  cacheFolder: string;
  env: NodeJS.ProcessEnv;
  progress: (line: string) => void;
  /** Ends a build that is going on. */
  signal?: AbortSignal;
};

/**
 * Finds or makes the engine: what the data folder was made with, the server in the cache, a `temporal` CLI on PATH, Go.
 * The choice is noted in the data folder, because cases live where they were begun. Throws `StartProblem` naming the choices
 * when there is none.
 */
export const findEngine = async (search: EngineSearch): Promise<EngineBinaries> => {
  const note = join(search.dataFolder, 'engine.json');
  const madeWith = existsSync(note) ? noteSchema.parse(JSON.parse(readFileSync(note, 'utf8'))).engine : undefined;
  const found = await choose(search, madeWith);
  if (madeWith === undefined) writeFileSync(note, JSON.stringify({ engine: found.kind, version: SERVER_VERSION }));
  return found;
};

const noteSchema = z.object({ engine: z.enum(['server', 'cli']), version: z.string() });

const choose = async (search: EngineSearch, madeWith: 'server' | 'cli' | undefined): Promise<EngineBinaries> => {
  const folder = join(search.cacheFolder, `temporal-${SERVER_VERSION}`);
  const server: ServerBinaries = { kind: 'server', server: join(folder, 'server'), sql: join(folder, 'sql') };
  if (madeWith !== 'cli' && existsSync(server.server) && existsSync(server.sql)) return server;

  const temporal = madeWith === 'server' ? undefined : await findCli(search.env);
  if (temporal !== undefined) return { kind: 'cli', temporal };
  if (madeWith === 'cli') {
    throw new StartProblem(
      `数据目录 ${search.dataFolder} 中的案件是用 temporal CLI 建立的:请将 temporal ${LEAST_CLI_VERSION} 以上版本放入 PATH 后重试`,
      `the cases in ${search.dataFolder} were begun with the temporal CLI: put temporal ${LEAST_CLI_VERSION} or newer on PATH`,
    );
  }

  const go = findOnPath('go', search.env);
  if (go === undefined) throw noEngine();
  await buildServer(go, folder, search);
  return server;
};

/** The full path of a program, or undefined when it is not on PATH. */
export const findOnPath = (program: string, env: NodeJS.ProcessEnv): string | undefined =>
  (env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, program))
    .find(isExecutable);

const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** Older CLIs carry a server that cannot move one case's clock; they are passed over. */
const findCli = async (env: NodeJS.ProcessEnv): Promise<string | undefined> => {
  const temporal = findOnPath('temporal', env);
  if (temporal === undefined) return undefined;
  const { stdout } = await promisify(execFile)(temporal, ['--version'], { env, timeout: 10_000 }).catch(() => ({
    stdout: '',
  }));
  const version = /version (\d+)\.(\d+)\.(\d+)/.exec(stdout)?.slice(1).map(Number);
  return version !== undefined && atLeast(version, LEAST_CLI_VERSION.split('.').map(Number)) ? temporal : undefined;
};

const atLeast = (version: readonly number[], least: readonly number[]): boolean => {
  const different = least.findIndex((part, index) => version[index] !== part);
  return different === -1 || (version[different] ?? 0) > (least[different] ?? 0);
};

const SECONDS_BETWEEN_LINES = 10;

/** Both programs are built aside and moved in together, so that an interrupted build is simply begun again. */
const buildServer = async (go: string, folder: string, search: EngineSearch): Promise<void> => {
  const { env, progress, signal } = search;
  const startedAt = Date.now();
  const half = `${folder}.${randomBytes(4).toString('hex')}`;
  mkdirSync(folder, { recursive: true });
  requireFreeSpace(folder, 4, 'JINGBAN_CACHE'); // sources, compiler and its cache take 3 GB
  progress(`building the Temporal server ${SERVER_VERSION} with Go; this is done once and takes 4 to 8 minutes`);
  let doing = 'go install';
  const ticking = setInterval(() => progress(`${elapsed(startedAt)}: ${doing}`), SECONDS_BETWEEN_LINES * 1000);
  try {
    const packages = ['cmd/server', 'cmd/tools/sql'].map((name) => `go.temporal.io/server/${name}@v${SERVER_VERSION}`);
    const flags = `${env['GOFLAGS'] ?? ''} -v`.trim(); // -v names each package, so that one sees it going on
    await runGo(
      go,
      packages,
      { ...env, GOTOOLCHAIN: 'auto', GOBIN: half, GOFLAGS: flags },
      (line) => (doing = line),
      signal,
    );
    for (const program of ['server', 'sql']) renameSync(join(half, program), join(folder, program));
    progress(`the Temporal server is built (${elapsed(startedAt)}) and kept in ${folder}`);
  } finally {
    clearInterval(ticking);
    rmSync(half, { recursive: true, force: true });
  }
};

const runGo = async (
  go: string,
  packages: readonly string[],
  env: NodeJS.ProcessEnv,
  onLine: (line: string) => void,
  signal: AbortSignal | undefined,
): Promise<void> => {
  const building = spawn(go, ['install', ...packages], { env, signal, stdio: ['ignore', 'ignore', 'pipe'] });
  const lines: string[] = [];
  createInterface({ input: building.stderr }).on('line', (line) => {
    lines.push(line);
    onLine(line);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    building.once('error', reject);
    building.once('close', resolve);
  });
  if (code === 0) return;
  const tail = lines.slice(-8).join('\n');
  throw new StartProblem(
    `用 Go 编译 Temporal 服务失败,请检查网络与 Go 代理(GOPROXY)后重试:\n${tail}`,
    'building the Temporal server with Go failed: check the network and GOPROXY, then start again',
  );
};

const noEngine = (): StartProblem =>
  new StartProblem(
    `没有可用的 Temporal:请设置 TEMPORAL_ADDRESS 指向已有服务,或安装 temporal CLI ${LEAST_CLI_VERSION} 以上版本,或安装 Go 1.21 以上版本(首次启动时自动编译),三者任选其一`,
    `no Temporal engine: set TEMPORAL_ADDRESS to a running server, or install the temporal CLI ${LEAST_CLI_VERSION} or newer, or install Go 1.21 or newer (the first start then builds the server); any one will do`,
  );
