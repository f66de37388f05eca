import { defineConfig } from 'prisma/config';
import { readLauncherConfig } from './config.ts';

/** For the `prisma` command, where its engine can be downloaded; jingban itself needs neither. */
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: readLauncherConfig().databaseUrl ?? '' },
});
