import pg from 'pg';
import { SERVICE_ROLES } from '../../domain/accounts.ts';
import { ROLES } from '../../domain/case.ts';
import { isIdCardNo } from '../../domain/identifiers.ts';
import { TEST_VAULT } from '../support/keys.ts';
import { DEMO_ACCOUNTS, seed } from '../../prisma/seed.ts';
import { openVault } from '../../vault/open-vault.ts';
import { openText, personSubject } from '../../vault/vault.ts';
import type { TestDatabase } from '../support/postgres.ts';
import { createDatabase } from '../support/postgres.ts';
import { withClient } from './databases.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase(); // migrated and seeded once already
});

afterAll(() => database.drop());

const ask = (sql: string): Promise<Record<string, unknown>[]> =>
  withClient(database.ownerUrl, async (client) => (await client.query<Record<string, unknown>>(sql)).rows);

const TABLES = ['office', 'provider', 'insured_person', 'staff', 'calendar_edition', 'calendar_day', 'rate'];

describe('seeding', () => {
  it('again changes nothing, and puts back what was changed by hand', async () => {
    const everything = () => Promise.all(TABLES.map((table) => ask(`select * from ${table} order by 1, 2`)));
    const before = await everything();
    await ask(`update staff set name = 'x' where username = 'town1.clerk'`);
    await ask(`delete from rate where key = 'consultationFee'`);
    await seed(database.ownerUrl, TEST_VAULT);
    expect(await everything()).toEqual(before);
  });

  it('leaves figures of the agency and deactivated users as they are', async () => {
    await ask(`update rate set value = '0.8', label = 'AGENCY' where key = 'reimbursementRatio.GENERAL_INPATIENT.3'`);
    await ask(`update staff set active = false where username = 'town2.clerk'`);
    await seed(database.ownerUrl, TEST_VAULT);
    expect(await ask(`select key, value from rate where label = 'AGENCY'`)).toEqual([
      { key: 'reimbursementRatio.GENERAL_INPATIENT.3', value: '0.8' },
    ]);
    expect(await ask(`select username from staff where not active`)).toEqual([{ username: 'town2.clerk' }]);
  });

  it('refuses, and changes nothing, when a stored calendar edition has other days than its file', async () => {
    await ask(`delete from calendar_day where day = '2026-10-01'`);
    await ask(`update staff set name = 'x' where username = 'town1.clerk'`);
    await expect(seed(database.ownerUrl, TEST_VAULT)).rejects.toThrow(
      'calendar edition CN-2026-1 is stored with other content',
    );
    expect(await ask(`select name from staff where username = 'town1.clerk'`)).toEqual([{ name: 'x' }]);
    await ask(`insert into calendar_day values ('CN-2026-1', '2026-10-01', 'DAY_OFF')`);
    await seed(database.ownerUrl, TEST_VAULT);
  });
});

it('seeding leaves a year alone that the agency has loaded under an id of its own', async () => {
  const other = await createDatabase();
  try {
    await withClient(other.ownerUrl, async (client) => {
      await client.query(`delete from calendar_day where edition_id = 'CN-2026-1'`);
      await client.query(`update calendar_edition set edition_id = 'OURS-2026' where edition_id = 'CN-2026-1'`);
    });
    await seed(other.ownerUrl, TEST_VAULT);
    const { rows } = await withClient(other.ownerUrl, (client) =>
      client.query<{ edition_id: string }>('select edition_id from calendar_edition order by 1'),
    );
    expect(rows.map((row) => row.edition_id)).toEqual(['CN-2025-1', 'OURS-2026']);
  } finally {
    await other.drop();
  }
});

it('seeding refuses production, whose accounts must not share a password everybody knows', async () => {
  await ask(`update staff set name = 'x' where username = 'town1.clerk'`);
  await expect(seed(database.ownerUrl, TEST_VAULT, 'production')).rejects.toThrow('NODE_ENV=production');
  expect(await ask(`select name from staff where username = 'town1.clerk'`)).toEqual([{ name: 'x' }]);
});

describe('the demonstration city', () => {
  it('has a user for every role', () => {
    const programs: readonly string[] = SERVICE_ROLES;
    const expected = Object.keys(ROLES).filter((role) => !programs.includes(role));
    expect(new Set(DEMO_ACCOUNTS.flatMap(({ roles }) => roles))).toEqual(new Set(expected));
  });

  it('lists exactly the users that can log in', async () => {
    const rows = await ask(`select username from staff where kind = 'PERSON'`);
    expect(rows.map(({ username }) => username).sort()).toEqual(DEMO_ACCOUNTS.map(({ username }) => username).sort());
  });

  it('has two auditors at each agency, and four different people for the four duties of a county', async () => {
    const rows = await ask(`select office_id, count(*)::int as n from staff where 'AUDITOR' = any(roles) group by 1`);
    expect(rows).toHaveLength(3);
    expect(rows.every(({ n }) => n === 2)).toBe(true);
    expect(await ask('select username from staff where cardinality(roles) <> 1')).toEqual([]);
  });

  it('gives insured persons ID numbers that are valid and belong to nobody', async () => {
    const rows = await ask('select person_id, id_card_no, name from insured_person');
    expect(rows.length).toBeGreaterThanOrEqual(12);
    const keys = new pg.Pool({ connectionString: database.url });
    const vault = openVault(keys, TEST_VAULT);
    for (const { person_id: personId, id_card_no: sealed, name } of rows) {
      expect(sealed).toMatch(/^sealed:/);
      const idCardNo = await openText(vault, personSubject(String(personId)), 'idCardNo', String(sealed));
      expect(isIdCardNo(idCardNo)).toBe(true);
      expect(name).toMatch(/^示例.$/);
    }
    await keys.end();
  });

  it('has providers on both sides of every rule: each grade, not designated, a pharmacy', async () => {
    const rows = await ask('select distinct type, grade, designated from provider order by 1, 2, 3');
    expect(rows).toEqual([
      { type: 'HOSPITAL', grade: 1, designated: true },
      { type: 'HOSPITAL', grade: 2, designated: false },
      { type: 'HOSPITAL', grade: 2, designated: true },
      { type: 'HOSPITAL', grade: 3, designated: true },
      { type: 'PHARMACY', grade: 0, designated: true },
    ]);
  });
});
