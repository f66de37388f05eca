import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import pg from 'pg';
import { ORG_LEVELS, type User } from '../../domain/case.ts';
import { PROCESSES } from '../../domain/processes/index.ts';
import { createPrisma, type PrismaClient } from '../../api/prisma.ts';
import { sees, seesSql, seesWhere, type Placed } from '../../api/visibility.ts';
import { OFFICES, PROVIDERS } from '../../prisma/seed/offices.ts';
import { PERSONS } from '../../prisma/seed/persons.ts';
import { createDatabase, type TestDatabase } from '../support/postgres.ts';

let database: TestDatabase;
let db: pg.Pool;
let prisma: PrismaClient;
beforeAll(async () => {
  database = await createDatabase();
  db = new pg.Pool({ connectionString: database.ownerUrl, max: 2 });
  prisma = createPrisma(db);
});
afterAll(async () => {
  await db?.end();
  await database?.drop();
});

const officeIds = (level: string): string[] =>
  OFFICES.filter((office) => office.level === level).map((office) => office.office_id);
const option = <T>(values: readonly T[]): fc.Arbitrary<T | undefined> =>
  fc.option(fc.constantFrom(...values), { nil: undefined });
const drop = <T extends object>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

const placed: fc.Arbitrary<Placed> = fc
  .record({
    process: fc.constantFrom(...Object.keys(PROCESSES)),
    township: option(officeIds('TOWNSHIP')),
    county: fc.constantFrom(...officeIds('COUNTY')),
    personId: option(PERSONS.slice(0, 3).map((person) => person.person_id)),
    providerId: option(PROVIDERS.slice(0, 3).map((provider) => provider.provider_id)),
  })
  .map(({ process, township, county, personId, providerId }) => {
    const countyId = township?.slice(0, 6) ?? county;
    return drop({
      process,
      personId,
      providerId,
      offices: { receivingId: township ?? county, townshipId: township, countyId, cityId: '441600' },
    });
  });
const user: fc.Arbitrary<User> = fc
  .record({
    officeId: option(OFFICES.map((office) => office.office_id)),
    level: fc.constantFrom(...ORG_LEVELS),
    providerId: option(PROVIDERS.slice(0, 3).map((provider) => provider.provider_id)),
    personId: option(PERSONS.slice(0, 3).map((person) => person.person_id)),
    insured: fc.boolean(),
  })
  .map(({ officeId, level, insured, ...rest }) => {
    const real = OFFICES.find((office) => office.office_id === officeId)?.level ?? level;
    return drop({
      id: 'u',
      name: 'u',
      roles: insured ? ['INSURED_PERSON' as const] : [],
      officeId,
      level: real,
      ...rest,
    });
  });

/** The case is left behind: the database goes away with the test. */
async function insertCase(what: Placed): Promise<string> {
  const acceptanceNo = randomUUID();
  await db.query(
    `INSERT INTO case_file (acceptance_no, process_type, status, current_stage, current_step, version, person_id, provider_id, agency_id, township_id, county_id, city_id,
       handling_roles, received_on, filed_at, filed_by, stage_seq, calendar_edition, last_activity_on, form, facts)
     VALUES ($1, $2, 'IN_PROGRESS', 'X', 'X', 0, $3, $4, $5, $6, $7, $8, '{}', '2025-09-22', '2025-09-22', 'u', 1, 'X', '2025-09-22', '{}', '{}')`,
    [
      acceptanceNo,
      what.process,
      what.personId,
      what.providerId,
      what.offices.receivingId,
      what.offices.townshipId,
      what.offices.countyId,
      what.offices.cityId,
    ],
  );
  return acceptanceNo;
}

async function seenBySql(who: User, acceptanceNo: string): Promise<boolean> {
  const values: unknown[] = [acceptanceNo];
  const { rowCount } = await db.query(
    `SELECT 1 FROM case_file c WHERE c.acceptance_no = $1 AND ${seesSql(who, 'c', values)}`,
    values,
  );
  return rowCount === 1;
}

const seenByPrisma = async (who: User, acceptanceNo: string): Promise<boolean> =>
  (await prisma.caseFile.count({ where: { acceptanceNo, AND: seesWhere(who) } })) === 1;

const seenFromOffice = async (who: User, acceptanceNo: string): Promise<boolean> =>
  (await prisma.office.count({ where: { receivedCases: { some: { acceptanceNo, ...seesWhere(who) } } } })) === 1;

it('is the same in a list, from another table and for a single case, whoever asks for whatever', async () => {
  let seen = 0;
  await fc.assert(
    fc.asyncProperty(user, placed, async (who, what) => {
      const expected = sees(who, what);
      if (expected) seen++;
      const acceptanceNo = await insertCase(what);
      expect(await seenBySql(who, acceptanceNo)).toBe(expected);
      expect(await seenByPrisma(who, acceptanceNo)).toBe(expected);
      expect(await seenFromOffice(who, acceptanceNo)).toBe(expected);
    }),
    { numRuns: 700 },
  );
  // Both answers must really occur, or the comparison proves nothing. About one in nine sees: so many runs that chance stays far away.
  expect(seen).toBeGreaterThan(30);
  expect(seen).toBeLessThan(270);
});

it('shows nothing to somebody without office, hospital or insurance, and to a province that has no part in it', () => {
  const what: Placed = {
    process: 'REIMBURSEMENT_REVIEW',
    personId: 'p-0001',
    offices: { receivingId: '441602001', townshipId: '441602001', countyId: '441602', cityId: '441600' },
  };
  expect(sees({ id: 'u', name: 'u', roles: ['MANAGER'] }, what)).toBe(false);
  expect(sees({ id: 'u', name: 'u', roles: ['MANAGER'], officeId: '440000', level: 'PROVINCE' }, what)).toBe(false);
  // A member of staff is an insured person too, but looks at cases in their post.
  expect(sees({ id: 'u', name: 'u', roles: ['COUNTY_CLERK'], personId: 'p-0001' }, what)).toBe(false);
});
