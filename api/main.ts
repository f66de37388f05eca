import { pino } from 'pino';
import { surviveLosses } from '../engine/survive-losses.ts';
import { readConfig, readOrExit } from '../config.ts';
import { createClient } from '../engine/client.ts';
import { watchIncidents } from '../engine/incidents/watch.ts';
import { endOnBug } from '../engine/error-for-log.ts';
import { engineConnection } from '../engine/connection.ts';
import { checkKeysOrExit, openVault } from '../vault/open-vault.ts';
import { openEndpoint } from '../telemetry/endpoint.ts';
import { createMeters } from '../telemetry/meters.ts';
import { TracedPool } from '../telemetry/traced-pool.ts';
import { startTracing } from '../telemetry/tracing.ts';
import { createApp } from './app.ts';
import { endsKindly } from './closing.ts';
import { sweepIncoming } from './documents/store.ts';
import { createPrisma } from './prisma.ts';
import { createApiServer } from './server.ts';

/** The API process: serves until it is told to stop, then answers what it has begun and goes. */

const config = readOrExit(readConfig);
const log = pino({ level: config.logLevel, name: 'api' });
endOnBug(log);
const tracing = startTracing(config, 'jingban-api');

const openPool = (connectionString: string): TracedPool => {
  const pool = new TracedPool({
    connectionString,
    max: config.dbPoolSize,
    application_name: 'jingban-api',
    // A request that cannot be answered in this time is answered 503 and repeated; it must not hold a connection for ever.
    connectionTimeoutMillis: 5_000,
    statement_timeout: 10_000,
    // After a failover a connection may be silent for good: then no answer comes, not even that the time is up.
    query_timeout: 12_000,
    keepAlive: true,
    idle_in_transaction_session_timeout: 15_000,
  });
  surviveLosses(pool, (message) => log.warn({ message }, 'a database connection was lost'));
  return pool;
};
const db = openPool(config.databaseUrl);
const readDb = config.databaseReadUrl === undefined ? db : openPool(config.databaseReadUrl);
const prisma = createPrisma(db);
// A store that is away keeps nobody from asking how this process is.
void checkKeysOrExit(db, config, (problem) => log.warn({ problem }, 'the keys in the store cannot be checked yet'));
const vault = openVault(db, config);

const connection = engineConnection(config.temporalAddress);
const temporal = createClient(connection, config.temporalNamespace, vault);

const meters = createMeters('api', db);
const api = createApp({ db, readDb, prisma, temporal, vault, config, log, meters, now: () => Date.now() });
const closeEndpoint = openEndpoint({
  address: config.metricsAddress,
  sources: [() => meters.text()],
  ready: () => api.accepting(),
  log,
});
const server = createApiServer(api.app);
const endServer = endsKindly(server);
const watch = watchIncidents({ db, temporal, config, log });

/** Uploads nobody finished an hour ago belong to a process that died. */
void sweepIncoming(config.documentFolder, 3_600_000, Date.now()).catch((error: Error) =>
  log.warn({ message: error.message }, 'unfinished uploads could not be swept'),
);

server.on('error', (error: NodeJS.ErrnoException) => {
  const taken = error.code === 'EADDRINUSE';
  const sentence = taken
    ? `端口 ${config.apiPort} 已被占用，请设置 API_PORT / port ${config.apiPort} is taken: set API_PORT to another one`
    : `无法监听 ${config.apiHost}:${config.apiPort} / cannot listen there: ${error.message}`;
  console.error(sentence);
  process.exit(1);
});
server.listen(config.apiPort, config.apiHost, () => {
  log.info({ pid: process.pid, host: config.apiHost, port: config.apiPort }, 'API is answering');
});

let stopping = false;
async function stop(signal: string): Promise<void> {
  if (stopping) return;
  stopping = true;
  log.info({ signal }, 'API is stopping');
  api.drain();
  const inTime = await endServer(config.shutdownSeconds * 1000);
  if (!inTime) log.warn('not everything was answered in time');
  await Promise.all([api.close(), watch.stop()]);
  await closeEndpoint();
  await tracing.stop();
  await prisma.$disconnect();
  await db.end();
  if (readDb !== db) await readDb.end();
  await connection.close();
  log.info('API has stopped');
  // Attempts to reach an engine that is away would otherwise hold the process up.
  process.exit(0);
}
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));
