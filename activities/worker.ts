import { setTimeout as pause } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { pino } from 'pino';
import { readOrExit, readWorkerConfig } from '../config.ts';
import { resumeRuns } from '../engine/calendar-run.ts';
import { createClient } from '../engine/client.ts';
import { ensureDigestSchedules } from '../engine/digest-schedules.ts';
import { checkDuties, ensureSchedules } from '../engine/duty-schedules.ts';
import { recountDuties } from '../engine/duties.ts';
import { ensureLogHeads } from '../engine/log-heads.ts';
import { endOnBug, errorForLog, metaForLog } from '../engine/error-for-log.ts';
import { reconcile, type Difference, type Heard } from '../engine/reconcile.ts';
import { surviveLosses } from '../engine/survive-losses.ts';
import { checkKeysOrExit, openVault } from '../vault/open-vault.ts';
import { engineFigures } from '../telemetry/engine-figures.ts';
import { openEndpoint } from '../telemetry/endpoint.ts';
import { createMeters } from '../telemetry/meters.ts';
import { createStoreFigures } from '../telemetry/store/count.ts';
import { TracedPool } from '../telemetry/traced-pool.ts';
import { startTracing } from '../telemetry/tracing.ts';
import { watchActivities } from '../telemetry/turn-interceptor.ts';
import { signingKeyOf, witnessFolderOf } from '../log/keys.ts';
import { writeHead } from '../log/notary.ts';
import { createWorker } from './create-worker.ts';
import { watchStore, WATCH_TIMES } from './store-watch.ts';

/** The worker process: takes part in the task queue until it is told to stop, then finishes what it has begun. */

/** After a restart everything of the last quarter of an hour is compared with the engine, then a little every minute. */
const AFTER_RESTART_MS = 15 * 60_000;
const EVERY_MS = 60_000;
const AT_MOST = 500;
/** Openings that passed while a schedule was paused, and offices that are new, wait at most so long. */
const DUTIES_EVERY_MS = 60 * 60_000;
/** So long a comparison that is under way may go on when the worker stops. */
const LAST_LOOK_MS = 2_000;
/** What is in hand when the store is lost cannot be written anyway; other workers are offered it when this one is gone. */
const STEPS_BACK_MS = 5_000;
const WAITING_TOLD_EVERY_MS = 10_000;

/** An engine that is away when a worker begins is an outage, no bug: the process ends, and who started it starts it again. */
const reached = <T>(connecting: Promise<T>): Promise<T> =>
  connecting.catch((problem: unknown) => {
    log.error({ problem: errorForLog(problem) }, 'the engine cannot be reached; the worker ends, to be started again');
    process.exit(1);
  });

const config = readOrExit(readWorkerConfig);
const log = pino({ level: config.logLevel, name: 'worker' });
endOnBug(log);
const tracing = startTracing(config, 'jingban-worker');
const engine = await engineFigures(config.metricsAddress !== undefined);
// The SDK's own messages carry ids of cases, never their content; an error it tells of may.
Runtime.install({
  ...engine.telemetry,
  logger: new DefaultLogger('INFO', ({ level, message, meta }) =>
    log[level === 'ERROR' ? 'error' : level === 'WARN' ? 'warn' : 'debug'](metaForLog(meta ?? {}), message),
  ),
});

const db = new TracedPool({
  connectionString: config.databaseUrl,
  max: config.dbPoolSize,
  connectionTimeoutMillis: 5_000,
  // A connection that is silent for good (after a failover) is given up, or the pool would be full of such connections one day.
  query_timeout: 60_000,
  keepAlive: true,
  // Nor may the row of a case stay locked by it.
  idle_in_transaction_session_timeout: 15_000,
  application_name: 'jingban-worker',
});
surviveLosses(db, (err) => log.warn({ err }, 'a database connection was lost'));
const store = watchStore(config.databaseUrl);
const waiting = setInterval(
  () =>
    log.warn({ problem: store.problem }, 'the store does not answer or takes nothing; no task is taken before it does'),
  WAITING_TOLD_EVERY_MS,
);
await store.there;
clearInterval(waiting);
await checkKeysOrExit(db, config, (problem) => log.warn({ problem }, 'the keys in the store cannot be checked yet'));
const vault = openVault(db, config);
const native = await reached(NativeConnection.connect({ address: config.temporalAddress }));
const notary = {
  key: signingKeyOf(config),
  witnessFolder: witnessFolderOf(config),
  warn: (about: object, message: string) => log.warn(about, message),
};
const meters = createMeters('worker', db);
const watch = watchActivities(log, meters);
const worker = await createWorker(db, native, { ...config, notary, watch }, vault);
const inStore = createStoreFigures(db, config.metricsStoreSeconds, (problem) =>
  log.warn({ problem: errorForLog(problem) }, 'the figures of the store could not be counted'),
);
const closeEndpoint = openEndpoint({
  address: config.metricsAddress,
  sources: [() => meters.text(), inStore, engine.text],
  ready: () => worker.getState() === 'RUNNING',
  log,
});
const connection = await reached(Connection.connect({ address: config.temporalAddress }));
const temporal = createClient(connection, config.temporalNamespace, vault);

// What happened since the last comparison that came to its end, so that an outage of any length is looked back over.
let comparedAt = Date.now() - AFTER_RESTART_MS;
const heard: Heard = new Map();
let comparing: Promise<unknown> = Promise.resolve();
const compare = (): void => {
  const begun = Date.now();
  const windowMs = begun - comparedAt + EVERY_MS;
  const say = (difference: Difference): void => log.warn(difference, 'store and engine differed; mended');
  comparing = reconcile({ db, vault, temporal, config }, windowMs, AT_MOST, say, heard)
    .then(() => (comparedAt = begun))
    .then(() => resumeRuns({ db, temporal, config }))
    .then(() => recountDuties({ db, temporal }))
    .catch((problem: Error) =>
      log.warn({ err: problem.message }, 'store and engine could not be compared; trying again in a minute'),
    );
};
const timer = setInterval(compare, EVERY_MS);
const schedule = async (): Promise<void> => {
  await ensureDigestSchedules(temporal, config).catch((problem: Error) => {
    log.warn({ err: problem.message }, 'the daily digest could not be scheduled; trying again in a minute');
    setTimeout(() => void schedule(), EVERY_MS).unref();
  });
};
void schedule();
const seal = async (): Promise<void> => {
  await ensureLogHeads(temporal, config).catch((problem: Error) => {
    log.warn({ err: problem.message }, 'the heads of the log could not be started; trying again in a minute');
    setTimeout(() => void seal(), EVERY_MS).unref();
  });
};
void seal();
setTimeout(compare, 5_000).unref();

let dutiesAt = 0;
let opening: Promise<unknown> = Promise.resolve();
const openDuties = (): void => {
  if (Date.now() < dutiesAt + DUTIES_EVERY_MS) return;
  dutiesAt = Date.now();
  opening = ensureSchedules(temporal, config.temporalTaskQueue)
    .then((written) => written.length > 0 && log.info({ written }, 'schedules were written'))
    .then(() =>
      checkDuties({ db, temporal, config }, Date.now(), (found) => log.info(found, 'missed duties were opened')),
    )
    .catch((problem: Error) => {
      dutiesAt = 0;
      log.warn({ err: problem.message }, 'duties could not be opened; trying again in a minute');
    });
};
const dutyTimer = setInterval(openDuties, EVERY_MS);
openDuties();

let stepsBack = false;
void store.lost.then(() => {
  stepsBack = true;
  const seconds = WATCH_TIMES.lostAfterMs / 1000;
  log.error(
    { seconds, problem: store.problem },
    'the store cannot be reached or written any more; the worker leaves its cases to others and is started again',
  );
  setTimeout(() => process.exit(1), STEPS_BACK_MS).unref();
  if (worker.getState() === 'RUNNING') worker.shutdown();
});

// Runtime.install makes the SDK handle SIGINT and SIGTERM: it stops taking tasks and drains.
log.info({ pid: process.pid, taskQueue: config.temporalTaskQueue }, 'worker is taking tasks');
await worker.run();
clearInterval(timer);
clearInterval(dutyTimer);
// What compares asks procedures, and where no other worker is left to answer it would wait for good; what is left undone the next
// worker looks at again.
await Promise.race([Promise.all([comparing, opening]), pause(LAST_LOOK_MS, undefined, { ref: false })]);
// What this worker wrote last is not left unsealed; the engine hears of this head with the next one.
await writeHead({ db, now: () => Date.now(), ...notary }, 0).catch((problem: Error) =>
  log.warn({ err: problem.message }, 'no head was written at the end'),
);
await closeEndpoint();
await tracing.stop();
await native.close();
log.info('worker has stopped');
// Not closed: a question that is just being repeated would find its connection gone and end the process as a bug.
process.exit(stepsBack ? 1 : undefined);
