import pg from 'pg';
import { GRANTS } from '../../prisma/grants.ts';
import { createDatabase, type TestDatabase } from '../support/postgres.ts';

/** Whoever gets hold of the program's database role can add to the log, and neither change it nor open it for change. */

let database: TestDatabase;
let program: pg.Client;
beforeAll(async () => {
  database = await createDatabase();
  program = new pg.Client({ connectionString: database.url });
  await program.connect();
});
afterAll(async () => {
  await program?.end();
  await database?.drop();
});

/** SQL state of `insufficient_privilege`. */
const NOT_ALLOWED = '42501';

const outcome = async (sql: string): Promise<string | undefined> => {
  await program.query('BEGIN');
  try {
    await program.query(sql);
    return undefined;
  } catch (problem) {
    return (problem as pg.DatabaseError).code;
  } finally {
    await program.query('ROLLBACK');
  }
};

const LOG = ['case_event', 'case_turn', 'duty_event', 'access_log', 'account_event', 'log_head', 'incident_act'];

it.each(LOG)('%s can be read and added to, not changed, emptied, loosened or thrown away', async (table) => {
  expect(GRANTS[table]).toEqual(['INSERT']);
  expect(await outcome(`SELECT * FROM ${table}`)).toBeUndefined();
  const { fields } = await program.query(`SELECT * FROM ${table} LIMIT 0`);
  for (const sql of [
    ...fields.map(({ name }) => `UPDATE ${table} SET "${name}" = DEFAULT`),
    `DELETE FROM ${table}`,
    `TRUNCATE ${table}`,
    `SELECT * FROM ${table} FOR UPDATE`,
    `ALTER TABLE ${table} DISABLE TRIGGER ALL`,
    `ALTER TABLE ${table} OWNER TO CURRENT_USER`,
    `CREATE TRIGGER mine BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()`,
    `CREATE RULE mine AS ON INSERT TO ${table} DO INSTEAD NOTHING`,
    `DROP TABLE ${table}`,
  ])
    expect([sql, await outcome(sql)]).toEqual([sql, NOT_ALLOWED]);
});

it('the role has exactly the rights written down, table by table', async () => {
  const { rows } = await program.query<{ name: string; rights: string[] }>(
    `SELECT tablename AS name, ARRAY(SELECT r FROM unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) r
       WHERE has_table_privilege(quote_ident(tablename), r)) AS rights FROM pg_tables WHERE schemaname = 'public'`,
  );
  const known = rows.filter(({ name }) => name in GRANTS);
  expect(known.map(({ name }) => name).sort()).toEqual(Object.keys(GRANTS).sort());
  for (const { name, rights } of rows)
    expect([name, rights]).toEqual([name, (GRANTS[name] ?? []).filter((right) => !right.includes('('))]);
});

it('the role makes nothing and switches nothing off', async () => {
  for (const sql of [
    'CREATE TABLE mine ()',
    'CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
    'CREATE SCHEMA mine',
    'CREATE ROLE mine',
    'SET session_replication_role = replica',
    `COPY access_log TO PROGRAM 'true'`,
    `SELECT pg_read_file('postgresql.conf')`,
  ])
    expect([sql, await outcome(sql)]).toEqual([sql, NOT_ALLOWED]);
});
