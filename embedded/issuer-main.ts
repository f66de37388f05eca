import pg from 'pg';
import { readLauncherConfig, readOrExit } from '../config.ts';
import { createIssuer } from './issuer.ts';
import type { Account, IssuerOptions } from './issuer.ts';

/** The local issuer as a process of its own; its accounts are the active rows of `staff`. */
const config = readOrExit(() => readLauncherConfig());
const pool = new pg.Pool({ connectionString: config.databaseUrl, max: 2 });
pool.on('error', (error) => console.error(error)); // Postgres was restarted; the next query connects anew

const findAccount: IssuerOptions['findAccount'] = async (by) => {
  const [column, value] = 'username' in by ? ['username', by.username] : ['staff_id', by.sub];
  const { rows } = await pool.query<Account>(
    `select username, staff_id as sub, name from staff where ${column} = $1 and active`,
    [value],
  );
  return rows[0];
};

const issuer = await createIssuer({
  port: config.issuerPort,
  dataFolder: config.dataFolder,
  audience: config.oidcAudience,
  nodeEnv: config.nodeEnv,
  findAccount,
  redirectUris: [`http://127.0.0.1:${config.apiPort}/callback`, `http://localhost:${config.apiPort}/callback`],
});
console.log(`issuer ready at ${issuer.url}`);

process.once('SIGTERM', () => {
  void issuer
    .close()
    .then(() => pool.end())
    .then(() => process.exit(0));
});
