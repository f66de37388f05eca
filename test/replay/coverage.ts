import { readFileSync } from 'node:fs';
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
  start: { line?: number };
}
interface FileCoverage {
  path: string;
  branchMap: Record<string, { type: string; loc: { start: { line: number } }; locations: Range[] }>;
  b: Record<string, number[]>;
}

/** One arm of an if, switch, ?:, ||, && or of a default. */
export interface Arm {
  /** stays the same when lines above it come and go */
  name: string;
  kind: string;
  /** the line it begins in */
  text: string;
  walked: number;
}

export interface ArmCounter {
  /** replays over procedures that count; throws where they would act differently */
  walk(histories: Iterable<{ workflowId: string; history: History }>): Promise<void>;
  /** every arm of the files in `workflows/`, with how often it was walked so far */
  arms(): Arm[];
}

export async function openArmCounter(): Promise<ArmCounter> {
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
  return {
    async walk(histories) {
      const options = { workflowBundle: { code }, sinks };
      for await (const { workflowId, error } of Worker.runReplayHistories(options, histories))
        if (error) throw new Error(`${workflowId}: ${error.message}`);
    },
    arms: () => [...files.values()].flatMap(armsOf),
  };
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
  const path = relative(ROOT, file.path);
  const lines = readFileSync(file.path, 'utf8').split('\n');
  return Object.entries(file.branchMap).flatMap(([id, { type, loc, locations }]) =>
    locations.map(({ start }, i) => {
      // An `else` that is not written has no place of its own.
      const line = start.line ?? loc.start.line;
      const text = (lines[line - 1] ?? '').trim();
      return { name: `${path}: ${type} ${i + 1} in ${text}`, kind: type, text, walked: file.b[id]?.[i] ?? 0 };
    }),
  );
}
