/**
 * Builds what the processes run from: the Prisma client (`generated/prisma`), the workflow bundle and one file per process
 * (`dist`). `tsx scripts/build.ts`, or `ensureBuilt` from the launcher; what has not changed since the last build is skipped.
 * A worker with a prebuilt bundle polls a second after its start; bundling at start would cost it several (design.md §5).
 */
import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readLauncherConfig } from '../config.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DIST = join(ROOT, 'dist');
const HASHES = join(DIST, '.build.json');
const CLIENT = join(ROOT, 'generated', 'prisma');

/** The processes, each from its entry point. One that is not in the checkout is not built. */
const ENTRIES = {
  'worker.js': 'activities/worker.ts',
  'api.js': 'api/main.ts',
  'issuer.js': 'embedded/issuer-main.ts',
} as const;

interface Target {
  name: string;
  /** Files and folders, relative to the root; the target is built anew when one of them has changed. */
  inputs: readonly string[];
  outputs: readonly string[];
  build: () => Promise<void>;
}

/**
 * Brings everything up to date and returns the names of what had to be built; a second call builds nothing. Files appear whole
 * (written beside, then renamed), so running processes and other builders are not disturbed. Throws when a build fails; what
 * was there before then stays.
 */
export const ensureBuilt = async (
  say: (line: string) => void = () => undefined,
  environment: NodeJS.ProcessEnv = readLauncherConfig().environment,
): Promise<string[]> => {
  await mkdir(DIST, { recursive: true });
  const built = await readHashes();
  const client = await buildIfChanged(generatedClient(environment), built, say);
  const rest = await Promise.all(bundles().map((target) => buildIfChanged(target, built, say)));
  const names = [client, ...rest].filter((name) => name !== undefined);
  if (names.length > 0) await writeWhole(HASHES, JSON.stringify(built, null, 2));
  return names;
};

const generatedClient = (environment: NodeJS.ProcessEnv): Target => ({
  name: 'Prisma client',
  inputs: ['prisma/schema.prisma'],
  outputs: [join(CLIENT, 'client.ts')],
  build: () => generateClient(environment),
});

const bundles = (): Target[] => [
  ...(existsSync(join(ROOT, 'workflows/bundle.ts')) ? [WORKFLOW_BUNDLE] : []),
  ...Object.entries(ENTRIES)
    .filter(([, entry]) => existsSync(join(ROOT, entry)))
    .map(([output, entry]) => processBundle(output, entry)),
];

const WORKFLOW_BUNDLE: Target = {
  name: 'workflow bundle',
  inputs: ['workflows', 'domain', 'engine/failure-converter.cjs'],
  outputs: [join(DIST, 'workflow-bundle.js')],
  build: async () => writeWhole(join(DIST, 'workflow-bundle.js'), await bundleProcedures(ROOT)),
};

/** The procedures of a checkout as a worker runs them; tests bundle changed copies, too. */
export const bundleProcedures = async (root: string): Promise<string> => {
  const { DefaultLogger, bundleWorkflowCode } = await import('@temporalio/worker');
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(root, 'workflows/bundle.ts'),
    preloadModules: await rulesOfProcedures(root),
    workflowInterceptorModules: ['headers', 'whole-tasks'].map((name) => join(root, `workflows/${name}.ts`)),
    failureConverterPath: join(root, 'engine/failure-converter.cjs'),
    logger: new DefaultLogger('WARN'),
  });
  return code;
};

/**
 * All of the rules that procedures import. They are pure, so the cases of a worker share one copy: a case then takes 0.1 MB of the
 * cache instead of 1 MB, and loading one takes 1 ms instead of 10. One that is left out is run again for every case.
 */
const rulesOfProcedures = async (root: string): Promise<string[]> => {
  const names = (await readdir(join(root, 'workflows'))).filter((name) => name.endsWith('.ts'));
  const sources = await Promise.all(names.map((name) => readFile(join(root, 'workflows', name), 'utf8')));
  const imported = sources.flatMap((source) => [...source.matchAll(/from '\.\.\/(domain\/[^']+)'/g)]);
  return [...new Set(imported.map(([, path]) => join(root, path ?? '')))].sort();
};

const processBundle = (output: string, entry: string): Target => ({
  name: output,
  // Coarse on purpose: bundling takes less time than finding out whether it is needed.
  inputs: [
    'config.ts',
    'config',
    'activities',
    'api',
    'domain',
    'embedded',
    'engine',
    'evidence',
    'log',
    'prisma',
    'prisma/schema.prisma',
    'telemetry',
    'vault',
    'workflows',
  ],
  outputs: [join(DIST, output)],
  build: () => buildProgram(output, entry),
});

/** Bundles one program from its entry point (relative to the root) into a file of `dist`. */
export const buildProgram = async (output: string, entry: string): Promise<void> => {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    outfile: join(DIST, output),
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    sourcemap: true,
    logLevel: 'warning',
  });
  for (const { path, contents } of outputFiles) await writeWhole(path, contents);
};

/** Generated beside and moved into place, because the generator empties its folder before it fills it again. */
const generateClient = async (environment: NodeJS.ProcessEnv): Promise<void> => {
  const fresh = `${CLIENT}.${randomUUID()}`;
  const old = `${fresh}.old`;
  const schema = join(DIST, `schema.${randomUUID()}.prisma`);
  const text = await readFile(join(ROOT, 'prisma/schema.prisma'), 'utf8');
  await writeFile(schema, text.replace(/^(\s*output\s*=\s*).*$/m, `$1${JSON.stringify(relative(DIST, fresh))}`));
  try {
    await run([join(ROOT, 'node_modules/prisma/build/index.js'), 'generate', '--schema', schema, '--no-hints'], {
      ...environment,
      // Generating asks for a schema engine it never calls and would download one; any program that exists will do.
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      CHECKPOINT_DISABLE: '1',
    });
    // Two builders may do this at once, and both made the same: whoever finds the place taken leaves it as it is.
    await rename(CLIENT, old).catch(only('ENOENT'));
    await rename(fresh, CLIENT).catch(only('ENOTEMPTY', 'EEXIST'));
  } finally {
    await Promise.all([schema, fresh, old].map((path) => rm(path, { recursive: true, force: true })));
  }
};

/** For `catch`: these are no failure, everything else stays one. */
const only =
  (...codes: readonly string[]) =>
  (problem: NodeJS.ErrnoException): void => {
    if (!codes.includes(problem.code ?? '')) throw problem;
  };

const run = (args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`${args.join(' ')} failed:\n${output}`))));
  });

/** The target's name when it was built, undefined when there was nothing to do. */
const buildIfChanged = async (
  { name, inputs, outputs, build }: Target,
  built: Record<string, string>,
  say: (line: string) => void,
): Promise<string | undefined> => {
  // Versions of tools and libraries stand in the lock file.
  const hash = await hashOf([...inputs, 'package-lock.json', 'scripts/build.ts']);
  if (built[name] === hash && outputs.every((path) => existsSync(path))) return undefined;
  const from = performance.now();
  await build();
  built[name] = hash;
  say(`built ${name} in ${((performance.now() - from) / 1000).toFixed(1)} s`);
  return name;
};

const hashOf = async (paths: readonly string[]): Promise<string> => {
  const files = (await Promise.all(paths.map(filesOf))).flat().sort();
  const contents = await Promise.all(files.map((file) => readFile(file)));
  const hash = createHash('sha256');
  files.forEach((file, i) => hash.update(`${relative(ROOT, file)}\0`).update(contents[i] ?? ''));
  return hash.digest('hex');
};

const filesOf = async (path: string): Promise<string[]> => {
  const absolute = join(ROOT, path);
  if (!existsSync(absolute)) return [];
  if (basename(path).includes('.')) return [absolute];
  const entries = await readdir(absolute, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.(ts|json)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
};

const readHashes = async (): Promise<Record<string, string>> => {
  try {
    return JSON.parse(await readFile(HASHES, 'utf8')) as Record<string, string>;
  } catch {
    // Absent or unreadable: everything is built.
    return {};
  }
};

const writeWhole = async (path: string, contents: string | Uint8Array): Promise<void> => {
  const beside = `${path}.${randomUUID()}.tmp`;
  await writeFile(beside, contents);
  await rename(beside, path);
};

// The second half of the test keeps this from running inside a bundle, where every module shares one address.
if (process.argv[1] === fileURLToPath(import.meta.url) && import.meta.url.endsWith('/scripts/build.ts')) {
  // Not awaited at the top: jest's set-up loads this file in a way that cannot wait. A failure still ends the program.
  void ensureBuilt(console.log).then((names) => names.length === 0 && console.log('nothing to build'));
}
