import pg from 'pg';
import { MigrationError } from './migrate.ts';

/**
 * What the program may do with each table, and no more. It works as a role of its own: whoever gets hold of it can add to the
 * log, but not change or delete a row of it, alter a trigger or make a table. The owner only migrates.
 */
type Right = 'INSERT' | 'UPDATE' | 'DELETE' | `UPDATE (${string})`;

/** Every table can be read; these are the rights besides. */
export const GRANTS: Readonly<Record<string, readonly Right[]>> = {
  office: [],
  provider: [],
  // Locked, never changed: two cases of one person must not take the same rest of the yearly cap.
  insured_person: ['UPDATE (person_id)'],
  // What administrators change; who somebody is stays the owner's.
  staff: ['UPDATE (active, roles, office_id, intake_processes)'],
  session: ['INSERT', 'UPDATE'],
  login_attempt: ['INSERT', 'UPDATE', 'DELETE'],
  act_count: ['INSERT', 'UPDATE'],
  account_event: ['INSERT'],
  chronic_disease: [],
  rate: [],
  catalogue_item: [],
  calendar_edition: ['INSERT'],
  calendar_day: ['INSERT'],
  calendar_run: ['INSERT', 'UPDATE'],
  calendar_run_case: ['INSERT', 'UPDATE'],
  case_file: ['INSERT', 'UPDATE'],
  case_turn: ['INSERT'],
  case_event: ['INSERT'],
  stage: ['INSERT', 'UPDATE'],
  suspension: ['INSERT', 'UPDATE'],
  extension: ['INSERT'],
  case_actor: ['INSERT', 'UPDATE'],
  case_claim: ['INSERT', 'UPDATE'],
  document: ['INSERT'],
  case_document: ['INSERT'],
  case_output: ['INSERT'],
  chronic_registration: ['INSERT'],
  out_of_area_filing: ['INSERT', 'UPDATE'],
  introduction_letter: ['INSERT'],
  benefit: ['INSERT', 'UPDATE'],
  benefit_line: ['INSERT'],
  payment_list: ['INSERT'],
  payment_item: ['INSERT', 'UPDATE'],
  recovery_claim: ['INSERT', 'UPDATE'],
  notice: ['INSERT'],
  access_log: ['INSERT'],
  outbox: ['INSERT', 'UPDATE'],
  staff_relative: ['INSERT', 'UPDATE'],
  deputy: ['INSERT', 'UPDATE'],
  duty: ['INSERT', 'UPDATE'],
  duty_event: ['INSERT'],
  log_head: ['INSERT'],
  data_key: ['INSERT'],
  incident: ['INSERT', 'UPDATE'],
  incident_act: ['INSERT'],
  metric_count: ['UPDATE'],
  metric_total: ['INSERT', 'UPDATE'],
};
const SEQUENCES = ['acceptance_number', 'log_number'];

/** The role of the program; a password is set when one is named. */
export interface AppRole {
  name: string;
  password?: string | undefined;
}

/**
 * Makes the role if it is missing and gives it the rights of the table above, taking all others away. `ownerUrl` connects as
 * the owner of the tables. Throws `MigrationError` when the role is missing and the owner may not make it.
 */
export async function grantRights(ownerUrl: string, role: AppRole): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'jingban grants' });
  await client.connect();
  const name = pg.escapeIdentifier(role.name);
  try {
    await makeRole(client, role, name);
    // As one: the release that runs while its successor migrates must not be without rights for a moment.
    await client.query('BEGIN');
    await client.query(`GRANT USAGE ON SCHEMA public TO ${name}; REVOKE CREATE ON SCHEMA public FROM PUBLIC, ${name};
      REVOKE ALL ON ALL TABLES IN SCHEMA public FROM ${name}; REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM ${name}`);
    const { rows } = await client.query<{ name: string }>(
      `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`,
    );
    for (const table of rows.map((row) => row.name).filter((table) => table in GRANTS)) {
      const rights = ['SELECT', ...(GRANTS[table] ?? [])].join(', ');
      await client.query(`GRANT ${rights} ON ${pg.escapeIdentifier(table)} TO ${name}`);
    }
    for (const sequence of SEQUENCES) await client.query(`GRANT USAGE ON SEQUENCE "${sequence}" TO ${name}`);
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}

/** The number two who grant at once lock with: Postgres refuses the second one's change of the same row. */
const GRANT_LOCK = 7_301_994;

async function makeRole(client: pg.Client, role: AppRole, name: string): Promise<void> {
  await client.query('SELECT pg_advisory_lock($1)', [GRANT_LOCK]);
  const { rows } = await client.query<{ me: boolean; there: boolean }>(
    'SELECT current_user = $1 AS me, EXISTS (SELECT 1 FROM pg_roles WHERE rolname = $1) AS there',
    [role.name],
  );
  if (rows[0]?.me)
    throw new MigrationError(
      `${role.name} 是表的属主,程序不能以属主身份运行:请另设 DATABASE_OWNER_URL`,
      `${role.name} owns the tables, and the program must not: name the owner in DATABASE_OWNER_URL`,
    );
  const password = role.password ? ` PASSWORD ${pg.escapeLiteral(role.password)}` : '';
  try {
    if (!rows[0]?.there) await client.query(`CREATE ROLE ${name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE${password}`);
    else if (password) await client.query(`ALTER ROLE ${name} LOGIN${password}`);
  } catch (problem) {
    // Somebody else, on another database of the same server, has made it a moment ago.
    if ((problem as pg.DatabaseError).code === '42710' || (problem as pg.DatabaseError).code === '23505') return;
    if ((problem as pg.DatabaseError).code !== '42501') throw problem;
    if (rows[0]?.there) return;
    throw new MigrationError(
      `数据库角色 ${role.name} 不存在,属主无权建立:请数据库管理员执行 CREATE ROLE ${role.name} LOGIN`,
      `the database role ${role.name} does not exist and the owner may not make it: have an administrator run CREATE ROLE ${role.name} LOGIN`,
      { cause: problem },
    );
  }
}
