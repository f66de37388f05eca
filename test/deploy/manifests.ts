import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { parseAllDocuments } from 'yaml';
import { ROOT, read } from '../tidy/sources.ts';

/** What `deploy/kubernetes` asks a cluster for. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; labels?: Record<string, string> };
  spec?: unknown;
  data?: Record<string, string>;
}

const FOLDER = 'deploy/kubernetes';
const NOT_OF_THE_CLUSTER = 'kustomization.yaml';

export const manifestFiles = (): string[] =>
  readdirSync(join(ROOT, FOLDER)).filter((name) => name.endsWith('.yaml') && name !== NOT_OF_THE_CLUSTER);

export const readManifests = (name: string): Manifest[] =>
  parseAllDocuments(read(`${FOLDER}/${name}`)).map((document) => document.toJS() as Manifest);

/**
 * What the published schemas say against these manifests. They are held as literals against the types made from the schemas, so that a
 * field nobody knows is told, too: the cluster itself would drop a misspelt `readinesProbe` in silence.
 */
export function faultsOf(manifests: readonly Manifest[]): string[] {
  const lines = manifests.flatMap((manifest, i) => [
    `import type { I${manifest.kind} as Kind${i} } from 'kubernetes-models/${manifest.apiVersion}/${manifest.kind}';`,
    `export const manifest${i}: Kind${i} = ${JSON.stringify(manifest)};`,
  ]);
  const file = join(ROOT, 'test/deploy/held-against-the-schemas.ts');
  const options: ts.CompilerOptions = {
    ...{ strict: true, noEmit: true, skipLibCheck: true, types: [], lib: ['lib.es2023.d.ts'] },
    ...{ module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext },
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (path) => path === file || fileExists(path);
  host.getSourceFile = (path, version) =>
    path === file ? ts.createSourceFile(path, lines.join('\n'), version) : getSourceFile.call(host, path, version);
  const program = ts.createProgram([file], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ messageText, start = 0 }) => {
    const line = lines.join('\n').slice(0, start).split('\n').length - 1;
    const { kind, metadata } = manifests[Math.floor(line / 2)] ?? { kind: '?', metadata: { name: '?' } };
    return `${kind} ${metadata.name}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}
