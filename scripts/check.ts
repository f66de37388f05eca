import { parseArgs } from 'node:util';
import { Connection } from '@temporalio/client';
import pg from 'pg';
import { readConfig, readOrExit } from '../config.ts';
import { runningEnvironment } from '../config/running.ts';
import { createClient } from '../engine/client.ts';
import { DIFFERENCES } from '../operations/check/compare.ts';
import { checkCases } from '../operations/check/index.ts';
import { createProgress, secondsSince } from '../operations/progress.ts';
import { formatTable } from '../operations/table.ts';
import { openVault } from '../vault/open-vault.ts';

/**
 * `npm run check [-- --case NO] [--mend] [--at-once N] [--json]`: every open case in the store against its procedure in the engine.
 * Exit code 1 when differences are left, 2 when it could not be checked.
 */
const { values } = parseArgs({
  options: {
    case: { type: 'string' },
    mend: { type: 'boolean', default: false },
    'at-once': { type: 'string', default: '16' },
    json: { type: 'boolean', default: false },
  },
});
const config = readOrExit(() => readConfig(runningEnvironment()));
const db = new pg.Pool({ connectionString: config.databaseUrl, max: 4, application_name: 'jingban check' });
/** Of fewer than these the start of the program is most of the time. */
const FEW = 100;
const progress = createProgress();
const startedAt = performance.now();
try {
  const connection = await Connection.connect({ address: config.temporalAddress, connectTimeout: '5s' });
  const vault = openVault(db, config);
  const temporal = createClient(connection, config.temporalNamespace, vault);
  const { cases, duties, found, left } = await checkCases(
    { db, vault, temporal, config },
    { acceptanceNo: values.case, mend: values.mend, most: Number(values['at-once']) },
    (done, of) => progress(() => `${done} / ${of} cases, ${secondsSince(startedAt)}`),
  );
  await connection.close();
  if (values.json) console.log(JSON.stringify({ cases, duties, found, left }));
  else {
    const stillThere = new Set(left.map(({ acceptanceNo }) => acceptanceNo));
    const rows = [...found, ...left.filter(({ acceptanceNo }) => !found.some((f) => f.acceptanceNo === acceptanceNo))];
    if (rows.length > 0) {
      const state = (no: string): string => (stillThere.has(no) ? '–' : '✓');
      const head = ['受理号 number', '差异 difference', '数据库 store', '引擎 engine', '已修复 mended'];
      console.log(
        formatTable(
          head,
          rows.map((each) => [each.acceptanceNo, each.kind, each.store, each.engine, state(each.acceptanceNo)]),
        ),
      );
      for (const kind of new Set(rows.map((each) => each.kind)))
        console.log(`${kind}  ${DIFFERENCES[kind].zh} / ${DIFFERENCES[kind].en}`);
    }
    if (values.mend && found.length > 0) console.log(`${found.length} found, ${found.length - left.length} mended`);
    const perThousand = ((performance.now() - startedAt) / Math.max(1, cases)).toFixed(1);
    console.log(
      `${duties} duties, ${secondsSince(startedAt)}${cases < FEW ? '' : `, ${perThousand} s per 1,000 cases`}`,
    );
    console.log(`${cases} cases, ${left.length} differences`);
  }
  process.exitCode = left.length > 0 ? 1 : 0;
} catch (problem) {
  console.error(`无法核对 / cannot be checked: ${(problem as Error).message}`);
  process.exitCode = 2;
}
await db.end();
