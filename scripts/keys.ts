import pg from 'pg';
import { inTransaction } from '../activities/store/in-transaction.ts';
import { reseal } from '../activities/store/reseal.ts';
import { CONFIG_EXIT_CODE, readLauncherConfig, readOrExit } from '../config.ts';
import { runningEnvironment } from '../config/running.ts';
import { createDataKeys } from '../vault/data-keys.ts';
import { checkKeysOrExit, keyringOf } from '../vault/open-vault.ts';
import { rotate } from '../vault/rotate.ts';

/** `npm run keys`: the keys of sealed fields. Prints versions and numbers of rows, never a key. */

const HELP = `npm run keys -- status    数据密钥由哪些主密钥保护 / which master keys protect the data keys
npm run keys -- rotate    改由 FIELD_KEYS 的最后一个主密钥保护,并启用新的数据密钥 / wrap all with the last of FIELD_KEYS and begin a new data key
npm run keys -- reseal    用当前数据密钥重新加密可更改的数据 / seal rows that may change with the current data key`;

const COMMANDS: Readonly<Record<string, () => Promise<void>>> = { status, rotate: rotateAll, reseal: resealAll };

// Wrapping keys anew and sealing rows again is the owner's: the program itself may do neither.
const { databaseUrl, databaseOwnerUrl, fieldKeys, cryptoSuite } = readOrExit(() =>
  readLauncherConfig(runningEnvironment()),
);
const ownerUrl = databaseOwnerUrl ?? databaseUrl;
const command = COMMANDS[process.argv[2] ?? ''];
if (command === undefined) {
  console.error(HELP);
  process.exit(2);
}
if (ownerUrl === undefined || fieldKeys === undefined) {
  console.error('请设置 DATABASE_OWNER_URL 和 FIELD_KEYS\nset DATABASE_OWNER_URL and FIELD_KEYS');
  process.exit(CONFIG_EXIT_CODE);
}
const settings = { fieldKeys, cryptoSuite };
const db = new pg.Pool({ connectionString: ownerUrl, max: 2, application_name: 'jingban keys' });
try {
  await checkKeysOrExit(db, settings, (problem) => console.error(problem));
  await command();
} finally {
  await db.end();
}

async function status(): Promise<void> {
  const { current, all } = keyringOf(settings);
  const { rows } = await db.query<{ purpose: string; suite: string; version: number; n: number; newest: string }>(
    `SELECT purpose, suite, master_version AS version, count(*)::int AS n, max(created_at)::date::text AS newest
     FROM data_key GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
  );
  for (const { purpose, suite, version, n, newest } of rows)
    console.log(`${purpose} ${suite}: ${n}, master key ${version}, newest ${newest}`);
  const needed = new Set(rows.map(({ version }) => version));
  const spare = [...all.keys()].filter((version) => version !== current.version && !needed.has(version));
  console.log(`FIELD_KEYS: ${[...all.keys()].join(', ')}; current ${current.version}`);
  if (spare.length > 0) console.log(`不再需要的主密钥 / no longer needed: ${spare.join(', ')}`);
}

async function rotateAll(): Promise<void> {
  const { wrapped, begun } = await inTransaction(db, (tx) => rotate(tx, keyringOf(settings)));
  console.log(`${wrapped} data keys wrapped anew; data key ${begun} begun, used by every process within a minute`);
}

async function resealAll(): Promise<void> {
  const keys = createDataKeys(db, keyringOf(settings));
  for (const { table, looked, sealed } of await reseal(db, keys, ({ table, looked, sealed }) =>
    console.log(`${table}: ${looked} looked at, ${sealed} sealed`),
  ))
    console.log(`✓ ${table}: ${sealed} of ${looked}`);
}
