import { Connection } from '@temporalio/client';
import { readLauncherConfig, readOrExit, CONFIG_EXIT_CODE } from '../config.ts';
import { runningEnvironment } from '../config/running.ts';
import { makeCurrent, ramp, releases, untilKnown, type Deployment } from '../engine/deployment.ts';

/**
 * `npm run deploy`: which release of the workers gets the cases (docs/operations/deploying.md). Asks the engine and nothing else, and
 * so runs from whichever release is at hand.
 */
const HELP = `npm run deploy -- status            各版本及其在办案件数 / the releases and what still runs on each
npm run deploy -- current BUILD     新案件及可随时升级的案件转到该版本 / everything new, and what is not pinned, goes to this release
npm run deploy -- ramp BUILD 10     10% 的新案件转到该版本;0 为取消 / ten percent of what is new; 0 ends it
npm run deploy -- off               转回未分版本的 worker / back to workers without WORKER_VERSIONING`;

/** Workers of a new release are seen by the engine a second or two after their start. */
const PATIENCE_MS = 60_000;

const COMMANDS: Readonly<Record<string, (deployment: Deployment, args: readonly string[]) => Promise<void>>> = {
  status: async () => undefined,
  async current(deployment, [buildId]) {
    await untilKnown(deployment, needed(buildId), PATIENCE_MS);
    await makeCurrent(deployment, needed(buildId));
  },
  async ramp(deployment, [buildId, share]) {
    const percent = Number(share);
    if (!(percent >= 0 && percent <= 100)) usage();
    await untilKnown(deployment, needed(buildId), PATIENCE_MS);
    await ramp(deployment, needed(buildId), percent);
  },
  off: (deployment) => makeCurrent(deployment, ''),
};

const [name = '', ...args] = process.argv.slice(2);
const command = COMMANDS[name] ?? usage();
const config = readOrExit(() => readLauncherConfig(runningEnvironment()));
const { temporalAddress: address, temporalNamespace: namespace, deploymentName } = config;
if (address === undefined) {
  console.error('请设置 TEMPORAL_ADDRESS\nset TEMPORAL_ADDRESS');
  process.exit(CONFIG_EXIT_CODE);
}
const connection = await Connection.connect({ address, connectTimeout: '5s' }).catch(() => {
  console.error(`TEMPORAL_ADDRESS(${address})无法连接\nthe Temporal server at ${address} cannot be reached`);
  process.exit(1);
});
const deployment = { connection, namespace, name: deploymentName };
try {
  await command(deployment, args);
  await show();
} catch (problem) {
  console.error((problem as Error).message);
  process.exitCode = 1;
} finally {
  await connection.close();
}

async function show(): Promise<void> {
  const known = await releases(deployment);
  if (known.length === 0) console.log('没有登记任何版本:worker 未以 WORKER_VERSIONING=on 启动 / no release is known');
  else console.log(`${'BUILD'.padEnd(24)} ${'STATUS'.padEnd(10)} ${'SHARE'.padStart(6)} ${'RUNNING'.padStart(8)}`);
  for (const { buildId, status, share, running } of known)
    console.log(
      `${buildId.padEnd(24)} ${status.padEnd(10)} ${(status === 'CURRENT' ? '' : `${share} %`).padStart(6)} ${String(running).padStart(8)}`,
    );
}

function needed(buildId: string | undefined): string {
  return buildId ?? usage();
}

function usage(): never {
  console.error(HELP);
  process.exit(2);
}
