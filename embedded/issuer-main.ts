import pg from 'pg';
import { readLauncherConfig, readOrExit } from '../config.ts';
import { attemptLogin } from '../api/identity/login-attempts.ts';
import { DEMO_SERVICES } from '../prisma/seed.ts';
import { apiUrl } from './application.ts';
import { createIssuer } from './issuer.ts';
import type { Account } from './issuer.ts';

/** The local issuer as a process of its own; its accounts are the active rows of `staff`. */
const config = readOrExit(() => readLauncherConfig());
const pool = new pg.Pool({ connectionString: config.databaseUrl, max: 4 });
pool.on('error', (error) => console.error(error)); // Postgres was restarted; the next query connects anew

const issuer = await createIssuer({
  port: config.issuerPort,
  dataFolder: config.dataFolder,
  audience: config.oidcAudience,
  nodeEnv: config.nodeEnv,
  logIn: (username, passwordIsRight) => attemptLogin(pool, username, passwordIsRight, Date.now()),
  async findAccount(sub) {
    const { rows } = await pool.query<Account>(
      `select username, staff_id as sub, name from staff where staff_id = $1 and active and kind = 'PERSON'`,
      [sub],
    );
    return rows[0];
  },
  publicUrl: config.publicUrl ?? apiUrl(config),
  services: DEMO_SERVICES,
});
console.log(`issuer ready at ${issuer.url}`);

process.once('SIGTERM', () => {
  void issuer
    .close()
    .then(() => pool.end())
    .then(() => process.exit(0));
});
