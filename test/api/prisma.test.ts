import pg from 'pg';
import { isOutage } from '../../api/outage.ts';
import { createPrisma, dateOf, dayOf, inForceOn, yuanOf, type PrismaClient } from '../../api/prisma.ts';
import type { PlainDate } from '../../domain/plain-date.ts';
import { createDatabase, type TestDatabase } from '../support/postgres.ts';

let database: TestDatabase;
let db: pg.Pool;
let prisma: PrismaClient;
beforeAll(async () => {
  database = await createDatabase();
  // A session far from the agency: a day must not become its neighbour on the way in or out.
  db = new pg.Pool({ connectionString: database.ownerUrl, max: 4, options: '-c TimeZone=America/New_York' });
  db.on('error', () => undefined);
  prisma = createPrisma(db);
});
afterAll(async () => {
  await prisma?.$disconnect();
  await db?.end();
  await database?.drop();
});

describe('what the Prisma client gives', () => {
  it('has the days of the store, to the day', async () => {
    const { rows } = await db.query<{ edition: string; day: string }>(
      'SELECT edition_id AS edition, day::text AS day FROM calendar_day ORDER BY edition_id, day',
    );
    const found = await prisma.calendarDay.findMany({ orderBy: [{ editionId: 'asc' }, { day: 'asc' }] });
    expect(found.map(({ editionId, day }) => ({ edition: editionId, day: dayOf(day) }))).toEqual(rows);
    expect(rows.length).toBeGreaterThan(50);
    const day = '2025-10-01' as PlainDate;
    expect(dayOf(dateOf(day))).toBe(day);
    expect(await prisma.calendarDay.count({ where: { day: dateOf(day) } })).toBe(1);
  });

  it('has amounts with their two decimals', async () => {
    const [row] = await prisma.$queryRaw<[Record<string, Parameters<typeof yuanOf>[0]>]>`
      SELECT 0::numeric(14,2) AS none, 7.5::numeric(14,2) AS some, 999999999999.99::numeric(14,2) AS most`;
    expect(Object.values(row).map(yuanOf)).toEqual(['0.00', '7.50', '999999999999.99']);
  });

  it('is in force from the first to the last day, both included', async () => {
    await prisma.catalogueItem.create({
      data: {
        ...{ code: 'X-BORDER', name: 'border', feeCategory: 'DRUG', costClass: 'A', kind: 'DRUG', label: 'EXAMPLE' },
        ...{ effectiveFrom: dateOf('2025-03-01' as PlainDate), effectiveTo: dateOf('2025-03-31' as PlainDate) },
      },
    });
    const found = async (day: string): Promise<number> =>
      prisma.catalogueItem.count({ where: { code: 'X-BORDER', AND: inForceOn(day as PlainDate) } });
    expect(await found('2025-02-28')).toBe(0);
    expect(await found('2025-03-01')).toBe(1);
    expect(await found('2025-03-31')).toBe(1);
    expect(await found('2025-04-01')).toBe(0);
  });
});

describe('an outage, as the Prisma client tells it', () => {
  const trouble = (asking: Promise<unknown>): Promise<unknown> =>
    asking.then(
      () => 'an answer',
      (problem: unknown) => problem,
    );

  it('is a lock nobody gives back, a connection that is ended, a pool without one', async () => {
    const pool = new pg.Pool({ connectionString: database.ownerUrl, max: 1, application_name: 'victim' });
    pool.on('error', () => undefined);
    const asking = createPrisma(pool);
    const other = await db.connect();
    await other.query('BEGIN; LOCK TABLE office IN ACCESS EXCLUSIVE MODE');
    await pool.query(`SET statement_timeout = '50ms'`);
    expect(isOutage(await trouble(asking.office.count()))).toBe(true);
    await pool.query('SET statement_timeout = 0');
    const waiting = trouble(asking.office.count());
    await untilWaiting(other);
    await other.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'victim'`);
    expect(isOutage(await waiting)).toBe(true);
    await other.query('ROLLBACK');
    other.release();
    await pool.end();
    expect(isOutage(await trouble(asking.office.count()))).toBe(true);
  });

  it('is not a row that may not be, nor one that is not there', async () => {
    const twice = { officeId: '441600', name: 'x', level: 'CITY' };
    expect(isOutage(await trouble(prisma.office.create({ data: twice })))).toBe(false);
    expect(isOutage(await trouble(prisma.office.findUniqueOrThrow({ where: { officeId: 'none' } })))).toBe(false);
  });
});

/** Until the question hangs at the lock; the loop is only patience, not a measurement. */
async function untilWaiting(client: pg.ClientBase): Promise<void> {
  for (;;) {
    const { rowCount } = await client.query(
      `SELECT 1 FROM pg_stat_activity WHERE application_name = 'victim' AND wait_event_type = 'Lock'`,
    );
    if (rowCount === 1) return;
  }
}
