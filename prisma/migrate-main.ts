import { ConfigError, readLauncherConfig, readOrExit } from '../config.ts';
import { grantRights } from './grants.ts';
import { migrate } from './migrate.ts';

/** `npm run migrate`: brings the tables up to date as their owner, then gives the program's role its rights. */
const { databaseUrl, databaseOwnerUrl, databaseAppRole } = readOrExit(() => {
  const config = readLauncherConfig();
  if (config.databaseUrl !== undefined || config.databaseOwnerUrl !== undefined) return config;
  const sentence = { zh: 'DATABASE_URL 未设置', en: 'DATABASE_URL is not set' };
  throw new ConfigError([{ name: 'DATABASE_URL', ...sentence }]);
});
const ownerUrl = databaseOwnerUrl ?? databaseUrl ?? '';
const applied = await migrate(ownerUrl, console.log);
if (applied.length === 0) console.log('nothing to apply');

// The password the program connects with is the one its role is given.
const app = databaseUrl === undefined ? undefined : new URL(databaseUrl);
const password = app?.username === databaseAppRole ? decodeURIComponent(app.password) : undefined;
await grantRights(ownerUrl, { name: databaseAppRole, password });
console.log(`granted to ${databaseAppRole}`);
