/**
 * Health of the worker of this container: ends with 0 when the engine has seen a worker of this host ask for work in the last
 * 75 seconds, with 1 otherwise. A worker has no port of its own, and being alive is not yet being of use.
 */
import { hostname } from 'node:os';
import { Connection } from '@temporalio/client';
import { readConfig, readOrExit } from '../config.ts';
import { isAlive, listPollers } from '../engine/pollers.ts';

const { temporalAddress, temporalNamespace, temporalTaskQueue } = readOrExit(readConfig);
const connection = await Connection.connect({ address: temporalAddress, connectTimeout: '5s' });
try {
  const pollers = await listPollers(connection, temporalNamespace, temporalTaskQueue);
  if (!pollers.some((poller) => poller.identity.endsWith(`@${hostname()}`) && isAlive(poller))) {
    console.error('no worker of this host has asked for work lately');
    process.exitCode = 1;
  }
} finally {
  await connection.close();
}
