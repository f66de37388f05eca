import { readFileSync } from 'node:fs';
import { NativeConnection } from '@temporalio/worker';
import { createWorker } from '../../activities/create-worker.ts';
import type { Office } from '../support/office.ts';

const BUNDLE = new URL('../../dist/workflow-bundle.js', import.meta.url);

/** A release that was never tried on running cases: the step of a case has another name in it. */
export function incompatibleBundle(): string {
  const bundle = readFileSync(BUNDLE, 'utf8');
  const changed = bundle.replace('const { turn: recordTurn', 'const { dutyStep: recordTurn');
  if (changed === bundle) throw new Error('the bundle has no such line any more');
  return changed;
}

/** A worker of this office, of this or another release; answers how to stop it. */
export async function runWorker(office: Office, bundle?: string): Promise<() => Promise<void>> {
  const { db, vault, config } = office.deps;
  const connection = await NativeConnection.connect({ address: office.engine.address });
  const settings = {
    temporalNamespace: office.engine.namespace,
    temporalTaskQueue: config.temporalTaskQueue,
    effectSpreadSeconds: 0,
    maxCachedWorkflows: 100,
  };
  const worker = await createWorker(db, connection, settings, vault, bundle);
  const running = worker.run();
  return async () => {
    worker.shutdown();
    await running;
    await connection.close();
  };
}
