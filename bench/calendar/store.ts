import type pg from 'pg';
import { calendarsByEdition, loadCalendar } from '../../activities/calendar.ts';
import { insertCase } from '../../activities/filing.ts';
import { createComparison } from '../../activities/recount/moves.ts';
import { OPEN_CASES, scanBatch } from '../../activities/recount/scan.ts';
import { createCalendar, type CalendarEdition } from '../../domain/calendar.ts';
import { addDays, plainDate, startOfDay } from '../../domain/plain-date.ts';
import { getProcess } from '../../domain/processes/index.ts';
import { previewEdition } from '../../engine/preview-edition.ts';
import { readStoredEditions } from '../../prisma/editions.ts';
import { formOf } from '../../test/processes/reimbursement-cases.ts';
import { accountOf } from '../ours.ts';
import { table } from '../stats.ts';
import type { Bench } from '../surroundings.ts';

/** Cases received on each day of a quarter; an amendment makes a Monday in the middle of it a day off. */
const FIRST_DAY = plainDate('2026-08-01');
const DAYS = 92;
const DAY_OFF = plainDate('2026-09-14');
const MB = 2 ** 20;

/** A dry run over so many open cases: seconds, memory, and how the database finds them. */
export async function measureStore(bench: Bench, open: number): Promise<string> {
  const { db, say } = bench;
  await fill(bench, open);
  const stored = await readStoredEditions(db);
  const base = stored.find(({ year, id }) => year === 2026 && !stored.some(({ amends }) => amends === id));
  if (!base) throw new Error('there is no edition of 2026');
  const edition: CalendarEdition = {
    ...base,
    id: 'BENCH-DAY-OFF',
    amends: base.id,
    daysOff: [...base.daysOff, DAY_OFF],
  };

  global.gc?.();
  const before = process.memoryUsage().rss;
  let peak = before;
  let from = performance.now();
  const { counts } = await previewEdition(db, edition, { size: 100 }, (done) => {
    peak = Math.max(peak, process.memoryUsage().rss);
    if (done % 10_000 < 500) say(`dry run: ${done} cases`);
  });
  const dryMs = performance.now() - from;
  if (!counts || counts.open !== (await openCases(bench))) throw new Error('a dry run looks at every open case, once');

  // The same with nothing to count: every case is looked at by its few columns only, as in the second pass of a run.
  const same = createCalendar([...stored, { ...base, id: 'BENCH-SAME', amends: base.id }]);
  const comparison = createComparison(same, await calendarsByEdition(db));
  from = performance.now();
  for (let at = '0'; ;) {
    const { looked, last } = await scanBatch(db, comparison, at, Date.now());
    if (looked === 0) break;
    at = last;
  }
  const selectMs = performance.now() - from;

  const middle = await db.query<{ id: string }>(
    'SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY case_id)::text AS id FROM case_file',
  );
  const literal = OPEN_CASES.text
    .replace('$1', middle.rows[0]?.id ?? '0')
    .replace('$2', `'x'`)
    .replaceAll('$4', 'NULL')
    .replace('$3', '500');
  const plan = await db.query<Record<'QUERY PLAN', string>>(`EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) ${literal}`);
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
  return [
    table([
      ['open cases in the store', String(counts.open)],
      ['touched by the day off', String(counts.touched)],
      ['with a day that moves', String(counts.moving)],
      ['dry run', seconds(dryMs)],
      ['cases a second', (counts.open / (dryMs / 1000)).toFixed(0)],
      ['a pass with nothing to ask', seconds(selectMs)],
      ['memory before / most during', `${(before / MB).toFixed(0)} / ${(peak / MB).toFixed(0)} MB`],
    ]),
    '',
    ...plan.rows.map((row) => row['QUERY PLAN']),
  ].join('\n');
}

const openCases = async ({ db }: Bench): Promise<number | undefined> =>
  (await db.query<{ n: number }>('SELECT count(*)::int AS n FROM case_file WHERE ended_at IS NULL')).rows[0]?.n;

/** One case of each day as the product writes it, and copies of it under other numbers, set by set. */
async function fill({ db, vault, say, ...bench }: Bench, open: number): Promise<void> {
  const user = await accountOf({ db, vault, say, ...bench }, 'town1.clerk');
  const calendar = await loadCalendar(db);
  const tx = await db.connect();
  try {
    await tx.query('BEGIN');
    const templates: string[] = [];
    for (let n = 0; n < DAYS; n++) {
      const receivedOn = addDays(FIRST_DAY, n);
      const at = startOfDay(receivedOn) + 10 * 3_600_000;
      const offices = { receivingId: '441602001', townshipId: '441602001', countyId: '441602', cityId: '441600' };
      const filing = {
        definition: getProcess('REIMBURSEMENT_REVIEW'),
        user,
        form: formOf('GENERAL_INPATIENT'),
        facts: {},
      };
      const { snapshot } = await insertCase(tx, vault, {
        ...{
          ...filing,
          at,
          clockAheadMs: 0,
          documents: [],
          receivedOn,
          offices,
          step: 'INTAKE',
          calendar,
          spreadSeconds: 0,
        },
      });
      templates.push(snapshot.caseId);
    }
    await tx.query('UPDATE case_file SET started_at = now() WHERE case_id = ANY($1::bigint[])', [templates]);
    const copies = Math.max(0, Math.ceil(open / DAYS) - 1);
    await copyRows(tx, templates, copies);
    await tx.query('COMMIT');
    say(`${DAYS * (copies + 1)} cases are in the store`);
  } finally {
    tx.release();
  }
  await db.query('ANALYZE');
}

type Tx = pg.PoolClient;

/** Copies whole rows: case, turn, log and stage; numbers and ids are new, everything else is the template's. */
async function copyRows(tx: Tx, templates: readonly string[], copies: number): Promise<void> {
  const columns = async (name: string, but: readonly string[]): Promise<string[]> => {
    const { rows } = await tx.query<{ column_name: string }>(
      `SELECT column_name FROM information_schema.columns WHERE table_name = $1 ORDER BY ordinal_position`,
      [name],
    );
    return rows.map((row) => row.column_name).filter((column) => !but.includes(column));
  };
  const ofCase = (await columns('case_file', ['case_id', 'acceptance_no'])).join(', ');
  await tx.query(
    `CREATE TEMP TABLE copied ON COMMIT DROP AS
     SELECT t.case_id AS template, t.acceptance_no || '-' || i AS acceptance_no FROM case_file t, generate_series(1, $2::int) i
     WHERE t.case_id = ANY($1::bigint[]) ORDER BY i, t.case_id`,
    [templates, copies],
  );
  await tx.query(
    `INSERT INTO case_file (acceptance_no, ${ofCase})
     SELECT x.acceptance_no, ${ofCase.replaceAll(/(\w+)/g, 't.$1')} FROM copied x JOIN case_file t ON t.case_id = x.template`,
  );
  for (const name of ['case_turn', 'case_event', 'stage']) {
    // A request's key is its user's own; copies were requested by nobody.
    const kept = await columns(name, ['case_id', 'request_key']);
    await tx.query(
      `INSERT INTO ${name} (case_id, ${kept.join(', ')}) SELECT c.case_id, ${kept.map((column) => `t.${column}`).join(', ')}
       FROM copied x JOIN case_file c USING (acceptance_no) JOIN ${name} t ON t.case_id = x.template`,
    );
  }
}
