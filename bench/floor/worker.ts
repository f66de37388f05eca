import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import pg from 'pg';
import { WORKER_OPTIONS } from '../../activities/worker-options.ts';
import { readConfig, readOrExit } from '../../config.ts';
import { createFloorActivities } from './activities.ts';

/**
 * The floor's worker process, with the options of ours (`activities/worker-options.ts`), so that nothing but the work
 * differs; `--defaults` leaves the SDK's own options as they are.
 */
const { values } = parseArgs({
  options: { bundle: { type: 'string' }, defaults: { type: 'boolean', default: false } },
});
const config = readOrExit(readConfig);
Runtime.install({ telemetryOptions: { logging: { forward: {}, filter: { core: 'ERROR', other: 'ERROR' } } } });
const db = new pg.Pool({ connectionString: config.databaseUrl, max: config.dbPoolSize });
const connection = await NativeConnection.connect({ address: config.temporalAddress });
const worker = await Worker.create({
  connection,
  namespace: config.temporalNamespace,
  taskQueue: config.temporalTaskQueue,
  workflowBundle: { code: readFileSync(values.bundle ?? '', 'utf8') },
  activities: { ...createFloorActivities(db) },
  maxCachedWorkflows: config.maxCachedWorkflows,
  ...(values.defaults ? {} : WORKER_OPTIONS),
});
await worker.run();
await connection.close();
await db.end();
