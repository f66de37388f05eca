import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, Worker, type InjectedSinks } from '@temporalio/worker';
import type { History } from '../support/histories.ts';
import type { CoverageSinks } from './tell-coverage.ts';

/** Which branches of the procedures are walked when histories are replayed. */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const require = createRequire(import.meta.url);

interface Range {
  start: { line: number; column: number };
  end: { line?: number; column?: number };
}
interface FileCoverage {
  path: string;
  branchMap: Record<string, { type: string; loc: Range; locations: Range[] }>;
  b: Record<string, number[]>;
}

/** One arm of an if, switch, ?:, ||, && or of a default. */
export interface Arm {
  /** path from the root, and where the arm begins: line from 1, column from 0 */
  file: string;
  line: number;
  column: number;
  kind: string;
  walked: number;
}

/** Replays the histories over procedures that count; answers every arm of the files in `workflows/`. */
export async function armsWalked(histories: Iterable<{ workflowId: string; history: History }>): Promise<Arm[]> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(ROOT, 'workflows/bundle.ts'),
    failureConverterPath: join(ROOT, 'engine/failure-converter.cjs'),
    workflowInterceptorModules: [join(ROOT, 'test/replay/tell-coverage.ts')],
    logger: new DefaultLogger('WARN'),
    webpackConfigHook: (config) => {
      const loader = require.resolve('./instrument.cjs');
      config.module?.rules?.push({ enforce: 'pre', test: /[/\\]workflows[/\\][\w-]+\.ts$/, use: { loader } });
      return config;
    },
  });
  const files = new Map<string, FileCoverage>();
  const sinks: InjectedSinks<CoverageSinks> = {
    coverage: {
      walked: {
        // All of this is a replay.
        callDuringReplay: true,
        fn: (_info, walked) => {
          for (const file of Object.values(walked as Record<string, FileCoverage>)) add(files, file);
        },
      },
    },
  };
  for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle: { code }, sinks }, histories))
    if (error) throw new Error(`${workflowId}: ${error.message}`);
  return [...files.values()].flatMap(armsOf);
}

/** The sandbox is shared by all cases, so its counts only grow; of two sandboxes the greater count is kept. */
function add(files: Map<string, FileCoverage>, file: FileCoverage): void {
  const known = files.get(file.path);
  if (!known) files.set(file.path, file);
  else
    for (const [id, counts] of Object.entries(file.b))
      known.b[id] = counts.map((count, i) => Math.max(count, known.b[id]?.[i] ?? 0));
}

function armsOf(file: FileCoverage): Arm[] {
  return Object.entries(file.branchMap).flatMap(([id, { type, loc, locations }]) =>
    locations.map(({ start }, i) => {
      // An `else` that is not written has no place of its own.
      const { line, column } = start.line === undefined ? loc.start : start;
      return { file: relative(ROOT, file.path), line, column, kind: type, walked: file.b[id]?.[i] ?? 0 };
    }),
  );
}
