import { parseArgs } from 'node:util';
import pg from 'pg';
import { CONFIG_EXIT_CODE, readLauncherConfig, readOrExit } from '../config.ts';
import { runningEnvironment } from '../config/running.ts';
import { plainDateAt } from '../domain/plain-date.ts';
import { deleteDue, dueRecords } from '../prisma/retention.ts';

/**
 * `npm run retention [-- --apply]`: which records are older than their rule (`domain/retention.ts`), and with `--apply` deletes
 * those that go. What goes to the archive is only named: its evidence is taken out first (`GET /cases/{no}/evidence`).
 */
const { values } = parseArgs({ options: { apply: { type: 'boolean', default: false } } });
const { databaseUrl, databaseOwnerUrl } = readOrExit(() => readLauncherConfig(runningEnvironment()));
const url = databaseOwnerUrl ?? databaseUrl;
if (url === undefined) {
  console.error('请设置 DATABASE_OWNER_URL\nset DATABASE_OWNER_URL');
  process.exit(CONFIG_EXIT_CODE);
}
const db = new pg.Pool({ connectionString: url, max: 1, application_name: 'jingban retention' });
const today = plainDateAt(Date.now());
try {
  for (const { kind, rule, keptFrom, count } of await dueRecords(db, today)) {
    const { zh, en } = rule.title;
    const then = rule.then === 'DELETE' ? '删除 / delete' : '归档 / archive';
    console.log(`${kind.padEnd(16)} ${zh} / ${en}: ${count} < ${keptFrom}, ${then} (${rule.basis})`);
  }
  if (values.apply)
    for (const [kind, count] of Object.entries(await deleteDue(db, today))) console.log(`✓ ${kind}: ${count} deleted`);
} finally {
  await db.end();
}
