import { NativeConnection, Runtime } from '@temporalio/worker';
import pg from 'pg';
import { surviveLosses } from '../../../engine/survive-losses.ts';
import { createWorker } from '../../../activities/create-worker.ts';
import { openVault } from '../../../vault/open-vault.ts';
import { TEST_VAULT } from '../keys.ts';
import { armFault } from '../../../activities/fault-points.ts';
import type { WorkerChildSettings, WorkerOrder } from './spawn.ts';

/**
 * A worker as a process of its own, so that it can die. It prepares everything and then waits to be told: to take
 * tasks, and at which point to kill itself.
 */
const settings = JSON.parse(process.argv[2] ?? '') as WorkerChildSettings;
Runtime.install({ telemetryOptions: { logging: { forward: {}, filter: { core: 'ERROR', other: 'ERROR' } } } });

const db = new pg.Pool({ connectionString: settings.databaseUrl, max: 5 });
surviveLosses(db, () => undefined);
const native = await NativeConnection.connect({ address: settings.temporalAddress });
const worker = await createWorker(db, native, settings, openVault(db, TEST_VAULT));

const tell = (word: string): void => void process.send?.(word);
process.on('message', (order: WorkerOrder) => {
  if (order.do === 'arm') armFault(order.point, order.passes);
  else void worker.run().then(() => process.exit());
  tell('done');
});
// Nobody is left to give orders: a test that was killed leaves no worker behind.
process.on('disconnect', () => process.exit());
tell('ready');
