/** The server's configuration file: everything in one process on 127.0.0.1, stored in one Postgres. */
export const serverSettings = (database: URL, port: number, dynamicFile: string): object => {
  const store = (databaseName: string, maxConns: number): object => ({
    sql: {
      // The driver that gives up a question to a silent connection when its time is up (postgres12 does not), and keeps statements
      // prepared, which is a third less work for Postgres.
      pluginName: 'postgres12_pgx',
      databaseName,
      connectAddr: database.host,
      connectProtocol: 'tcp',
      user: database.username,
      password: database.password,
      maxConns,
      maxIdleConns: maxConns,
      maxConnLifetime: '1h',
    },
  });
  const service = (offset: number): object => ({
    rpc: { grpcPort: port + offset, membershipPort: port + offset + 4, bindOnLocalHost: true },
  });
  return {
    log: { stdout: true, level: 'warn' },
    persistence: {
      defaultStore: 'cases',
      visibilityStore: 'visibility',
      // Fixed for the life of the data. Few shards start fast; one machine's worth of cases needs no more.
      numHistoryShards: 4,
      datastores: { cases: store('temporal', 40), visibility: store('temporal_visibility', 10) },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: '127.0.0.1' } },
    services: { frontend: service(0), history: service(1), matching: service(2), worker: service(3) },
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: {
        active: {
          enabled: true,
          initialFailoverVersion: 1,
          rpcName: 'frontend',
          rpcAddress: `127.0.0.1:${port}`,
        },
      },
    },
    dcRedirectionPolicy: { policy: 'noop' },
    dynamicConfigClient: { filepath: dynamicFile, pollInterval: '60s' },
  };
};

/** Settings of the server that differ from its defaults, each with its reason. */
export const DYNAMIC_VALUES: Readonly<Record<string, boolean | number | string>> = {
  // Rehearsals and tests cross holidays by moving one case's clock; see engine/fast-forward.ts.
  'frontend.WorkflowTimeSkippingEnabled': true,
  // A new namespace is usable in a moment instead of ten seconds.
  'system.namespaceCacheRefreshInterval': '200ms',
  // Ten is soon reached when a whole office presses the button on one case; the losers shall be told, not throttled.
  'history.maxInFlightUpdates': 100,
  // A task whose workers died three times gets twice as long with each attempt, up to ten minutes, and as long the engine waits for
  // the next worker that dies with it.
  'history.workflowTaskRetryMaxInterval': '10s',
  // How far the timer queue reads ahead, and so how late a timer fires that is due at once. A skipped day is such a timer:
  // with the default of a second, crossing 20 of them takes 20 seconds.
  'history.timerProcessorMaxTimeShift': '20ms',
  'history.timerProcessorMaxPollRPS': 200,
  // One partition: with one machine there is nothing to spread, and a task never waits in the partition nobody polls.
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
};

/** The same as the server's dynamic configuration file wants them. */
export const dynamicSettings = (): object =>
  Object.fromEntries(Object.entries(DYNAMIC_VALUES).map(([name, value]) => [name, [{ value, constraints: {} }]]));
