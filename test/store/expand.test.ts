import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrate } from '../../prisma/migrate.ts';
import { openAgency, type Agency } from '../api/agency.ts';
import { OUT_OF_AREA_WALK } from '../end-to-end/client.ts';
import { OUT_OF_AREA_FORM } from '../support/out-of-area.ts';
import { contractsIn } from './expand.ts';

/** A migration comes before the programs it is for: for some minutes the release before it works on the new store. */
const MIGRATIONS = fileURLToPath(new URL('../../prisma/migrations/', import.meta.url));
/** Up to here the system was stopped for a migration. */
const LAST_WITH_A_STOP = '20261129000100_relatives_by_number';
const names = readdirSync(MIGRATIONS, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

describe('a migration', () => {
  it('only adds, unless it says that it is a contract and why', () => {
    expect(names).toContain(LAST_WITH_A_STOP);
    const found = names
      .filter((name) => name > LAST_WITH_A_STOP)
      .flatMap((name) =>
        contractsIn(readFileSync(join(MIGRATIONS, name, 'migration.sql'), 'utf8')).map((fault) => `${name}: ${fault}`),
      );
    expect(found).toEqual([]);
  });

  it.each([
    'ALTER TABLE "case_file" DROP COLUMN "form"',
    'ALTER TABLE "case_file" DROP form',
    'ALTER TABLE case_file RENAME COLUMN form TO content',
    'ALTER TABLE case_file ALTER COLUMN step SET NOT NULL',
    'ALTER TABLE case_file ALTER COLUMN version TYPE BIGINT',
    'ALTER TABLE case_file ADD COLUMN note TEXT NOT NULL',
    'DROP TABLE notice',
    'ALTER TABLE notice ALTER COLUMN kind DROP DEFAULT',
    'REVOKE SELECT ON notice FROM jingban_app',
  ])('is told when it is one: %s', (sql) => {
    expect(contractsIn(sql)).not.toEqual([]);
    expect(contractsIn(`-- contract: nobody reads it since the release of 2027-01\n${sql}`)).toEqual([]);
  });

  it.each([
    'CREATE TABLE "archive" (a TEXT NOT NULL); ALTER TABLE "archive" ALTER COLUMN a TYPE VARCHAR(10)',
    "ALTER TABLE case_file ADD COLUMN note TEXT, ADD COLUMN kind TEXT NOT NULL DEFAULT 'A'",
    'CREATE INDEX ON case_file (step)',
    '-- DROP TABLE is not meant\nALTER TABLE case_file ALTER COLUMN step DROP NOT NULL',
  ])('that adds is let through: %s', (sql) => expect(contractsIn(sql)).toEqual([]));
});

/** What the next release might want: a column of every kind on the tables that a turn writes, and a table of its own. */
const NEXT = `
${['case_file', 'case_turn', 'case_event', 'stage', 'notice', 'document', 'case_document']
  .map(
    (table) =>
      `ALTER TABLE "${table}" ADD COLUMN "next_note" TEXT, ADD COLUMN "next_kind" TEXT NOT NULL DEFAULT 'PLAIN';`,
  )
  .join('\n')}
CREATE TABLE "next_release" ("id" BIGINT PRIMARY KEY, "note" TEXT NOT NULL);
`;
const RENAMES = 'ALTER TABLE "case_file" RENAME COLUMN "current_step" TO "step_now";';

describe('the release that runs, on a store that is one migration ahead', () => {
  let agency: Agency;
  let folder: string;
  let open: string;
  beforeAll(async () => {
    agency = await openAgency({ clockAt: '2025-09-24T10:00:00+08:00', proves: false });
    folder = mkdtempSync(join(tmpdir(), 'jingban-migrations-'));
    cpSync(MIGRATIONS, folder, { recursive: true });
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await agency.close();
  });

  let places = 0;
  const file = (): Promise<string> =>
    agency.file('town1.clerk', 'OUT_OF_AREA_REFERRAL', { ...OUT_OF_AREA_FORM, destinationCity: `远方市${++places}` }, [
      'ID_CARD',
      'REFERRAL_CERTIFICATE',
    ]);
  const decide = (no: string, from: number, to: number): Promise<void> =>
    OUT_OF_AREA_WALK.slice(from, to).reduce(
      (before, [step, username]) =>
        before.then(() =>
          agency
            .post(username, `/api/v1/cases/${no}/decisions`, { step, decision: 'APPROVE' })
            .expect(200)
            .then(() => undefined),
        ),
      Promise.resolve(),
    );
  const read = async (no: string): Promise<void> => {
    for (const path of [`/cases/${no}`, `/cases/${no}/clock`, '/cases', '/desk'])
      await agency.get('town1.clerk', `/api/v1${path}`).expect(200);
    await agency.get('county1.manager', '/api/v1/stuck').expect(200);
  };
  const ahead = (name: string, sql: string): Promise<string[]> => {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'migration.sql'), sql);
    return migrate(agency.office.ownerUrl, () => undefined, folder);
  };

  it('files, decides and reads as before, with everything it had prepared', async () => {
    // Connections with prepared statements are what a migration meets.
    open = await file();
    await decide(open, 0, 2);
    await read(open);
    expect(contractsIn(NEXT)).toEqual([]);
    expect(await ahead('29991231000000_next', NEXT)).toEqual(['29991231000000_next']);
    await decide(open, 2, 4);
    await read(open);
    const later = await file();
    await decide(later, 0, 4);
    await read(later);
  });

  it('would not have survived a contract', async () => {
    const no = await file();
    expect(contractsIn(RENAMES)).toHaveLength(1);
    await ahead('29991231000100_contract', RENAMES);
    await agency.get('town1.clerk', `/api/v1/cases/${no}`).expect(500);
    await agency.office.owner.query('ALTER TABLE "case_file" RENAME COLUMN "step_now" TO "current_step"');
  });
});
