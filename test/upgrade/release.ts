import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NativeConnection } from '@temporalio/worker';
import pg from 'pg';
import { createWorker } from '../../activities/create-worker.ts';
import { surviveLosses } from '../../engine/survive-losses.ts';
import { bundleProcedures } from '../../scripts/build.ts';
import type { Office } from '../support/office.ts';

/** A release of the procedures: those of this checkout, or a copy of them in which something was changed. */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export const releasedNow = (): string => readFileSync(join(ROOT, 'dist/workflow-bundle.js'), 'utf8');

/** `change` is given the text of one file; it throws when the text it looks for is no longer there. */
export async function changedRelease(path: string, change: (text: string) => string): Promise<string> {
  mkdirSync(join(ROOT, 'dist'), { recursive: true });
  // Inside the checkout, so that packages are found.
  const copy = mkdtempSync(join(ROOT, 'dist', 'release-'));
  try {
    for (const part of ['workflows', 'domain', 'engine/failure-converter.cjs'])
      cpSync(join(ROOT, part), join(copy, part), { recursive: true });
    const before = readFileSync(join(copy, path), 'utf8');
    const after = change(before);
    if (after === before) throw new Error(`nothing was changed in ${path}`);
    writeFileSync(join(copy, path), after);
    return await bundleProcedures(copy);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

export interface RunningRelease {
  buildId: string;
  stop(): Promise<void>;
}

/** A worker of this release for the office's cases; it finishes what it has begun when it is stopped. */
export async function runRelease(
  office: Office,
  deploymentName: string,
  buildId: string,
  bundle: string,
): Promise<RunningRelease> {
  const db = new pg.Pool({ connectionString: office.databaseUrl, max: 5 });
  surviveLosses(db, () => undefined);
  const native = await NativeConnection.connect({ address: office.engine.address });
  const settings = {
    temporalNamespace: office.engine.namespace,
    ...office.deps.config,
    maxCachedWorkflows: 1_000,
    ...({ workerVersioning: 'on', deploymentName, buildId } as const),
  };
  const worker = await createWorker(db, native, settings, office.deps.vault, bundle);
  const running = worker.run();
  running.catch(() => undefined);
  return {
    buildId,
    async stop() {
      worker.shutdown();
      await running;
      await native.close();
      await db.end();
    },
  };
}
