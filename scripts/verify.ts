import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Connection } from '@temporalio/client';
import pg from 'pg';
import { readConfig, readOrExit } from '../config.ts';
import { runningEnvironment } from '../config/running.ts';
import { createClient } from '../engine/client.ts';
import { logHeadsId } from '../engine/log-heads.ts';
import { publicKeysOf, signingKeyOf, witnessFolderOf } from '../log/keys.ts';
import { sentence } from '../log/verify/finding.ts';
import { verifyLog } from '../log/verify/index.ts';
import { openVault } from '../vault/open-vault.ts';

/**
 * `npm run verify [-- --case NO] [--since YYYY-MM-DD] [--json]`: walks the whole log with both stores and the heads; one line for
 * each disagreement, the counts last. Exit code 1 on any, 2 when it could not be checked.
 */
const { values } = parseArgs({
  options: { case: { type: 'string' }, since: { type: 'string' }, json: { type: 'boolean', default: false } },
});
const config = readOrExit(() => readConfig(runningEnvironment()));
/** What takes less needs no company. */
const QUIET_MS = 2_000;

const db = new pg.Pool({ connectionString: config.databaseUrl, max: 4, application_name: 'jingban verify' });
const connection = await Connection.connect({ address: config.temporalAddress });
const ownKey = config.logSigningKey || existsSync(join(config.dataFolder, 'log-signing-key.pem'));
const keys = [...(ownKey ? [signingKeyOf(config).publicKey] : []), ...(config.logPublicKeys ?? [])];
const startedAt = performance.now();
let shownAt = startedAt;
try {
  const { findings, ...counts } = await verifyLog(
    {
      db,
      temporal: createClient(connection, config.temporalNamespace, openVault(db, config)),
      keys: publicKeysOf(keys),
      witnessFolder: witnessFolderOf(config),
      notaryId: logHeadsId(),
      taskQueue: config.temporalTaskQueue,
      now: () => Date.now(),
    },
    { acceptanceNo: values.case, since: values.since },
    (line) => {
      if (performance.now() - shownAt < QUIET_MS) return;
      shownAt = performance.now();
      console.error(line);
    },
  );
  if (values.json) console.log(JSON.stringify({ findings, ...counts }));
  else {
    for (const finding of findings) console.log(sentence(finding));
    const { cases, events, accesses, heads, forgotten } = counts;
    if (forgotten > 0)
      console.log(
        `引擎已不再保存 ${forgotten} 件早已办结案件的流程 / the engine no longer keeps ${forgotten} cases that ended long ago`,
      );
    console.log(
      `${cases} cases, ${events} events, ${accesses} accesses, ${heads} heads, ${findings.length} disagreements`,
    );
  }
  process.exitCode = findings.length > 0 ? 1 : 0;
} catch (problem) {
  console.error(`无法核验 / cannot be checked: ${(problem as Error).message}`);
  process.exitCode = 2;
}
await connection.close();
await db.end();
